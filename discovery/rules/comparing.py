"""What a device told beside what an item is recorded with: the same, different, or known of one only."""

from collections.abc import Collection
from enum import StrEnum

#: Fields whose seen value may be taken in bulk: those that do not say which device it is.
SAFE_TO_ACCEPT = frozenset({"firmware_version", "hostname", "network_address"})


class Likeness(StrEnum):
    """How two values compare."""

    SAME = "same"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


def likeness(seen: str, held: str) -> Likeness:
    """Compare two values whatever their spelling.

    >>> likeness("TAI1017", "tai1017").value, likeness("3.8", "3.7").value, likeness("", "3.7").value
    ('same', 'differs', 'unknown')
    """
    if not seen or not held:
        return Likeness.UNKNOWN
    one, other = (" ".join(text.casefold().split()) for text in (seen, held))
    return Likeness.SAME if one == other else Likeness.DIFFERS


def likeness_of_any(seen: Collection[str], held: Collection[str]) -> Likeness:
    """Compare sets: one in common is the same.

    >>> likeness_of_any({"a", "b"}, {"b"}).value, likeness_of_any({"a"}, set()).value
    ('same', 'unknown')
    """
    if not seen or not held:
        return Likeness.UNKNOWN
    return Likeness.SAME if set(seen) & set(held) else Likeness.DIFFERS


def is_safe_to_accept(field: str, *, held_now: str, held_then: str) -> bool:
    """Tell whether a seen value may be taken without looking at it alone: harmless, and the item is as it was asked.

    >>> is_safe_to_accept("firmware_version", held_now="3.7", held_then="3.7")
    True
    >>> is_safe_to_accept("serial_number", held_now="S1", held_then="S1")
    False
    """
    return field in SAFE_TO_ACCEPT and held_now == held_then
