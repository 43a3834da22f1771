"""The operating model over time: loaded once, answered at as many moments as an audit asks about.

What a book asks of the database at a moment is asked here in memory. Not kept over time are where an item
stands, who belongs to a team and who is active: those are taken as they are.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from accounts.models import Person
from raci.models import Absence, Activity, Assignment, RoleHolder
from raci.models.matrices import Matrix
from raci.queries.book import Book, Clause, Staff, bind, roles, rule_of, teams


@dataclass(slots=True)
class Timeline:
    """Every rule, holder and absence there ever was."""

    activities: list[Activity]
    clauses: list[Clause]
    staff: Staff
    _books: dict[datetime, Book] = field(default_factory=dict)

    def at(self, moment: datetime) -> Book:
        """Return the operating model as it stood at a moment."""
        if moment not in self._books:
            self._books[moment] = self._bound(moment)
        return self._books[moment]

    @property
    def tag_ids(self) -> set[int]:
        """Return the tags any rule asks about."""
        return {one.rule.selector.tag_id for one in self.clauses if one.rule.selector.tag_id}

    def _bound(self, moment: datetime) -> Book:
        day = timezone.localtime(moment).date()
        clauses = [
            one for one in self.clauses if is_valid(one.row, day) and _in_force(one.matrix, moment)
        ]
        staff = Staff(
            [one for one in self.staff.holdings if is_valid(one, day)],
            [one for one in self.staff.absences if _covers(one, moment)],
            self.staff.people,
            self.staff.teams,
            self.staff.roles,
        )
        return bind(moment, activities=self.activities, clauses=clauses, staff=staff)


def is_valid(row: Assignment | RoleHolder, day: date) -> bool:
    """Tell whether a dated row holds on a day; the last day counts."""
    return row.valid_from <= day and (row.valid_until is None or row.valid_until >= day)


def _in_force(matrix: Matrix, moment: datetime) -> bool:
    starts, ends = matrix.effective_at, matrix.superseded_at
    return starts is not None and starts <= moment and (ends is None or ends > moment)


def _covers(absence: Absence, moment: datetime) -> bool:
    return absence.starts_at <= moment and (absence.ends_at is None or absence.ends_at > moment)


def load_timeline() -> Timeline:
    """Load the whole history of the operating model, in seven queries."""
    activities = list(Activity.objects.order_by("path"))
    known = {activity.pk: activity for activity in activities}
    clauses = []
    for row in (
        Assignment.objects.filter(matrix__effective_at__isnull=False)
        .select_related(
            "matrix", "location", "zone", "item", "item_class", "selector_class", "selector_tag"
        )
        .order_by("pk")
    ):
        row.activity = known[row.activity_id]
        clauses.append(Clause(rule=rule_of(row), row=row, matrix=row.matrix))
    staff = Staff(
        list(RoleHolder.objects.select_related("location").order_by("pk")),
        list(Absence.objects.order_by("starts_at", "pk")),
        list(Person.objects.order_by("pk")),
        list(teams()),
        roles(),
    )
    return Timeline(activities, clauses, staff)
