"""A matrix as a grid: activities down, parties across, for one scope; inherited letters keep their origin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from accounts.models import User
from raci.access import activities_visible_to, assignments_visible_to
from raci.choices import Effect, Letter, ScopeKind
from raci.models import Activity, Assignment, Matrix
from raci.queries.book import party_of, rule_of, selector_text
from raci.queries.resolution import PartyRef
from raci.queries.subjects import ids_of
from raci.rules import Rule, Selection, Subject, select
from raci.rules.specificity import ITEM, ITEM_CLASS, LOCATION, ZONE

LETTERS = "RACI"


@dataclass(frozen=True, slots=True)
class ScopeOption:
    """A scope the matrix speaks of; `key` is what the address carries ("location:4")."""

    key: str
    label: str
    kind: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """One letter in a cell. `origin` says where an inherited one comes from; `is_own` can be edited here.

    Rules that differ only in their selector are one mark: `selector` names them all, `count` counts them.
    """

    letter: str
    is_own: bool
    is_beaten: bool
    effect: str
    selector: str
    origin: str
    assignment_id: int
    count: int = 1

    @property
    def words(self) -> str:
        """Return the mark as it is read aloud."""
        parts = [str(Letter(self.letter).label)]
        if self.effect != Effect.ADD:
            parts.append(str(Effect(self.effect).label).lower())
        if self.selector:
            parts.append(_("for %s") % self.selector)
        if self.origin:
            parts.append(_("inherited from %s") % self.origin)
        if self.is_beaten:
            parts.append(_("not in effect here"))
        return ", ".join(parts)


@dataclass(slots=True)
class Cell:
    """What one party has to do with one activity."""

    party: PartyRef
    marks: list[Mark] = field(default_factory=list)
    error: str = ""


@dataclass(slots=True)
class GridRow:
    """One activity with its cells and what is wrong with it."""

    activity: Activity
    cells: list[Cell]
    problems: list[str]


@dataclass(slots=True)
class Grid:
    """The grid of a matrix in one scope."""

    matrix: Matrix
    scope: ScopeOption
    scopes: list[ScopeOption]
    parties: list[PartyRef]
    rows: list[GridRow]
    own: list[Assignment]

    @property
    def problem_count(self) -> int:
        """Return how many activities have a problem here."""
        return sum(bool(row.problems) for row in self.rows)


def grid_of(user: User, matrix: Matrix, scope_key: str) -> Grid:
    """Return a matrix as the user may see it, in a scope ("enterprise", "location:4"): three queries."""
    assignments = list(_assignments(user, matrix))
    activities = list(activities_visible_to(user).order_by("path"))
    known = {activity.pk: activity for activity in activities}
    for row in assignments:
        row.activity = known[row.activity_id]
    scopes = _scopes(assignments)
    # Without a choice: the scope the matrix says most about.
    fullest = max(scopes, key=lambda one: one.count)
    scope = next((one for one in scopes if one.key == scope_key), fullest)
    parties = _parties(assignments)
    subject = _subject(scope, assignments)
    rows = [_row(one, assignments, parties, scope, subject) for one in activities]
    if not matrix.is_draft:
        parties = _drop_silent(rows, parties)
    own = [row for row in assignments if scope_key_of(row) == scope.key]
    own.sort(key=lambda row: (row.activity.path, "ARCI".index(row.letter), str(row.party)))
    return Grid(matrix=matrix, scope=scope, scopes=scopes, parties=parties, rows=rows, own=own)


def _drop_silent(rows: Sequence[GridRow], parties: Sequence[PartyRef]) -> list[PartyRef]:
    """Drop the columns of parties with nothing to do in this scope; returns the parties that stay."""
    busy = {cell.party for row in rows for cell in row.cells if cell.marks}
    for row in rows:
        row.cells = [cell for cell in row.cells if cell.party in busy]
    return [party for party in parties if party in busy]


def _assignments(user: User, matrix: Matrix) -> Iterable[Assignment]:
    return (
        assignments_visible_to(user)
        .filter(matrix=matrix)
        .select_related("role", "person", "team", "location", "zone__site", "item", "item_class")
        .prefetch_related("selector_class", "selector_tag")
        .order_by("pk")
    )


def scope_key_of(row: Assignment) -> str:
    """Return the key of an assignment's scope, as in the grid's address."""
    scope = row.scope_object
    return f"{row.scope_kind}:{scope.pk}" if scope else str(ScopeKind.ENTERPRISE)


def _scopes(assignments: Sequence[Assignment]) -> list[ScopeOption]:
    """Return the scopes of a matrix, the enterprise first, with how many assignments each has."""
    counts: dict[str, int] = {str(ScopeKind.ENTERPRISE): 0}
    labels: dict[str, tuple[str, str]] = {
        str(ScopeKind.ENTERPRISE): (_("Whole enterprise"), str(ScopeKind.ENTERPRISE))
    }
    for row in assignments:
        key = scope_key_of(row)
        counts[key] = counts.get(key, 0) + 1
        labels.setdefault(key, (row.scope_label, row.scope_kind))
    order = [str(kind) for kind in ScopeKind]
    found = [
        ScopeOption(key=key, label=labels[key][0], kind=labels[key][1], count=count)
        for key, count in counts.items()
    ]
    return sorted(found, key=lambda one: (order.index(one.kind), one.label))


def _parties(assignments: Sequence[Assignment]) -> list[PartyRef]:
    found: dict[tuple[str, int], PartyRef] = {}
    for row in assignments:
        kind, pk = party_of(row.role_id, row.person_id, row.team_id)
        code = row.role.code if row.role else row.team.code if row.team else ""
        found.setdefault((kind, pk), PartyRef(kind, pk, code, str(row.party)))
    return sorted(found.values(), key=lambda party: (party.kind != "role", party.name))


def _subject(scope: ScopeOption, assignments: Sequence[Assignment]) -> Subject:
    """Return the place, zone, class or item the grid is looked at from, without its conditions."""
    row = next((one for one in assignments if scope_key_of(one) == scope.key), None)
    if row is None or scope.kind == ScopeKind.ENTERPRISE:
        return Subject()
    if row.location:
        return Subject(location_ids=ids_of(row.location.path))
    if row.zone:
        site = ids_of(row.zone.site.path)
        return Subject(location_ids=site, zone_id=row.zone_id, zone_site_depth=len(site) - 1)
    if row.item_class_id:
        return Subject(item_class_id=row.item_class_id)
    place = row.item.location if row.item else None
    return Subject(item_id=row.item_id or 0, location_ids=ids_of(place.path) if place else ())


def _reaches(row: Assignment, subject: Subject) -> bool:
    """Tell whether an assignment's scope lies on the way to the place looked at."""
    kind, pk = rule_of(row).scope
    return {
        LOCATION: pk in subject.location_ids,
        ZONE: pk == subject.zone_id,
        ITEM_CLASS: pk == subject.item_class_id,
        ITEM: pk == subject.item_id,
    }.get(kind, True)


