"""Retired items that answer again are a question; questions that no longer arise are closed with the reason."""

import pytest

from assets.choices import ItemStatus
from assets.models import Asset
from discovery.choices import CaseDecision, CaseKind, CaseState, ObservationVerdict
from discovery.models import Case, ItemKey, Observation
from discovery.services.deciding import decide_case
from discovery.services.reconciling import reconcile
from evidence.models import LedgerEntry
from tests.factories.accounts import OrganisationFactory
from tests.factories.assets import AssetFactory, ItemClassFactory, ProductFactory
from tests.factories.discovery import NetworkFactory, ObservationFactory, ScanFactory

pytestmark = pytest.mark.django_db
MAC = "00:90:e8:aa:bb:{:02x}"


@pytest.fixture
def network():
    for slug in ("network-device", "industrial-switch"):
        ItemClassFactory(slug=slug)
    return NetworkFactory()


@pytest.fixture
def look(network, actor, now):
    def look_at(*told):
        scan = ScanFactory(network=network)
        rows = [
            ObservationFactory(
                scan=scan,
                address=one["address"],
                told={key: value for key, value in one.items() if key != "address"},
            )
            for one in told
        ]
        reconcile(actor=actor, network=network, now=now)
        return [Observation.objects.get(pk=row.pk) for row in rows]

    return look_at


def switch(number, **given):
    return {
        "address": f"127.30.0.{number}",
        "serials": [f"TAI1{number:02}7"],
        "macs": [MAC.format(number)],
        "name": f"sw{number}",
        **given,
    }


@pytest.fixture
def retired(look):
    """A switch that was discovered, and that somebody has retired since."""
    look(switch(1))
    Asset.objects.update(status=ItemStatus.RETIRED)
    return Asset.objects.get()


def test_a_retired_item_that_answers_is_a_question_and_nothing_is_made(look, retired):
    (row,) = look(switch(1))
    case = Case.objects.get()
    assert (row.verdict, row.item) == (ObservationVerdict.CONFLICTING, None)
    assert case.kind == CaseKind.RETIRED
    assert list(case.candidates.all()) == [retired]
    retired.refresh_from_db()
    assert (Asset.objects.count(), retired.status) == (1, ItemStatus.RETIRED)


def test_it_is_asked_once(look, retired):
    look(switch(1))
    look(switch(1))
    assert Case.objects.count() == 1


def test_one_retired_before_discovery_ever_saw_it_is_recognised_by_its_fields(look, network):
    AssetFactory(
        status=ItemStatus.RETIRED,
        serial_number="TAI1017",
        product=ProductFactory(vendor=OrganisationFactory(name="Moxa"), model="EDS-408A"),
    )
    look(switch(1))
    assert Case.objects.get().kind == CaseKind.RETIRED
    assert Asset.objects.count() == 1


def test_a_retired_item_of_the_same_name_is_no_proof(look, network):
    AssetFactory(status=ItemStatus.RETIRED, hostname="sw1", location=network.location)
    (row,) = look(switch(1))
    assert row.verdict == ObservationVerdict.ADDED


def test_it_is_this_item_takes_it_back_into_use(look, retired, actor, now):
    look(switch(1))
    case = Case.objects.get()
    decide_case(actor=actor, person=None, case=case, decision="same", item=retired, now=now)
    retired.refresh_from_db()
    assert retired.status == ItemStatus.ACTIVE
    (row,) = look(switch(1))
    assert (row.verdict, row.item_id) == (ObservationVerdict.UNCHANGED, retired.pk)


def test_it_is_a_new_item_takes_the_keys_along(look, retired, actor, now):
    look(switch(1))
    case = Case.objects.get()
    decide_case(actor=actor, person=None, case=case, decision=CaseDecision.NEW, now=now)
    made = Asset.objects.latest("pk")
    assert set(ItemKey.objects.values_list("item", flat=True)) == {made.pk}
    (row,) = look(switch(1))
    assert (row.verdict, row.item_id) == (ObservationVerdict.UNCHANGED, made.pk)
    retired.refresh_from_db()
    assert (Asset.objects.count(), retired.status) == (2, ItemStatus.RETIRED)


def test_left_out_it_is_not_asked_again(look, retired, actor, now):
    look(switch(1))
    decide_case(actor=actor, person=None, case=Case.objects.get(), decision="ignore", now=now)
    (row,) = look(switch(1))
    assert row.verdict == ObservationVerdict.UNCHANGED
    assert Asset.objects.count() == Case.objects.count() == 1


def closed() -> str:
    """Return why the one question was closed."""
    case = Case.objects.get()
    assert (case.state, case.decision, case.decided_by) == (CaseState.CLOSED, "", None)
    assert case.decided_at
    entry = LedgerEntry.objects.filter(object_id=case.pk).latest("pk")
    assert (entry.action, entry.after["state"]) == ("update", "closed")
    return case.note


@pytest.fixture
def locked():
    """An item whose firmware a person has set, and which tells otherwise."""
    return AssetFactory(
        serial_number="TAI1017",
        mac_address=MAC.format(1),
        firmware_version="3.7",
        provenance={"firmware_version": {"source": "manual"}},
    )


def test_a_value_somebody_corrected_is_no_question_any_more(look, locked):
    look(switch(1))
    Asset.objects.update(firmware_version="3.8")
    look(switch(1))
    assert closed() == "The item has the value that was seen by now."


def test_a_device_that_tells_the_stored_value_again_is_none(look, locked):
    (row,) = look(switch(1))
    older = {**row.values, "version": "3.7"}
    scan = ScanFactory(network=row.network)
    told = {key: value for key, value in switch(1).items() if key != "address"}
    ObservationFactory(scan=scan, address="127.30.0.1", told=told, values=older)
    look()
    assert closed() == "The device tells the stored value again."


def test_a_device_that_tells_nothing_this_time_settles_nothing(look, locked):
    (row,) = look(switch(1))
    silent = {**row.values, "version": ""}
    scan = ScanFactory(network=row.network)
    told = {key: value for key, value in switch(1).items() if key != "address"}
    ObservationFactory(scan=scan, address="127.30.0.1", told=told, values=silent)
    look()
    assert Case.objects.get().state == CaseState.OPEN


def test_a_device_that_was_not_seen_settles_nothing(look, locked):
    look(switch(1))
    look(switch(2))
    assert Case.objects.get().state == CaseState.OPEN


def test_a_value_of_an_item_that_was_deleted_is_no_question(look, locked):
    look(switch(1))
    locked.delete()
    look(switch(2))
    assert closed() == "The item was deleted."


def test_whose_device_it_is_is_no_question_once_it_is_recognised(look, network):
    item = AssetFactory(location=network.location, network_address="127.30.0.1")
    look(switch(1))
    assert Case.objects.get().kind == CaseKind.WEAK
    Asset.objects.filter(pk=item.pk).update(hostname="sw1")
    look(switch(1))
    assert closed() == "The device is recognised by now."


def test_what_was_closed_is_asked_again_when_it_arises_again(look, locked):
    look(switch(1))
    Asset.objects.update(firmware_version="3.8")
    look(switch(1))
    Asset.objects.update(firmware_version="3.7")
    (row,) = look(switch(1))
    assert row.verdict == ObservationVerdict.CONFLICTING
    states = Case.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [CaseState.CLOSED, CaseState.OPEN]
