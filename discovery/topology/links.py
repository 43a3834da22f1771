"""From what many devices told to the links between them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple, TypeVar

from discovery.topology.claims import claims_of
from discovery.topology.crowds import sorted_out
from discovery.topology.directory import Device, Directory, devices_of
from discovery.topology.forwarding import ARP_TABLES, FDB_TABLES
from discovery.topology.inference import inferred
from discovery.topology.joining import check_distinct
from discovery.topology.membership import aggregates_of, vlan_ports_of, vlans_of
from discovery.topology.observations import Observation
from discovery.topology.pairing import paired
from discovery.topology.results import (
    Aggregate,
    Link,
    Method,
    Segment,
    Stale,
    Topology,
    Unresolved,
    Vlan,
    VlanPort,
    Watch,
)
from discovery.topology.strangers import Strangers
from discovery.topology.subnets import addresses_seen, subnets_of, two_ended
from discovery.topology.wires import Wire, Wires, bundles_of

#: Which tables hold what each method sees, by their names in the plan.
TABLES = {
    Method.LLDP: ("lldpRemTable", "lldpV2RemTable", "tpLinkNeighbourTable"),
    Method.CDP: ("cdpCacheTable",),
    Method.BRIDGE: FDB_TABLES,
    Method.ARP: ARP_TABLES,
}

Row = TypeVar("Row", Aggregate, Vlan, VlanPort)


def links_of(reads: Iterable[Observation]) -> Topology:
    """Return the topology of the devices read: each link once, whichever of its ends report it.

    Sources: LLDP (IEEE 802.1AB, LLDP-MIB), CDP (CISCO-CDP-MIB), forwarding tables (RFC 4188, RFC 4363), ARP tables
    (RFC 4293) and interfaces (RFC 2863). Keys of the observations must differ. The order of `reads` does not
    matter. Devices that did not answer are in `watches` only.

    Raises ValueError when two observations have the same key.
    """
    every = sorted(reads, key=lambda one: one.key)
    check_distinct(one.key for one in every)
    devices = devices_of(every)
    directory = Directory(devices)
    aggregates = _each(devices, aggregates_of)
    drawn = _draw(directory, bundles_of(aggregates))
    nodes = {one.observation.key: one.node for one in devices}
    return Topology(
        devices={one.key: nodes.get(one.key, one.key) for one in every},
        links=drawn.links,
        segments=drawn.segments,
        unresolved=drawn.unresolved,
        aggregates=aggregates,
        vlans=_each(devices, vlans_of),
        vlan_ports=_each(devices, vlan_ports_of),
        subnets=subnets_of(directory),
        stale=drawn.stale,
        watches=_watches(every, nodes),
        owners=directory.owners,
    )


class _Drawn(NamedTuple):
    """The part of a topology that one device alone does not tell."""

    links: tuple[Link, ...]
    segments: tuple[Segment, ...]
    unresolved: tuple[Unresolved, ...]
    stale: tuple[Stale, ...]


def _draw(directory: Directory, bundles: dict[Wire, Wire]) -> _Drawn:
    """Draw what neighbour protocols prove, then what tables imply, and name the strangers in it."""
    strangers = Strangers()
    claims, stale = claims_of(directory, strangers)
    proven = sorted_out(paired(claims), directory, set(bundles.values()))
    wires = Wires(directory, bundles, strangers)
    implied = inferred(wires, proven.links, proven.segments)
    links = [*proven.links, *implied.links]
    links += two_ended(directory, {frozenset(link.nodes) for link in links})
    segments = sorted([*proven.segments, *implied.segments])
    ends = [end for link in links for end in (link.a, link.b)]
    ends += [end for segment in segments for end in segment.ends]
    addresses = addresses_seen(directory)
    return _Drawn(
        tuple(sorted(_supported(link, wires) for link in links)),
        tuple(segments),
        strangers.result({end.node for end in ends}, addresses),
        tuple(sorted({*stale, *proven.stale})),
    )


def _each(devices: Iterable[Device], tell: Callable[[Device], Iterable[Row]]) -> tuple[Row, ...]:
    """Return what every device tells, each thing once and in order."""
    return tuple(sorted({row for device in devices for row in tell(device)}))


def _supported(link: Link, wires: Wires) -> Link:
    """Return a link with what forwarding tables say for it."""
    seen = (
        piece
        for near, far in ((link.a, link.b), (link.b, link.a))
        for piece in wires.seen(wires.wire(near), far.node)
    )
    return replace(link, evidence=tuple(sorted({*link.evidence, *seen})))


def _watches(reads: Iterable[Observation], nodes: dict[str, str]) -> dict[str, Watch]:
    """Return how well each device was seen: by any of its observations."""
    found: dict[str, Watch] = {}
    for one in reads:
        node = nodes.get(one.key, one.key)
        known = found.get(node, Watch(False))
        whole = {method for method, tables in TABLES.items() if one.has_whole(*tables)}
        found[node] = Watch(known.is_reachable or one.has_answered, known.whole | whole)
    return dict(sorted(found.items()))
