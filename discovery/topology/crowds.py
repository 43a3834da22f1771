"""Ports with several neighbours: an old entry that nobody confirms, or something silent they all hang on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from discovery.topology.claims import best
from discovery.topology.directory import Directory
from discovery.topology.joining import Joined
from discovery.topology.ports import UNKNOWN_PORT
from discovery.topology.results import Confidence, Doubt, End, Link, Segment, Stale


@dataclass(frozen=True)
class Sorted:
    """Links between two ports, segments of more, and entries that are not believed."""

    links: list[Link]
    segments: list[Segment]
    stale: list[Stale]


def sorted_out(
    links: Iterable[Link], directory: Directory, bundles: set[tuple[str, int]]
) -> Sorted:
    """Return links whose ports lead to one neighbour each; what shares a port becomes a segment.

    A conforming bridge keeps LLDP frames to one wire (IEEE 802.1AB section 7.1), so two neighbours on a port are
    behind something that is none. Of several, one that both ends confirm displaces those that their own far end
    should confirm and does not. `bundles` are ports that stand for several wires.
    """
    believed = sorted(links)
    stale: list[Stale] = []
    for some in _crowded(believed, directory, bundles).values():
        for link in _displaced(some, directory):
            if link in believed:
                believed.remove(link)
                stale += _stale(link)
    crowded = _crowded(believed, directory, bundles)
    shared = {link for some in crowded.values() for link in some}
    alone = [link for link in believed if link not in shared]
    return Sorted(alone, _segments(sorted(shared), set(crowded)), stale)


def segment_of(links: Iterable[Link], ends: Iterable[End], stations: int) -> Segment:
    """Return the segment that several ends share, as sure as the least sure of what tells of it."""
    some = sorted(links)
    evidence = tuple(sorted({piece for link in some for piece in link.evidence}))
    confidence = min((link.confidence for link in some), default=Confidence.INFERRED)
    return Segment(tuple(sorted(set(ends))), best(evidence), confidence, evidence, stations)


def _crowded(
    links: list[Link], directory: Directory, bundles: set[tuple[str, int]]
) -> dict[tuple[str, int], list[Link]]:
    """Return the links of each known port that leads to more than one neighbour."""
    by_port: dict[tuple[str, int], list[Link]] = defaultdict(list)
    for link in links:
        for end in (link.a, link.b):
            place = end.node, end.index
            if end.index != UNKNOWN_PORT and end.node in directory.of_node and place not in bundles:
                by_port[place].append(link)
    return {
        place: some
        for place, some in by_port.items()
        if len({_other(link, place).node for link in some}) > 1
    }


def _other(link: Link, place: tuple[str, int]) -> End:
    return link.b if (link.a.node, link.a.index) == place else link.a


def _displaced(links: list[Link], directory: Directory) -> list[Link]:
    confirmed = [link for link in links if link.confidence is Confidence.BOTH_ENDS]
    if len(confirmed) != 1:
        return []
    return [link for link in links if link not in confirmed and _is_denied(link, directory)]


def _is_denied(link: Link, directory: Directory) -> bool:
    """Return whether an end that lists its neighbours, all of them, does not list this one."""
    told = {piece.observer for piece in link.evidence}
    silent = [
        device
        for node in link.nodes
        for device in directory.of_node.get(node, ())
        if device.observation.key not in told
    ]
    return any(
        device.neighbours
        and device.observation.has_whole("lldpRemTable", "lldpV2RemTable", "cdpCacheTable")
        for device in silent
    )


def _stale(link: Link) -> list[Stale]:
    observers = {piece.observer for piece in link.evidence}
    near, far = (link.a, link.b) if link.a.node in observers else (link.b, link.a)
    return [Stale(near.node, near.port, far.node, Doubt.DENIED)]


def _segments(links: list[Link], crowded: set[tuple[str, int]]) -> list[Segment]:
    names = {link: f"{place:06}" for place, link in enumerate(links)}
    joined = Joined(names.values())
    by_port: dict[tuple[str, int], list[str]] = defaultdict(list)
    for link in links:
        for end in (link.a, link.b):
            if (end.node, end.index) in crowded:
                by_port[end.node, end.index].append(names[link])
    for some in by_port.values():
        joined.join(some)
    groups = [[links[int(name)] for name in group] for group in joined.groups()]
    return [
        segment_of(some, (end for link in some for end in (link.a, link.b)), 0) for some in groups
    ]
