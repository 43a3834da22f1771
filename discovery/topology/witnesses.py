"""What a device would have told of: only who was read to the end is a witness of what is not there."""

from discovery.rules.readings import oid
from discovery.topology.forwarding import ARP_TABLES, FDB, FDB_TABLES, QBRIDGE_FDB, shows_every_vlan
from discovery.topology.observations import Observation
from discovery.topology.results import Method

LLDP_TABLES = ("lldpRemTable", "lldpV2RemTable", "tpLinkNeighbourTable")
VLAN_TABLES = ("dot1qVlanCurrentTable", "dot1qVlanStaticTable", "dot1qPortVlanTable")
BUNDLE_TABLES = ("dot3adAggPortTable", "ifTable")
ADDRESS_TABLES = ("ipAddrTable", "ipAddressTable", *ARP_TABLES)
#: lldpLocChassisId of LLDP-MIB and of its version of 2009; cdpGlobalRun.
LLDP_SELF = (oid("1.0.8802.1.1.2.1.3.2.0"), oid("1.3.111.2.802.1.1.13.1.3.2.0"))
CDP_RUNS, CDP_CACHE = oid("1.3.6.1.4.1.9.9.23.1.3.1.0"), oid("1.3.6.1.4.1.9.9.23.1.2.1.1")


def methods_told(one: Observation) -> frozenset[Method]:
    """Return by which methods a device would show a neighbour it has.

    It speaks the protocol, or has learned hardware addresses, and the tables were read to their end. A forwarding table
    of one VLAN only is none.
    """
    reading = one.reading
    found = set()
    if one.has_whole(*LLDP_TABLES) and any(reading.get(name) for name in LLDP_SELF):
        found.add(Method.LLDP)
    speaks_cdp = reading.get(CDP_RUNS) == 1 or any(True for _ in reading.below(CDP_CACHE))
    if one.has_whole("cdpCacheTable") and speaks_cdp:
        found.add(Method.CDP)
    has_learned = any(True for table in (FDB, QBRIDGE_FDB) for _ in reading.below(table))
    if one.has_whole(*FDB_TABLES) and has_learned and shows_every_vlan(reading):
        found.add(Method.BRIDGE)
    return frozenset(found)
