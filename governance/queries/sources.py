"""The one place that asks the floors below: the graph for what is hit, the resolver for who answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from assets.choices import LocationLevel
from assets.graph.impact import impact
from assets.models import ConfigurationItem, Location, Relation
from assets.queries.live_graph import current_graph
from governance.queries.answers import Hit, Impact, Owner, Promise, Question, StoppedLine
from raci.queries import Answer, Resolution, line_costs, resolve_many, service_levels_of
from raci.queries import Promise as ServiceLevelInForce

ACTIVITY = "change"
#: A target that keeps running, such as a firewall that gets one more open port.
UNTOUCHED = "up"
WORST_FIRST = ("down", "unknown", "degraded", "redundancy_lost", UNTOUCHED)
STOPPING = frozenset({"down", "unknown"})
CHUNK = 10_000


def impact_of(question: Question) -> Impact:
    """Return what the question's change hits, on the whole graph: who asks makes no difference.

    Errors of the graph are not caught; without an answer there is no decision.
    """
    found = impact(current_graph(), question.target_ids, question.change_type)
    states = [(hit.item, hit.state.label, hit.depth) for hit in found.items()]
    reached = {pk for pk, _state, _depth in states}
    untouched = [(pk, UNTOUCHED, 0) for pk in question.target_ids if pk not in reached]
    hits = hits_of([*states, *untouched], target_ids=question.target_ids)
    return Impact(tuple(hits), unresolved_count=_unresolved_at({hit.id for hit in hits}))


def _unresolved_at(item_ids: set[int]) -> int:
    """Return how many relations of the items lead to something that is not in the inventory."""
    rows = Relation.objects.exclude(unresolved_source="", unresolved_target="")
    ends = rows.values_list("source_id", "target_id")
    return sum(source in item_ids or target in item_ids for source, target in ends)


def hits_of(states: Iterable[tuple[int, str, int]], *, target_ids: Iterable[int]) -> list[Hit]:
    """Return the hits for (item id, state, depth), in their order, with what is known of the items."""
    rows = list(states)
    targets = set(target_ids)
    items = _items([pk for pk, _state, _depth in rows])
    return [
        Hit(
            id=pk,
            code=items[pk]["code"],
            name=items[pk]["name"],
            kind=items[pk]["kind"],
            state=state,
            depth=depth,
            system_id=items[pk]["system_id"],
            place_ids=_place_ids(items[pk]["location__path"]),
            class_id=items[pk]["item_class_id"],
            stops_line=items[pk]["stops_line"],
            is_safety=bool(items[pk]["zone__is_safety"]),
            is_target=pk in targets,
        )
        for pk, state, depth in rows
        if pk in items
    ]


def _items(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    columns = ("code", "name", "kind", "system_id", "item_class_id", "stops_line")
    joined = ("location__path", "zone__is_safety")
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), CHUNK):
        rows = ConfigurationItem.objects.filter(pk__in=ids[start : start + CHUNK])
        found.update({row["pk"]: row for row in rows.values("pk", *columns, *joined)})
    return found


def _place_ids(path: str | None) -> tuple[int, ...]:
    return tuple(int(step) for step in (path or "").split("/") if step)


def owners_of(item_ids: Sequence[int], *, at: datetime) -> list[Owner]:
    """Return the accountable party of each item for the activity "change"; errors are not caught."""
    items = ConfigurationItem.objects.filter(pk__in=item_ids)
    resolved = resolve_many(items, activity_code=ACTIVITY, at=at)
    by_id = {item.pk: item for item in items}
    return [_owner(by_id[pk], resolved[pk]) for pk in item_ids if pk in resolved]


def _owner(item: ConfigurationItem, resolution: Resolution) -> Owner:
    answer = resolution.accountable
    decider = _decider(answer) if answer else None
    if answer is None or decider is None:
        return Owner(item.pk, item.code, item.name, problem=_problem(resolution))
    kind, party_id, label = decider
    return Owner(
        item_id=item.pk,
        item_code=item.code,
        item_name=item.name,
        person_id=party_id if kind == "person" else None,
        team_id=party_id if kind == "team" else None,
        label=label,
        trace=tuple(answer.steps),
    )


def _decider(answer: Answer) -> tuple[str, int, str] | None:
    """Return who holds the seat: the holder even while a deputy acts (who then votes for them), else
    whoever the resolver handed it to; None when nobody is left."""
    party = answer.acting
    if answer.trace.by == "deputy" and answer.acting and answer.holder:
        party = answer.holder
    if party is None or party.kind not in {"person", "team"}:
        return None
    return party.kind, party.id, party.name


def _problem(resolution: Resolution) -> str:
    return "; ".join(finding.sentence for finding in resolution.findings if finding.letter == "A")


def promises_of(answer: Impact, *, hours: float, at: datetime) -> list[Promise]:
    """Return each service level an impacted item is under, once, the worst hit first."""
    state_of = {hit.id: hit.state for hit in answer.hits if hit.state != UNTOUCHED}
    levels: dict[int, ServiceLevelInForce] = {}
    held: dict[int, list[str]] = defaultdict(list)
    ids = list(state_of)
    for start in range(0, len(ids), CHUNK):
        in_force = service_levels_of(ids[start : start + CHUNK], at=at)
        for item_id, level in in_force.items():
            levels[level.id] = level
            held[level.id].append(state_of[item_id])
    found = [_promise(level, held[pk], state_of, hours) for pk, level in levels.items()]
    return sorted(found, key=lambda one: (WORST_FIRST.index(one.state), one.scope))


def _promise(
    level: ServiceLevelInForce, states: list[str], state_of: dict[int, str], hours: float
) -> Promise:
    worst = min(states, key=WORST_FIRST.index)
    too_long = level.restore_minutes is not None and hours * 60 > level.restore_minutes
    return Promise(
        id=level.id,
        scope_kind=level.scope_kind,
        scope_id=level.scope_id,
        scope=level.scope,
        state=_state_of_scope(level, worst, state_of),
        scope_state="" if level.scope_kind == "location" else state_of.get(level.scope_id, ""),
        item_count=len(states),
        availability_percent=str(level.availability_percent or ""),
        restore_minutes=level.restore_minutes,
        lead_days=level.change_lead_days,
        cost_per_hour=float(level.cost_per_hour) if level.cost_per_hour is not None else None,
        currency=level.currency,
        is_broken=worst == "down" and too_long,
    )


def _state_of_scope(level: ServiceLevelInForce, worst: str, state_of: Mapping[int, str]) -> str:
    """Return what happens to what was promised: a system with parts down is degraded, not down."""
    if level.scope_kind == "location":
        return worst
    return state_of.get(level.scope_id) or "degraded"


def stopped_lines_of(answer: Impact, *, at: datetime) -> list[StoppedLine]:
    """Return the lines in which an item that stops its line is down or cannot be judged."""
    causes = [hit for hit in answer.hits if hit.stops_line and hit.state in STOPPING]
    places = {place for hit in causes for place in hit.place_ids}
    lines = {
        line.pk: line for line in Location.objects.filter(pk__in=places, level=LocationLevel.LINE)
    }
    costs = line_costs(lines, at=at)
    found: dict[int, StoppedLine] = {}
    for hit in causes:
        for pk in lines.keys() & set(hit.place_ids):
            cost = costs.get(pk)
            found.setdefault(
                pk,
                StoppedLine(
                    location_id=pk,
                    code=lines[pk].code,
                    name=lines[pk].name,
                    state=hit.state,
                    cost_per_hour=float(cost.cost_per_hour) if cost else 0.0,
                    currency=cost.currency if cost else "",
                    because=hit.name,
                ),
            )
    return sorted(found.values(), key=lambda line: (WORST_FIRST.index(line.state), line.name))
