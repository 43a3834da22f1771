"""Import kind of absences: who is away and who deputises."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.imports import people_lookup
from common.errors import DomainError
from common.imports import ImportContext, ImportKind, Lookup, PlannedRow, Session, column_for
from evidence import services as ledger
from raci.access import MANAGE, absences_visible_to
from raci.imports.lookups import seen
from raci.models import Absence
from raci.services.absences import check_deputy, record_absence


class Absences(ImportKind):
    """Absences by person and beginning."""

    name, title, order = "absences", _("Absences"), 90
    model, writer, permission = Absence, ledger, MANAGE
    columns = (
        column_for(Absence, "person", refers_to="people", is_key=True, is_required=True),
        column_for(Absence, "starts_at", is_key=True, is_required=True),
        column_for(Absence, "ends_at"),
        column_for(Absence, "deputy", refers_to="people", help=_("Employee number.")),
        column_for(Absence, "reason"),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Absences name people."""
        return {"people": people_lookup()}

    def stored(self) -> QuerySet[Any]:
        """Return absences with the people their label names."""
        return Absence.objects.select_related("person", "deputy")

    def visible(self, context: ImportContext) -> QuerySet[Any]:
        """Return the absences the context may read."""
        return seen(self.stored(), context, absences_visible_to)

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Ask the same question as the page does: may this deputy stand in?"""
        for row in rows:
            intended = _intended(row)
            if intended.ends_at and intended.ends_at <= intended.starts_at:
                session.fail(row, _("ends before it begins"), column="ends_at")
                continue
            try:
                check_deputy(intended)
            except DomainError as error:
                session.fail(row, str(error), column="deputy")

    def create(self, rows: list[PlannedRow], session: Session) -> None:
        """Record them one after the other: each may be the next one's circle."""
        context = session.context
        for row in rows:
            row.instance = record_absence(
                actor=context.actor,
                values=self.fields(row, session),
                now=context.now,
                comment=context.comment,
            )


def _intended(row: PlannedRow) -> Absence:
    """Return the absence as the row wants it, apart from the stored one."""
    absence = Absence(
        **{field.attname: getattr(row.instance, field.attname) for field in Absence._meta.fields}
        if row.instance
        else {}
    )
    for name, value in row.values.items():
        setattr(absence, name, value)
    return absence
