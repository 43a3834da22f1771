"""Variable bindings between octets and plain Python values.

pyasn1 takes 77 µs for one binding, this 2 µs, and a reading has hundreds: `messages` has pysnmp take a
message apart down to the list of bindings, and this module reads the list. What a device encodes wrongly inside a
value is kept as octets; a list that is cut off or is no list at all is refused whole.
"""

from collections.abc import Iterable
from enum import Enum

from discovery.rules.readings import Oid, Value


class Missing(Enum):
    """Instead of a value: why there is none (RFC 3416, 3)."""

    NO_OBJECT = 0x80
    NO_INSTANCE = 0x81
    END = 0x82


#: A variable as answered.
Binding = tuple[Oid, Value | Missing]

_OBJECT_ID, _SEQUENCE = 0x06, 0x30
_SIGNED = 0x02
#: Counter32, Gauge32, TimeTicks, Counter64; some agents send them with the sign bit set.
_UNSIGNED = frozenset({0x41, 0x42, 0x43, 0x46, 0x47})
_MISSING = {0x80: Missing.NO_OBJECT, 0x81: Missing.NO_INSTANCE, 0x82: Missing.END}


class MalformedError(ValueError):
    """Octets that are no list of variable bindings."""


def decode(data: bytes) -> list[Binding]:
    """Return the bindings in the content of a list of them. Raises MalformedError.

    >>> decode(bytes.fromhex("300d06082b06010201010700020148"))
    [((1, 3, 6, 1, 2, 1, 1, 7, 0), 72)]
    """
    found: list[Binding] = []
    at, size = 0, len(data)
    while at < size:
        tag, start, at = _header(data, at)
        name_tag, name_start, name_end = _header(data, start)
        if tag != _SEQUENCE or name_tag != _OBJECT_ID or name_end >= at:
            raise MalformedError("no variable binding")
        kind, value_start, value_end = _header(data, name_end)
        if value_end != at:
            raise MalformedError("a value longer or shorter than its binding")
        content = data[value_start:value_end]
        found.append((_name(data[name_start:name_end]), _value(kind, content)))
    return found


def contents(data: bytes) -> bytes:
    """Return what stands inside a SEQUENCE. Raises MalformedError."""
    tag, start, end = _header(data, 0)
    if tag != _SEQUENCE or end != len(data):
        raise MalformedError("no list")
    return data[start:end]


def encode(names: Iterable[Oid]) -> bytes:
    """Return the list of bindings that asks for some names (all values NULL).

    >>> encode([(1, 3, 6, 1)]).hex()
    '3009300706032b06010500'
    """
    return _wrapped(_SEQUENCE, b"".join(map(_question, names)))


def _header(data: bytes, at: int) -> tuple[int, int, int]:
    """Return (tag, start, end) of what stands at a position."""
    try:
        tag, size, start = data[at], data[at + 1], at + 2
    except IndexError:
        raise MalformedError("cut off") from None
    if size >= 0x80:
        octets = size & 0x7F
        if not 1 <= octets <= 4:
            raise MalformedError("a length that SNMP does not use")
        size, start = int.from_bytes(data[start : start + octets], "big"), start + octets
    end = start + size
    if end > len(data):
        raise MalformedError("cut off")
    return tag, start, end


def _name(content: bytes) -> Oid:
    if content.isascii() and content:
        first = content[0]
        return (
            (first // 40, first % 40, *content[1:]) if first < 80 else (2, first - 80, *content[1:])
        )
    arcs, number = [], 0
    for octet in content:
        number = number << 7 | octet & 0x7F
        if octet < 0x80:
            arcs.append(number)
            number = 0
    if not arcs or content[-1] >= 0x80:
        raise MalformedError("a name cut off")
    first = min(arcs[0] // 40, 2)
    return (first, arcs[0] - 40 * first, *arcs[1:])


def _value(tag: int, content: bytes) -> Value | Missing:
    if tag == _SIGNED and content:
        return int.from_bytes(content, "big", signed=True)
    if tag in _UNSIGNED and content:
        return int.from_bytes(content, "big")
    if tag in _MISSING:
        return _MISSING[tag]
    if tag == _OBJECT_ID:
        try:
            return _name(content)
        except MalformedError:
            return content
    return content


def _question(name: Oid) -> bytes:
    first = name[0] * 40 + name[1]
    content = b"".join(map(_arc, (first, *name[2:])))
    return _wrapped(_SEQUENCE, _wrapped(_OBJECT_ID, content) + b"\x05\x00")


def _arc(number: int) -> bytes:
    if number < 0x80:
        return _SMALL[number]
    octets = [number & 0x7F]
    while number := number >> 7:
        octets.append(0x80 | number & 0x7F)
    return bytes(reversed(octets))


_SMALL = [bytes((number,)) for number in range(0x80)]


def _wrapped(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content
