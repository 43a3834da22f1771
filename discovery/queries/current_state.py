"""A site as it stands: what is wrong with its integration, and what of its links is declared, seen, or both.

Judged by everything that is recorded, shown as far as the reader may see: a finding about an item they may not see is
left out, and counted when they see another of its items. The number of queries does not depend on the site.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from assets.access import visible_item_ids
from assets.choices import ItemKind, ItemStatus, LocationLevel, ProvenanceSource, RelationClass
from assets.models import ConfigurationItem, Location, Relation
from assets.queries.zones import without_conduit
from discovery.access import networks_visible_to
from discovery.choices import DriftState
from discovery.models import Drift, Network, Witness
from discovery.queries.link_standing import LinkStanding, all_links_at, at_path
from discovery.rules.current_state import (
    Finding,
    Flow,
    Kind,
    Node,
    by_file_only,
    incomplete,
    interfaces,
    silos,
    skipping,
)
from discovery.rules.link_standing import Look, Standing, look_at

IN_USE = (ItemStatus.ACTIVE, ItemStatus.MAINTENANCE, ItemStatus.STAGED)
ORDER = {kind: place for place, kind in enumerate(Kind)}
#: What nobody has looked at is no fault yet: it is counted apart, and listed when asked for.
FAULTS = tuple(kind for kind in Kind if kind is not Kind.UNLOOKED)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands, to tell who may mend what is wrong with it."""

    path: str
    zone_id: int | None
    system_id: int | None


@dataclass(frozen=True)
class CurrentState:
    """The findings a reader may see, gravest and newest first; how many they may not; how the links stand."""

    findings: Sequence[Finding]
    hidden: int
    nodes: Mapping[int, Node]
    places: Mapping[int, Place]
    links: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def fault_count(self) -> int:
        """Return how many findings there are without what nobody has looked at."""
        return sum(self.counts.get(kind, 0) for kind in FAULTS)

    def of_kinds(self, kinds: Collection[str]) -> list[Finding]:
        """Return the findings of these kinds; of all that are faults when none is named."""
        wanted = set(kinds) or set(FAULTS)
        return [one for one in self.findings if one.kind in wanted]


@dataclass(frozen=True)
class _Facts:
    """What is recorded of a site, whoever asks."""

    nodes: Mapping[int, Node]
    places: Mapping[int, Place]
    retired: frozenset[int]
    flows: Sequence[Flow]
    links: Sequence[LinkStanding]
    crossing: frozenset[int]
    witnesses: Mapping[int, Mapping[int, frozenset[str]]]
    drifts: Sequence[Mapping[str, Any]]


def current_state(user: User, path: str = "") -> CurrentState:
    """Return how a site (a location path, "" for everywhere) stands, as far as the user may see."""
    networks = networks_visible_to(user).filter(location__path__startswith=path)
    return _state(path, networks, lambda ids: visible_item_ids(user, ids))


def current_state_at(path: str) -> CurrentState:
    """Return how a site stands for who may see all that stands there and nothing else: an auditor's pack."""
    here = ConfigurationItem.objects.filter(location__path__startswith=path)
    if not path:
        here = ConfigurationItem.objects.all()
    networks = Network.objects.filter(location__path__startswith=path)
    return _state(
        path,
        networks,
        lambda ids: set(here.filter(pk__in=ids).values_list("pk", flat=True)),
    )


def _state(
    path: str,
    networks: QuerySet[Network],
    visible: Callable[[Collection[int]], Collection[int]],
) -> CurrentState:
    facts = _facts(path, networks)
    every = list(_judged(facts, path))
    linked = {end for link in facts.links for end in link.ends}
    ids = set(visible({pk for one in every for pk in one.items} | linked))
    shown = [one for one in every if ids.issuperset(one.items)]
    partly = sum(1 for one in every if not ids.issuperset(one.items) and ids & set(one.items))
    shown.sort(key=_gravest_first)
    wires = [one for one in facts.links if _is_wire(one) and ids.issuperset(one.ends)]
    return CurrentState(
        findings=shown,
        hidden=partly,
        nodes={pk: node for pk, node in facts.nodes.items() if pk in ids},
        places=facts.places,
        links=Counter(one.standing.value for one in wires),
        counts=Counter(one.kind.value for one in shown),
    )


def _gravest_first(one: Finding) -> tuple[int, int, float, tuple[int, ...]]:
    distance = len(one.facts.get("passed", ()))
    age = one.since.timestamp() if one.since else 0.0
    return ORDER[one.kind], -distance, -age, one.items


def _judged(facts: _Facts, path: str) -> Iterator[Finding]:
    """Yield what every rule finds; an item that is not in use is nobody's gap."""
    systems = [
        node
        for node in facts.nodes.values()
        if node.is_system
        and node.id not in facts.retired
        and facts.places[node.id].path.startswith(path)
    ]
    flows = interfaces(facts.nodes, facts.flows)
    found = (
        *silos(systems, flows),
        *by_file_only(systems, flows),
        *incomplete(facts.nodes, facts.flows),
        *skipping(facts.nodes, facts.flows),
        *_crossing(facts),
        *_wires(facts),
        *_drifts(facts),
    )
    for one in found:
        if not facts.retired.issuperset(one.items):
            yield one


def _crossing(facts: _Facts) -> Iterator[Finding]:
    for link in facts.links:
        if link.relation in facts.crossing:
            named = {"class": link.relation_class, "protocol": link.protocol}
            yield Finding(Kind.CONDUIT, link.ends, link.relation, link.since, facts=named)


def _is_wire(link: LinkStanding) -> bool:
    return link.relation_class == RelationClass.CONNECTS_VIA


