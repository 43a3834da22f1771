"""Who owns each visible item at a place: the rows that map, findings and API are made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from assets.access import items_visible_to
from assets.choices import ItemKind, ItemStatus
from assets.models import ConfigurationItem, Location
from raci.choices import FindingKind
from raci.models import Activity
from raci.queries.resolution import Finding, PartyRef, Resolution
from raci.queries.resolver import resolve_many
from raci.queries.service_levels import Promise, service_levels_of

COLUMNS = ("pk", "code", "name", "kind", "item_class__name", "criticality", "location__path")


@dataclass(frozen=True, slots=True)
class OwnedItem:
    """An item with who is accountable for it; `owner` is the declared holder, or the vacant role."""

    id: int
    code: str
    name: str
    kind: str
    item_class: str
    criticality: int
    path: str
    resolution: Resolution
    promise: Promise | None

    @property
    def is_system(self) -> bool:
        """Whether this is a system."""
        return self.kind == ItemKind.SYSTEM

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong with the answer."""
        return self.resolution.findings

    @property
    def owner(self) -> PartyRef | None:
        """Return who is accountable; None when nobody or several are."""
        found = self.resolution.accountable
        return found.owner if found else None

    @property
    def acting(self) -> PartyRef | None:
        """Return who acts for the owner at that moment."""
        found = self.resolution.accountable
        return found.acting if found else None

    @property
    def state(self) -> str:
        """Return owned, unowned, tie or vacant (an owner on paper whom nobody holds or replaces)."""
        if self.owner is None:
            return "tie" if self.resolution.is_tied else "unowned"
        assert self.resolution.accountable is not None  # noqa: S101 - an owner comes from it
        problem = self.resolution.accountable.trace.problem
        return "vacant" if problem in {FindingKind.VACANT, FindingKind.INACTIVE} else "owned"


def owned_items(
    user: User, location: Location, *, activity_code: str, at: datetime
) -> list[OwnedItem]:
    """Return every visible item in service at a place or below it, with its owner."""
    return _with_owners(_items_at(user, location), activity_code=activity_code, at=at)


def ownership_rows(
    user: User,
    location: Location,
    *,
    activity_code: str,
    at: datetime,
    offset: int,
    limit: int,
) -> tuple[int, list[OwnedItem]]:
    """Return how many items stand at a place, and one page of them with their owners."""
    items = _items_at(user, location)
    ids = list(items.order_by("pk").values_list("pk", flat=True)[offset : offset + limit])
    page = ConfigurationItem.objects.filter(pk__in=ids)
    return items.count(), _with_owners(page, activity_code=activity_code, at=at)


def activity_names() -> dict[str, Activity]:
    """Return the activities by code, in the order of the tree."""
    return {activity.code: activity for activity in Activity.objects.order_by("path")}


def _items_at(user: User, location: Location) -> QuerySet[Any]:
    return (
        items_visible_to(user)
        .filter(location__path__startswith=location.path)
        .exclude(status=ItemStatus.RETIRED)
    )


def _with_owners(items: QuerySet[Any], *, activity_code: str, at: datetime) -> list[OwnedItem]:
    resolutions = resolve_many(items, activity_code=activity_code, at=at)
    promises = service_levels_of(list(resolutions), at=at)
    rows: QuerySet[Any, Any] = ConfigurationItem.objects.filter(
        pk__in=items.order_by().values("pk")
    )
    columns = (
        rows.with_effective().order_by("pk").values_list(*COLUMNS)  # type: ignore[attr-defined]
    )
    return [
        OwnedItem(
            id=pk,
            code=code,
            name=name,
            kind=kind,
            item_class=item_class,
            criticality=criticality or 0,
            path=path or "",
            resolution=resolutions[pk],
            promise=promises.get(pk),
        )
        for pk, code, name, kind, item_class, criticality, path in columns
        if pk in resolutions
    ]
