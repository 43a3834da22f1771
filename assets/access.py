"""The only door from a page, task or API to locations, zones, items and relations.

Grants stand on scope nodes (Location, Zone, System); what is below follows by one subquery on the path.
A forbidden object is not found, so its existence does not leak.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar, cast

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from guardian.models import GroupObjectPermission, UserObjectPermission

from accounts.models import User
from assets.models import (
    Asset,
    Conduit,
    ConfigurationItem,
    ItemClass,
    Location,
    Product,
    Relation,
    System,
    Tag,
    Zone,
)
from common.compiled import compiled
from common.errors import NotAllowedError
from common.registries import words_of_right

Item = TypeVar("Item", bound=ConfigurationItem)
VIEW, EDIT, OWN, REQUEST = "view_items", "edit_items", "manage_ownership", "request_changes"
DISCOVER = "run_discovery"
EDIT_REFERENCE = "assets.change_itemclass"


@dataclass(frozen=True)
class Scope:
    """What a user reaches with one permission: everything, or what stands below some nodes."""

    everything: bool = False
    paths: tuple[str, ...] = ()
    zone_ids: tuple[int, ...] = ()
    system_ids: tuple[int, ...] = ()

    def items(self) -> Q:
        """Return the condition on ConfigurationItem."""
        if self.everything:
            return Q()
        condition = Q(pk__in=[])
        if self.paths:
            condition |= Q(location__in=Location.objects.filter(self.locations()))
        if self.zone_ids:
            condition |= Q(zone_id__in=self.zone_ids)
        if self.system_ids:
            condition |= Q(pk__in=self.system_ids) | Q(system_id__in=self.system_ids)
        return condition

    def locations(self) -> Q:
        """Return the condition on Location: granted nodes and everything below."""
        if self.everything:
            return Q()
        condition = Q(pk__in=[])
        for path in self.paths:
            condition |= Q(path__startswith=path)
        return condition

    def covers(self, path: str, zone_id: int | None, system_id: int | None) -> bool:
        """Tell whether what stands at a path ("": outside the tree), in a zone and a system, lies in this scope."""
        return (
            (self.covers_path(path) if path else self.everything)
            or zone_id in self.zone_ids
            or system_id in self.system_ids
        )

    def covers_path(self, path: str) -> bool:
        """Tell whether a location path lies in this scope."""
        return self.everything or any(path.startswith(root) for root in self.paths)


def scope_of(user: User, permission: str = VIEW) -> Scope:
    """Return what the user reaches with a permission; kept on the user for the request."""
    if not user.is_active:
        return Scope()
    if user.is_superuser or (permission == VIEW and user.has_perm("assets.view_all_items")):
        return Scope(everything=True)
    cache: dict[str, dict[str, Scope]] = user.__dict__
    if "_scopes" not in cache:
        cache["_scopes"] = _scopes(user)
    return cache["_scopes"].get(permission, Scope())


def _scopes(user: User) -> dict[str, Scope]:
    """Return what the user was granted, by permission: a page asks for several, one reading answers all."""
    types = ContentType.objects.get_for_models(Location, Zone, ConfigurationItem)
    names = {content_type.pk: str(model._meta.model_name) for model, content_type in types.items()}
    granted: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for permission, type_id, object_id in _grants(user, list(names)):
        granted[permission][names[type_id]].append(int(object_id))
    places = {pk for nodes in granted.values() for pk in nodes["location"]}
    located = Location.objects.filter(pk__in=places) if places else Location.objects.none()
    paths = dict(located.values_list("pk", "path"))
    return {
        permission: Scope(
            paths=tuple(paths[pk] for pk in nodes["location"] if pk in paths),
            zone_ids=tuple(nodes["zone"]),
            system_ids=tuple(nodes["configurationitem"]),
        )
        for permission, nodes in granted.items()
    }


def _grants(user: User, type_ids: Iterable[int]) -> list[tuple[str, int, str]]:
    own = UserObjectPermission.objects.filter(user=user, content_type_id__in=type_ids)
    by_group = GroupObjectPermission.objects.filter(group__user=user, content_type_id__in=type_ids)
    columns = ("permission__codename", "content_type_id", "object_pk")
    return [*own.values_list(*columns), *by_group.values_list(*columns)]


def items_visible_to(user: User) -> QuerySet[ConfigurationItem]:
    """Return the assets and systems the user may see."""
    return ConfigurationItem.objects.filter(scope_of(user).items())


def assets_visible_to(user: User) -> QuerySet[Asset]:
    """Return the assets the user may see."""
    rows: QuerySet[Asset] = Asset.objects.filter(scope_of(user).items())
    return rows


def systems_visible_to(user: User) -> QuerySet[System]:
    """Return the systems the user may see."""
    rows: QuerySet[System] = System.objects.filter(scope_of(user).items())
    return rows


def locations_visible_to(user: User) -> QuerySet[Location]:
    """Return the locations the user was granted, and those below them."""
    return Location.objects.filter(scope_of(user).locations())


def zones_visible_to(user: User) -> QuerySet[Zone]:
    """Return the zones granted or standing at a visible site."""
    scope = scope_of(user)
    if scope.everything:
        return Zone.objects.all()
    sites = Location.objects.filter(scope.locations())
    return Zone.objects.filter(Q(pk__in=scope.zone_ids) | Q(site__in=sites))


def conduits_visible_to(user: User) -> QuerySet[Conduit]:
    """Return the conduits both of whose zones are visible."""
    zones = zones_visible_to(user)
    return Conduit.objects.filter(from_zone__in=zones, to_zone__in=zones)


def relations_visible_to(user: User) -> QuerySet[Relation]:
    """Return the relations whose known ends are all visible."""
    if scope_of(user).everything:
        return Relation.objects.all()
    items = items_visible_to(user).values("pk")
    return Relation.objects.filter(
        Q(source__isnull=True) | Q(source__in=items),
        Q(target__isnull=True) | Q(target__in=items),
    )


def item_for(user: User, pk: int) -> ConfigurationItem:
    """Return an item the user may see; 404 otherwise."""
    return get_object_or_404(items_visible_to(user), pk=pk)


def asset_for(user: User, pk: int) -> Asset:
    """Return an asset the user may see; 404 otherwise."""
    return get_object_or_404(assets_visible_to(user), pk=pk)


def system_for(user: User, pk: int) -> System:
    """Return a system the user may see; 404 otherwise."""
    return get_object_or_404(systems_visible_to(user), pk=pk)


def location_for(user: User, pk: int) -> Location:
    """Return a location the user may see; 404 otherwise."""
    return get_object_or_404(locations_visible_to(user), pk=pk)


def zone_for(user: User, pk: int) -> Zone:
    """Return a zone the user may see; 404 otherwise."""
    return get_object_or_404(zones_visible_to(user), pk=pk)


def may(user: User, permission: str, item: ConfigurationItem) -> bool:
    """Tell whether the user has a scope permission over an item."""
    scope = scope_of(user, permission)
    path = item.location.path if item.location else ""
    return scope.covers(path, item.zone_id, item.system_id) or item.pk in scope.system_ids


def require(user: User, permission: str, item: ConfigurationItem) -> None:
    """Refuse, with a sentence, what the user has no right to do with an item."""
    if not may(user, permission, item):
        raise _not_allowed(permission, item)


def require_at(
    user: User,
    permission: str,
    *,
    name: str,
    location: Location | None,
    zone: Zone | None,
    system: ConfigurationItem | None,
) -> None:
    """Refuse what the user has no right to do with an item that is to stand there."""
    path, zone_id = location.path if location else "", zone.pk if zone else None
    scope = scope_of(user, permission)
    if not scope.covers(path, zone_id, system.pk if system else None):
        raise _not_allowed(permission, name)


def _not_allowed(permission: str, item: object) -> NotAllowedError:
    return NotAllowedError(
        f"You may see '{item}' but not do this with it; it takes the right '{permission}' on its "
        "location, zone or system. An administrator can grant it."
    )


def visible_item_ids(user: User, ids: Collection[int]) -> Collection[int]:
    """Return which of these items the user may see; no query for who sees everything."""
    if scope_of(user).everything or not ids:
        return ids
    return set(items_visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def visible_location_ids(user: User, ids: Collection[int]) -> Collection[int]:
    """Return which of these locations the user may see."""
    if scope_of(user).everything or not ids:
        return ids
    return set(locations_visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def visible_zone_ids(user: User, ids: Collection[int]) -> Collection[int]:
    """Return which of these zones the user may see."""
    if scope_of(user).everything or not ids:
        return ids
    return set(zones_visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def require_place(user: User, permission: str, location: Location | None) -> None:
    """Refuse a write at a location (None: outside the tree) the user has no right over."""
    scope = scope_of(user, permission)
    if scope.everything or (location is not None and scope.covers_path(location.path)):
        return
    raise NotAllowedError(
        f"It takes the right '{permission}' on '{location or 'the whole enterprise'}' to do this."
    )


def require_reference(user: User) -> None:
    """Refuse who may not edit what all sites share: classes, products, tags."""
    if not may_edit_reference(user):
        raise NotAllowedError(
            "Classes, products and tags are edited by those with the right "
            f"{words_of_right(EDIT_REFERENCE)}. An administrator can grant it."
        )


def item_classes_visible_to(user: User) -> QuerySet[ItemClass]:
    """Return the item classes: reference data every user reads."""
    return ItemClass.objects.all() if user.is_active else ItemClass.objects.none()


def products_visible_to(user: User) -> QuerySet[Product]:
    """Return the products: reference data every user reads."""
    return Product.objects.all() if user.is_active else Product.objects.none()


def tags_visible_to(user: User) -> QuerySet[Tag]:
    """Return the tags: reference data every user reads."""
    return Tag.objects.all() if user.is_active else Tag.objects.none()


def may_at(user: User, permission: str, location: Location | None) -> bool:
    """Tell whether the user has a scope permission at a location (None: over everything)."""
    scope = scope_of(user, permission)
    return scope.everything or (location is not None and scope.covers_path(location.path))


def may_somewhere(user: User, permission: str) -> bool:
    """Tell whether the user has a scope permission anywhere, to show a button or not."""
    scope = scope_of(user, permission)
    return scope.everything or bool(scope.paths or scope.zone_ids or scope.system_ids)


def may_edit_reference(user: User) -> bool:
    """Tell whether the user edits classes, products and tags."""
    return user.has_perm(EDIT_REFERENCE)


def relation_for(user: User, pk: int) -> Relation:
    """Return a relation whose known ends the user may see; 404 otherwise."""
    rows = relations_visible_to(user).select_related(
        "source__location", "target__location", "redundancy_group"
    )
    return get_object_or_404(rows, pk=pk)


def conduit_for(user: User, pk: int) -> Conduit:
    """Return a conduit between zones the user may see; 404 otherwise."""
    return get_object_or_404(conduits_visible_to(user), pk=pk)


def item_page_for(user: User, pk: int) -> ConfigurationItem:
    """Return an item with all that its page shows of it; 404 otherwise."""

    def page(pk: int) -> QuerySet[ConfigurationItem]:
        rows = items_visible_to(user).select_related(
            "item_class", "location", "zone", "system", "product__vendor"
        )
        return rows.filter(pk=pk).order_by()

    for item in compiled(page, key=(item_page_for, scope_of(user)), pk=pk):
        return cast("ConfigurationItem", item)
    raise Http404


def zone_page_for(user: User, pk: int) -> Zone:
    """Return a zone with its site; 404 otherwise."""
    return get_object_or_404(zones_visible_to(user).select_related("site"), pk=pk)
