"""An item grows old only while somebody who could have seen it has looked; then it is proposed, never retired."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.choices import ItemStatus
from assets.models import ConfigurationItem
from discovery.choices import ObservationVerdict, ScanState, TargetOutcome
from discovery.models import Case, LinkSighting, Presence, ScanTarget
from discovery.services import change_network
from discovery.services.presences import note_presence
from evidence.models import LedgerEntry
from tests.factories.assets import AssetFactory
from tests.factories.discovery import CaseFactory, NetworkFactory, ObservationFactory, ScanFactory

pytestmark = pytest.mark.django_db
HERE, THERE = "127.30.0.1", "127.30.0.2"
DAY = timedelta(days=1)


@pytest.fixture
def network():
    return NetworkFactory(stale_looks=3, stale_days=7)


@pytest.fixture
def items(network):
    """A switch at HERE and a controller at THERE."""
    return {
        address: AssetFactory(location=network.location, network_address=address)
        for address in (HERE, THERE)
    }


@pytest.fixture
def look(network, items, now):
    """Look at both addresses so many days from now; {address: item, None or "silent"} overrides what answers."""

    def look_at(day=0, *, state=ScanState.COMPLETED, asked=(HERE, THERE), **answers):
        at = now + day * DAY
        scan = ScanFactory(network=network, state=state, started_at=at, finished_at=at)
        for address in asked:
            answer = answers.get({HERE: "here", THERE: "there"}[address], items[address])
            is_silent = answer == "silent"
            target = ScanTarget.objects.create(
                scan=scan,
                address=address,
                outcome=TargetOutcome.SILENT if is_silent else TargetOutcome.READ,
                read_at=at,
            )
            if not is_silent:
                ObservationFactory(
                    scan=scan,
                    address=address,
                    target=target,
                    seen_at=at,
                    item=answer,
                    verdict=ObservationVerdict.UNCHANGED,
                )
        return note_presence(scan=scan, now=at)

    return look_at


def presence(item) -> Presence:
    return Presence.objects.get(item=item)


def test_who_answers_is_seen_there_by_that_scan(look, items, network, now):
    counts = look()
    row = presence(items[THERE])
    assert (counts.seen, counts.missed) == (2, 0)
    assert (row.network, row.address, row.seen_at) == (network, THERE, now)
    assert row.seen_scan is not None
    assert (row.missed_looks, row.stale_since) == (0, None)


def test_missed_often_enough_over_long_enough_it_is_stale(look, items, now):
    look(0)
    for day in (1, 4, 7):
        look(day, there="silent")
    row = presence(items[THERE])
    assert (row.missed_looks, row.stale_since) == (3, None)
    counts = look(8, there="silent")
    row = presence(items[THERE])
    assert counts.became_stale == 1
    assert (row.missed_looks, row.first_missed_at, row.stale_since) == (4, now + DAY, now + 8 * DAY)
    assert (row.seen_at, presence(items[HERE]).missed_looks) == (now, 0)


def test_a_stale_item_is_a_proposal_and_stays_as_it_is(look, items):
    look(0)
    entries = LedgerEntry.objects.count()
    for day in range(1, 12):
        look(day, there="silent")
    assert presence(items[THERE]).stale_since
    assert ConfigurationItem.objects.get(pk=items[THERE].pk).status == items[THERE].status
    assert items[THERE].status != ItemStatus.RETIRED
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize("state", [ScanState.FAILED, ScanState.STOPPED, ScanState.CANCELLED])
def test_a_scan_that_was_broken_off_ages_nothing(look, items, state):
    look(0)
    look(1, state=state, there="silent")
    assert presence(items[THERE]).missed_looks == 0


def test_a_scan_that_was_broken_off_still_saw_what_answered(look, items, now):
    look(0)
    look(1, state=ScanState.STOPPED)
    assert presence(items[THERE]).seen_at == now + DAY


def test_a_scan_nobody_answered_ages_nothing(look, items):
    """The observer's own cable may have been pulled."""
    look(0)
    look(1, here="silent", there="silent")
    assert presence(items[THERE]).missed_looks == presence(items[HERE]).missed_looks == 0


def test_a_scan_of_other_addresses_ages_nothing(look, items):
    look(0)
    look(1, asked=(HERE,))
    assert presence(items[THERE]).missed_looks == 0


def test_another_device_at_its_address_is_a_miss(look, items):
    look(0)
    look(1, there=AssetFactory())
    assert presence(items[THERE]).missed_looks == 1


def test_an_unrecognised_device_at_its_address_is_no_miss(look, items):
    look(0)
    look(1, there=None)
    assert presence(items[THERE]).missed_looks == 0


