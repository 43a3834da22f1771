"""Which hardware addresses a bridge has learned on which port, and which IP addresses they answer for."""

from collections.abc import Iterator
from dataclasses import dataclass

from discovery.rules.readings import Oid, Reading, as_mac, oid
from discovery.topology.macs import is_station, mac_of
from discovery.topology.ports import UNKNOWN_PORT, Ports, inet_address

FDB = oid("1.3.6.1.2.1.17.4.3.1")
QBRIDGE_FDB = oid("1.3.6.1.2.1.17.7.1.2.2.1")
VLAN_FDB_ID = oid("1.3.6.1.2.1.17.7.1.4.2.1.3")
ARP = oid("1.3.6.1.2.1.4.22.1")
ARP_ANY = oid("1.3.6.1.2.1.4.35.1")
FDB_TABLES = ("dot1dTpFdbTable", "dot1qTpFdbTable")
ARP_TABLES = ("ipNetToMediaTable", "ipNetToPhysicalTable")
SYS_OBJECT_ID = oid("1.3.6.1.2.1.1.2.0")
#: Switches that show one VLAN's forwarding table to one SNMP context: IOS.
PER_VLAN = oid("1.3.6.1.4.1.9.1")
#: dot1dTpFdbStatus, dot1qTpFdbStatus: learned(3). The others are invalid, the bridge's own, or set by people.
LEARNED = 3
#: ipNetToMediaType: an entry that is no longer valid.
INVALID = 2


@dataclass(frozen=True, order=True)
class Learned:
    """A hardware address behind a port (ifIndex); `vlan` 0 where the bridge does not tell."""

    index: int
    mac: str
    vlan: int = 0


@dataclass(frozen=True, order=True)
class Resolved:
    """An IP address that answered with a hardware address on an interface."""

    address: str
    mac: str
    index: int


def forwarding_of(reading: Reading, ports: Ports) -> frozenset[Learned]:
    """Return what a bridge learned: dot1dTpFdbTable (RFC 4188) and dot1qTpFdbTable (RFC 4363).

    Only stations count: neither groups nor the addresses that move between routers, nor the bridge's own.
    """
    vlan_of = {
        value: index[-1]
        for index, value in reading.below(VLAN_FDB_ID)
        if isinstance(value, int) and len(index) == 2
    }
    found = set()
    for key, number in _learned(reading, FDB, 6):
        found.add(Learned(ports.of_bridge_port(number), _mac(key)))
    for key, number in _learned(reading, QBRIDGE_FDB, 7):
        vlan = vlan_of.get(key[0], key[0])
        found.add(Learned(ports.of_bridge_port(number), _mac(key[1:]), vlan))
    return frozenset(
        one
        for one in found
        if one.index != UNKNOWN_PORT and ports.is_wire(one.index) and is_station(one.mac)
    )


def shows_every_vlan(reading: Reading) -> bool:
    """Return whether a forwarding table is that of all VLANs; one of a single VLAN shows too few stations."""
    identity = reading.get(SYS_OBJECT_ID)
    is_per_vlan = isinstance(identity, tuple) and identity[: len(PER_VLAN)] == PER_VLAN
    return not is_per_vlan or any(True for _ in reading.below(QBRIDGE_FDB))


def arp_of(reading: Reading) -> frozenset[Resolved]:
    """Return the ARP and neighbour discovery tables: ipNetToMediaTable and ipNetToPhysicalTable (RFC 4293)."""
    kinds = reading.column((*ARP, 4))
    found = set()
    for index, value in reading.below((*ARP, 2)):
        if kinds.get(index) != INVALID and len(index) == 5:
            found.add(Resolved(inet_address(1, index[1:]), mac_of(value), index[0]))
    for index, value in reading.below((*ARP_ANY, 4)):
        if len(index) > 3:
            found.add(Resolved(inet_address(index[1], index[3:]), mac_of(value), index[0]))
    return frozenset(one for one in found if one.address and is_station(one.mac))


def _learned(reading: Reading, entry: Oid, size: int) -> Iterator[tuple[Oid, int]]:
    """Yield (row index, bridge port) of what was learned; port 0 is one the bridge does not know."""
    statuses = reading.column((*entry, 3))
    for index, number in reading.below((*entry, 2)):
        is_learned = statuses.get(index, LEARNED) == LEARNED
        if is_learned and len(index) == size and isinstance(number, int) and number > 0:
            yield index, number


def _mac(octets: Oid) -> str:
    return as_mac(bytes(octets)) if max(octets) < 256 else ""
