"""Import kind of service levels: what is promised for an item or a location from a day on."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
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
from raci.access import MANAGE, service_levels_visible_to
from raci.imports.lookups import held, scopes_lookup, seen, spread
from raci.models import ServiceLevel

FIELDS = ("item", "location")


class ServiceLevels(ImportKind):
    """Promises by scope and first day."""

    name, title, order = "service_levels", _("Service levels"), 100
    model, writer, permission = ServiceLevel, ledger, MANAGE
    columns = (
        reference_column(
            "scope", "scopes", is_key=True, is_required=True, help=_("item:CODE or location:CODE.")
        ),
        *[
            column_for(ServiceLevel, name)
            for name in (
                "availability_percent",
                "response_minutes",
                "restore_minutes",
                "data_availability_percent",
                "change_lead_days",
                "cost_per_hour",
                "currency",
            )
        ],
        column_for(ServiceLevel, "valid_from", is_key=True, is_required=True),
        column_for(ServiceLevel, "valid_until"),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Promises are about items and locations."""
        return {"scopes": scopes_lookup(context)}

    def stored(self) -> QuerySet[Any]:
        """Return promises with what their label and scope need."""
        return ServiceLevel.objects.select_related("item__location", "location")

    def visible(self, context: ImportContext) -> QuerySet[Any]:
        """Return the promises about what the context sees."""
        return seen(self.stored(), context, service_levels_visible_to)

    def find(self, keys: Sequence[tuple[Any, ...]], session: Session) -> dict[tuple[Any, ...], Any]:
        """Return the stored promises of the scopes named."""
        by_kind: dict[str, set[int]] = {name: set() for name in FIELDS}
        for scope, _day in keys:
            if scope[0] in by_kind:
                by_kind[scope[0]].add(scope[1])
        rows = self.stored().filter(
            Q(item__in=by_kind["item"]) | Q(location__in=by_kind["location"])
        )
        return {self.key_of(row): row for row in rows}

    def key_of(self, row: Any) -> tuple[Any, ...]:
        """Return scope and first day."""
        return (held(row, FIELDS), row.valid_from)

    def load(self, stored: Sequence[Any], session: Session) -> None:
        """Know the scopes of stored promises."""
        session.lookups["scopes"].prime_ids(held(row, FIELDS) for row in stored)

    def current(self, row: PlannedRow, column: Column, session: Session) -> Any:
        """Return the stored scope."""
        return held(row.instance, FIELDS)

    def shown(self, row: Any, column: Column, session: Session) -> str:
        """Return the scope as text."""
        return session.lookups["scopes"].text(held(row, FIELDS))

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Refuse other scopes, a cost without a currency, an end before the beginning."""
        for row in rows:
            if row.values["scope"].kind not in FIELDS:
                session.fail(row, _("must be an item:CODE or location:CODE"), column="scope")
            cost, currency, last = (
                row.values.get(name, getattr(row.instance, name, None))
                for name in ("cost_per_hour", "currency", "valid_until")
            )
            if cost is not None and not currency:
                session.fail(row, _("is missing: a cost needs its currency"), column="currency")
            if last and last < row.values["valid_from"]:
                session.fail(row, _("ends before it begins"), column="valid_until", value=str(last))

    def fields(self, row: PlannedRow, session: Session) -> dict[str, Any]:
        """Spread the scope over its two fields."""
        values = super().fields(row, session)
        return values | (spread(row.values["scope"], FIELDS) if row.is_new else {})
