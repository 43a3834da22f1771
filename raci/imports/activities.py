"""Import kind of the activity tree."""

from django.utils.translation import gettext_lazy as _

from common.imports import ImportContext, ImportKind, Lookup, PlannedRow, Session, column_for
from common.imports.paths import move_below, set_paths
from evidence import services as ledger
from raci.access import MANAGE
from raci.imports.lookups import activities_lookup
from raci.models import Activity


class Activities(ImportKind):
    """Activities by code, parents first."""

    name, title, order, parent = "activities", _("Activities"), 75, "parent"
    model, writer, permission = Activity, ledger, MANAGE
    columns = (
        column_for(Activity, "code", is_key=True, is_required=True),
        column_for(Activity, "name", is_required=True),
        column_for(Activity, "parent", refers_to="self", help=_("Code of the activity above.")),
        column_for(Activity, "description"),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Activities refer to each other."""
        return {"self": activities_lookup()}

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Refuse a cycle with what is stored."""
        for row in rows:
            path = getattr(row.changes.get("parent"), "path", "")
            if row.instance and path.startswith(row.instance.path):
                session.fail(row, _("a cycle: the parent stands below it"), column="parent")

    def create(self, rows: list[PlannedRow], session: Session) -> None:
        """Insert a level of the tree and set its paths."""
        super().create(rows, session)
        set_paths([row.instance for row in rows])

    def update(self, rows: list[PlannedRow], session: Session) -> None:
        """Write changes; a new parent takes everything below along."""
        super().update(rows, session)
        for row in rows:
            if "parent" in row.changes:
                move_below(row.instance)
                session.lookups["self"].forget()
