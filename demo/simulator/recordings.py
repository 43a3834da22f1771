"""Recorded devices (.snmprec): lines `OID|TYPE|VALUE`, read with all the faults such files have in the field."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from demo.simulator import ber
from discovery.rules.readings import Oid, Reading, Value, oid

#: TYPE in a recording (ASN.1 tag in decimal) -> tag on the wire.
TAGS = {
    "2": ber.INTEGER,
    "4": ber.OCTETS,
    "5": ber.NULL,
    "6": ber.OBJECT_ID,
    "64": ber.IP_ADDRESS,
    "65": ber.COUNTER32,
    "66": ber.GAUGE32,
    "67": ber.TIME_TICKS,
    "68": ber.OPAQUE,
    "70": ber.COUNTER64,
}
RANGES = {
    ber.INTEGER: (-(2**31), 2**31 - 1),
    ber.COUNTER32: (0, 2**32 - 1),
    ber.GAUGE32: (0, 2**32 - 1),
    ber.TIME_TICKS: (0, 2**32 - 1),
    ber.COUNTER64: (0, 2**64 - 1),
}
#: Any of these in a number or an address says that somebody blanked it out.
MASKS = (b"<private>", b"**", b"xx:")


class LineError(ValueError):
    """A line of a recording that cannot be served; the message is the reason it is counted under."""


@dataclass(frozen=True)
class Recording:
    """A device's variables in the order an agent serves them; `skipped` counts what was wrong with the file."""

    names: list[Oid]
    varbinds: list[bytes]
    values: list[Value]
    skipped: Mapping[str, int] = field(default_factory=dict)
    answers: dict[bytes, bytes] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls, rows: Iterable[tuple[Oid, int, Value]], skipped: Mapping[str, int] | None = None
    ) -> "Recording":
        """Return the recording of (name, tag on the wire, value); names must differ."""
        ordered = sorted(rows)
        return cls(
            [name for name, _tag, _value in ordered],
            [varbind(name, encoded(tag, value)) for name, tag, value in ordered],
            [value for _name, _tag, value in ordered],
            dict(skipped or {}),
        )

    @cached_property
    def reading(self) -> Reading:
        """Everything the device has, as discovery sees it."""
        return Reading(dict(zip(self.names, self.values, strict=True)))

    @cached_property
    def places(self) -> dict[Oid, int]:
        """Where each name stands."""
        return {name: place for place, name in enumerate(self.names)}

    def after(self, name: Oid) -> int | None:
        """Return the place of the first variable behind a name, None at the end."""
        place = bisect_right(self.names, name)
        return place if place < len(self.names) else None


def load(path: Path) -> Recording:
    """Return a recording; lines that cannot be served are skipped and counted, the rest is put in order."""
    rows: dict[Oid, tuple[int, Value]] = {}
    skipped: Counter[str] = Counter()
    last: Oid = ()
    for line in path.read_bytes().splitlines():
        try:
            name, tag, value = parsed(line)
        except LineError as error:
            skipped[str(error)] += 1
            continue
        if name in rows:
            skipped["duplicate"] += 1
            continue
        skipped["unsorted"] += name < last
        last = name
        rows[name] = tag, value
    return Recording.of(((name, *row) for name, row in rows.items()), +skipped)


def parsed(line: bytes) -> tuple[Oid, int, Value]:
    """Return (name, tag, value) of a line. Raises LineError.

    >>> parsed(b"1.3.6.1.2.1.1.5.0|4x|706c63")
    ((1, 3, 6, 1, 2, 1, 1, 5, 0), 4, b'plc')
    """
    parts = line.split(b"|", 2)
    if len(parts) != 3:
        raise LineError("not a line of a recording")
    kind = parts[1].decode("ascii", "replace")
    is_hex, is_escaped = kind.endswith("x"), kind.endswith("e")
    tag = TAGS.get(kind.rstrip("xe"))
    if tag is None:
        raise LineError("unknown type")
    return _name(parts[0]), tag, _value(tag, _raw(parts[2], is_hex, is_escaped), is_hex)


def _name(text: bytes) -> Oid:
    try:
        name = oid(text.decode("ascii"))
    except ValueError:
        raise LineError("malformed name") from None
    if len(name) < 2 or name[0] > 2 or max(name) >= 2**32:
        raise LineError("malformed name")
    return name


def _raw(text: bytes, is_hex: bool, is_escaped: bool) -> bytes:
    if is_escaped:
        return text.decode("latin-1").encode("latin-1").decode("unicode_escape").encode("latin-1")
    if not is_hex:
        return text
    try:
        return bytes.fromhex(text.decode("ascii"))
    except ValueError:
        raise LineError("malformed hex") from None


def _value(tag: int, raw: bytes, is_hex: bool) -> Value:
    if tag in {ber.OCTETS, ber.OPAQUE, ber.NULL}:
        return raw
    if not is_hex and any(mask in raw for mask in MASKS):
        raise LineError("masked value")
    try:
        if tag == ber.OBJECT_ID:
            return oid(raw.decode("ascii"))
        if tag == ber.IP_ADDRESS:
            return _address(raw, is_hex)
        number = int.from_bytes(raw, "big") if is_hex else int(raw)
    except ValueError:
        raise LineError("value of another type") from None
    low, high = RANGES[tag]
    if not low <= number <= high:
        raise LineError("number out of range")
    return number


def _address(raw: bytes, is_hex: bool) -> bytes:
    octets = raw if is_hex else bytes(int(part) for part in raw.split(b"."))
    if len(octets) != 4:
        raise ValueError("not four octets")
    return octets


def encoded(tag: int, value: Value) -> bytes:
    """Return a value as it goes on the wire."""
    if isinstance(value, tuple):
        return ber.object_id(value)
    if isinstance(value, int):
        return ber.integer(value, tag)
    return ber.tlv(tag, b"" if tag == ber.NULL else value)


def varbind(name: Oid, value: bytes) -> bytes:
    """Return a variable binding on the wire."""
    return ber.tlv(ber.SEQUENCE, ber.object_id(name) + value)
