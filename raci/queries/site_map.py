"""The ownership map of a place: areas, in them lines, in them one tile per system and per owner of assets.

Thousands of items become some dozen tiles; what nobody owns is always a tile of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from assets.access import locations_visible_to
from assets.models import Location
from raci.queries.ownership import OwnedItem, owned_items
from raci.queries.resolution import PartyRef
from raci.queries.service_levels import Promise
from raci.queries.subjects import ids_of

GAPS = ("unowned", "tie", "vacant")


@dataclass(frozen=True, slots=True)
class Tile:
    """One system, or the assets of one owner in one place. `state` is owned, unowned, tie or vacant."""

    state: str
    owner: PartyRef | None
    owners: tuple[PartyRef, ...]
    count: int
    criticality: int
    promise: Promise | None
    place_id: int
    item_id: int | None = None
    name: str = ""

    @property
    def size(self) -> int:
        """Return a step from 1 to 6 that grows with the logarithm of the count."""
        return min(6, 1 + (self.count.bit_length() - 1) // 1) if self.item_id is None else 3


@dataclass(frozen=True, slots=True)
class Row:
    """A line (or what stands directly in an area) with its tiles."""

    location: Location
    is_direct: bool
    tiles: tuple[Tile, ...]

    @property
    def count(self) -> int:
        """Return how many items stand here."""
        return sum(tile.count for tile in self.tiles)


@dataclass(frozen=True, slots=True)
class Section:
    """An area with its lines."""

    location: Location
    is_direct: bool
    rows: tuple[Row, ...]

    @property
    def count(self) -> int:
        """Return how many items stand here."""
        return sum(row.count for row in self.rows)

    @property
    def gaps(self) -> int:
        """Return how many items here have no clear owner."""
        return sum(tile.count for row in self.rows for tile in row.tiles if tile.state in GAPS)


@dataclass(frozen=True, slots=True)
class Share:
    """An owner's part of the place."""

    owner: PartyRef
    count: int
    systems: int
    percent: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A system without a clear owner, or the assets of one class that lack one for the same reason."""

    first: OwnedItem
    count: int
    criticality: int

    @property
    def state(self) -> str:
        """Return unowned, tie or vacant."""
        return self.first.state


@dataclass(frozen=True, slots=True)
class SiteMap:
    """The map, the owners by size, the gaps with the worst first; at the end of the tree the items."""

    location: Location
    sections: tuple[Section, ...]
    shares: tuple[Share, ...]
    gaps: tuple[Gap, ...]
    items: tuple[OwnedItem, ...]
    total: int

    @property
    def unclear(self) -> int:
        """Return how many items have no clear owner."""
        return sum(gap.count for gap in self.gaps)

    @property
    def owned(self) -> int:
        """Return how many items have one clear owner."""
        return self.total - self.unclear


def site_map(user: User, location: Location, *, activity_code: str, at: datetime) -> SiteMap:
    """Return the ownership map of a place as the user may see it: a dozen queries for any size."""
    items = owned_items(user, location, activity_code=activity_code, at=at)
    below = locations_visible_to(user).filter(path__startswith=location.path)
    places = {place.pk: place for place in below}
    places[location.pk] = location
    depth = len(ids_of(location.path))
    sections = _sections(items, places, depth)
    is_end = all(section.is_direct for section in sections)
    return SiteMap(
        location=location,
        sections=sections,
        shares=_shares(items),
        gaps=_gaps(items),
        items=tuple(items) if is_end else (),
        total=len(items),
    )


def _gaps(items: Iterable[OwnedItem]) -> tuple[Gap, ...]:
    """Return the gaps, the worst first: systems one by one, assets by class and reason."""
    alike: dict[tuple[object, ...], list[OwnedItem]] = {}
    for item in items:
        if item.state in GAPS:
            parties = tuple(answer.owner.key for answer in item.resolution.contenders)
            owner = item.owner.key if item.owner else ""
            one_by_one = item.id if item.is_system else 0
            key = (item.state, one_by_one, item.item_class, owner, parties)
            alike.setdefault(key, []).append(item)
    gaps = [
        Gap(found[0], len(found), max(one.criticality for one in found)) for found in alike.values()
    ]
    return tuple(sorted(gaps, key=_worst_first))


def _worst_first(gap: Gap) -> tuple[int, bool, int, int, str]:
    place = GAPS.index(gap.state)
    return (place, not gap.first.is_system, -gap.criticality, -gap.count, gap.first.name)


def _sections(
    items: Iterable[OwnedItem], places: dict[int, Location], depth: int
) -> tuple[Section, ...]:
    grouped: dict[int, dict[int, list[OwnedItem]]] = {}
    for item in items:
        ids = ids_of(item.path)
        area = ids[depth] if len(ids) > depth else ids[-1]
        line = ids[depth + 1] if len(ids) > depth + 1 else area
        if area in places and line in places:
            grouped.setdefault(area, {}).setdefault(line, []).append(item)
    sections = [
        Section(
            location=places[area],
            is_direct=len(ids_of(places[area].path)) == depth,
            rows=_rows(lines, area, places),
        )
        for area, lines in grouped.items()
    ]
    return tuple(sorted(sections, key=lambda one: (one.is_direct, one.location.path)))


def _rows(
    lines: dict[int, list[OwnedItem]], area: int, places: dict[int, Location]
) -> tuple[Row, ...]:
    rows = [
        Row(location=places[line], is_direct=line == area, tiles=_tiles(found, line))
        for line, found in lines.items()
    ]
    return tuple(sorted(rows, key=lambda one: (one.is_direct, one.location.path)))


def _tiles(items: list[OwnedItem], place_id: int) -> tuple[Tile, ...]:
    systems = [_system_tile(item, place_id) for item in items if item.is_system]
    assets: dict[tuple[str, str], list[OwnedItem]] = {}
    for item in items:
        if not item.is_system:
            key = item.owner.key if item.owner else ""
            assets.setdefault((item.state, key), []).append(item)
    groups = [_asset_tile(found, place_id) for found in assets.values()]
    groups.sort(key=lambda tile: (tile.state == "owned", -tile.count))
    systems.sort(key=lambda tile: (tile.state == "owned", -tile.criticality, tile.name))
    return (*systems, *groups)


def _system_tile(item: OwnedItem, place_id: int) -> Tile:
    return Tile(
        state=item.state,
        owner=item.owner,
        owners=tuple(answer.owner for answer in item.resolution.contenders),
        count=1,
        criticality=item.criticality,
        promise=item.promise,
        place_id=place_id,
        item_id=item.id,
        name=item.name,
    )


def _asset_tile(items: list[OwnedItem], place_id: int) -> Tile:
    first = items[0]
    promises = {item.promise.id: item.promise for item in items if item.promise}
    return Tile(
        state=first.state,
        owner=first.owner,
        owners=tuple(answer.owner for answer in first.resolution.contenders),
        count=len(items),
        criticality=max(item.criticality for item in items),
        promise=next(iter(promises.values())) if len(promises) == 1 else None,
        place_id=place_id,
    )


def _shares(items: list[OwnedItem]) -> tuple[Share, ...]:
    owned: dict[str, list[OwnedItem]] = {}
    for item in items:
        if item.state == "owned" and item.owner:
            owned.setdefault(item.owner.key, []).append(item)
    shares = [
        Share(
            owner=found[0].owner,  # type: ignore[arg-type] # grouped by owner
            count=len(found),
            systems=sum(item.is_system for item in found),
            percent=100 * len(found) / len(items),
        )
        for found in owned.values()
    ]
    return tuple(sorted(shares, key=lambda one: (-one.count, one.owner.name)))
