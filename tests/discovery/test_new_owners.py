"""Who answers for what discovery adds: resolved after each scan; where nobody does, a gap until somebody does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.choices import ItemStatus
from assets.models import Asset
from discovery.choices import CaseDecision, CaseKind, ObservationVerdict, OwnerGapKind
from discovery.models import Case, OwnerGap, Presence
from discovery.services.deciding import decide_case
from discovery.services.owners import note_owners
from discovery.services.reconciling import reconcile
from discovery.services.splitting import split_observation
from raci.models import Matrix
from tests.factories.accounts import PersonFactory
from tests.factories.assets import AssetFactory, ItemClassFactory
from tests.factories.discovery import NetworkFactory, ObservationFactory, ScanFactory
from tests.factories.raci import ActivityFactory, AssignmentFactory, MatrixFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    for slug in ("network-device", "industrial-switch"):
        ItemClassFactory(slug=slug)
    return NetworkFactory()


@pytest.fixture
def activity():
    return ActivityFactory(code="operate")


@pytest.fixture
def scanned(network, actor, now):
    """Scan some addresses at which new devices answer; return what came of the owners."""

    def scan_of(*numbers):
        scan = ScanFactory(network=network)
        for n in numbers:
            told = {"serials": [f"TAI{n:04}"], "name": f"sw{n}"}
            ObservationFactory(scan=scan, address=f"127.30.0.{n}", told=told)
        reconcile(actor=actor, network=network, now=now)
        return note_owners(scan=scan, now=now)

    return scan_of


def answers(activity, network, now, person=None, **given):
    """Put a rule in force by which somebody is accountable at the network's place."""
    matrix = MatrixFactory()
    AssignmentFactory(
        matrix=matrix,
        activity=activity,
        letter="A",
        role=None,
        person=person or PersonFactory(),
        scope_kind="location",
        location=network.location,
        **given,
    )
    Matrix.objects.filter(pk=matrix.pk).update(
        status="published", effective_at=now - timedelta(days=300)
    )


def test_a_new_item_nobody_answers_for_is_a_gap(scanned, activity, network, now):
    owned = scanned(1)
    gap = OwnerGap.objects.get()
    assert (owned.new, owned.gaps) == (1, 1)
    assert (gap.item_id, gap.kind) == (Asset.objects.get().pk, OwnerGapKind.UNOWNED)
    assert (gap.network, gap.found_at, gap.closed_at) == (network, now, None)


def test_a_new_item_somebody_answers_for_is_none(scanned, activity, network, now):
    answers(activity, network, now)
    assert (scanned(1).gaps, OwnerGap.objects.count()) == (0, 0)


def test_two_with_equal_right_are_a_gap_of_their_own_kind(scanned, activity, network, now):
    answers(activity, network, now)
    answers(activity, network, now)
    scanned(1)
    assert OwnerGap.objects.get().kind == OwnerGapKind.TIE


def test_a_gap_closes_when_somebody_answers(scanned, activity, network, now):
    scanned(1)
    answers(activity, network, now)
    owned = scanned(1)
    assert (owned.new, owned.gaps) == (0, 0)
    assert OwnerGap.objects.get().closed_at == now


def test_a_gap_closes_when_the_item_retires(scanned, activity, network):
    scanned(1)
    Asset.objects.update(status=ItemStatus.RETIRED)
    scanned(2)
    assert OwnerGap.objects.filter(closed_at=None).count() == 1
    assert OwnerGap.objects.exclude(closed_at=None).count() == 1


def test_a_second_scan_says_nothing_twice(scanned, activity):
    scanned(1)
    before = OwnerGap.objects.values().get()
    scanned(1)
    assert OwnerGap.objects.values().get() == before


def test_items_that_were_there_before_are_not_discoverys_to_ask_about(scanned, activity, network):
    AssetFactory(location=network.location, hostname="sw1")
    owned = scanned(1)
    assert (owned.new, OwnerGap.objects.count()) == (0, 0)


def test_without_an_operating_model_there_is_nothing_to_find(scanned):
    assert scanned(1).new == 1
    assert not OwnerGap.objects.exists()


def test_a_person_who_says_it_is_new_is_told_as_well(network, activity, actor, now):
    AssetFactory(location=network.location, network_address="127.30.0.1")
    scan = ScanFactory(network=network)
    ObservationFactory(scan=scan, address="127.30.0.1", told={"serials": ["TAI0001"]})
    reconcile(actor=actor, network=network, now=now)
    case = Case.objects.get()
    assert case.kind == CaseKind.WEAK
    decide_case(actor=actor, person=None, case=case, decision=CaseDecision.NEW, now=now)
    made = Asset.objects.latest("pk")
    assert OwnerGap.objects.get().item_id == made.pk
    assert Presence.objects.get(item=made.pk).address == "127.30.0.1"


def test_a_device_that_was_split_off_takes_its_sight_along(network, activity, actor, now):
    item = AssetFactory(location=network.location)
    scan = ScanFactory(network=network)
    row = ObservationFactory(
        scan=scan,
        address="127.30.0.1",
        told={"serials": ["TAI0001"]},
        item=item,
        verdict=ObservationVerdict.UNCHANGED,
    )
    Presence.objects.create(
        item=item, network=network, address="127.30.0.1", seen_at=row.seen_at, seen_scan=scan
    )
    made = split_observation(actor=actor, observation=row, now=now)
    assert list(Presence.objects.values_list("item", "address")) == [(made.pk, "127.30.0.1")]
    assert OwnerGap.objects.get().item_id == made.pk


def test_owners_of_many_take_the_same_queries(scanned, activity, network, now):
    def noted(*numbers):
        scanned(*numbers)
        scan = network.scans.latest("pk")
        with CaptureQueriesContext(connection) as caught:
            note_owners(scan=scan, now=now)
        return len(caught)

    assert noted(1, 2) == noted(*range(10, 60))
