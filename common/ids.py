"""Ids as people and programs write them: never a number that no row could have, never a digit of another alphabet."""

from collections.abc import Iterable

#: The largest id a row can have (a signed 64-bit integer).
LARGEST = 2**63 - 1


def id_of(text: str) -> int | None:
    """Return the id that text is, None when it is none.

    >>> id_of("17"), id_of("-1"), id_of("²"), id_of("9" * 30)
    (17, None, None, None)
    """
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    found = int(text)
    return found if found <= LARGEST else None


def ids_of(texts: Iterable[str]) -> list[int]:
    """Return the ids among some texts, in their order.

    >>> ids_of(["4", "PLC-7", "2"])
    [4, 2]
    """
    return [found for text in texts if (found := id_of(text)) is not None]
