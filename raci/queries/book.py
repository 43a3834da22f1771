"""Everything the resolver needs at one moment, loaded once: rules, holders, absences, names.

Seven queries whatever the number of items; answers are kept per distinct subject.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Person, Team
from common.errors import DomainError
from raci.choices import FindingKind, ScopeKind
from raci.models import Absence, Activity, Assignment, Matrix, Role, RoleHolder
from raci.models.assignments import SCOPE_FIELDS
from raci.queries.resolution import Answer, Finding, PartyRef, Resolution, Trace
from raci.queries.subjects import Named, named_by, signature
from raci.rules import Holding, Rule, Selector, Standing, Subject, Workforce, select, standings
from raci.rules.specificity import ITEM, ScopeKey, reach


class UnknownActivityError(DomainError):
    """There is no activity of that code."""

    code = "unknown_activity"


@dataclass(frozen=True, slots=True)
class Clause:
    """An assignment in force: the pure rule and what a trace says about it."""

    rule: Rule
    row: Assignment
    matrix: Matrix


@dataclass(slots=True)
class Book:
    """The operating model at a moment."""

    at: datetime
    day: date
    activities: dict[str, Activity]
    clauses: dict[int, list[Clause]]
    holdings: dict[int, RoleHolder]
    workforce: Workforce
    parties: dict[tuple[str, int], PartyRef]
    away_until: dict[int, date | None]
    named: Named
    _known: dict[tuple[str, Subject], Resolution] = field(default_factory=dict)
    _indexed: dict[str, dict[ScopeKey, list[Clause]]] = field(default_factory=dict)

    def resolve(self, subject: Subject, activity_code: str) -> Resolution:
        """Return who answers for a subject in an activity."""
        alike = signature(subject, self.named)
        key = (activity_code, alike)
        if key not in self._known:
            self._known[key] = self._resolve(alike, self._activity(activity_code))
        found = self._known[key]
        return Resolution(
            item_id=subject.item_id,
            activity_code=activity_code,
            at=self.at,
            accountable=found.accountable,
            contenders=found.contenders,
            responsible=found.responsible,
            consulted=found.consulted,
            informed=found.informed,
            findings=found.findings,
        )

    def _activity(self, code: str) -> Activity:
        try:
            return self.activities[code]
        except KeyError:
            known = ", ".join(sorted(self.activities)[:20])
            raise UnknownActivityError(
                f"There is no activity '{code}'. Known activities: {known or 'none yet'}."
            ) from None

    def _resolve(self, subject: Subject, activity: Activity) -> Resolution:
        index = self._index(activity)
        clauses = {
            clause.rule.id: clause for scope in reach(subject) for clause in index.get(scope, ())
        }
        chosen = select((clause.rule for clause in clauses.values()), subject)

        def answers(rules: Iterable[Rule]) -> tuple[Answer, ...]:
            found: list[Answer] = []
            for rule in rules:
                found += self._answers(clauses[rule.id], subject, activity)
            return tuple(found)

        accountable = answers(chosen.accountable)
        responsible = answers(chosen.responsible)
        is_clear = len(accountable) == 1
        return Resolution(
            item_id=subject.item_id,
            activity_code=activity.code,
            at=self.at,
            accountable=accountable[0] if is_clear else None,
            contenders=() if is_clear else accountable,
            responsible=responsible,
            consulted=answers(chosen.consulted),
            informed=answers(chosen.informed),
            findings=_findings(accountable, responsible),
        )

    def _index(self, activity: Activity) -> dict[ScopeKey, list[Clause]]:
        """Return the clauses of an activity and those above it, by scope."""
        if activity.code not in self._indexed:
            index: dict[ScopeKey, list[Clause]] = {}
            for step in activity.path.split("/")[:-1]:
                for clause in self.clauses.get(int(step), ()):
                    index.setdefault(clause.rule.scope, []).append(clause)
            self._indexed[activity.code] = index
        return self._indexed[activity.code]

    def _answers(self, clause: Clause, subject: Subject, activity: Activity) -> list[Answer]:
        found = standings(
            clause.rule.party,
            subject.location_ids,
            self.workforce,
            clause.matrix.escalation_role_id,
        )
        return [
            Answer(
                letter=clause.rule.letter,
                assigned=self.parties[clause.rule.party],
                holder=self.parties[standing.holder] if standing.holder else None,
                acting=self.parties[standing.acting] if standing.acting else None,
                trace=self._trace(clause, standing, subject, activity),
            )
            for standing in found
        ]

    def _trace(
        self, clause: Clause, standing: Standing, subject: Subject, activity: Activity
    ) -> Trace:
        row, rule = clause.row, clause.rule
        holding = self.holdings[standing.holding.id] if standing.holding else None
        away = standing.holder[1] if standing.holder and standing.holder[0] == "person" else 0
        return Trace(
            assignment_id=row.pk,
            matrix_id=clause.matrix.pk,
            matrix=str(clause.matrix),
            activity_code=row.activity.code,
            activity=row.activity.name,
            is_activity_inherited=row.activity_id != activity.pk,
            effect=rule.effect,
            scope_kind=rule.scope[0],
            scope_id=rule.scope[1],
            scope=row.scope_label,
            is_direct=rule.scope == (ITEM, subject.item_id),
            selector=selector_text(row),
            valid_from=row.valid_from,
            holding_id=holding.pk if holding else None,
            holding_location=str(holding.location) if holding and holding.location else "",
            holding_from=holding.valid_from if holding else None,
            by=standing.by,
            problem=standing.problem,
            path=tuple(self.parties[party] for party in standing.path),
            away_until=self.away_until.get(away),
        )


def selector_text(row: Assignment) -> str:
    """Return the conditions of an assignment as a person says them; "" when there are none."""
    parts = [
        str(row.selector_class or ""),
        f"Purdue {row.selector_purdue}" if row.selector_purdue else "",
        row.get_selector_criticality_display() if row.selector_criticality else "",
        f"#{row.selector_tag}" if row.selector_tag else "",
    ]
    return ", ".join(part for part in parts if part)


def _findings(
    accountable: tuple[Answer, ...], responsible: tuple[Answer, ...]
) -> tuple[Finding, ...]:
    found: list[Finding] = []
    if not accountable:
        found.append(Finding(FindingKind.UNOWNED, "A"))
    if len(accountable) > 1:
        parties = tuple(answer.holder or answer.assigned for answer in accountable)
        found.append(Finding(FindingKind.TIE, "A", parties))
    if not responsible:
        found.append(Finding(FindingKind.NO_RESPONSIBLE, "R"))
    for answer in (*accountable, *responsible):
        if answer.trace.problem:
            kind = FindingKind(answer.trace.problem)
            found.append(Finding(kind, answer.letter, (answer.holder or answer.assigned,)))
    return tuple(found)


def load_book(
    at: datetime,
    *,
    activity_code: str | None = None,
    scopes: Collection[ScopeKey] | None = None,
) -> Book:
    """Load the operating model as it stood at a moment: of one activity or of all, of some scopes or of all."""
    day = timezone.localtime(at).date()
    activities = list(Activity.objects.order_by("path"))
    clauses = _clauses(at, day, _above(activities, activity_code), scopes)
    holdings = _holdings(day, clauses)
    absences = list(Absence.objects.during(at).order_by("starts_at", "pk"))
    staff = Staff(holdings, absences, _people(clauses, holdings, absences), list(teams()), roles())
    return bind(at, activities=activities, clauses=clauses, staff=staff)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who holds which role, who is away, and everybody a rule can name."""

    holdings: list[RoleHolder]
    absences: list[Absence]
    people: list[Person]
    teams: list[Team]
    roles: list[Role]