def _row(
    activity: Activity,
    assignments: Sequence[Assignment],
    parties: Sequence[PartyRef],
    scope: ScopeOption,
    subject: Subject,
) -> GridRow:
    here = [
        row
        for row in assignments
        if activity.path.startswith(row.activity.path) and _reaches(row, subject)
    ]
    # Rows with a selector hold for some items only; what holds for all of them is decided without.
    general = [rule_of(row) for row in here if not rule_of(row).selector.predicates]
    chosen = select(general, subject)
    winning = {rule.id for rule in _all(chosen)}
    cells = {(party.kind, party.id): Cell(party) for party in parties}
    for row in here:
        key = party_of(row.role_id, row.person_id, row.team_id)
        cells[key].marks.append(_mark(row, activity, scope, winning))
    for cell in cells.values():
        cell.marks = _merged(cell.marks)
    if chosen.is_tied:
        for rule in chosen.accountable:
            cells[rule.party].error = _("Several parties are accountable here with equal right.")
    return GridRow(activity, list(cells.values()), _problems(chosen, here))


def _all(chosen: Selection) -> tuple[Rule, ...]:
    return (*chosen.accountable, *chosen.responsible, *chosen.consulted, *chosen.informed)


def _mark(row: Assignment, activity: Activity, scope: ScopeOption, winning: set[int]) -> Mark:
    is_own = row.activity_id == activity.pk and scope_key_of(row) == scope.key
    from_where = [] if scope_key_of(row) == scope.key else [row.scope_label]
    if row.activity_id != activity.pk:
        from_where.append(f"“{row.activity.name}”")
    selector = selector_text(row)
    return Mark(
        letter=row.letter,
        is_own=is_own,
        is_beaten=not selector and row.effect != Effect.BLOCK and row.pk not in winning,
        effect=row.effect,
        selector=selector,
        origin=", ".join(from_where),
        assignment_id=row.pk,
    )


def _merged(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks in the order R A C I, those that differ only in their selector as one."""
    alike: dict[tuple[object, ...], list[Mark]] = {}
    for mark in marks:
        key = (
            mark.letter,
            mark.is_own,
            mark.is_beaten,
            mark.effect,
            mark.origin,
            not mark.selector,
        )
        alike.setdefault(key, []).append(mark)
    merged = [
        replace(found[0], selector="; ".join(one.selector for one in found), count=len(found))
        if found[0].selector
        else found[0]
        for found in alike.values()
    ]
    return sorted(merged, key=lambda mark: (LETTERS.index(mark.letter), not mark.is_own))


def _problems(chosen: Selection, here: Sequence[Assignment]) -> list[str]:
    problems = []
    if chosen.is_tied:
        problems.append(_("Several A"))
    if not any(row.letter == Letter.ACCOUNTABLE and row.effect != Effect.BLOCK for row in here):
        problems.append(_("No A"))
    if not any(row.letter == Letter.RESPONSIBLE and row.effect != Effect.BLOCK for row in here):
        problems.append(_("No R"))
    return problems
