"""What does a change hit, as this user may see it: computed on the whole graph, hidden items counted.

The engine answers with ids; here they get names, lines and systems, and become fit for people.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from assets.access import items_visible_to, scope_of, visible_item_ids
from assets.choices import ItemKind, LocationLevel
from assets.graph.impact import Impact, impact
from assets.graph.relation_effects import CHANGE_EFFECTS, ItemState
from assets.models import ConfigurationItem, Location, Relation
from assets.queries.live_graph import current_graph
from common.compiled import compiled
from common.errors import DomainError
from common.ids import ids_of

CHANGE_TYPES = tuple(CHANGE_EFFECTS)
HIT_COLUMNS = (
    "id",
    "code",
    "name",
    "kind",
    "item_class_id",
    "location_id",
    "system_id",
    "criticality_override",
    "stops_line",
)
#: By the number a state is: an enumeration hashes its name at every look into a dict.
LABELS = tuple(state.label for state in ItemState)
ITEM_LIMIT = 5000


class ImpactError(DomainError):
    """The question cannot be asked like this."""


class Hit(NamedTuple):
    """One item the change reaches; `line_id` and `system_id` say where it belongs (None: nowhere)."""

    id: int
    code: str
    name: str
    kind: str
    item_class_id: int
    location_id: int | None
    system_id: int | None
    criticality: int | None
    stops_line: bool
    state: str
    depth: int
    line_id: int | None


class Place(NamedTuple):
    """A location or system as a group's heading."""

    id: int
    code: str
    name: str


class UnknownEnd(NamedTuple):
    """A relation of a hit item whose other end is not in the inventory: it may be hit as well."""

    relation_id: int
    item_id: int
    item_name: str
    relation_class: str
    unknown: str


