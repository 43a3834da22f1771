"""The items an observed device may be: found by stored keys and by the fields of items, in six queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q
from django.db.models.functions import Lower

from assets.choices import ItemStatus
from assets.models import ConfigurationItem
from discovery.models import ItemKey, Merge, Network, NotSame
from discovery.topology.keys import Key, KeyKind, keys_of
from discovery.topology.sightings import Sighting

PREFIX = "item:"


#: What is read of an item: enough to recognise it, and to see what differs.
FIELDS = (
    "pk",
    "status",
    "name",
    "serial_number",
    "firmware_version",
    "hostname",
    "network_address",
    "mac_address",
    "product_id",
    "provenance",
    "item_class__slug",
    "location__path",
    "product__model",
    "product__vendor__name",
)
Row = Mapping[str, Any]


class StoredKey(NamedTuple):
    """A key as it is stored; without an item when that was deleted."""

    kind: str
    value: str
    item_id: int | None
    item_label: str


@dataclass(frozen=True)
class Known:
    """Candidates among the items: as sightings, as rows, and what people have said of them.

    Items in use are candidates; `retired` are the strong keys of those that are not.
    """

    sightings: tuple[Sighting, ...]
    items: Mapping[int, Row]
    deleted: Mapping[Key, str]
    retired: Mapping[Key, str]
    not_same: frozenset[tuple[str, Key]]


def known_items(network: Network, observed: Iterable[Sighting]) -> Known:
    """Return every item that shares a key, a serial number, a hardware address, a name or an address."""
    keys = {key for one in observed for key in keys_of(one)}
    stored = _stored_keys(keys)
    ids = {row.item_id for row in stored if row.item_id is not None}
    found = {row["pk"]: row for row in _by_fields(network, keys, ids)}
    held = _keys_of_items(found)
    sightings = {pk: _sighting(network, row, held.get(pk, ())) for pk, row in sorted(found.items())}
    items = {pk: row for pk, row in found.items() if row["status"] != ItemStatus.RETIRED}
    return Known(
        sightings=tuple(one for pk, one in sightings.items() if pk in items),
        items=items,
        retired={
            key: one.key
            for pk, one in sightings.items()
            if pk not in items
            for key in keys_of(one)
            if key.is_strong
        },
        deleted={
            Key(KeyKind(row.kind), row.value): row.item_label
            for row in stored
            if row.item_id is None
        },
        not_same=frozenset(
            (f"{PREFIX}{item_id}", Key(KeyKind(kind), value))
            for item_id, kind, value in NotSame.objects.filter(item__pk__among=found)
            .order_by()
            .values_list("item_id", "kind", "value")
        ),
    )


def item_id_of(key: str) -> int:
    """Return the item's id from a sighting's key."""
    return int(key.removeprefix(PREFIX))


def _stored_keys(keys: Collection[Key]) -> list[StoredKey]:
    wanted = {(key.kind.value, key.value) for key in keys if key.is_strong}
    rows = ItemKey.objects.filter(value__among={value for _kind, value in wanted}).order_by()
    found = map(StoredKey._make, rows.values_list(*StoredKey._fields))
    return [row for row in found if (row.kind, row.value) in wanted]


def _by_fields(network: Network, keys: Collection[Key], ids: Collection[int]) -> Iterable[Row]:
    """Return the items by their own fields: names and addresses mean something at the network's place only."""
    values: dict[KeyKind, set[str]] = defaultdict(set)
    for key in keys:
        values[key.kind].add(key.value)
    own = f"{network.code} "
    names = {value.removeprefix(own) for value in values[KeyKind.NAME]}
    addresses = {value.removeprefix(own) for value in values[KeyKind.ADDRESS]}
    macs = set().union(*(values[kind] for kind in (KeyKind.MAC, KeyKind.BASE_MAC, KeyKind.CHASSIS)))
    site = Q(location__path__startswith=site_path(network))
    merged_away = Merge.objects.filter(undone_at=None).values("gone")
    rows = ConfigurationItem.objects.order_by()
    questions = (
        Q(pk__among=ids),
        Q(serial_number__among=values[KeyKind.BARE_SERIAL]),
        Q(mac_address__among=macs | {mac.upper() for mac in macs}),
        site & Q(network_address__among=addresses),
    )
    found = {
        pk for question in questions for pk in rows.filter(question).values_list("pk", flat=True)
    }
    named = rows.alias(lower_hostname=Lower("hostname"), lower_name=Lower("name")).filter(
        site & (Q(lower_hostname__among=names) | Q(lower_name__among=names))
    )
    found.update(named.values_list("pk", flat=True))
    chosen: Iterable[Row] = rows.filter(pk__among=found).exclude(pk__in=merged_away).values(*FIELDS)
    return chosen


def site_path(network: Network) -> str:
    """Return the path of the site a network stands in: names are unique there, not in the enterprise."""
    return network.zone.site.path if network.zone else network.location.path


def _keys_of_items(items: Mapping[int, Row]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = ItemKey.objects.filter(item__pk__among=items).order_by()
    for item_id, kind, value in rows.values_list("item_id", "kind", "value"):
        found[item_id or 0].append((kind, value))
    return found


def _sighting(network: Network, item: Row, keys: Iterable[tuple[str, str]]) -> Sighting:
    """Return an item as something that can be recognised: what it is recorded with and was seen with."""
    held: dict[str, set[str]] = defaultdict(set)
    for kind, value in keys:
        held[kind].add(value)
    is_here = (item["location__path"] or "").startswith(site_path(network))
    chassis = min(held[KeyKind.CHASSIS], default="")
    macs = {*held[KeyKind.MAC], *held[KeyKind.CHASSIS], item["mac_address"].casefold()} - {""}
    return Sighting(
        key=f"{PREFIX}{item['pk']}",
        network=network.code,
        address=(item["network_address"] or "") if is_here else "",
        kind=item["item_class__slug"],
        vendor=item["product__vendor__name"] or "",
        model=item["product__model"] or "",
        serials=(item["serial_number"],) if item["serial_number"] else (),
        chassis=f"mac {chassis}" if chassis else "",
        base_mac=min(held[KeyKind.BASE_MAC], default=""),
        macs=frozenset(macs),
        engine_id=min(held[KeyKind.ENGINE], default=""),
        name=(item["hostname"] or item["name"]) if is_here else "",
    )
