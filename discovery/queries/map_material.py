"""What a map is drawn of: the items of a place a reader may see, and the links between them with who says so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from accounts.models import User
from assets.access import items_visible_to, locations_visible_to, scope_of, visible_item_ids
from assets.choices import ItemStatus
from assets.models import ConfigurationItem, Location
from assets.queries.drawing import shape_of
from discovery.models import LinkSighting, Network, Observation
from discovery.queries.known_items import site_path
from discovery.queries.link_standing import LinkStanding, links_at

COLUMNS = (
    "pk",
    "code",
    "name",
    "kind",
    "item_class__slug",
    "item_class__name",
    "status",
    "location__path",
    "location__name",
    "zone_id",
    "purdue_level",
    "system_id",
    "network_address",
)


class Thing(NamedTuple):
    """What a map needs of an item. `level` is its Purdue level, its own or its zone's."""

    id: int
    code: str
    name: str
    kind: str
    class_slug: str
    class_name: str
    status: str
    path: str
    place: str
    zone: int | None
    level: str
    system: int | None
    address: str

    @property
    def shape(self) -> str:
        """Return the family its class is drawn as."""
        return shape_of(self.kind, self.class_slug)

    @property
    def ring(self) -> str:
        """Return the status where it is not the normal one."""
        return "" if self.status == ItemStatus.ACTIVE else self.status


@dataclass(frozen=True)
class Material:
    """A place with its items, those elsewhere they are linked to, and the links a reader may see.

    `things` are by id, `inside` the ids at the place; `places` are the visible places there by path. `hidden` counts
    items here the reader may not see, `hidden_links` links of theirs that lead to visible ones.
    """

    place: Location
    things: Mapping[int, Thing]
    inside: frozenset[int]
    places: Mapping[str, tuple[int, str]]
    links: Sequence[LinkStanding]
    hidden: int
    hidden_links: int

    def links_of(self, classes: Collection[str]) -> list[LinkStanding]:
        """Return the links of some relation classes."""
        return [link for link in self.links if link.relation_class in classes]


def material_of(user: User, place: Location) -> Material:
    """Return what the map of a place is drawn of: a handful of queries for any size."""
    rows = _things(items_visible_to(user).filter(location__path__startswith=place.path))
    inside = {one.id: one for one in rows if one.status != ItemStatus.RETIRED}
    found = links_at(user, place.path)
    ends = {end for link in found.links for end in link.ends}
    away = _things(ConfigurationItem.objects.filter(pk__in=ends - inside.keys()))
    things = {**inside, **{one.id: one for one in away if one.status != ItemStatus.RETIRED}}
    below = locations_visible_to(user).filter(path__startswith=place.path)
    return Material(
        place=place,
        things=things,
        inside=frozenset(inside),
        places={path: (pk, name) for pk, path, name in below.values_list("pk", "path", "name")},
        links=[link for link in found.links if all(end in things for end in link.ends)],
        hidden=_hidden(user, place),
        hidden_links=found.hidden,
    )


def network_material(user: User, network: Network) -> Material:
    """Return what the map of a discovered network is drawn of: what was read there, and all it is linked to."""
    ids = _ids_in(network)
    every = links_at(user, site_path(network)).links
    links = [link for link in every if ids & set(link.ends)]
    visible = set(visible_item_ids(user, ids))
    wanted = visible | {end for link in links for end in link.ends}
    rows = _things(ConfigurationItem.objects.filter(pk__in=wanted))
    things = {one.id: one for one in rows if one.status != ItemStatus.RETIRED}
    return Material(
        place=network.location,
        things=things,
        inside=frozenset(visible & things.keys()),
        places={},
        links=[link for link in links if all(end in things for end in link.ends)],
        hidden=len(ids) - len(visible),
        hidden_links=0,
    )


def _ids_in(network: Network) -> set[int]:
    """Return the items that were read in a network, or heard of as neighbours by what was."""
    read = Observation.objects.filter(network=network, item__isnull=False).order_by()
    ids = set(read.values_list("item", flat=True))
    for ends in LinkSighting.objects.filter(network=network).values_list("a_item", "b_item"):
        ids.update(end for end in ends if end is not None)
    return ids


def _things(rows: QuerySet[ConfigurationItem]) -> list[Thing]:
    leveled: QuerySet[ConfigurationItem] = rows.with_effective()  # type: ignore[attr-defined]
    found = leveled.order_by("pk").values_list(*COLUMNS)
    return [Thing(*(_filled(row))) for row in found]


def _filled(row: Sequence[Any]) -> list[Any]:
    """Return a row with texts where the database has nothing."""
    return ["" if value is None and place in TEXTS else value for place, value in enumerate(row)]


TEXTS = {
    COLUMNS.index(name)
    for name in ("location__path", "location__name", "purdue_level", "network_address")
}


def _hidden(user: User, place: Location) -> int:
    """Return how many items of a place the user may not see."""
    if scope_of(user).everything:
        return 0
    every = ConfigurationItem.objects.filter(location__path__startswith=place.path)
    every = every.exclude(status=ItemStatus.RETIRED)
    seen = items_visible_to(user).filter(pk__in=every.values("pk"))
    return every.count() - seen.count()