@dataclass(frozen=True)
class HitGroup:
    """The hits of one line and one system, worst first."""

    line: Place | None
    system: Place | None
    hits: tuple[Hit, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return how many hits are in each state."""
        return dict(Counter(hit.state for hit in self.hits))


@dataclass(frozen=True)
class ImpactAnswer:
    """The answer for one user.

    `counts` and `states` cover everything, `hits` what the user may see (worst first, at most the
    limit; `truncated` says how many visible ones are left out), `hidden` counts the rest by state.
    `listed` are the hits as (HIT_COLUMNS, state, depth), which thousands of them are quicker to write out from.
    """

    change_type: str
    targets: tuple[Place, ...]
    counts: Mapping[str, int]
    listed: Sequence[tuple[tuple[Any, ...], ItemState, int]] = field(repr=False)
    truncated: int
    hidden: Mapping[str, int]
    lines_stopped: tuple[Place, ...]
    hidden_lines_stopped: int
    unknown_ends: tuple[UnknownEnd, ...]
    line_of: Mapping[object, int] = field(repr=False)
    lines: Mapping[int, Place] = field(repr=False)
    systems: Mapping[int, Place] = field(repr=False)
    engine: Impact = field(repr=False, compare=False)

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """Return what the user may see, worst first."""
        line_of = self.line_of
        return tuple(
            Hit._make((*row, LABELS[state], depth, line_of.get(row[5])))
            for row, state, depth in self.listed
        )

    @cached_property
    def states(self) -> dict[int, str]:
        """Return the state of everything hit beside the targets, seen or not, by id."""
        states = self.engine.states()
        for target in self.targets:
            states.pop(target.id, None)
        return dict(zip(states, map(LABELS.__getitem__, states.values()), strict=True))

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of the complete impact set (ids and states), for approvals to bind to."""
        lines = [self.change_type, *(str(target.id) for target in self.targets)]
        lines += [f"{pk}:{state}" for pk, state in sorted(self.states.items())]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @cached_property
    def groups(self) -> tuple[HitGroup, ...]:
        """Return the hits by line and system, the group with the worst hit first."""
        found: dict[tuple[int | None, int | None], list[Hit]] = {}
        for hit in self.hits:
            system = hit.id if hit.kind == ItemKind.SYSTEM else hit.system_id
            found.setdefault((hit.line_id, system), []).append(hit)
        return tuple(
            HitGroup(
                line=self.lines.get(line) if line else None,
                system=self.systems.get(system) if system else None,
                hits=tuple(hits),
            )
            for (line, system), hits in found.items()
        )

    @cached_property
    def system_ids(self) -> tuple[int, ...]:
        """Return every system hit, itself or in one of its parts, including the targets'."""
        return tuple(sorted(self.systems))

    def path(self, item_id: int) -> tuple[int, ...]:
        """Return ids from the cause to a hit item."""
        return self.engine.witness(item_id)


def impact_of(
    *,
    user: User,
    target_ids: Sequence[int],
    change_type: str,
    already_down: Collection[int] = (),
    in_maintenance: Collection[int] = (),
    limit: int = 2000,
) -> ImpactAnswer:
    """Answer the question for targets the user may see; ImpactError names what is wrong with it."""
    if change_type not in CHANGE_EFFECTS:
        raise ImpactError(
            _("'%(given)s' is not a change type; there is: %(known)s.")
            % {"given": change_type, "known": ", ".join(CHANGE_TYPES)}
        )
    shown = visible_item_ids(user, set(target_ids))
    if not target_ids or set(target_ids) - set(shown):
        raise ImpactError(
            _("Name at least one target, and only items that exist and are yours to see.")
        )
    engine = impact(
        current_graph(),
        target_ids,
        change_type,
        already_down=already_down,
        in_maintenance=in_maintenance,
    )
    return _answer(user, engine, tuple(target_ids), change_type, limit)


def items_named(user: User, names: Sequence[str]) -> list[int]:
    """Return the ids of visible items given by id or code; ImpactError names those there are not."""

    def named(ids: list[int], codes: list[str]) -> QuerySet[ConfigurationItem, tuple[int, str]]:
        rows = items_visible_to(user).filter(Q(pk__among=ids) | Q(code__among=codes)).order_by()
        return rows.values_list("pk", "code")

    by_name: dict[str, int] = {}
    key = (items_named, scope_of(user))
    for pk, code in compiled(named, key=key, ids=list(ids_of(names)), codes=list(names)):
        by_name[str(pk)] = by_name[code] = pk
    if missing := [name for name in names if name not in by_name]:
        raise ImpactError(
            _("There is no item '%s' here; give the id or code of one you may see.") % missing[0]
        )
    return list(dict.fromkeys(by_name[name] for name in names))


def _answer(
    user: User, engine: Impact, target_ids: tuple[int, ...], change_type: str, limit: int
) -> ImpactAnswer:
    found = _found(user, engine, target_ids, limit)
    rows = _rows([item for item, _state, _depth in found.listed] + list(target_ids))
    locations = _locations()
    lines = _lines_by_location(locations)
    listed = [(row, state, depth) for item, state, depth in found.listed if (row := rows.get(item))]
    is_complete = len(listed) == sum(found.counts.values())
    stopped = _stopped_lines(engine, lines, rows.values() if is_complete else None)
    scope = scope_of(user)
    seen = [pk for pk in stopped if scope.covers_path(locations[pk].path)]
    return ImpactAnswer(
        change_type=change_type,
        targets=tuple(Place(*rows[pk][:3]) for pk in target_ids if pk in rows),
        counts=found.counts,
        listed=listed,
        truncated=max(found.shown - len(listed), 0),
        hidden=found.hidden,
        lines_stopped=tuple(_place(locations[pk]) for pk in seen),
        hidden_lines_stopped=len(stopped) - len(seen),
        unknown_ends=_unknown_ends(rows),
        line_of=lines,
        lines={pk: _place(locations[pk]) for pk in {lines.get(hit[0][5]) for hit in listed} if pk},
        systems=_systems(user, rows),
        engine=engine,
    )


class _Found(NamedTuple):
    """What is hit beside the targets: the worst visible ones, how many there are, counts by state."""

    listed: list[tuple[int, ItemState, int]]
    shown: int
    counts: dict[str, int]
    hidden: dict[str, int]


def _found(user: User, engine: Impact, target_ids: tuple[int, ...], limit: int) -> _Found:
    targets = set(target_ids)
    if scope_of(user).everything:
        some = list(engine.rows(limit + len(targets)))
        listed = [one for one in some if one[0] not in targets][:limit]
        # A target stands at depth 0, first among its state, so it is always in `some`.
        itself = Counter(one[1] for one in some if one[0] in targets)
        counts = _labelled({state: n - itself[state] for state, n in engine.counts.items()})
        return _Found(listed, sum(counts.values()), counts, {})
    every = [one for one in engine.rows() if one[0] not in targets]
    visible = _visible(user, [item for item, _state, _depth in every])
    seen = [one for one in every if one[0] in visible]
    hidden = _by_state(state for item, state, _depth in every if item not in visible)
    return _Found(seen[:limit], len(seen), _by_state(one[1] for one in every), hidden)


def _by_state(states: Iterable[ItemState]) -> dict[str, int]:
    return _labelled(Counter(states))


def _labelled(counts: Mapping[ItemState, int]) -> dict[str, int]:
    worst_first = sorted(counts.keys() - {ItemState.UP}, reverse=True)
    return {state.label: counts[state] for state in worst_first if counts[state]}


def _visible(user: User, ids: list[int]) -> set[int]:
    if scope_of(user).everything:
        return set(ids)
    shown: set[int] = set()
    for start in range(0, len(ids), ITEM_LIMIT):
        shown.update(visible_item_ids(user, ids[start : start + ITEM_LIMIT]))
    return shown


def _rows(ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    return {row[0]: row for row in compiled(_hit_columns, ids=list(ids))}


def _hit_columns(ids: list[int]) -> QuerySet[ConfigurationItem, tuple[Any, ...]]:
    return ConfigurationItem.objects.filter(pk__among=ids).order_by().values_list(*HIT_COLUMNS)


class LocationRow(NamedTuple):
    """What the answer needs of a location."""

    id: int
    code: str
    name: str
    path: str
    level: str


def _locations() -> dict[int, LocationRow]:
    return {row[0]: LocationRow(*row) for row in compiled(_every_location)}


def _every_location() -> QuerySet[Location, tuple[Any, ...]]:
    return Location.objects.order_by().values_list("pk", "code", "name", "path", "level")


def _place(row: LocationRow) -> Place:
    return Place(row.id, row.code, row.name)


def _lines_by_location(locations: Mapping[int, LocationRow]) -> dict[object, int]:
    """Return the line each location is or stands in."""
    lines: dict[object, int] = {}
    for row in locations.values():
        for step in reversed(row.path.rstrip("/").split("/")):
            above = locations.get(int(step)) if step else None
            if above is not None and above.level == LocationLevel.LINE:
                lines[row.id] = above.id
                break
    return lines


def _stopped_lines(
    engine: Impact, lines: Mapping[object, int], known: Iterable[tuple[Any, ...]] | None
) -> list[int]:
    """Return the lines that stop; `known` are the rows of everything hit, when they are all here."""
    down = set(engine.ids(ItemState.DOWN))
    if not down:
        return []
    if known is None:
        stopping = ConfigurationItem.objects.filter(stops_line=True).order_by()
        pairs: Iterable[tuple[int, int | None]] = stopping.values_list("pk", "location_id")
    else:
        pairs = [(row[0], row[5]) for row in known if row[8]]
    return sorted({lines[place] for pk, place in pairs if pk in down and place in lines})


def _unknown_ends(rows: Mapping[int, tuple[Any, ...]]) -> tuple[UnknownEnd, ...]:
    relations = compiled(_unresolved_relations)
    return tuple(
        UnknownEnd(pk, known, str(rows[known][2]), relation_class, source_text or target_text)
        for pk, source, target, relation_class, source_text, target_text in relations
        if (known := source or target) in rows
    )


def _unresolved_relations() -> QuerySet[Relation, tuple[Any, ...]]:
    # Both foreign keys are indexed, NULLs included; the texts are not.
    unresolved = Q(source__isnull=True) | Q(target__isnull=True)
    columns = ("pk", "source_id", "target_id", "relation_class")
    texts = ("unresolved_source", "unresolved_target")
    return Relation.objects.filter(unresolved).order_by("pk").values_list(*columns, *texts)


def _systems(user: User, rows: Mapping[int, tuple[Any, ...]]) -> dict[int, Place]:
    ids = {row[0] for row in rows.values() if row[3] == ItemKind.SYSTEM}
    ids |= {row[6] for row in rows.values() if row[6] is not None}
    shown = list(visible_item_ids(user, ids))
    return {row[0]: Place(*row) for row in compiled(_item_names, ids=shown)} if shown else {}


def _item_names(ids: list[int]) -> QuerySet[ConfigurationItem, tuple[int, str, str]]:
    items = ConfigurationItem.objects.filter(pk__among=ids).order_by()
    return items.values_list("id", "code", "name")


def systems_hit(item_ids: Collection[int]) -> dict[int, set[int]]:
    """Return {system: items of it among these}, hidden or not: who decides does not depend on who asks.

    A system stands for itself; a part stands for the system it belongs to.
    """
    found: dict[int, set[int]] = {}
    ids = list(item_ids)
    for start in range(0, len(ids), ITEM_LIMIT):
        page = ConfigurationItem.objects.filter(pk__in=ids[start : start + ITEM_LIMIT]).order_by()
        for pk, kind, system in page.values_list("pk", "kind", "system_id"):
            owner = pk if kind == ItemKind.SYSTEM else system
            if owner is not None:
                found.setdefault(owner, set()).add(pk)
    return found
