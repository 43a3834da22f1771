"""What was promised for items and what a standstill costs, own or inherited, at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from assets.models import ConfigurationItem
from raci.models import ServiceLevel
from raci.queries.subjects import subjects_of


@dataclass(frozen=True, slots=True)
class Promise:
    """A service level in force. `scope_kind` is item, system or location: where it was set.

    Promises with the same `id` are one promise: count its cost once.
    """

    id: int
    scope_kind: str
    scope_id: int
    scope: str
    availability_percent: Decimal | None
    response_minutes: int | None
    restore_minutes: int | None
    data_availability_percent: Decimal | None
    change_lead_days: int | None
    cost_per_hour: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class LineCost:
    """Money lost per hour while a location stands still."""

    location_id: int
    cost_per_hour: Decimal
    currency: str


def service_levels_of(item_ids: Iterable[int], *, at: datetime) -> dict[int, Promise]:
    """Return the promise for each item: its own, its nearest system's, its nearest location's.

    Items without any are left out. Five queries for any number of items.
    """
    by_item, by_location = _in_force(at)
    items = ConfigurationItem.objects.filter(pk__in=list(item_ids))
    found: dict[int, Promise] = {}
    for subject in subjects_of(items):
        row = by_item.get(subject.item_id)
        kind = "item"
        if row is None:
            kind = "system"
            row = next((by_item[pk] for pk in subject.system_ids if pk in by_item), None)
        if row is None:
            kind = "location"
            places = reversed(subject.location_ids)
            row = next((by_location[pk] for pk in places if pk in by_location), None)
        if row is not None:
            found[subject.item_id] = _promise(row, kind)
    return found


def line_costs(location_ids: Iterable[int], *, at: datetime) -> dict[int, LineCost]:
    """Return what an hour of standstill costs at each location that says so itself.

    Nothing is inherited: the cost of a site is not the cost of each of its lines.
    """
    _, by_location = _in_force(at)
    rows = {pk: by_location[pk] for pk in set(location_ids) if pk in by_location}
    return {
        pk: LineCost(pk, row.cost_per_hour, row.currency)
        for pk, row in rows.items()
        if row.cost_per_hour is not None
    }


def _in_force(at: datetime) -> tuple[dict[int, ServiceLevel], dict[int, ServiceLevel]]:
    """Return the service levels that hold, by item and by location; the latest start wins."""
    day = timezone.localtime(at).date()
    rows = ServiceLevel.objects.valid_on(day).select_related("item", "location")
    by_item: dict[int, ServiceLevel] = {}
    by_location: dict[int, ServiceLevel] = {}
    for row in rows.order_by("valid_from", "pk"):
        if row.item_id:
            by_item[row.item_id] = row
        elif row.location_id:
            by_location[row.location_id] = row
    return by_item, by_location


def _promise(row: ServiceLevel, kind: str) -> Promise:
    return Promise(
        id=row.pk,
        scope_kind=kind,
        scope_id=row.item_id or row.location_id or 0,
        scope=str(row.item or row.location),
        availability_percent=row.availability_percent,
        response_minutes=row.response_minutes,
        restore_minutes=row.restore_minutes,
        data_availability_percent=row.data_availability_percent,
        change_lead_days=row.change_lead_days,
        cost_per_hour=row.cost_per_hour,
        currency=row.currency,
    )
