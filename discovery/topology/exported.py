"""A switch's MAC table from a file, as the variables the switch would have told: links are drawn from both alike."""

from collections.abc import Iterable

from discovery.rules.readings import Oid, Reading, Value
from discovery.topology.forwarding import FDB, LEARNED, QBRIDGE_FDB, VLAN_FDB_ID
from discovery.topology.ports import BASE_PORT_IF_INDEX, IF_ENTRY
from discovery.topology.sightings import BASE_BRIDGE_ADDRESS, SYS_NAME

#: (port, hardware address, VLAN or 0).
Entry = tuple[str, str, int]
ETHERNET = 6


def reading_of_table(name: str, base_mac: str, entries: Iterable[Entry]) -> Reading:
    """Return what a switch with this MAC table and name would have told over SNMP; ports are numbered in their order.

    `base_mac` is an address it is known by, "" for none.

    >>> told = reading_of_table("sw1", "", [("Gi1/0/2", "00:90:e8:00:00:01", 10)])
    >>> told.get((1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 1))
    b'Gi1/0/2'
    """
    rows = sorted(set(entries))
    numbers = {port: number for number, port in enumerate(sorted({row[0] for row in rows}), 1)}
    found: dict[Oid, Value] = {SYS_NAME: name.encode()} if name else {}
    if base_mac:
        found[BASE_BRIDGE_ADDRESS] = _octets(base_mac)
    for port, number in numbers.items():
        found[*IF_ENTRY, 2, number] = port.encode()
        found[*IF_ENTRY, 3, number] = ETHERNET
        found[*BASE_PORT_IF_INDEX, number] = number
    for port, mac, vlan in rows:
        place = tuple(_octets(mac))
        table, index = (QBRIDGE_FDB, (vlan, *place)) if vlan else (FDB, place)
        found[*table, 2, *index] = numbers[port]
        found[*table, 3, *index] = LEARNED
    for vlan in {row[2] for row in rows} - {0}:
        found[*VLAN_FDB_ID, 0, vlan] = vlan
    return Reading(found)


def _octets(mac: str) -> bytes:
    return bytes.fromhex(mac.replace(":", ""))
