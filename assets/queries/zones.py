"""The zone view: zones by Purdue level, their security levels, conduits, and relations that cross without one."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from assets.access import (
    conduits_visible_to,
    items_visible_to,
    relations_visible_to,
    zones_visible_to,
)
from assets.choices import PurdueLevel, RelationClass
from assets.models import Conduit, Relation, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable

REQUIREMENTS = ("IAC", "UC", "SI", "DC", "RDF", "TRE", "RA")
# Relations that mean traffic between two items; "is powered by" crosses a fence without a packet.
TRAFFIC = (
    RelationClass.DEPENDS_ON,
    RelationClass.CONNECTS_VIA,
    RelationClass.FEEDS_DATA,
    RelationClass.CONTROLS,
    RelationClass.BACKS_UP,
)


@dataclass(frozen=True)
class Vector:
    """One security level vector; a cell falls short when it is below its target."""

    title: str
    cells: list[tuple[int, bool]]


@dataclass
class ZoneTile:
    """A zone with its items, vectors and conduits."""

    zone: Zone
    items: int
    vectors: list[Vector]
    conduits: list[Conduit] = field(default_factory=list)

    @property
    def falls_short(self) -> bool:
        """Whether what is achieved is below the target somewhere."""
        return any(short for vector in self.vectors for _level, short in vector.cells)


@dataclass(frozen=True)
class PurdueRow:
    """The zones of one Purdue level, the highest level first."""

    level: str
    title: Any
    tiles: list[ZoneTile]


def zone_rows(user: User, *, site_path: str = "") -> list[PurdueRow]:
    """Return the visible zones by Purdue level, from the enterprise down to the process."""
    zones = zones_visible_to(user).filter(site__path__startswith=site_path).select_related("site")
    tiles = {zone.pk: ZoneTile(zone, 0, vectors_of(zone)) for zone in zones}
    counted = items_visible_to(user).filter(zone__in=list(tiles)).order_by()
    for pk, count in counted.values_list("zone_id").annotate(Count("pk")):
        tiles[pk].items = count
    for conduit in conduits_visible_to(user).select_related("from_zone", "to_zone"):
        for pk in {conduit.from_zone_id, conduit.to_zone_id}:
            if pk in tiles:
                tiles[pk].conduits.append(conduit)
    rows = []
    for level in reversed(PurdueLevel.values):
        here = [tile for tile in tiles.values() if tile.zone.purdue_level == level]
        if here:
            rows.append(PurdueRow(level, PurdueLevel(level).label, here))
    return rows


def vectors_of(zone: Zone) -> list[Vector]:
    """Return the vectors a zone has (target, capable, achieved), marked where they miss the target."""
    target = _levels(zone.sl_target)
    found = []
    for title, text in (
        ("SL-T", zone.sl_target),
        ("SL-C", zone.sl_capable),
        ("SL-A", zone.sl_achieved),
    ):
        levels = _levels(text)
        if levels:
            wanted: Iterable[int] = target if title != "SL-T" and target else levels
            cells = [(level, level < goal) for level, goal in zip(levels, wanted, strict=False)]
            found.append(Vector(title, cells))
    return found


def _levels(text: str) -> list[int]:
    return [int(part) for part in text.split(",")] if text else []


def undeclared_crossings(user: User, *, site_path: str = "") -> QuerySet[Relation]:
    """Return visible relations that mean traffic between two zones which no conduit joins, either way."""
    crossing = without_conduit(relations_visible_to(user))
    if site_path:
        here = Q(source__zone__site__path__startswith=site_path)
        crossing = crossing.filter(here | Q(target__zone__site__path__startswith=site_path))
    return crossing.select_related("source__zone", "target__zone")


def without_conduit(relations: QuerySet[Relation]) -> QuerySet[Relation]:
    """Return those relations that mean traffic between two zones which no conduit joins, either way."""
    crossing = relations.filter(
        relation_class__in=TRAFFIC,
        source__zone__isnull=False,
        target__zone__isnull=False,
    ).exclude(source__zone=F("target__zone"))
    there = Conduit.objects.filter(
        from_zone=OuterRef("source__zone"), to_zone=OuterRef("target__zone")
    )
    back = Conduit.objects.filter(
        from_zone=OuterRef("target__zone"), to_zone=OuterRef("source__zone")
    )
    return crossing.exclude(Exists(there)).exclude(Exists(back))


def tile_of(user: User, zone: Zone) -> ZoneTile:
    """Return one zone as its page shows it."""
    count = items_visible_to(user).filter(zone=zone).count()
    joined = conduits_visible_to(user).filter(Q(from_zone=zone) | Q(to_zone=zone))
    conduits = list(joined.select_related("from_zone", "to_zone"))
    return ZoneTile(zone, count, vectors_of(zone), conduits)
