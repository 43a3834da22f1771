"""What is wrong with a site as it stands: silos, gaps in its integration, what is wired and not declared; pure.

Each rule takes plain facts about items and flows and returns findings with the facts they rest on. It judges by all
that is known: what a reader may not see is taken out of the answer, never out of the judgement.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

#: Kinds of systems that exist to exchange data with others (ISA-95 levels 2 to 4); one without a flow is an island.
EXCHANGING = ("mes", "erp", "scada", "historian", "lims", "wms", "cmms", "qms")
#: Kinds of systems whose business files are; a file interface is no gap of theirs.
FILE_KEEPERS = ("file-service", "backup-system")
#: Protocols that say themselves what they carry, so that a flow needs no data model: time, names, log-ins, watching.
SELF_DESCRIBED = frozenset(
    {"ntp", "ptp", "dns", "ldap", "ldaps", "kerberos", "radius", "snmp", "syslog", "capwap"}
)
#: Words by which a protocol is a file carried over, or a person doing it.
BY_FILE = re.compile(
    r"\b(smb|cifs|nfs|s?ftps?|csv|excel|xlsx?|spreadsheet|files?|usb|manual|e-?mail|paper)\b", re.I
)
LEVELS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)


class Kind(StrEnum):
    """What is wrong, the gravest first."""

    CONDUIT = "undeclared_conduit"
    LEVELS = "skipped_levels"
    SILO = "silo"
    FILE_ONLY = "file_only"
    INCOMPLETE = "incomplete_flow"
    UNDECLARED = "seen_not_declared"
    UNSEEN = "declared_not_seen"
    DRIFT = "unexplained_drift"
    UNLOOKED = "never_looked"


@dataclass(frozen=True, slots=True)
class Node:
    """An item. `level` is its Purdue level, `site` the path of the site it stands at, `system` what it is part of."""

    id: int
    name: str = ""
    is_system: bool = False
    item_class: str = ""
    level: str = ""
    zone: str = ""
    site: str = ""
    system: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A declared flow of data; an end that is not known is None."""

    id: int
    source: int | None
    target: int | None
    protocol: str = ""
    data_model: str = ""
    middleware: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: about which items, through which relation, since when, and the facts it rests on."""

    kind: Kind
    items: tuple[int, ...]
    relation: int | None = None
    since: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


Nodes = Mapping[int, Node]


def interfaces(nodes: Nodes, flows: Iterable[Flow]) -> dict[int, list[Flow]]:
    """Return the flows over the border of each system: with itself or a part of it at one end, another at the other.

    >>> nodes = {1: Node(1, is_system=True), 2: Node(2, system=1), 3: Node(3)}
    >>> found = interfaces(nodes, [Flow(7, 2, 3), Flow(8, 1, 2)])
    >>> [one.id for one in found[1]]
    [7]
    """
    found: dict[int, list[Flow]] = defaultdict(list)
    for flow in flows:
        source, target = (_system(nodes, end) for end in (flow.source, flow.target))
        if source == target:
            continue
        for system in (source, target):
            if system is not None:
                found[system].append(flow)
    return found


def silos(systems: Iterable[Node], flows: Mapping[int, Sequence[Flow]]) -> Iterator[Finding]:
    """Yield the systems of a kind that exchanges data, to and from which no flow is declared."""
    for one in systems:
        if one.item_class in EXCHANGING and not flows.get(one.id):
            yield Finding(Kind.SILO, (one.id,), since=one.since, facts={"class": one.item_class})


def by_file_only(systems: Iterable[Node], flows: Mapping[int, Sequence[Flow]]) -> Iterator[Finding]:
    """Yield the systems all of whose flows are files carried over or work of hands."""
    for one in systems:
        known = flows.get(one.id, ())
        if one.item_class in FILE_KEEPERS or not known:
            continue
        if all(BY_FILE.search(flow.protocol) for flow in known):
            words = sorted({flow.protocol for flow in known})
            since = max((flow.since for flow in known if flow.since), default=None)
            yield Finding(
                Kind.FILE_ONLY,
                (one.id,),
                relation=known[0].id if len(known) == 1 else None,
                since=since,
                facts={"protocols": words},
            )


def incomplete(nodes: Nodes, flows: Iterable[Flow]) -> Iterator[Finding]:
    """Yield flows that do not say how they run.

    Every flow has a protocol. One from or to a system has a data model, unless its protocol says itself what it
    carries: between devices a fieldbus does. One between systems of two sites names the middleware that carries it.
    """
    for flow in flows:
        missing = list(_missing(nodes, flow))
        if missing:
            yield Finding(
                Kind.INCOMPLETE, _ends(flow), flow.id, flow.since, facts={"missing": missing}
            )


def _missing(nodes: Nodes, flow: Flow) -> Iterator[str]:
    ends = [nodes[end] for end in _ends(flow) if end in nodes]
    if not flow.protocol:
        yield "protocol"
    describes_itself = flow.protocol.casefold() in SELF_DESCRIBED
    if not flow.data_model and not describes_itself and any(end.is_system for end in ends):
        yield "data_model"
    sites = {end.site for end in ends if end.is_system}
    if not flow.middleware and not describes_itself and len(sites) > 1 and "" not in sites:
        yield "middleware"


def skipping(nodes: Nodes, flows: Iterable[Flow]) -> Iterator[Finding]:
    """Yield flows that pass by whole Purdue levels between their ends; the DMZ (3.5) is none of its own here."""
    for flow in flows:
        if flow.source not in nodes or flow.target not in nodes:
            continue
        levels = nodes[flow.source].level, nodes[flow.target].level  # type: ignore[index]
        passed = levels_between(*levels)
        if passed:
            facts = {"levels": levels, "passed": passed, "protocol": flow.protocol}
            yield Finding(Kind.LEVELS, _ends(flow), flow.id, flow.since, facts=facts)


def levels_between(one: str, other: str) -> tuple[int, ...]:
    """Return the whole levels strictly between two; none where a level is not known.

    >>> levels_between("1", "4"), levels_between("3", "4"), levels_between("3.5", "1")
    ((2, 3), (), (2, 3))
    """
    if not (one and other):
        return ()
    low, high = sorted((float(one), float(other)))
    return tuple(int(level) for level in LEVELS if low < level < high)


def _system(nodes: Nodes, end: int | None) -> int | None:
    """Return the system an end belongs to: itself, or what it is part of; None for neither."""
    node = nodes.get(end or 0)
    if node is None:
        return None
    return node.id if node.is_system else node.system


def _ends(flow: Flow) -> tuple[int, ...]:
    return tuple(end for end in (flow.source, flow.target) if end is not None)
