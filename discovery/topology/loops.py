"""Where a topology has more than one way: rings, and cables that could be pulled without cutting anybody off."""

from collections import defaultdict
from collections.abc import Iterable

from discovery.topology.joining import Joined
from discovery.topology.results import Link


def redundant_links(links: Iterable[Link]) -> tuple[Link, ...]:
    """Return the links that close loops, once the surest links have connected everybody.

    Which link of a loop it is follows from confidence and order alone; which of them a spanning tree protocol
    blocks (IEEE 802.1D), the devices decide.
    """
    every = sorted(links, key=lambda link: (-link.confidence, link))
    joined = Joined({node for link in every for node in link.nodes})
    found = []
    for link in every:
        if joined.root(link.a.node) == joined.root(link.b.node):
            found.append(link)
        else:
            joined.join(link.nodes)
    return tuple(sorted(found))


def rings(links: Iterable[Link]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of nodes in which no single link is the only way, each in order; nodes outside are left out.

    These are the 2-edge-connected parts, found by taking away every link whose loss would part its ends.
    """
    every = sorted(links)
    single = _bridges(every)
    kept = [link for place, link in enumerate(every) if place not in single]
    joined = Joined({node for link in kept for node in link.nodes})
    for link in kept:
        joined.join(link.nodes)
    return tuple(tuple(group) for group in joined.groups() if len(group) > 1)


def _bridges(links: list[Link]) -> set[int]:
    """Return the places of links that are the only way between their ends (Tarjan 1974), without recursion."""
    at: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, link in enumerate(links):
        at[link.a.node].append((place, link.b.node))
        at[link.b.node].append((place, link.a.node))
    seen: dict[str, int] = {}
    lowest: dict[str, int] = {}
    found: set[int] = set()
    for start in sorted(at):
        if start not in seen:
            _visit(start, at, seen, lowest, found)
    return found


def _visit(
    start: str,
    at: dict[str, list[tuple[int, str]]],
    seen: dict[str, int],
    lowest: dict[str, int],
    found: set[int],
) -> None:
    seen[start] = lowest[start] = len(seen)
    path = [(start, -1, iter(at[start]))]
    while path:
        node, came_by, ahead = path[-1]
        step = next(((place, other) for place, other in ahead if place != came_by), None)
        if step is not None:
            place, other = step
            if other in seen:
                lowest[node] = min(lowest[node], seen[other])
            else:
                seen[other] = lowest[other] = len(seen)
                path.append((other, place, iter(at[other])))
            continue
        path.pop()
        if path:
            before = path[-1][0]
            lowest[before] = min(lowest[before], lowest[node])
            if lowest[node] > seen[before]:
                found.add(came_by)