def test_while_a_question_asks_whether_it_is_this_item_it_is_not_missed(look, items, network, now):
    look(0)
    scan = ScanFactory(
        network=network, state=ScanState.COMPLETED, started_at=now + DAY, finished_at=now + DAY
    )
    for address, outcome in ((HERE, TargetOutcome.READ), (THERE, TargetOutcome.SILENT)):
        target = ScanTarget.objects.create(scan=scan, address=address, outcome=outcome, read_at=now)
        if outcome == TargetOutcome.READ:
            ObservationFactory(scan=scan, address=address, target=target, item=items[HERE])
    elsewhere = ObservationFactory(scan=scan, address="127.30.0.5")
    case: Case = CaseFactory(observation=elsewhere)
    case.candidates.add(items[THERE])
    note_presence(scan=scan, now=now + DAY)
    assert presence(items[THERE]).missed_looks == 0


def test_seen_again_it_is_fresh(look, items, now):
    look(0)
    for day in range(1, 12):
        look(day, there="silent")
    look(12)
    row = presence(items[THERE])
    assert (row.missed_looks, row.first_missed_at, row.stale_since) == (0, None, None)
    assert row.seen_at == now + 12 * DAY


def test_a_device_that_moved_is_missed_nowhere(look, items, network, now):
    """It answers at another address of the network: its old one is silent."""
    look(0)
    at = now + DAY
    scan = ScanFactory(network=network, state=ScanState.COMPLETED, started_at=at, finished_at=at)
    for address, item in ((HERE, items[HERE]), ("127.30.0.5", items[THERE])):
        target = ScanTarget.objects.create(
            scan=scan, address=address, outcome=TargetOutcome.READ, read_at=at
        )
        ObservationFactory(scan=scan, address=address, target=target, item=item, seen_at=at)
    ScanTarget.objects.create(scan=scan, address=THERE, outcome=TargetOutcome.SILENT, read_at=at)
    note_presence(scan=scan, now=at)
    row = presence(items[THERE])
    assert (row.missed_looks, row.address) == (0, "127.30.0.5")


def test_the_same_scan_counts_once(look, items, network, now):
    look(0)
    look(1, there="silent")
    scan = network.scans.order_by("-pk").first()
    note_presence(scan=scan, now=now + DAY)
    assert presence(items[THERE]).missed_looks == 1


@pytest.fixture
def told_of(network, items, now):
    """A sensor without an address that the switch at HERE tells of."""
    sensor = AssetFactory(location=network.location)

    def tell(day):
        LinkSighting.objects.update_or_create(
            network=network,
            a_item=items[HERE],
            b_item=sensor,
            defaults={
                "method": "lldp",
                "confidence": 2,
                "first_seen_at": now,
                "last_seen_at": now + day * DAY,
            },
        )

    tell(0)
    return sensor, tell


def test_what_only_a_switch_tells_of_is_seen_by_it(look, told_of, items):
    sensor, _tell = told_of
    look(0)
    row = presence(sensor)
    assert (row.observer, row.address, row.missed_looks) == (items[HERE], None, 0)


def test_a_switch_that_answers_and_no_longer_tells_of_it_misses_it(look, told_of):
    sensor, _tell = told_of
    look(0)
    look(1)
    assert presence(sensor).missed_looks == 1


def test_a_switch_that_is_silent_misses_nothing(look, told_of):
    sensor, _tell = told_of
    look(0)
    look(1, here="silent")
    assert presence(sensor).missed_looks == 0


def test_what_a_switch_tells_of_again_is_fresh(look, told_of):
    sensor, tell = told_of
    look(0)
    look(1)
    tell(2)
    look(2)
    assert presence(sensor).missed_looks == 0


def test_other_limits_are_judged_at_once(look, items, network, actor, now):
    look(0)
    look(1, there="silent")
    look(2, there="silent")
    values = {"stale_looks": 2, "stale_days": 1}
    change_network(actor=actor, network=network, values=values, now=now)
    assert presence(items[THERE]).stale_since
    change_network(actor=actor, network=network, values={"stale_days": 90}, now=now)
    assert presence(items[THERE]).stale_since is None


def test_noting_takes_the_same_queries_for_many_devices(network, now):
    def noted(count):
        scan = ScanFactory(network=network, state=ScanState.COMPLETED, started_at=now)
        for n in range(count):
            address = f"127.31.0.{n + 1}"
            target = ScanTarget.objects.create(
                scan=scan, address=address, outcome=TargetOutcome.READ, read_at=now
            )
            ObservationFactory(scan=scan, address=address, target=target, item=AssetFactory())
        with CaptureQueriesContext(connection) as caught:
            note_presence(scan=scan, now=now)
        return len(caught)

    noted(2)
    assert noted(2) == noted(40)
