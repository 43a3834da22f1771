"""Neighbours heard over LLDP, as LLDP-MIB (IEEE 802.1AB-2005), LLDP-V2-MIB (2009) and one maker's own MIB have them."""

from collections.abc import Iterator
from dataclasses import dataclass

from discovery.rules.readings import Oid, Reading, Value, as_text, oid
from discovery.topology.macs import mac_of
from discovery.topology.neighbours import (
    CHASSIS_WORDS,
    PORT_WORDS,
    Identifier,
    Neighbour,
    identifier_of,
    is_usable,
)
from discovery.topology.ports import UNKNOWN_PORT, inet_address
from discovery.topology.results import Method
from discovery.topology.speakers import Speaker

#: LldpSystemCapabilitiesMap, bit 0 is the highest of the first octet.
LLDP_CAPABILITIES = (
    "other",
    "repeater",
    "bridge",
    "access point",
    "router",
    "telephone",
    "cable modem",
    "station",
)


@dataclass(frozen=True)
class Layout:
    """A table of remote systems: its row entry, the first of seven columns, the length of its index without addresses.

    Every index begins with a time filter and the local port, which is an ifIndex when `is_interface`.
    """

    entry: Oid
    first: int
    size: int
    is_interface: bool

    @property
    def addresses(self) -> Oid:
        """Return the column of management addresses that has a value in every row."""
        return (*self.entry[:-2], 2, 1, 3)


LAYOUTS = (
    Layout(oid("1.0.8802.1.1.2.1.4.1.1"), 4, 3, is_interface=False),
    Layout(oid("1.3.111.2.802.1.1.13.1.4.1.1"), 5, 4, is_interface=True),
)
#: TP-Link's lldpNeighborInfoTable: ids as text, indexed by ifIndex and a number.
TP_LINK = oid("1.3.6.1.4.1.11863.6.35.1.2.2.1")


def lldp_neighbours(reading: Reading, speaker: Speaker) -> Iterator[Neighbour]:
    """Yield the neighbours of all tables."""
    for layout in LAYOUTS:
        yield from _standard(reading, speaker, layout)
    yield from _tp_link(reading, speaker)


def _standard(reading: Reading, speaker: Speaker, layout: Layout) -> Iterator[Neighbour]:
    """Yield the rows of a table; of rows that differ in the time filter only, the newest."""
    columns = [reading.column((*layout.entry, layout.first + n)) for n in (0, 1, 2, 3, 4, 5, 6, 8)]
    addresses = _addresses(reading, layout)
    newest: dict[Oid, Oid] = {}
    for found in sorted({row for one in columns for row in one if len(row) == layout.size}):
        newest[found[1:]] = found
    for place in sorted(newest):
        index = newest[place]
        row = [one.get(index) for one in columns]
        local = _local(speaker, index[1], layout)
        yield Neighbour(
            Method.LLDP,
            local,
            speaker.ports.label(local) or f"LLDP port {index[1]}",
            identifier_of(row[0], row[1], CHASSIS_WORDS),
            identifier_of(row[2], row[3], PORT_WORDS),
            as_text(row[4]),
            as_text(row[5]),
            as_text(row[6]),
            tuple(sorted(addresses.get(index, ()))),
            _capabilities(row[7]),
        )


def _local(speaker: Speaker, number: int, layout: Layout) -> int:
    if layout.is_interface and number in speaker.ports.interfaces:
        return number
    return speaker.own_port(number)


def _addresses(reading: Reading, layout: Layout) -> dict[Oid, set[str]]:
    """Return management addresses by row; the index ends in family, length, octets (some leave out the length)."""
    found: dict[Oid, set[str]] = {}
    size = layout.size
    for index, _value in reading.below(layout.addresses):
        if len(index) < size + 5:
            continue
        rest = index[size + 1 :]
        octets = rest[1:] if rest[0] == len(rest) - 1 else rest
        address = inet_address(index[size], octets)
        if address and is_usable(address):
            found.setdefault(index[:size], set()).add(address)
    return found


def _capabilities(value: Value | None) -> tuple[str, ...]:
    """Return the capabilities of a bit string, or of the text that net-snmp writes for one.

    >>> _capabilities(bytes([0x28, 0])), _capabilities(b"28 2 4")
    (('bridge', 'router'), ('bridge', 'router'))
    """
    if not isinstance(value, bytes) or not value:
        return ()
    try:
        first = value[0] if len(value) <= 2 else int(value[:2], 16)
    except ValueError:
        return ()
    return tuple(word for bit, word in enumerate(LLDP_CAPABILITIES) if first & (0x80 >> bit))


def _tp_link(reading: Reading, speaker: Speaker) -> Iterator[Neighbour]:
    columns = {number: reading.column((*TP_LINK, number)) for number in (4, 6, 8, 9, 10, 12)}
    for index in sorted({row for one in columns.values() for row in one if len(row) == 2}):
        row = {number: as_text(one.get(index)) for number, one in columns.items()}
        local = index[0] if index[0] in speaker.ports.interfaces else UNKNOWN_PORT
        yield Neighbour(
            Method.LLDP,
            local,
            speaker.ports.label(local) or f"LLDP port {index[0]}",
            _written(row[4]),
            _written(row[6]),
            row[8],
            row[9],
            row[10],
            (),
            tuple(word for word in LLDP_CAPABILITIES if word in row[12].casefold().split()),
        )


def _written(text: str) -> Identifier:
    mac = mac_of(text.encode())
    return (
        Identifier("mac", mac, mac)
        if mac
        else Identifier("interface", text)
        if text
        else Identifier()
    )
