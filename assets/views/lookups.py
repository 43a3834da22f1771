"""What select boxes of items and places ask while one types, each within what the user may see."""

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from assets.access import (
    assets_visible_to,
    items_visible_to,
    locations_visible_to,
    products_visible_to,
    systems_visible_to,
    zones_visible_to,
)
from common.pages.lookups import LookupView


def best_first(rows: QuerySet[Any], text: str, *, code: str = "code") -> QuerySet[Any]:
    """Return rows whose name or code holds the text; those that begin with it first."""
    match = Q(name__icontains=text) | Q(**{f"{code}__istartswith": text})
    rank = Case(
        When(name__istartswith=text, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return rows.filter(match).order_by(rank, "name", "pk")


class ItemsLookup(LookupView):
    """Assets and systems."""

    door = staticmethod(items_visible_to)

    def rows(self, text: str) -> QuerySet[Any]:
        """Return matching items with their class and place."""
        return best_first(self.door(self.user), text).select_related("item_class", "location")

    def detail(self, row: Any) -> str:  # noqa: ANN401
        """Return code, class and place."""
        place = row.location.name if row.location else ""
        return " · ".join(part for part in (row.code, row.item_class.name, place) if part)


class AssetsLookup(ItemsLookup):
    """Assets only."""

    door = staticmethod(assets_visible_to)


class SystemsLookup(ItemsLookup):
    """Systems only."""

    door = staticmethod(systems_visible_to)


class LocationsLookup(LookupView):
    """Locations by name or code."""

    def rows(self, text: str) -> QuerySet[Any]:
        """Return matching locations."""
        return best_first(locations_visible_to(self.user), text).select_related("parent")

    def detail(self, row: Any) -> str:  # noqa: ANN401
        """Return level and parent."""
        parent = row.parent.name if row.parent else ""
        return " · ".join(part for part in (row.get_level_display(), parent, row.code) if part)


class ZonesLookup(LookupView):
    """Zones by name or code."""

    def rows(self, text: str) -> QuerySet[Any]:
        """Return matching zones."""
        return best_first(zones_visible_to(self.user), text).select_related("site")

    def detail(self, row: Any) -> str:  # noqa: ANN401
        """Return code and site."""
        return f"{row.code} · {row.site.name}"


class ProductsLookup(LookupView):
    """Products by vendor and model."""

    def rows(self, text: str) -> QuerySet[Any]:
        """Return matching products."""
        match = Q(model__icontains=text) | Q(name__icontains=text) | Q(vendor__name__icontains=text)
        rows = products_visible_to(self.user).filter(match).select_related("vendor")
        return rows.order_by("vendor__name", "model")

    def detail(self, row: Any) -> str:  # noqa: ANN401
        """Return vendor and model."""
        return f"{row.vendor.name} {row.model}"
