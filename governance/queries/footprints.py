"""What changes touch beside their targets, and which of them get in each other's way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from assets.models import Conduit, ConfigurationItem, Relation
from governance.models import ChangeRequest, ChangeTarget
from governance.rules.conflicts import Clash, Footprint, clashes


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around one item: related items, redundancy groups it serves, conduits it uses."""

    neighbour_ids: frozenset[int]
    group_ids: frozenset[int]
    conduit_ids: frozenset[int]


def surroundings_of(item_ids: Iterable[int]) -> dict[int, Surroundings]:
    """Return the surroundings of items in five queries."""
    ids = set(item_ids)
    neighbours = _kin(ids)
    groups: dict[int, set[int]] = defaultdict(set)
    for item_id, other_id, group_id, dependent_id in _ends(ids):
        neighbours[item_id].add(other_id)
        if group_id is not None and dependent_id != item_id:
            groups[item_id].add(group_id)
    everyone = ids.union(*neighbours.values())
    zones = dict(ConfigurationItem.objects.filter(pk__in=everyone).values_list("pk", "zone_id"))
    conduits = _conduits_between(zones.values())
    return {
        item_id: Surroundings(
            frozenset(neighbours[item_id]),
            frozenset(groups[item_id]),
            _conduits(item_id, neighbours[item_id], zones, conduits),
        )
        for item_id in ids
    }


def _kin(ids: set[int]) -> dict[int, set[int]]:
    """Return each item's system and parts."""
    found: dict[int, set[int]] = defaultdict(set)
    pairs = ConfigurationItem.objects.filter(Q(pk__in=ids) | Q(system__in=ids))
    for item_id, system_id in pairs.exclude(system=None).values_list("pk", "system_id"):
        found[item_id].add(system_id or 0)
        found[system_id or 0].add(item_id)
    return found


def _ends(ids: set[int]) -> Iterable[tuple[int, int, int | None, int | None]]:
    """Yield (item, other end, group, the group's dependent) of every relation at the items."""
    columns = ("source_id", "target_id", "redundancy_group_id", "redundancy_group__item_id")
    relations = Relation.objects.filter(Q(source__in=ids) | Q(target__in=ids)).exclude(
        Q(source__isnull=True) | Q(target__isnull=True)
    )
    for source, target, group, dependent in relations.values_list(*columns):
        if source in ids:
            yield source, target, group, dependent
        if target in ids:
            yield target, source, group, dependent


def _conduits_between(zone_ids: Iterable[int | None]) -> dict[frozenset[int], set[int]]:
    known = {zone_id for zone_id in zone_ids if zone_id is not None}
    found: dict[frozenset[int], set[int]] = defaultdict(set)
    rows = Conduit.objects.filter(from_zone__in=known, to_zone__in=known)
    for pk, start, end in rows.values_list("pk", "from_zone_id", "to_zone_id"):
        found[frozenset({start, end})].add(pk)
    return found


def _conduits(
    item_id: int,
    neighbours: Iterable[int],
    zones: Mapping[int, int | None],
    conduits: Mapping[frozenset[int], set[int]],
) -> frozenset[int]:
    mine = zones.get(item_id)
    pairs = {frozenset({mine, zones.get(other)}) for other in neighbours}
    return frozenset(
        pk
        for pair in pairs
        if mine is not None and len(pair) == 2
        for pk in conduits.get(pair, ())  # type: ignore[arg-type]
    )


def footprint(
    *,
    number: str,
    starts_at: datetime,
    ends_at: datetime,
    target_ids: Iterable[int],
    implementer_id: int | None,
    around: Mapping[int, Surroundings],
) -> Footprint:
    """Return the footprint of a change from its targets' surroundings."""
    ids = frozenset(target_ids)
    known = [around[item_id] for item_id in ids if item_id in around]
    return Footprint(
        number=number,
        starts_at=starts_at,
        ends_at=ends_at,
        target_ids=ids,
        neighbour_ids=frozenset().union(*(one.neighbour_ids for one in known)),
        group_ids=frozenset().union(*(one.group_ids for one in known)),
        conduit_ids=frozenset().union(*(one.conduit_ids for one in known)),
        implementer_id=implementer_id,
    )


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another change in the way: which, what for (`kind`), and the shared things' ids."""

    change: ChangeRequest
    clash: Clash


def conflicts_of(
    *,
    starts_at: datetime,
    ends_at: datetime,
    target_ids: Sequence[int],
    implementer_id: int | None,
    except_change_id: int | None = None,
) -> list[Conflict]:
    """Return what stands in the way of a change, on the whole plant: callers hide what is not theirs."""
    others = list(
        ChangeRequest.objects.standing()
        .in_time(starts_at, ends_at)
        .exclude(pk=except_change_id or 0)
        .order_by("window_start_at", "pk")
    )
    if not others:
        return []
    targets = _targets_of(others)
    around = surroundings_of({*target_ids, *(pk for ids in targets.values() for pk in ids)})
    mine = footprint(
        number="",
        starts_at=starts_at,
        ends_at=ends_at,
        target_ids=target_ids,
        implementer_id=implementer_id,
        around=around,
    )
    theirs = [
        footprint(
            number=other.number,
            starts_at=other.window_start_at,
            ends_at=other.window_end_at,
            target_ids=targets[other.pk],
            implementer_id=other.implementer_id,
            around=around,
        )
        for other in others
    ]
    by_number = {other.number: other for other in others}
    return [Conflict(by_number[clash.number], clash) for clash in clashes(mine, theirs)]


def _targets_of(changes: Sequence[ChangeRequest]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {change.pk: [] for change in changes}
    rows = ChangeTarget.objects.filter(change__in=changes).values_list("change_id", "item_id")
    for change_id, item_id in rows:
        found[change_id].append(item_id)
    return found
