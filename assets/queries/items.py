"""Reads about one item: its relations by class, its parts, where a field's value comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assets.access import (
    items_visible_to,
    locations_visible_to,
    relations_visible_to,
    scope_of,
    zones_visible_to,
)
from assets.choices import RelationClass
from assets.models import ConfigurationItem, Location, Relation, Zone
from common.compiled import compiled

INVERSE = {
    RelationClass.DEPENDS_ON: _("is needed by"),
    RelationClass.RUNS_ON: _("hosts"),
    RelationClass.CONNECTS_VIA: _("connects"),
    RelationClass.FEEDS_DATA: _("gets data from"),
    RelationClass.POWERED_BY: _("powers"),
    RelationClass.CONTROLS: _("is controlled by"),
    RelationClass.BACKS_UP: _("is backed up by"),
    RelationClass.MEMBER_OF: _("has the member"),
}


@dataclass(frozen=True)
class RelationLine:
    """One relation as its item's page shows it: the other end, known or not."""

    relation: Relation
    other: ConfigurationItem | None
    unresolved: str


@dataclass
class RelationGroup:
    """The relations of an item of one class in one direction."""

    title: Any
    lines: list[RelationLine] = field(default_factory=list)


@dataclass(frozen=True)
class ItemRelations:
    """An item's relations this user may see, and how many more there are."""

    groups: list[RelationGroup]
    shown: int
    hidden: int
    unresolved: int


def relations_of(user: User, item: ConfigurationItem) -> ItemRelations:
    """Return an item's relations grouped by class and direction; hidden ones are counted."""

    def of_item(pk: int) -> QuerySet[Relation]:
        rows = relations_visible_to(user).filter(Q(source__pk=pk) | Q(target__pk=pk))
        related = rows.select_related(
            "source__item_class", "target__item_class", "redundancy_group"
        )
        return related.order_by("relation_class", "source__name", "target__name", "pk")

    scope = scope_of(user)
    rows: list[Relation] = compiled(of_item, key=(relations_of, scope), pk=item.pk)
    item.__dict__["relations_seen"] = len(rows)
    groups: dict[tuple[int, str], RelationGroup] = {}
    for row in rows:
        outward = row.source_id == item.pk
        key = (0 if outward else 1, row.relation_class)
        group = groups.setdefault(key, RelationGroup(_title(row, outward=outward)))
        other = row.target if outward else row.source
        unknown = row.unresolved_target if outward else row.unresolved_source
        group.lines.append(RelationLine(row, other, unknown))
    total = (
        len(rows)
        if scope.everything
        else Relation.objects.filter(Q(source=item) | Q(target=item)).count()
    )
    unresolved = sum(line.other is None for group in groups.values() for line in group.lines)
    ordered = [groups[key] for key in sorted(groups)]
    return ItemRelations(ordered, len(rows), total - len(rows), unresolved)


def _title(row: Relation, *, outward: bool) -> Any:  # noqa: ANN401 - lazy text
    given = RelationClass(row.relation_class)
    return given.label if outward else INVERSE[given]


def relation_count_for(user: User, item: ConfigurationItem) -> int:
    """Return how many relations of an item the user may see; known already where the page read them."""
    seen: int | None = item.__dict__.get("relations_seen")
    if seen is None:
        seen = relations_visible_to(user).filter(Q(source=item) | Q(target=item)).count()
    return seen


def parts_of(user: User, item: ConfigurationItem, *, limit: int) -> list[ConfigurationItem]:
    """Return the items that are part of a system, at most `limit` and one more."""
    rows = items_visible_to(user).filter(system=item).select_related("item_class")
    return list(rows.order_by("name")[: limit + 1])


def path_of(user: User, location: Location | None) -> Sequence[Location]:
    """Return a location and those above it that the user may see, the root first."""
    if location is None:
        return ()
    above = Location.objects.above(location)
    return list(above.filter(pk__in=locations_visible_to(user).values("pk")))


def labels_for(user: User, model: type[models.Model], ids: set[int]) -> Mapping[int, str]:
    """Return the names of rows this user may see, for histories and the like."""
    doors: dict[type[models.Model], Any] = {
        ConfigurationItem: items_visible_to,
        Location: locations_visible_to,
        Zone: zones_visible_to,
    }
    door = doors.get(model)
    rows = door(user) if door else model._default_manager.all()
    return {row.pk: str(row) for row in rows.filter(pk__in=ids)}


def tags_by_item(ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Return the tag names of some items."""
    found: dict[int, list[str]] = {}
    through = ConfigurationItem.tags.through._default_manager
    rows = through.filter(configurationitem_id__in=ids).values_list(
        "configurationitem_id", "tag__name"
    )
    for pk, name in rows.order_by("tag__name"):
        found.setdefault(pk, []).append(name)
    return found


def relation_total(item: ConfigurationItem) -> int:
    """Return how many relations an item has, seen or not: what a deletion takes along."""
    return Relation.objects.filter(Q(source=item) | Q(target=item)).count()