def bind(at: datetime, *, activities: list[Activity], clauses: list[Clause], staff: Staff) -> Book:
    """Make the book of what holds at a moment; the rows given must hold then."""
    by_activity: dict[int, list[Clause]] = {}
    for clause in clauses:
        by_activity.setdefault(clause.row.activity_id, []).append(clause)
    return Book(
        at=at,
        day=timezone.localtime(at).date(),
        activities={activity.code: activity for activity in activities},
        clauses=by_activity,
        holdings={holding.pk: holding for holding in staff.holdings},
        workforce=_workforce(staff.holdings, staff.absences, staff.people, staff.teams),
        parties=_parties(staff),
        away_until={
            absence.person_id: timezone.localtime(absence.ends_at).date()
            for absence in staff.absences
            if absence.ends_at
        },
        named=named_by([clause.rule for clause in clauses]),
    )


def _above(activities: list[Activity], code: str | None) -> list[Activity]:
    """Return the activity and those above it; all without a code (or with an unknown one: none)."""
    if code is None:
        return activities
    path = next((one.path for one in activities if one.code == code), "")
    return [one for one in activities if path.startswith(one.path)]


def _clauses(
    at: datetime,
    day: date,
    activities: list[Activity],
    scopes: Collection[ScopeKey] | None,
) -> list[Clause]:
    rows = (
        Assignment.objects.valid_on(day)
        .filter(_within(scopes), activity__in=activities, matrix__in=Matrix.objects.in_force(at))
        .select_related(
            "matrix", "location", "zone", "item", "item_class", "selector_class", "selector_tag"
        )
        .order_by("pk")
    )
    known = {activity.pk: activity for activity in activities}
    clauses = []
    for row in rows:
        row.activity = known[row.activity_id]
        clauses.append(Clause(rule=rule_of(row), row=row, matrix=row.matrix))
    return clauses


