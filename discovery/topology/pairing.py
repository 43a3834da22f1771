"""From claims of both ends to links, each once."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from discovery.topology.claims import Claim, best
from discovery.topology.ports import UNKNOWN_PORT
from discovery.topology.results import Confidence, Evidence, Link


def paired(claims: Iterable[Claim]) -> list[Link]:
    """Return the links that claims amount to: what both ends say is one link.

    Where ports are not known well enough to say which of several parallel cables is which, each claim of the end
    that tells more is a link with an unknown far port, and the other end's claims support all of them.
    """
    between: dict[tuple[str, str], list[Claim]] = {}
    for claim in sorted(claims):
        low, high = sorted((claim.near.node, claim.far.node))
        between.setdefault((low, high), []).append(claim)
    return [link for nodes, some in sorted(between.items()) for link in _between(nodes[0], some)]


def link_of(claim: Claim, other: Claim | None = None, *, is_disputed: bool = False) -> Link:
    """Return the link of a claim, and of what the other end says of it."""
    far = other.near if other is not None else claim.far
    evidence = tuple(sorted({*claim.evidence, *(other.evidence if other else ())}))
    a, b = sorted((claim.near, far))
    confidence = Confidence.ONE_END if other is None else Confidence.BOTH_ENDS
    return Link(a, b, best(evidence), confidence, evidence, is_disputed)


def _between(low: str, claims: list[Claim]) -> Iterator[Link]:
    ours = [claim for claim in claims if claim.near.node == low]
    theirs = [claim for claim in claims if claim.near.node != low]
    if not theirs and all(claim.far.node == low for claim in ours):
        yield from _loops(ours)
        return
    for agreement in (2, 1):
        yield from _agreeing(ours, theirs, agreement)
    if len(ours) == 1 and len(theirs) == 1:
        yield link_of(ours[0], theirs[0], is_disputed=ours[0].agrees_with(theirs[0]) < 0)
        return
    yield from _leftover(ours, theirs)


def _agreeing(ours: list[Claim], theirs: list[Claim], agreement: int) -> Iterator[Link]:
    """Yield the links whose ends agree so well, and take their claims off the lists."""
    for claim in list(ours):
        fitting = [other for other in theirs if claim.agrees_with(other) == agreement]
        if fitting:
            ours.remove(claim)
            theirs.remove(fitting[0])
            yield link_of(claim, fitting[0])


def _leftover(ours: list[Claim], theirs: list[Claim]) -> Iterator[Link]:
    """Yield what nobody confirms; of ports nobody can tell apart, the longer list."""
    vague = [[one for one in some if one.far.index == UNKNOWN_PORT] for some in (ours, theirs)]
    vague.sort(key=len)
    support: tuple[Evidence, ...] = ()
    dropped: list[Claim] = []
    if vague[0]:
        dropped = vague[0]
        support = tuple(piece for one in dropped for piece in one.evidence)
    is_disputed = bool(ours and theirs)
    for claim in (*ours, *theirs):
        if claim in dropped:
            continue
        supported = support if claim in vague[1] else ()
        link = link_of(replace(claim, evidence=(*claim.evidence, *supported)))
        yield replace(link, is_disputed=is_disputed and claim not in vague[1])


def _loops(claims: list[Claim]) -> Iterator[Link]:
    """Yield the cables that lead from a device to itself."""
    by_ends: dict[tuple[int, int], list[Claim]] = {}
    for claim in claims:
        low, high = sorted((claim.near.index, claim.far.index))
        by_ends.setdefault((low, high), []).append(claim)
    for _, some in sorted(by_ends.items()):
        yield link_of(some[0], some[1] if len(some) > 1 else None)
