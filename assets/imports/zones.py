"""Import kinds of the second axis: zones after IEC 62443 and the conduits between them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assets import access
from assets.imports import lookups
from assets.models import Conduit, Zone
from common.imports import (
    ImportContext,
    ImportKind,
    Lookup,
    PlannedRow,
    Session,
    column_for,
)
from evidence import services as ledger

VECTOR = _("Seven levels 0-4 in the order IAC,UC,SI,DC,RDF,TRE,RA.")


class Zones(ImportKind):
    """Zones by code."""

    name, title, order = "zones", _("Zones"), 45
    model, writer = Zone, ledger
    columns = (
        column_for(Zone, "code", is_key=True, is_required=True),
        column_for(Zone, "name", is_required=True),
        column_for(
            Zone, "site", refers_to="locations", is_required=True, help=_("Code of the location.")
        ),
        column_for(Zone, "purdue_level", is_required=True),
        column_for(Zone, "is_safety"),
        column_for(Zone, "sl_target", help=VECTOR),
        column_for(Zone, "sl_capable", help=VECTOR),
        column_for(Zone, "sl_achieved", help=VECTOR),
        column_for(Zone, "description"),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Zones stand at a location."""
        return {"locations": lookups.locations_lookup(context)}

    def stored(self) -> QuerySet[Any]:
        """Return zones with the site that decides their scope."""
        return Zone.objects.select_related("site")

    def visible(self, context: ImportContext) -> QuerySet[Any]:
        """Return the zones the context sees."""
        return lookups.zones(context)

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Require the right to edit where the zone stands and where it goes."""
        edit = lookups.scope(session.context)
        view = lookups.scope(session.context, access.VIEW)
        for row in rows:
            stored, site = row.instance, row.changes.get("site")
            if stored and not (edit.covers_path(stored.site.path) or stored.pk in edit.zone_ids):
                seen = view.covers_path(stored.site.path) or stored.pk in view.zone_ids
                session.fail(row, lookups.OUT_OF_SCOPE if seen else lookups.CODE_TAKEN)
            elif site and not edit.covers_path(site.path):
                session.fail(row, lookups.OUT_OF_SCOPE, column="site", value=site.code)


class Conduits(ImportKind):
    """Declared paths between two zones, by code."""

    name, title, order = "conduits", _("Conduits"), 50
    model, writer = Conduit, ledger
    columns = (
        column_for(Conduit, "code", is_key=True, is_required=True),
        column_for(Conduit, "name", is_required=True),
        column_for(
            Conduit, "from_zone", refers_to="zones", is_required=True, help=_("Code of a zone.")
        ),
        column_for(
            Conduit, "to_zone", refers_to="zones", is_required=True, help=_("Code of a zone.")
        ),
        column_for(Conduit, "protocols", empty=[]),
    )

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Conduits join zones."""
        return {"zones": lookups.zones_lookup(context)}

    def stored(self) -> QuerySet[Any]:
        """Return conduits with the site that decides their scope."""
        return Conduit.objects.select_related("from_zone__site", "to_zone__site")

    def visible(self, context: ImportContext) -> QuerySet[Any]:
        """Return the conduits both of whose zones the context sees."""
        if context.is_unlimited:
            return self.stored()
        if not isinstance(context.user, User):
            return Conduit.objects.none()
        return self.stored().filter(pk__in=access.conduits_visible_to(context.user).values("pk"))

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Join two different zones, one of which the context may edit."""
        edit = lookups.scope(session.context)
        visible = lookups.scope(session.context, access.VIEW)
        for row in rows:
            ends = _ends(row)
            if ends[0].pk == ends[1].pk:
                session.fail(row, _("a conduit joins two different zones"), column="to_zone")
            held = [row.instance.from_zone, row.instance.to_zone] if row.instance else []
            if not all(_reaches(visible, zone) for zone in held):
                session.fail(row, lookups.CODE_TAKEN)
            elif not all(any(_reaches(edit, z) for z in pair) for pair in (ends, held) if pair):
                session.fail(row, lookups.OUT_OF_SCOPE)


def _ends(row: PlannedRow) -> list[Zone]:
    return [
        row.changes.get(name) or getattr(row.instance, name) for name in ("from_zone", "to_zone")
    ]


def _reaches(scope: access.Scope, zone: Zone) -> bool:
    return scope.covers_path(zone.site.path) or zone.pk in scope.zone_ids