def _within(scopes: Collection[ScopeKey] | None) -> Q:
    """Return the condition that an assignment's scope is one of these; None: any."""
    if scopes is None:
        return Q()
    condition = Q(scope_kind=ScopeKind.ENTERPRISE)
    for kind in SCOPE_FIELDS:
        if ids := [pk for name, pk in scopes if name == kind]:
            condition |= Q(**{f"{kind}__in": ids})
    return condition


def _holdings(day: date, clauses: list[Clause]) -> list[RoleHolder]:
    roles = {clause.row.role_id for clause in clauses}
    roles |= {clause.matrix.escalation_role_id for clause in clauses}
    rows = RoleHolder.objects.valid_on(day).filter(role__in=[pk for pk in roles if pk])
    return list(rows.select_related("location").order_by("pk"))


def rule_of(row: Assignment) -> Rule:
    """Return an assignment as the pure rules see it."""
    scope_id = row.location_id or row.zone_id or row.item_id or row.item_class_id or 0
    return Rule(
        id=row.pk,
        letter=row.letter,
        party=party_of(row.role_id, row.person_id, row.team_id),
        effect=row.effect,
        activity_depth=row.activity.depth,
        scope=(row.scope_kind, scope_id),
        selector=Selector(
            item_class_id=row.selector_class_id,
            purdue_level=row.selector_purdue,
            criticality=row.selector_criticality,
            tag_id=row.selector_tag_id,
        ),
    )


def party_of(role_id: int | None, person_id: int | None, team_id: int | None) -> tuple[str, int]:
    """Return the one that is set, as the pure rules name parties."""
    if role_id:
        return ("role", role_id)
    return ("person", person_id) if person_id else ("team", team_id or 0)


def roles() -> list[Role]:
    """Return every role."""
    return list(Role.objects.order_by("pk"))


def teams() -> Iterable[Team]:
    """Return every team with the number of its active members."""
    members = Count("memberships", filter=Q(memberships__person__is_active=True))
    return Team.objects.order_by("pk").annotate(active_members=members)


def _people(
    clauses: list[Clause], holdings: list[RoleHolder], absences: list[Absence]
) -> list[Person]:
    named = [clause.row.person_id for clause in clauses]
    named += [holding.person_id for holding in holdings]
    for absence in absences:
        named += [absence.person_id, absence.deputy_id]
    ids = {pk for pk in named if pk is not None}
    return list(Person.objects.filter(pk__in=ids).order_by("pk"))


def _workforce(
    holdings: list[RoleHolder], absences: list[Absence], people: list[Person], teams: list[Team]
) -> Workforce:
    held: dict[int, list[Holding]] = {}
    for row in holdings:
        party = party_of(None, row.person_id, row.team_id)
        held.setdefault(row.role_id, []).append(Holding(row.pk, party, row.location_id or 0))
    absent: dict[int, int | None] = {}
    for absence in absences:
        # Two absences at once: the one that names a deputy says more.
        absent[absence.person_id] = absence.deputy_id or absent.get(absence.person_id)
    return Workforce(
        holdings={role_id: tuple(rows) for role_id, rows in held.items()},
        inactive=frozenset(person.pk for person in people if not person.is_active),
        absent=absent,
        team_members={team.pk: getattr(team, "active_members", 0) for team in teams},
        team_parent={team.pk: team.parent_id for team in teams},
    )


def _parties(staff: Staff) -> dict[tuple[str, int], PartyRef]:
    refs = [PartyRef("role", role.pk, role.code, role.name) for role in staff.roles]
    refs += [PartyRef("person", one.pk, one.employee_number, one.name) for one in staff.people]
    refs += [PartyRef("team", team.pk, team.code, team.name) for team in staff.teams]
    return {(ref.kind, ref.id): ref for ref in refs}
