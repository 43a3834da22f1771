"""Import kind of the location tree: parents first, paths kept, cycles refused by name."""

from typing import Any
from zoneinfo import available_timezones

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assets import access
from assets.imports import lookups
from assets.models import Location
from assets.rules import LEVEL_ORDER, level_fits, makes_cycle
from common.imports import (
    ImportContext,
    ImportKind,
    Lookup,
    Pending,
    PlannedRow,
    Session,
    column_for,
)
from common.imports.paths import move_below, set_paths
from evidence import services as ledger


class Locations(ImportKind):
    """Locations by code."""

    name, title, order = "locations", _("Locations"), 40
    model, writer, parent = Location, ledger, "parent"
    columns = (
        column_for(Location, "code", is_key=True, is_required=True),
        column_for(Location, "name", is_required=True),
        column_for(Location, "level", is_required=True),
        column_for(
            Location,
            "parent",
            refers_to="self",
            help=_("Code of the location above; a hyphen makes it a root."),
        ),
        column_for(Location, "time_zone", help=_("Name such as Europe/Berlin.")),
        column_for(Location, "address"),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Locations refer to each other."""
        return {"self": lookups.locations_lookup(context)}

    def visible(self, context: ImportContext) -> QuerySet[Any]:
        """Return the locations the context sees."""
        return lookups.locations(context)

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Apply the shape of the tree, time zones and edit rights."""
        edit = lookups.scope(session.context)
        levels = session.parked.setdefault("levels", {})
        self._prime_parents(rows, session)
        for row in rows:
            parent = self._parent(row, session)
            level = row.changes.get("level") or (row.instance.level if row.instance else "")
            levels[row.values["code"]] = level
            self._check_place(row, parent, level, session)
            self._check_zone(row, session)
            self._check_right(row, parent, edit, session)

    def _prime_parents(self, rows: list[PlannedRow], session: Session) -> None:
        session.lookups["self"].prime_ids(row.instance.parent_id for row in rows if row.instance)

    def _parent(self, row: PlannedRow, session: Session) -> Any:
        if "parent" in row.changes or row.is_new:
            return row.changes.get("parent")
        return session.lookups["self"].by_id(row.instance.parent_id)

    def _check_place(self, row: PlannedRow, parent: Any, level: str, session: Session) -> None:
        if parent is None:
            return
        if row.instance and makes_cycle(row.instance.path, getattr(parent, "path", "")):
            session.fail(
                row,
                _("a cycle: '%(below)s' stands below '%(above)s'")
                % {"below": parent.code, "above": row.label},
                column="parent",
                value=parent.code,
            )
            return
        if isinstance(parent, Pending):
            above = session.parked["levels"].get(parent.text, level and LEVEL_ORDER[0])
        else:
            above = session.parked["levels"].get(parent.code, parent.level)
        if not level_fits(level, above):
            session.fail(
                row,
                _("a %(level)s cannot stand below a %(above)s; the order is %(order)s")
                % {"level": level, "above": above, "order": " > ".join(LEVEL_ORDER)},
                column="level",
                value=level,
            )

    def _check_zone(self, row: PlannedRow, session: Session) -> None:
        name = row.changes.get("time_zone")
        if name and name not in available_timezones():
            session.fail(
                row, _("is not a time zone such as Europe/Berlin"), column="time_zone", value=name
            )

    def _check_right(
        self, row: PlannedRow, parent: Any, edit: access.Scope, session: Session
    ) -> None:
        if edit.everything:
            return
        granted = session.parked.setdefault("granted", set())
        if row.instance and not edit.covers_path(row.instance.path):
            seen = lookups.scope(session.context, access.VIEW).covers_path(row.instance.path)
            session.fail(row, lookups.OUT_OF_SCOPE if seen else lookups.CODE_TAKEN, column="code")
        elif parent is None or isinstance(parent, Pending):
            inside = isinstance(parent, Pending) and parent.text in granted
            inside = inside or bool(row.instance and parent is None and "parent" not in row.changes)
            if not inside:
                session.fail(row, lookups.OUT_OF_SCOPE, column="parent")
        elif not edit.covers_path(parent.path) and ("parent" in row.changes or row.is_new):
            session.fail(row, lookups.OUT_OF_SCOPE, column="parent", value=parent.code)
        if not row.is_failed:
            granted.add(row.values["code"])

    def create(self, rows: list[PlannedRow], session: Session) -> None:
        """Insert a level of the tree, then set the paths, then write the ledger with the right scope."""
        context = session.context
        made = [self.model(**self.fields(row, session)) for row in rows]
        for location in made:
            location.created_at = location.updated_at = context.now
        stored = Location.objects.bulk_create(made)
        set_paths(stored)
        for row, location in zip(rows, stored, strict=True):
            row.instance = location
        entries = [
            ledger.entry_for(location, action="create", before={}, after=_held(location))
            for location in stored
        ]
        ledger.record_many(actor=context.actor, entries=entries, now=context.now)

    def update(self, rows: list[PlannedRow], session: Session) -> None:
        """Write the changed locations; a new parent takes everything below along."""
        super().update(rows, session)
        for row in rows:
            if "parent" in row.changes:
                move_below(row.instance)
                session.lookups["self"].forget()


def _held(location: Location) -> dict[str, Any]:
    return {name: value for name, value in ledger.snapshot(location).items() if value}
