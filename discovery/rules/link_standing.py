"""How a link between two items stands: declared by people, seen on the wire, or both; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: How sure discovery is of a link, in percent, by `topology.results.Confidence`.
PERCENT = {1: 50, 2: 80, 3: 100}
#: Two kinds of tables: a neighbour protocol tells at both ends, a forwarding table at one.
NEIGHBOURS, FORWARDING = ("lldp", "cdp"), "bridge"


class Standing(StrEnum):
    """Who says that a link is there."""

    DECLARED = "declared"
    SEEN = "seen"
    BOTH = "both"


class Look(StrEnum):
    """Whether discovery could have seen a link: `NEVER` when no device that would tell of it was read."""

    SEEN = "seen"
    MISSING = "missing"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class SeenLink:
    """A link as discovery keeps it: `confidence` 1 to 3, `evidence` pairs of (method, what the table says)."""

    method: str
    confidence: int
    evidence: tuple[tuple[str, str], ...]
    first_seen_at: datetime
    last_seen_at: datetime
    ports: tuple[str, str] = ("", "")
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """What of the seen links of two items a reader is told: all evidence, the best confidence, the outer times."""

    evidence: tuple[tuple[str, str], ...]
    confidence: int
    first_seen_at: datetime
    last_seen_at: datetime
    is_disputed: bool


def standing(*, is_declared: bool, is_seen: bool) -> Standing:
    """Return who says that a link is there.

    >>> standing(is_declared=True, is_seen=False)
    <Standing.DECLARED: 'declared'>
    """
    if is_seen:
        return Standing.BOTH if is_declared else Standing.SEEN
    return Standing.DECLARED if is_declared else Standing.SEEN


def sight_of(links: Sequence[SeenLink]) -> Sight | None:
    """Return what several cables between two items amount to, None for none.

    The confidence is that of the surest of them, in percent; it is disputed where every one of them is.
    """
    if not links:
        return None
    evidence = dict.fromkeys(piece for link in links for piece in link.evidence)
    return Sight(
        evidence=tuple(evidence),
        confidence=max(PERCENT[link.confidence] for link in links),
        first_seen_at=min(link.first_seen_at for link in links),
        last_seen_at=max(link.last_seen_at for link in links),
        is_disputed=all(link.is_disputed for link in links),
    )


def look_at(
    one: Mapping[int, frozenset[str]], other: Mapping[int, frozenset[str]], *, is_seen: bool
) -> Look:
    """Return whether a link could have been seen, from what its ends told in each network (by id).

    Both ends must have been read to their end in one network. A neighbour protocol must be spoken by both; a forwarding
    table of one suffices, because the other, which answered, sends frames.

    >>> switch, press = {7: frozenset({"bridge", "lldp"})}, {7: frozenset[str]()}
    >>> look_at(switch, press, is_seen=False)
    <Look.MISSING: 'missing'>
    >>> look_at(switch, {}, is_seen=False)
    <Look.NEVER: 'never'>
    """
    if is_seen:
        return Look.SEEN
    for network in one.keys() & other.keys():
        here, there = one[network], other[network]
        if FORWARDING in here | there or any(word in here & there for word in NEIGHBOURS):
            return Look.MISSING
    return Look.NEVER
