"""The little of BER that SNMP needs, by hand: fast, and independent of the library under test."""

from discovery.rules.readings import Oid

INTEGER, OCTETS, NULL, OBJECT_ID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIME_TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB = 0x80, 0x81, 0x82


def length(size: int) -> bytes:
    """Return the length octets of a content.

    >>> length(5).hex(), length(300).hex()
    ('05', '82012c')
    """
    if size < 0x80:
        return bytes((size,))
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


def tlv(tag: int, content: bytes) -> bytes:
    """Return tag, length and content."""
    return bytes((tag,)) + length(len(content)) + content


def integer(value: int, tag: int = INTEGER) -> bytes:
    """Return a whole number of any of SNMP's kinds.

    >>> integer(200).hex(), integer(-1).hex()
    ('020200c8', '0201ff')
    """
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def object_id(name: Oid) -> bytes:
    """Return an object identifier.

    >>> object_id((1, 3, 6, 1, 4, 1, 9999)).hex()
    '06072b06010401ce0f'
    """
    first = name[0] * 40 + (name[1] if len(name) > 1 else 0)
    return tlv(OBJECT_ID, b"".join(map(_arc, (first, *name[2:]))))


def _arc(number: int) -> bytes:
    octets = [number & 0x7F]
    while number := number >> 7:
        octets.append(0x80 | number & 0x7F)
    return bytes(reversed(octets))


def read_tlv(data: bytes, at: int = 0) -> tuple[int, int, int]:
    """Return (tag, start, end) of the content at a position. Raises ValueError when it is cut off."""
    if at + 2 > len(data):
        raise ValueError("cut off")
    tag, size, start = data[at], data[at + 1], at + 2
    if size & 0x80:
        octets = size & 0x7F
        size, start = int.from_bytes(data[start : start + octets], "big"), start + octets
    if start + size > len(data):
        raise ValueError("cut off")
    return tag, start, start + size


def read_integer(data: bytes, at: int) -> tuple[int, int]:
    """Return a whole number and where it ends."""
    _tag, start, end = read_tlv(data, at)
    return int.from_bytes(data[start:end], "big", signed=True), end


def read_object_id(content: bytes) -> Oid:
    """Return the identifier in a content.

    >>> read_object_id(bytes.fromhex("2b06010401ce0f"))
    (1, 3, 6, 1, 4, 1, 9999)
    """
    arcs, number = [], 0
    for octet in content:
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(number)
            number = 0
    first = min(arcs[0] // 40, 2)
    return (first, arcs[0] - 40 * first, *arcs[1:])
