"""The keys items were seen with: what recognises them the next time."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from assets.models import ConfigurationItem
from common.rows import insert_rows, update_rows
from discovery.models import ItemKey
from discovery.topology.keys import Key


def remember(keys: Mapping[int, Collection[Key]], *, now: datetime) -> None:
    """Keep the strong keys of items; one that belongs to another item already stays there.

    Seeing keys is no edit of an item, so it is in no ledger; the observation says what was seen.
    """
    pairs = {
        (key.kind.value, key.value[:200]): item_id
        for item_id, held in sorted(keys.items(), reverse=True)
        for key in held
    }
    stored = ItemKey.objects.filter(value__among={value for _kind, value in pairs}).order_by()
    known = {
        (kind, value): (pk, item_id)
        for pk, kind, value, item_id in stored.values_list("pk", "kind", "value", "item_id")
    }
    again = [known[pair][0] for pair, item in pairs.items() if known.get(pair, (0, 0))[1] == item]
    adopted = {
        known[pair][0]: item
        for pair, item in pairs.items()
        if pair in known and known[pair][1] is None
    }
    new = {pair: item for pair, item in pairs.items() if pair not in known}
    ItemKey.objects.filter(pk__among=again).update(last_seen_at=now)
    _adopt(adopted, now)
    _create(new, now)


def _adopt(adopted: Mapping[int, int], now: datetime) -> None:
    """Give keys of deleted items to the items that were made again."""
    if not adopted:
        return
    labels = _labels(adopted.values())
    rows = list(ItemKey.objects.filter(pk__in=adopted))
    for row in rows:
        row.item_id, row.last_seen_at = adopted[row.pk], now
        row.item_label = labels[adopted[row.pk]]
    update_rows(rows, ["item", "item_label", "last_seen_at"])


def _create(new: Mapping[tuple[str, str], int], now: datetime) -> None:
    if not new:
        return
    labels = _labels(new.values())
    insert_rows(
        ItemKey,
        ("item_id", "item_label", "kind", "value", "first_seen_at", "last_seen_at"),
        (
            (item_id, labels[item_id], kind, value, now, now)
            for (kind, value), item_id in new.items()
        ),
    )


def forget(item_id: int) -> None:
    """Take an item's keys away from it: another device has them."""
    ItemKey.objects.filter(item=item_id).delete()


def _labels(ids: Iterable[int]) -> dict[int, str]:
    rows = ConfigurationItem.objects.filter(pk__among=set(ids)).order_by()
    return {pk: f"{name} ({code})" for pk, name, code in rows.values_list("pk", "name", "code")}


def hand_over(*, ids: Collection[int], item_id: int) -> None:
    """Let keys lead to another item: two items turned out to be one, or not to be."""
    label = _labels({item_id: ()})[item_id]
    ItemKey.objects.filter(pk__in=list(ids)).update(item=item_id, item_label=label)
