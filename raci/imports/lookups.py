"""What the operating model's imports refer to: activities, roles, parties and scopes such as `location:NF`."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.imports import people_lookup, teams_lookup
from accounts.models import User
from assets import access
from assets.imports import lookups as plant
from assets.models import Location
from common.imports import ImportContext, Lookup
from common.imports.lookups import Kinded, KindedLookup
from raci.models import Activity, Role

PARTY_FIELDS = ("person", "team")
SCOPE_FIELDS = ("location", "zone", "item", "item_class")


def _code(row: Any) -> str:
    return str(row.code)


def activities_lookup() -> Lookup:
    """Return activities by code."""
    return Lookup(_("activity (code)"), Activity.objects.all(), _code, "code")


def roles_lookup() -> Lookup:
    """Return roles by code."""
    return Lookup(_("role (code)"), Role.objects.all(), _code, "code")


def parties_lookup() -> Lookup:
    """Return people and teams as person:NUMBER and team:CODE."""
    return KindedLookup(
        _("party (person:NUMBER or team:CODE)"), {"person": people_lookup(), "team": teams_lookup()}
    )


def scopes_lookup(context: ImportContext, *, bare: str = "") -> Lookup:
    """Return the places and things an assignment or promise may be about."""
    parts = {
        "location": places_lookup(context),
        "zone": plant.zones_lookup(context),
        "item": plant.items_lookup(context),
        "item_class": plant.classes_lookup(),
    }
    names = " or ".join([*([bare] if bare else []), "location:CODE", "zone:CODE", "item:CODE"])
    return KindedLookup(_("scope (%(names)s)") % {"names": names}, parts, bare=bare)


def held(row: Any, fields: tuple[str, ...], *, otherwise: Any = None) -> Any:
    """Return the (kind, id) of the one field that is set."""
    for name in fields:
        pk = getattr(row, f"{name}_id", None)
        if pk is not None:
            return name, pk
    return otherwise


def spread(value: Kinded | None, fields: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields with the one that the value names set."""
    return {
        name: value.row if value is not None and value.kind == name else None for name in fields
    }


def seen(
    rows: QuerySet[Any], context: ImportContext, door: Callable[[User], QuerySet[Any]]
) -> QuerySet[Any]:
    """Keep the rows that the context's user gets through a door of raci.access."""
    if context.is_unlimited:
        return rows
    if not isinstance(context.user, User):
        return rows.none()
    return rows.filter(pk__in=door(context.user).values("pk"))


def places_lookup(context: ImportContext) -> Lookup:
    """Return locations by code: those the context sees and those above them, whose rules hold below."""
    granted = plant.scope(context, access.VIEW)
    above = {int(step) for path in granted.paths for step in path.split("/") if step}
    rows = Location.objects.filter(granted.locations() | Q(pk__in=above))
    if granted.everything:
        rows = Location.objects.all()
    return Lookup(_("location (code)"), rows, _code, "code")
