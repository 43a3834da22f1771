"""Links and shared segments that forwarding tables imply where no neighbour protocol tells.

Two bridges that see each other through ports behind which nobody stands between them are connected (the contradiction
test of Lowekamp, O'Hallaron, Gross: Topology Discovery for Large Ethernet Networks, SIGCOMM 2001). A station is
connected where the fewest others stand. Whatever leaves a doubt gives a segment or nothing, never a link.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from discovery.topology.joining import Joined
from discovery.topology.results import Confidence, End, Evidence, Link, Method, Segment
from discovery.topology.strangers import MARK
from discovery.topology.wires import Wire, Wires

#: Behind a port with more unknown stations than this is a network nobody has read: they are counted, not listed.
MOST_LISTED = 8


@dataclass
class Inferred:
    """What forwarding tables imply."""

    links: list[Link] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)


class Between(NamedTuple):
    """Who stands between two bridges: ports of others on the same wire, and whether anybody at all does."""

    ports: frozenset[Wire]
    is_shared: bool


def inferred(wires: Wires, links: Iterable[Link], segments: Iterable[Segment]) -> Inferred:
    """Return what forwarding tables imply besides the links and segments that are known."""
    known, shared = list(links), list(segments)
    taken = wires.taken(known, shared)
    placed = {end.node for link in known for end in (link.a, link.b)}
    placed |= {end.node for segment in shared for end in segment.ends}
    result = Inferred()
    _bridges(wires, taken, result)
    busy = taken | wires.taken(result.links, result.segments)
    placed |= {end.node for link in result.links for end in (link.a, link.b)}
    _stations(wires, busy, placed, result)
    return result


def _bridges(wires: Wires, taken: set[Wire], result: Inferred) -> None:
    """Add what bridges that see each other amount to."""
    groups: list[set[Wire]] = []
    for one, other in sorted(wires.seen_at):
        if not one < other or not {one, other} <= wires.whole:
            continue
        pair = _facing(wires, one, other)
        if pair is None or taken & set(pair):
            continue
        between = _between(wires, *pair)
        if between is None:
            continue
        if between.is_shared:
            groups.append({*pair, *between.ports})
        else:
            evidence = _mutual(wires, *pair)
            a, b = sorted((wires.end(pair[0]), wires.end(pair[1])))
            result.links.append(Link(a, b, Method.BRIDGE, Confidence.INFERRED, evidence))
    result.segments += _shared(wires, groups)


def _facing(wires: Wires, one: str, other: str) -> tuple[Wire, Wire] | None:
    """Return the ports through which two bridges see each other, None when it is not one each."""
    here, there = wires.seen_at.get((one, other), ()), wires.seen_at.get((other, one), ())
    return (here[0], there[0]) if len(here) == 1 and len(there) == 1 else None


def _between(wires: Wires, here: Wire, there: Wire) -> Between | None:
    """Return who stands between two ports that face each other, None when they cannot be on one wire."""
    both = (wires.stations[here].keys() & wires.stations[there].keys()) - {here[0], there[0]}
    found: set[Wire] = set()
    for node in both & wires.bridges:
        to_here = wires.seen_at.get((node, here[0]), ())
        to_there = wires.seen_at.get((node, there[0]), ())
        if len(to_here) != 1 or to_here != to_there:
            return None
        found.add(to_here[0])
    return Between(frozenset(found), bool(both))


def _mutual(wires: Wires, here: Wire, there: Wire) -> tuple[Evidence, ...]:
    return tuple(sorted((*wires.seen(here, there[0]), *wires.seen(there, here[0]))))


def _shared(wires: Wires, groups: list[set[Wire]]) -> Iterator[Segment]:
    """Yield a segment for every set of ports that share a wire, with the stations that all of them see."""
    names = {wire: f"{place:06}" for place, wire in enumerate(sorted(set().union(*groups)))}
    joined = Joined(names.values())
    for group in groups:
        joined.join(names[wire] for wire in group)
    wire_of = {name: wire for wire, name in names.items()}
    for some in joined.groups():
        ports = [wire_of[name] for name in some]
        common = set.intersection(*(set(wires.stations[port]) for port in ports))
        yield _segment(wires, ports, common - wires.bridges, len(common))


def _segment(wires: Wires, ports: list[Wire], nodes: Iterable[str], stations: int) -> Segment:
    every = sorted(nodes)
    listed = every if stations <= MOST_LISTED else [one for one in every if one[0] != MARK]
    ends = [wires.end(port) for port in ports]
    evidence: set[Evidence] = set()
    for port in ports:
        seen = [*listed, *(other[0] for other in ports if other != port)]
        evidence.update(piece for node in seen for piece in wires.seen(port, node))
        evidence.add(wires.behind(port))
    ends += [wires.far_end(node, wires.stations[ports[0]].get(node, ())) for node in listed]
    return Segment(
        tuple(sorted(ends)),
        Method.BRIDGE,
        Confidence.INFERRED,
        tuple(sorted(evidence)),
        stations,
    )


def _stations(wires: Wires, busy: set[Wire], placed: set[str], result: Inferred) -> None:
    """Add the stations at the ports behind which no bridge stands."""
    edges = {
        wire: stations
        for wire, stations in wires.stations.items()
        if stations and wire not in busy and wire[0] in wires.whole and _is_edge(wires, stations)
    }
    here = _nearest(edges, placed)
    groups: dict[frozenset[str], list[Wire]] = defaultdict(list)
    for wire in sorted(edges):
        if here[wire]:
            groups[frozenset(edges[wire])].append(wire)
    for stations, ports in sorted(groups.items(), key=lambda one: one[1]):
        if len(stations) == 1 and len(ports) == 1:
            result.links.append(_link(wires, ports[0], next(iter(stations))))
        else:
            nodes = set().union(*(here[port] for port in ports))
            result.segments.append(_segment(wires, ports, nodes, len(stations)))


def _is_edge(wires: Wires, stations: dict[str, frozenset[str]]) -> bool:
    """Return whether no bridge is behind a port, or nothing but one."""
    return len(stations) == 1 or not stations.keys() & wires.bridges


def _nearest(
    edges: dict[Wire, dict[str, frozenset[str]]], placed: set[str]
) -> dict[Wire, set[str]]:
    """Return which stations belong to which port: to that with the fewest others; to none when that leaves a choice."""
    at: dict[str, list[Wire]] = defaultdict(list)
    for wire in sorted(edges):
        for node in edges[wire].keys() - placed:
            at[node].append(wire)
    found: dict[Wire, set[str]] = {wire: set() for wire in edges}
    for node, wires in at.items():
        fewest = min(len(edges[wire]) for wire in wires)
        nearest = [wire for wire in wires if len(edges[wire]) == fewest]
        if len({frozenset(edges[wire]) for wire in nearest}) == 1:
            for wire in nearest:
                found[wire].add(node)
    return found


def _link(wires: Wires, wire: Wire, node: str) -> Link:
    far: End = wires.far_end(node, wires.stations[wire][node])
    a, b = sorted((wires.end(wire), far))
    return Link(a, b, Method.BRIDGE, Confidence.INFERRED, wires.seen(wire, node))
