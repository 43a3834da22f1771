"""Items and locations as the resolver sees them: where they stand and what they are, in three queries."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from assets.choices import ItemKind
from assets.models import ConfigurationItem, Location, Zone
from raci.rules import Rule, Subject
from raci.rules.specificity import ITEM, ITEM_CLASS, ZONE


@dataclass(frozen=True, slots=True)
class Named:
    """What the rules in force ask about; everything else about an item cannot matter."""

    items: frozenset[int]
    zones: frozenset[int]
    classes: frozenset[int]
    purdue_levels: frozenset[str]
    criticalities: frozenset[int]
    tags: frozenset[int]


def named_by(rules: Collection[Rule]) -> Named:
    """Return what these rules ask about."""

    def scopes(kind: str) -> frozenset[int]:
        return frozenset(rule.scope[1] for rule in rules if rule.scope[0] == kind)

    selectors = [rule.selector for rule in rules]
    classes = {one.item_class_id for one in selectors if one.item_class_id is not None}
    return Named(
        items=scopes(ITEM),
        zones=scopes(ZONE),
        classes=scopes(ITEM_CLASS) | classes,
        purdue_levels=frozenset(one.purdue_level for one in selectors if one.purdue_level),
        criticalities=frozenset(one.criticality for one in selectors if one.criticality),
        tags=frozenset(one.tag_id for one in selectors if one.tag_id is not None),
    )


Items = QuerySet[ConfigurationItem] | Iterable[ConfigurationItem]


def subjects_of(items: Items, *, tag_ids: Iterable[int] = ()) -> list[Subject]:
    """Return the subjects of items in their order of id; of their tags only those asked for."""
    ids = _ids(items)
    # The stubs do not see through a queryset method that annotates.
    query: QuerySet[Any, Any] = ConfigurationItem.objects.filter(pk__in=ids).with_effective()
    rows = query.order_by("pk").values_list(
        "pk",
        "location__path",
        "zone_id",
        "zone__site__path",
        "item_class_id",
        "purdue_level",
        "criticality",
        "system_id",
    )
    parents = _system_parents()
    tags = _tags(ids, frozenset(tag_ids))
    return [
        Subject(
            item_id=pk,
            location_ids=ids_of(path or ""),
            zone_id=zone_id,
            zone_site_depth=len(ids_of(site_path or "")) - 1 if zone_id else 0,
            item_class_id=class_id,
            purdue_level=purdue or "",
            criticality=criticality,
            tag_ids=tags.get(pk, frozenset()),
            system_ids=_chain(system_id, parents),
        )
        for pk, path, zone_id, site_path, class_id, purdue, criticality, system_id in rows
    ]


def subject_of_location(location: Location) -> Subject:
    """Return a place as a subject: what is assigned there to anything without further conditions."""
    return Subject(location_ids=ids_of(location.path))


def subject_of_zone(zone: Zone) -> Subject:
    """Return a zone as a subject: its site, its level, and itself."""
    location_ids = ids_of(zone.site.path)
    return Subject(
        location_ids=location_ids,
        zone_id=zone.pk,
        zone_site_depth=len(location_ids) - 1,
        purdue_level=zone.purdue_level,
    )


def ids_of(path: str) -> tuple[int, ...]:
    """Return the ids of a materialised path, root first.

    >>> ids_of("1/4/17/")
    (1, 4, 17)
    """
    return tuple(int(step) for step in path.split("/") if step)


def signature(subject: Subject, named: Named) -> Subject:
    """Return the subject without what no rule asks about: equal ones get equal answers.

    Dropping systems nobody names keeps the order of the others, and only the order matters.
    """
    item_id = subject.item_id if subject.item_id in named.items else 0
    is_in_zone = subject.zone_id in named.zones
    return Subject(
        item_id=item_id,
        location_ids=subject.location_ids,
        zone_id=subject.zone_id if is_in_zone else None,
        zone_site_depth=subject.zone_site_depth if is_in_zone else 0,
        item_class_id=subject.item_class_id if subject.item_class_id in named.classes else None,
        purdue_level=subject.purdue_level if subject.purdue_level in named.purdue_levels else "",
        criticality=subject.criticality if subject.criticality in named.criticalities else None,
        tag_ids=subject.tag_ids,
        system_ids=tuple(pk for pk in subject.system_ids if pk in named.items),
    )


def _ids(items: Items) -> "list[int] | QuerySet[Any, Any]":
    """Return what selects the items in a query: a subquery where one stands for all of them.

    Objects become ids: what they hold may be stale, and one way to read is enough.
    """
    if isinstance(items, QuerySet) and not items.query.is_sliced:
        return items.order_by().values("pk")
    return [item.pk for item in items]


def _system_parents() -> dict[int, int]:
    """Return the system each system is part of; there are some hundred."""
    rows = ConfigurationItem.objects.filter(kind=ItemKind.SYSTEM, system__isnull=False)
    return dict(rows.order_by().values_list("pk", "system_id"))


def _chain(system_id: int | None, parents: Mapping[int, int]) -> tuple[int, ...]:
    chain: list[int] = []
    while system_id is not None and system_id not in chain:
        chain.append(system_id)
        system_id = parents.get(system_id)
    return tuple(chain)


def _tags(
    ids: "list[int] | QuerySet[Any, Any]", tag_ids: frozenset[int]
) -> dict[int, frozenset[int]]:
    if not tag_ids:
        return {}
    rows = ConfigurationItem.tags.through.objects.filter(
        configurationitem__in=ids, tag_id__in=tag_ids
    ).values_list("configurationitem_id", "tag_id")
    found: dict[int, set[int]] = {}
    for item_id, tag_id in rows:
        found.setdefault(item_id, set()).add(tag_id)
    return {item_id: frozenset(ids) for item_id, ids in found.items()}
