"""What was seen of an item that was merged away was seen of the one that is kept, until the merge is undone."""

from datetime import timedelta

import pytest

from discovery.choices import ObservationVerdict
from discovery.models import Observation, Presence
from discovery.services.merging import merge_items
from discovery.services.unmerging import undo_merge
from tests.factories.assets import AssetFactory
from tests.factories.discovery import NetworkFactory, ObservationFactory, ScanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    return NetworkFactory()


@pytest.fixture
def pair(network):
    """Two items that are one device; both were seen, the second one later."""
    return [AssetFactory(location=network.location) for _n in range(2)]


@pytest.fixture
def seen(network, pair, now):
    for days, (item, address) in enumerate(zip(pair, ("127.30.0.1", "127.30.0.2"), strict=True)):
        scan = ScanFactory(network=network)
        at = now + timedelta(days=days)
        row = ObservationFactory(
            scan=scan,
            address=address,
            item=item,
            seen_at=at,
            verdict=ObservationVerdict.UNCHANGED,
        )
        Presence.objects.create(
            item=item, network=network, address=address, seen_at=row.seen_at, seen_scan=scan
        )


def items() -> list[int | None]:
    return list(Observation.objects.order_by("pk").values_list("item", flat=True))


def test_they_follow_to_the_kept_item(seen, pair, actor, now):
    kept, gone = pair
    merge_items(actor=actor, kept=kept, gone=gone, now=now)
    assert items() == [kept.pk, kept.pk]
    assert Presence.objects.get(item=kept).address == "127.30.0.2"


def test_what_the_kept_item_was_seen_at_later_stays(seen, pair, actor, now):
    gone, kept = pair
    merge_items(actor=actor, kept=kept, gone=gone, now=now)
    assert Presence.objects.get(item=kept).address == "127.30.0.2"


def test_an_item_that_was_never_seen_takes_the_sight_over(seen, pair, actor, now):
    kept = AssetFactory()
    merge_items(actor=actor, kept=kept, gone=pair[1], now=now)
    assert Presence.objects.get(item=kept).address == "127.30.0.2"


def test_they_come_back_when_the_merge_is_undone(seen, pair, network, actor, now):
    kept, gone = pair
    merge = merge_items(actor=actor, kept=kept, gone=gone, now=now)
    later = ObservationFactory(
        scan=ScanFactory(network=network),
        address="127.30.0.3",
        item=kept,
        seen_at=now + timedelta(days=5),
    )
    undo_merge(actor=actor, merge=merge, now=now)
    assert items() == [kept.pk, gone.pk, kept.pk]
    assert Presence.objects.get(item=gone).address == "127.30.0.2"
    assert Presence.objects.get(item=kept).seen_at == later.seen_at


def test_one_that_was_split_off_meanwhile_stays_where_it_is(seen, pair, actor, now):
    kept, gone = pair
    merge = merge_items(actor=actor, kept=kept, gone=gone, now=now)
    other = AssetFactory()
    Observation.objects.filter(address="127.30.0.2").update(item=other)
    undo_merge(actor=actor, merge=merge, now=now)
    assert items() == [kept.pk, other.pk]


def test_a_merge_from_before_observations_were_moved_can_be_undone(seen, pair, actor, now):
    kept, gone = pair
    merge = merge_items(actor=actor, kept=kept, gone=gone, now=now)
    del merge.record["observations"]
    merge.save(update_fields=["record"])
    undo_merge(actor=actor, merge=merge, now=now)
    assert items() == [kept.pk, kept.pk]
