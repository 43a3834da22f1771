"""What the operating model's imports refer to: activities, roles, parties and scopes such as `location:NF`."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.imports import people_lookup, teams_lookup
from assets import access
from assets.imports import lookups as plant
from common.imports import ImportContext, Lookup
from common.imports.lookups import Kinded, KindedLookup
from raci.models import Activity, Role

MANAGE = "raci.manage_operating_model"
PARTY_FIELDS = ("person", "team")
SCOPE_FIELDS = ("location", "zone", "item", "item_class")


def _code(row: Any) -> str:
    return str(row.code)


def activities_lookup() -> Lookup:
    """Return activities by code."""
    return Lookup("activity (code)", Activity.objects.all(), _code, "code")


def roles_lookup() -> Lookup:
    """Return roles by code."""
    return Lookup("role (code)", Role.objects.all(), _code, "code")


def parties_lookup() -> Lookup:
    """Return people and teams as person:NUMBER and team:CODE."""
    return KindedLookup(
        "party (person:NUMBER or team:CODE)", {"person": people_lookup(), "team": teams_lookup()}
    )


def scopes_lookup(context: ImportContext, *, bare: str = "") -> Lookup:
    """Return the places and things an assignment or promise may be about."""
    parts = {
        "location": plant.locations_lookup(context),
        "zone": plant.zones_lookup(context),
        "item": plant.items_lookup(context),
        "item_class": plant.classes_lookup(),
    }
    names = " or ".join([*([bare] if bare else []), "location:CODE", "zone:CODE", "item:CODE"])
    return KindedLookup(f"scope ({names})", parts, bare=bare)


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


def visible_places(
    rows: QuerySet[Any], context: ImportContext, *, has_items: bool
) -> QuerySet[Any]:
    """Keep the rows whose place or thing the context sees."""
    if plant.scope(context, access.VIEW).everything:
        return rows
    places = plant.locations(context).values("pk")
    rows = rows.filter(Q(location__isnull=True) | Q(location__in=places))
    if has_items:
        rows = rows.filter(Q(item__isnull=True) | Q(item__in=plant.items(context).values("pk")))
    return rows
