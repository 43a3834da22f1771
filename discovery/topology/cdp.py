"""Neighbours heard over CDP (CISCO-CDP-MIB)."""

from collections.abc import Iterable, Iterator

from discovery.rules.readings import Reading, Value, as_text, oid
from discovery.topology.macs import mac_of
from discovery.topology.neighbours import Identifier, Neighbour, is_usable
from discovery.topology.ports import Ports, inet_address
from discovery.topology.results import Method

CDP_CACHE = oid("1.3.6.1.4.1.9.9.23.1.2.1.1")
#: Bits of cdpCacheCapabilities.
CDP_CAPABILITIES = {
    1: "router",
    2: "bridge",
    4: "bridge",
    8: "bridge",
    64: "repeater",
    128: "phone",
}


def cdp_neighbours(reading: Reading, ports: Ports) -> Iterator[Neighbour]:
    """Yield the rows of cdpCacheTable, indexed by ifIndex and a number."""
    columns = {number: reading.column((*CDP_CACHE, number)) for number in (3, 4, 5, 6, 7, 8, 9)}
    for index in sorted({row for one in columns.values() for row in one if len(row) == 2}):
        row = {number: column.get(index) for number, column in columns.items()}
        device, mac = as_text(row[6]), mac_of(row[6])
        yield Neighbour(
            Method.CDP,
            index[0],
            ports.label(index[0]),
            Identifier("mac", mac, mac) if mac else Identifier(),
            Identifier("interface", as_text(row[7])) if row[7] else Identifier(),
            "",
            "" if mac else device,
            " ".join(part for part in (as_text(row[8]), as_text(row[5])) if part),
            tuple(_cdp_addresses(row[3], row[4])),
            _cdp_capabilities(row[9]),
        )


def _cdp_addresses(kind: Value | None, value: Value | None) -> Iterable[str]:
    if kind in {None, 1} and isinstance(value, bytes) and len(value) == 4:
        address = inet_address(1, tuple(value))
        return [address] if is_usable(address) else []
    return []


def _cdp_capabilities(value: Value | None) -> tuple[str, ...]:
    if not isinstance(value, bytes) or not value:
        return ()
    bits = int.from_bytes(value, "big")
    return tuple(dict.fromkeys(word for bit, word in CDP_CAPABILITIES.items() if bits & bit))
