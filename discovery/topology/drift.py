"""What changed between two topologies: what is new, what is gone, what moved, and what nobody could have seen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from discovery.topology.results import End, Evidence, Link, Method, Topology

#: How an end is recognised from scan to scan: ifIndex values may change with every restart (RFC 2863), names do not.
Place = tuple[str, str]


@dataclass(frozen=True, order=True)
class Changed:
    """The same cable, known otherwise: an end's port became known, or it is told by other means."""

    was: Link
    now: Link


@dataclass(frozen=True, order=True)
class Moved:
    """A port that led to `was` leads to `now`."""

    end: End
    was: End
    now: End


@dataclass(frozen=True)
class LinkDrift:
    """The difference of two topologies.

    `unseen` are links of the earlier one that may still be there: nobody who would have seen them could be read.
    """

    new: tuple[Link, ...] = ()
    gone: tuple[Link, ...] = ()
    moved: tuple[Moved, ...] = ()
    changed: tuple[Changed, ...] = ()
    unseen: tuple[Link, ...] = ()

    def __bool__(self) -> bool:
        return any((self.new, self.gone, self.moved, self.changed))


def link_drift(before: Topology, now: Topology) -> LinkDrift:
    """Return what changed between two topologies of one network.

    A link is gone only when somebody who told of it was read again, with the table that held it whole, and does not
    tell of it any more. A link that shares a port with a new one has moved, whoever could be read.
    """
    names = {**_resolved(before, now), **_resolved(now, before)}
    old = {_renamed(link, names): link for link in before.links}
    current = [_renamed(link, names) for link in now.links]
    same = _same(old, current)
    known = set(same.values())
    fresh = [link for link in current if link not in known]
    missing = [link for link in old if link not in same]
    moved, settled = _moves(missing, fresh)
    left = [link for link in missing if link not in settled]
    gone = [link for link in left if _sight(link, before, now)]
    return LinkDrift(
        new=tuple(link for link in fresh if link not in settled),
        gone=tuple(gone),
        moved=tuple(sorted(moved)),
        changed=tuple(
            sorted(
                Changed(was, link) for was, link in same.items() if _differs(was, link, before, now)
            )
        ),
        unseen=tuple(link for link in left if link not in gone),
    )


def _resolved(one: Topology, other: Topology) -> dict[str, str]:
    """Return which strangers of one topology are devices that were read, in it or in the other."""
    owners = {**other.owners, **one.owners}
    found: dict[str, str] = {}
    for stranger in one.unresolved:
        nodes = {owners[word] for word in stranger.identifiers if word in owners}
        if len(nodes) == 1:
            found[stranger.id] = nodes.pop()
    return found


def _renamed(link: Link, names: Mapping[str, str]) -> Link:
    """Return a link with devices in the place of strangers; what others call a stranger's port is not its name."""
    if not names.keys() & set(link.nodes):
        return link
    a, b = sorted(End(names[end.node]) if end.node in names else end for end in (link.a, link.b))
    return replace(link, a=a, b=b)


def _same(before: Iterable[Link], now: Iterable[Link]) -> dict[Link, Link]:
    """Return which link now is which link of before: the same ports, or as far as both are known."""
    waiting: dict[frozenset[str], list[Link]] = defaultdict(list)
    for link in now:
        waiting[frozenset(link.nodes)].append(link)
    found: dict[Link, Link] = {}
    for is_exact in (True, False):
        for link in before:
            others = waiting[frozenset(link.nodes)]
            fitting = [other for other in others if _fits(link, other, is_exact)]
            if link not in found and fitting:
                found[link] = fitting[0]
                others.remove(fitting[0])
    return found


def _fits(one: Link, other: Link, is_exact: bool) -> bool:
    ways = (((one.a, other.a), (one.b, other.b)), ((one.a, other.b), (one.b, other.a)))
    if is_exact:
        return any(all(_place(a) == _place(b) for a, b in way) for way in ways)
    return any(all(_may_be(a, b) for a, b in way) and _shares(way) for way in ways)


def _may_be(one: End, other: End) -> bool:
    """Return whether two ends can be one: the same node, and the same port unless one does not know it."""
    return one.node == other.node and (not one.port or not other.port or one.port == other.port)


def _shares(way: Iterable[tuple[End, End]]) -> bool:
    return any(bool(a.port) and a.port == b.port for a, b in way)


def _place(end: End) -> Place:
    return end.node, end.port or (str(end.index) if end.index >= 0 else "")


def _differs(was: Link, link: Link, before: Topology, now: Topology) -> bool:
    """Return whether what is known of a cable changed, beyond numbers that change with every restart.

    Knowing less because somebody could not be read is no change of the network.
    """
    if not _is_weaker(link, was):
        return was.confidence != link.confidence or was.is_disputed != link.is_disputed
    told = {(piece.observer, piece.method) for piece in link.evidence}
    lost = [piece for piece in was.evidence if (piece.observer, piece.method) not in told]
    return all(_sees(piece, before, now) for piece in lost)


def _is_weaker(link: Link, was: Link) -> bool:
    return (link.confidence, -_rank(link)) < (was.confidence, -_rank(was))


def _rank(link: Link) -> int:
    return list(Method).index(link.method)


def _moves(missing: list[Link], fresh: list[Link]) -> tuple[list[Moved], set[Link]]:
    """Return which ports lead elsewhere, and the links that this explains."""
    singles = _with_one_link(missing) & _with_one_link(fresh)
    now_at: dict[Place, list[tuple[End, End, Link]]] = defaultdict(list)
    for link in fresh:
        for near, far in _both_ways(link):
            now_at[_anchor(near, singles)].append((near, far, link))
    moved: list[Moved] = []
    settled: set[Link] = set()
    for link in missing:
        for near, far in _both_ways(link):
            for _, elsewhere, other in now_at.get(_anchor(near, singles), ()):
                moved.append(Moved(near, far, elsewhere))
                settled |= {link, other}
    return [one for one in moved if one.end.node], settled


def _with_one_link(links: list[Link]) -> set[str]:
    """Return the nodes that stand in one link only: where their port is not known, they are recognised themselves."""
    counts = Counter(node for link in links for node in link.nodes)
    return {node for node, count in counts.items() if count == 1}


def _anchor(end: End, singles: set[str]) -> Place:
    """Return what of an end can be found again: its port, else a node with one link; ("", "") when neither."""
    node, port = _place(end)
    if port:
        return node, port
    return (node, "") if node in singles else ("", "")


def _both_ways(link: Link) -> tuple[tuple[End, End], tuple[End, End]]:
    return (link.a, link.b), (link.b, link.a)


def _sight(link: Link, before: Topology, now: Topology) -> bool:
    """Return whether somebody who told of a link was read again, with the table that held it whole."""
    told = (piece for piece in link.evidence if piece.method is link.method)
    return any(_sees(piece, before, now) for piece in told)


def _sees(piece: Evidence, before: Topology, now: Topology) -> bool:
    node = before.devices.get(piece.observer, piece.observer)
    watch = now.watches.get(now.devices.get(node, node))
    return watch is not None and watch.is_reachable and piece.method in watch.whole