def _wires(facts: _Facts) -> Iterator[Finding]:
    """Yield connections that only one side vouches for: discovery, or the people."""
    declared = {
        frozenset(link.ends)
        for link in facts.links
        if link.provenance != ProvenanceSource.DISCOVERY and len(link.ends) == 2
    }
    for link in facts.links:
        if not _is_wire(link):
            continue
        if link.standing is Standing.SEEN:
            # Of what discovery has lost sight of, the staleness of the item tells; here is what it sees.
            if link.last_seen_at and frozenset(link.ends) not in declared:
                yield _undeclared(link)
        elif len(link.ends) == 2 and not facts.retired & set(link.ends):
            yield from _unseen(link, facts)


def _undeclared(link: LinkStanding) -> Finding:
    told = {
        "confidence": link.confidence,
        "evidence": link.evidence,
        "last_seen_at": link.last_seen_at,
        "unknown": link.unresolved,
    }
    return Finding(Kind.UNDECLARED, link.ends, link.relation, link.since, facts=told)


def _unseen(link: LinkStanding, facts: _Facts) -> Iterator[Finding]:
    one, other = (facts.witnesses.get(end, {}) for end in link.ends)
    look = look_at(one, other, is_seen=link.standing is Standing.BOTH)
    if look is Look.MISSING:
        methods = [sorted({word for told in end.values() for word in told}) for end in (one, other)]
        yield Finding(Kind.UNSEEN, link.ends, link.relation, link.since, facts={"methods": methods})
    elif look is Look.NEVER:
        read = [bool(one), bool(other)]
        yield Finding(Kind.UNLOOKED, link.ends, link.relation, link.since, facts={"read": read})


def _drifts(facts: _Facts) -> Iterator[Finding]:
    for row in facts.drifts:
        ends = tuple(end for end in (row["item_id"], row["other_id"]) if end is not None)
        yield Finding(Kind.DRIFT, ends, since=row["seen_at"], facts=row)


def _facts(path: str, networks: QuerySet[Network]) -> _Facts:
    links = all_links_at(path)
    flows = [Flow(**row) for row in _flows(path)]
    drifts = list(
        Drift.objects.filter(network__in=networks, state=DriftState.UNEXPLAINED)
        .order_by("pk")
        .values(
            *("pk", "kind", "item_id", "other_id", "field", "before", "after", "since", "seen_at"),
            "network__name",
        )
    )
    ids = {end for link in links for end in link.ends}
    ids |= {end for flow in flows for end in (flow.source, flow.target) if end is not None}
    ids |= {row[name] for row in drifts for name in ("item_id", "other_id") if row[name]}
    rows = list(_items(ids, path))
    crossing = without_conduit(Relation.objects.filter(at_path(path)))
    sites = _sites()
    return _Facts(
        nodes={row["pk"]: _node(row, sites) for row in rows},
        places={
            row["pk"]: Place(row["location__path"] or "", row["zone_id"], row["system_id"])
            for row in rows
        },
        retired=frozenset(row["pk"] for row in rows if row["status"] not in IN_USE),
        flows=flows,
        links=links,
        crossing=frozenset(crossing.order_by().values_list("pk", flat=True)),
        witnesses=_witnesses(),
        drifts=drifts,
    )


def _flows(path: str) -> Iterable[dict[str, Any]]:
    """Return the declared flows at a site, those of parts of its systems that stand elsewhere included."""
    here = at_path(path)
    if path:
        here |= Q(source__system__location__path__startswith=path)
        here |= Q(target__system__location__path__startswith=path)
    rows = Relation.objects.filter(here, relation_class=RelationClass.FEEDS_DATA).order_by("pk")
    columns = {
        "id": "pk",
        "source": "source_id",
        "target": "target_id",
        "since": "created_at",
    }
    names = ("protocol", "data_model", "middleware")
    for row in rows.values(*names, *columns.values()):
        yield {**{name: row[name] for name in names}, **{k: row[v] for k, v in columns.items()}}


def _items(ids: Collection[int], path: str) -> Iterable[dict[str, Any]]:
    """Return what the rules need of some items, and of every system at the site."""
    systems = Q(kind=ItemKind.SYSTEM)
    if path:
        systems &= Q(location__path__startswith=path)
    # The stubs do not see what a queryset method annotates.
    rows: Any = ConfigurationItem.objects.filter(Q(pk__in=ids) | systems).with_effective()
    found: Iterable[dict[str, Any]] = rows.order_by().values(
        *("pk", "name", "kind", "status", "item_class__slug", "purdue_level", "created_at"),
        *("zone_id", "zone__name", "system_id", "location__path"),
    )
    return found


def _sites() -> list[str]:
    sites = Location.objects.filter(level=LocationLevel.SITE)
    return list(sites.values_list("path", flat=True))


def _node(row: Mapping[str, Any], sites: Sequence[str]) -> Node:
    path = row["location__path"] or ""
    return Node(
        id=row["pk"],
        name=row["name"],
        is_system=row["kind"] == ItemKind.SYSTEM,
        item_class=row["item_class__slug"],
        level=row["purdue_level"] or "",
        zone=row["zone__name"] or "",
        site=next((site for site in sites if path.startswith(site)), path),
        system=row["system_id"],
        since=row["created_at"],
    )


def _witnesses() -> dict[int, dict[int, frozenset[str]]]:
    """Return by item and network by which methods it would have shown a neighbour."""
    found: dict[int, dict[int, frozenset[str]]] = {}
    rows = Witness.objects.order_by().values_list("item_id", "network_id", "methods")
    for item, network, methods in rows:
        found.setdefault(item, {})[network] = frozenset(methods)
    return found
