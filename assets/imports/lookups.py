"""What an import may refer to: the same doors as pages, so what is hidden is unknown to it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assets import access
from assets.models import ConfigurationItem, ItemClass, Location, Product, Zone
from common.imports import ImportContext, Lookup

OUT_OF_SCOPE = _(
    "stands outside of what you may edit; it takes the right 'edit_items' on its location, zone or system"
)
CODE_TAKEN = _("this code cannot be used here; choose another or ask an administrator")


def scope(context: ImportContext, permission: str = access.EDIT) -> access.Scope:
    """Return what the context reaches with a permission; nothing when nobody is named."""
    if context.is_unlimited:
        return access.Scope(everything=True)
    if not isinstance(context.user, User):
        return access.Scope()
    return access.scope_of(context.user, permission)


def locations(context: ImportContext) -> QuerySet[Location]:
    """Return the locations the context sees."""
    return Location.objects.filter(scope(context, access.VIEW).locations())


def zones(context: ImportContext) -> QuerySet[Zone]:
    """Return the zones the context sees, with their site."""
    rows = Zone.objects.select_related("site")
    if scope(context, access.VIEW).everything:
        return rows
    if not isinstance(context.user, User):
        return rows.none()
    return rows.filter(pk__in=access.zones_visible_to(context.user).values("pk"))


def items(context: ImportContext) -> QuerySet[ConfigurationItem]:
    """Return the items the context sees, with the location that decides their scope."""
    rows = ConfigurationItem.objects.select_related("location")
    return rows.filter(scope(context, access.VIEW).items())


def _code(row: Any) -> str:
    return str(row.code)


def locations_lookup(context: ImportContext) -> Lookup:
    """Return locations by code."""
    return Lookup(_("location (code)"), locations(context), _code, "code")


def zones_lookup(context: ImportContext) -> Lookup:
    """Return zones by code."""
    return Lookup(_("zone (code)"), zones(context), _code, "code")


def items_lookup(context: ImportContext) -> Lookup:
    """Return assets and systems by code."""
    rows = items(context).only(
        "code", "name", "kind", "zone_id", "system_id", "location_id", "location__path"
    )
    return Lookup(_("asset or system (code)"), rows, _code, "code")


def systems_lookup(context: ImportContext) -> Lookup:
    """Return systems by code."""
    rows = items(context).filter(kind="system")
    rows = rows.only(
        "code", "name", "kind", "zone_id", "system_id", "location_id", "location__path"
    )
    return Lookup(_("system (code)"), rows, _code, "code")


def classes_lookup(kind: str = "") -> Lookup:
    """Return item classes by slug, of one kind when named."""
    rows = ItemClass.objects.filter(kind=kind) if kind else ItemClass.objects.all()
    title = {"asset": _("asset class (slug)"), "system": _("system class (slug)")}
    return Lookup(title.get(kind, _("class (slug)")), rows, lambda row: row.slug, "slug")


def products_lookup() -> Lookup:
    """Return products by the slug of the vendor and the model."""
    return Lookup(
        _("product (vendor, model)"),
        Product.objects.select_related("vendor"),
        lambda row: (row.vendor.slug, row.model),
        "vendor__slug",
        "model",
    )


def covers(edit: access.Scope, item: Any) -> bool:
    """Tell whether a stored item lies in a scope."""
    return item is not None and reaches(
        edit, item.location, item.zone_id, (item.pk, item.system_id)
    )


def reaches(
    granted: access.Scope, location: Any, zone_id: int | None, system_ids: tuple[int | None, ...]
) -> bool:
    """Tell whether a place, zone or one of some systems lies in a scope."""
    return (
        granted.everything
        or bool(location is not None and granted.covers_path(location.path))
        or zone_id in granted.zone_ids
        or any(pk in granted.system_ids for pk in system_ids if pk is not None)
    )
