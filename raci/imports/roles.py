"""Import kinds of roles and of who holds them where."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.imports import (
    Column,
    ImportContext,
    ImportKind,
    Lookup,
    PlannedRow,
    Session,
    column_for,
    reference_column,
)
from evidence import services as ledger
from raci.access import MANAGE, holders_visible_to
from raci.imports.lookups import (
    PARTY_FIELDS,
    held,
    parties_lookup,
    places_lookup,
    roles_lookup,
    seen,
    spread,
)
from raci.models import Role, RoleHolder


class Roles(ImportKind):
    """Roles by code."""

    name, title, order = "roles", _("Roles"), 80
    model, writer, permission = Role, ledger, MANAGE
    columns = (
        column_for(Role, "code", is_key=True, is_required=True),
        column_for(Role, "name", is_required=True),
        column_for(Role, "description"),
        column_for(Role, "discipline"),
    )


class RoleHolders(ImportKind):
    """Who holds a role, at a location and below it, from a day on."""

    name, title, order = "role_holders", _("Role holders"), 85
    model, writer, permission = RoleHolder, ledger, MANAGE
    columns = (
        column_for(RoleHolder, "role", refers_to="roles", is_key=True, is_required=True),
        reference_column(
            "holder",
            "parties",
            is_key=True,
            is_required=True,
            help=_("person:NUMBER or team:CODE."),
        ),
        column_for(
            RoleHolder,
            "location",
            refers_to="locations",
            is_key=True,
            help=_("Code of the location; empty: everywhere."),
        ),
        column_for(RoleHolder, "valid_from", is_key=True, is_required=True),
        column_for(RoleHolder, "valid_until"),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Holdings join roles, parties and places."""
        return {
            "roles": roles_lookup(),
            "parties": parties_lookup(),
            "locations": places_lookup(context),
        }

    def stored(self) -> QuerySet[Any]:
        """Return holdings with what their label and scope need."""
        return RoleHolder.objects.select_related("role", "person", "team", "location")

    def visible(self, context: ImportContext) -> QuerySet[Any]:
        """Return the holdings at locations the context sees."""
        return seen(self.stored(), context, holders_visible_to)

    def find(self, keys: Sequence[tuple[Any, ...]], session: Session) -> dict[tuple[Any, ...], Any]:
        """Return the stored holdings of the roles named."""
        rows = self.stored().filter(role__in={key[0] for key in keys})
        return {self.key_of(row): row for row in rows}

    def key_of(self, row: Any) -> tuple[Any, ...]:
        """Return role, party, place and first day."""
        return (row.role_id, held(row, PARTY_FIELDS), row.location_id, row.valid_from)

    def load(self, stored: Sequence[Any], session: Session) -> None:
        """Know the parties of stored holdings."""
        session.lookups["parties"].prime_ids(held(row, PARTY_FIELDS) for row in stored)

    def current(self, row: PlannedRow, column: Column, session: Session) -> Any:
        """Return the stored party."""
        return held(row.instance, PARTY_FIELDS)

    def shown(self, row: Any, column: Column, session: Session) -> str:
        """Return the party as text."""
        return session.lookups["parties"].text(held(row, PARTY_FIELDS))

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Refuse an end before the beginning, and somebody who has left in a role that goes on."""
        for row in rows:
            party = row.values["holder"].row
            last = row.values.get("valid_until", getattr(row.instance, "valid_until", None))
            if last and last < row.values["valid_from"]:
                session.fail(row, _("ends before it begins"), column="valid_until", value=str(last))
            if getattr(party, "is_active", True) or (last and last < session.context.now.date()):
                continue
            gone = _("%(party)s has left and cannot hold a role") % {"party": party}
            session.fail(row, gone, column="holder")

    def fields(self, row: PlannedRow, session: Session) -> dict[str, Any]:
        """Spread the party over its two fields."""
        values = super().fields(row, session)
        return values | (spread(row.values["holder"], PARTY_FIELDS) if row.is_new else {})
