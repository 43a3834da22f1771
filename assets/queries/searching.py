"""What the global search finds in the plant: items, locations, zones, within what the user may see."""

from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.models import User
from assets.access import items_visible_to, locations_visible_to, zones_visible_to
from common.registries import SearchHit

if TYPE_CHECKING:
    from assets.models import ConfigurationItem


def find_items(user: User, text: str, limit: int) -> list[SearchHit]:
    """Return assets and systems by name, code, serial number, host name, address; exact codes first."""
    rank = Case(
        When(code__iexact=text, then=Value(0)),
        When(name__istartswith=text, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows: QuerySet[ConfigurationItem] = items_visible_to(user)
    for word in text.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(code__icontains=word)
            | Q(serial_number__istartswith=word)
            | Q(hostname__icontains=word)
            | Q(network_address__startswith=word)
        )
    found = rows.select_related("item_class", "location").order_by(rank, "name")[:limit]
    return [
        SearchHit(
            label=item.name,
            url=f"/plant/items/{item.pk}/",
            detail=" · ".join(
                part for part in (item.code, item.item_class.name, str(item.location or "")) if part
            ),
            icon=item.item_class.icon,
        )
        for item in found
    ]


def find_places(user: User, text: str, limit: int) -> list[SearchHit]:
    """Return locations and zones by name or code."""
    match = Q(name__icontains=text) | Q(code__istartswith=text)
    locations = locations_visible_to(user).filter(match).order_by("path")[:limit]
    zones = zones_visible_to(user).filter(match)[:limit]
    hits = [
        SearchHit(
            place.name,
            f"/plant/locations/{place.pk}/",
            f"{place.get_level_display()} · {place.code}",
            "map-pin",
        )
        for place in locations
    ]
    hits += [
        SearchHit(zone.name, f"/plant/zones/{zone.pk}/", zone.code, "shield-lock") for zone in zones
    ]
    return hits[:limit]
