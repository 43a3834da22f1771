"""What a device told over SNMP: variables by object identifier, with the few ways everybody reads them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

#: An object identifier: 1.3.6.1.2.1.1.1.0 is (1, 3, 6, 1, 2, 1, 1, 1, 0).
Oid = tuple[int, ...]
#: Integers, counters, gauges and time ticks as int; octet strings and addresses as bytes; identifiers as Oid.
Value = int | bytes | Oid


def oid(dotted: str) -> Oid:
    """Return the identifier written with dots.

    >>> oid("1.3.6.1.2")
    (1, 3, 6, 1, 2)
    """
    return tuple(int(part) for part in dotted.strip(".").split("."))


def dotted(identifier: Oid) -> str:
    """Return the identifier as people write it.

    >>> dotted((1, 3, 6))
    '1.3.6'
    """
    return ".".join(map(str, identifier))


def as_text(value: Value | None) -> str:
    """Return a value as one line of text; "" for nothing, control characters and padding left out.

    Octets are UTF-8, else Latin-1; identifiers are dotted.

    >>> as_text(b"EDS-P506E\\x00\\r\\n rev 1 ")
    'EDS-P506E rev 1'
    """
    if value is None:
        return ""
    if isinstance(value, tuple):
        return dotted(value)
    if isinstance(value, int):
        return str(value)
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def as_mac(value: Value | None) -> str:
    """Return six octets as a MAC address in lower case, "" for anything else and for all zeros.

    >>> as_mac(bytes.fromhex("0090e8aabbcc"))
    '00:90:e8:aa:bb:cc'
    """
    if not isinstance(value, bytes) or len(value) != 6 or not any(value):
        return ""
    return value.hex(":")


@dataclass(frozen=True)
class Reading:
    """The variables of one device, ordered by identifier; what went wrong stands in `problems`."""

    varbinds: Mapping[Oid, Value]
    problems: tuple[str, ...] = ()
    _ordered: list[Oid] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ordered", sorted(self.varbinds))

    def __len__(self) -> int:
        return len(self.varbinds)

    def get(self, identifier: Oid) -> Value | None:
        """Return one variable, None when the device has none of that name."""
        return self.varbinds.get(identifier)

    def text(self, identifier: Oid) -> str:
        """Return one variable as a line of text, "" when it is absent."""
        return as_text(self.varbinds.get(identifier))

    def number(self, identifier: Oid) -> int | None:
        """Return one variable when it is a number."""
        value = self.varbinds.get(identifier)
        return value if isinstance(value, int) else None

    def below(self, root: Oid) -> Iterator[tuple[Oid, Value]]:
        """Yield (index after the root, value) of everything below an identifier, in order.

        >>> reading = Reading({(1, 3, 1, 1): 5, (1, 3, 1, 2): 6, (1, 3, 2, 1): 7})
        >>> list(reading.below((1, 3, 1)))
        [((1,), 5), ((2,), 6)]
        """
        start = bisect_left(self._ordered, root)
        size = len(root)
        for position in range(start, len(self._ordered)):
            identifier = self._ordered[position]
            if identifier[:size] != root:
                return
            if len(identifier) > size:
                yield identifier[size:], self.varbinds[identifier]

    def column(self, root: Oid) -> dict[Oid, Value]:
        """Return a table's column: value by row index."""
        return dict(self.below(root))

    def first(self, roots: Iterable[Oid]) -> Value | None:
        """Return the first of several variables that the device has."""
        return next((value for root in roots if (value := self.get(root)) is not None), None)
