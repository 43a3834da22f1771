"""Neighbours that have become items: what was said of them by name is said of the item."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assets.choices import ProvenanceSource, RelationClass
from assets.models import ConfigurationItem, Relation
from common.actor import Actor
from discovery.models import ItemKey, LinkSighting
from evidence.services import delete_object, lock_ledger, update_many

#: Classes that carry other devices' traffic; everything else hangs on one of them.
CARRIERS = (
    "industrial-switch",
    "it-switch",
    "router",
    "firewall",
    "access-point",
    "network-device",
)
Pair = tuple[int, int]


@transaction.atomic
def resolve_strangers(
    *, actor: Actor, gone: Sequence[LinkSighting], links: Iterable[Pair], now: datetime
) -> int:
    """Settle sightings of strangers that are no longer told of; return how many turned out to be items.

    One is an item when a device that named it has a link to an item of that name or address now. Its relation leads
    to that item from then on, or goes where there is one already; one that people have declared stays as it is.
    """
    if not gone:
        return 0
    neighbours = _neighbours(links)
    near = {pk for row in gone for pk in neighbours.get(row.a_item_id, ())}
    names = _names(near)
    found = {
        row.pk: item
        for row in gone
        if (item := _item_of(row, neighbours.get(row.a_item_id, ()), names)) is not None
    }
    settled = [row for row in gone if row.pk in found]
    if not settled:
        return 0
    lock_ledger()
    _settle(actor, settled, found, now)
    LinkSighting.objects.filter(pk__in=found).delete()
    return len(found)


def _neighbours(links: Iterable[Pair]) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for a, b in links:
        found[a].add(b)
        found[b].add(a)
    return found


def _names(ids: Collection[int]) -> Mapping[int, set[str]]:
    """Return everything each item is called: names, addresses, keys."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = ConfigurationItem.objects.filter(pk__in=ids).order_by()
    for pk, *values in rows.values_list("pk", "name", "hostname", "network_address", "mac_address"):
        found[pk].update(value.casefold() for value in values if value)
    keys = ItemKey.objects.filter(item__in=ids).order_by().values_list("item", "value")
    for item_id, value in keys:
        found[item_id or 0].update((value.casefold(), value.casefold().rpartition(" ")[2]))
    return found


def _item_of(row: LinkSighting, near: Collection[int], names: Mapping[int, set[str]]) -> int | None:
    """Return the one item that a stranger's words name; None when there is none, or several."""
    words = row.b_unknown.casefold()
    told = {words, *words.removesuffix(")").split(" (")}
    fitting = [item for item in near if told & names.get(item, set())]
    return fitting[0] if len(fitting) == 1 else None


def _settle(
    actor: Actor, rows: Sequence[LinkSighting], found: Mapping[int, int], now: datetime
) -> None:
    """Point each relation to the item, once for each pair; take away what is there already."""
    ends = {row.relation_id: (row.a_item_id, found[row.pk]) for row in rows if row.relation_id}
    relations = Relation.objects.select_for_update(of=("self",)).filter(
        pk__in=ends, target=None, provenance_source=ProvenanceSource.DISCOVERY
    )
    held = _held({pk for pair in ends.values() for pk in pair})
    carriers = _carriers({item for _a, item in ends.values()})
    pointed: list[tuple[Relation, dict[str, object]]] = []
    for relation in relations.order_by("pk"):
        owner, item = ends[relation.pk]
        pair = (min(owner, item), max(owner, item))
        if pair in held:
            words = _("“%s” is an item by now, with a relation of its own") % (
                relation.unresolved_target
            )
            delete_object(actor=actor, instance=relation, now=now, comment=words)
            continue
        held.add(pair)
        # What carries others' traffic is what the other end connects via.
        source, target = (owner, item) if item in carriers else (item, owner)
        changes = {"source_id": source, "target_id": target, "unresolved_target": ""}
        pointed.append((relation, dict(changes)))
    update_many(actor=actor, pairs=pointed, now=now, comment=_("The neighbour is an item by now"))


def _held(ids: Collection[int]) -> set[Pair]:
    rows = Relation.objects.filter(
        relation_class=RelationClass.CONNECTS_VIA, source__in=ids, target__in=ids
    ).order_by()
    pairs = rows.values_list("source_id", "target_id")
    return {(min(a, b), max(a, b)) for a, b in pairs if a is not None and b is not None}


def _carriers(ids: Collection[int]) -> set[int]:
    rows = ConfigurationItem.objects.filter(pk__in=ids, item_class__slug__in=CARRIERS).order_by()
    return set(rows.values_list("pk", flat=True))
