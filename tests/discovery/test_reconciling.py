"""What was seen becomes what the CMDB says: added, updated, unchanged, or a question; a second look changes nothing."""

import pytest

from assets.choices import ItemStatus, ProvenanceSource
from assets.models import Asset, ConfigurationItem
from common.errors import ConflictError, DomainError
from discovery.choices import CaseDecision, CaseKind, CaseState, ObservationVerdict
from discovery.models import Case, ItemKey, Observation
from discovery.services.deciding import decide_case
from discovery.services.reconciling import reconcile
from evidence.models import LedgerEntry
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.assets import (
    AssetFactory,
    ItemClassFactory,
    LocationFactory,
    ProductFactory,
    RelationFactory,
)
from tests.factories.discovery import NetworkFactory, ObservationFactory, ScanFactory

pytestmark = pytest.mark.django_db
MAC = "00:90:e8:aa:bb:{:02x}"


@pytest.fixture
def network(db):
    for slug in ("network-device", "industrial-switch"):
        ItemClassFactory(slug=slug)
    return NetworkFactory()


@pytest.fixture
def look(network, actor, now):
    """Look at some devices and let the CMDB follow; return the observations by address."""

    def look_at(*told):
        scan = ScanFactory(network=network)
        rows = [
            ObservationFactory(scan=scan, address=one.pop("address"), told=one)
            for one in (dict(each) for each in told)
        ]
        reconcile(actor=actor, network=network, now=now)
        return {row.address: row for row in Observation.objects.filter(pk__in=[r.pk for r in rows])}

    return look_at


def switch(number: int, **given):
    return {
        "address": f"127.30.0.{number}",
        "serials": [f"TAI1{number:02}7"],
        "macs": [MAC.format(number)],
        "name": f"sw{number}",
        **given,
    }


def test_an_unknown_device_is_added_with_what_it_tells(look, network):
    row = look(switch(1))["127.30.0.1"]
    item = Asset.objects.get()
    assert (row.verdict, row.item) == (ObservationVerdict.ADDED, item)
    assert (item.name, item.serial_number, item.firmware_version) == ("sw1", "TAI1017", "3.8")
    assert (item.product.vendor.name, item.product.model) == ("Moxa", "EDS-408A")
    assert (item.location, item.zone, item.item_class.slug) == (
        network.location,
        network.zone,
        "industrial-switch",
    )
    assert item.provenance["serial_number"]["source"] == ProvenanceSource.DISCOVERY


def test_a_second_look_changes_nothing(look):
    look(*(switch(n) for n in range(1, 6)))
    entries = LedgerEntry.objects.count()
    second = look(*(switch(n) for n in range(1, 6)))
    assert {row.verdict for row in second.values()} == {ObservationVerdict.UNCHANGED}
    assert Asset.objects.count() == 5
    assert LedgerEntry.objects.count() == entries
    assert second["127.30.0.1"].reason.startswith("Recognised by serial moxa TAI1017")


def test_a_device_with_two_addresses_is_one_item_that_keeps_its_address(look):
    look(switch(1), switch(1, address="127.30.0.9"))
    assert Asset.objects.get().network_address == "127.30.0.1"
    look(switch(1, address="127.30.0.9"), switch(1))
    assert Asset.objects.get().network_address == "127.30.0.1"


def test_a_rename_is_not_a_new_device(look):
    look(switch(1))
    row = look(switch(1, name="line-1-core"))["127.30.0.1"]
    item = Asset.objects.get()
    assert row.verdict == ObservationVerdict.UPDATED
    assert (item.hostname, item.name) == ("line-1-core", "sw1")
    assert row.changes["hostname"] == ["sw1", "line-1-core"]


def test_a_moved_device_takes_its_address_along(look):
    look(switch(1))
    look(switch(1, address="127.30.0.77"))
    assert Asset.objects.get().network_address == "127.30.0.77"


def test_a_value_a_person_has_set_is_not_overwritten_but_asked_about(look, actor, now):
    item = AssetFactory(
        serial_number="TAI1017",
        product=ProductFactory(vendor=OrganisationFactory(name="Moxa Inc."), model="EDS-408A"),
        firmware_version="3.7",
        provenance={"firmware_version": {"source": "manual"}},
    )
    row = look(switch(1))["127.30.0.1"]
    item.refresh_from_db()
    assert (row.verdict, item.firmware_version) == (ObservationVerdict.CONFLICTING, "3.7")
    assert item.hostname == "sw1"
    case = Case.objects.get()
    assert (case.kind, case.field, case.stored_value, case.seen_value) == (
        CaseKind.VALUE,
        "firmware_version",
        "3.7",
        "3.8",
    )
    decide_case(actor=actor, person=None, case=case, decision=CaseDecision.ACCEPT, now=now)
    item.refresh_from_db()
    assert item.firmware_version == "3.8"
    assert item.provenance["firmware_version"]["source"] == ProvenanceSource.DISCOVERY


def test_a_value_somebody_kept_is_not_asked_about_again(look, actor, now):
    AssetFactory(
        serial_number="TAI1017",
        mac_address=MAC.format(1),
        firmware_version="3.7",
        provenance={"firmware_version": {"source": "manual"}},
    )
    look(switch(1))
    case = Case.objects.get(field="firmware_version")
    decide_case(actor=actor, person=None, case=case, decision=CaseDecision.REJECT, now=now)
    row = look(switch(1))["127.30.0.1"]
    assert row.verdict == ObservationVerdict.UNCHANGED
    assert Case.objects.filter(field="firmware_version").count() == 1


def test_an_address_alone_proves_nothing(look, network):
    AssetFactory(network_address="127.30.0.1", location=network.location)
    row = look(switch(1))["127.30.0.1"]
    assert row.verdict == ObservationVerdict.CONFLICTING
    assert Case.objects.get().kind == CaseKind.WEAK
    assert Asset.objects.count() == 1


def test_a_name_at_its_site_is_enough_and_elsewhere_is_nothing(look, network):
    here = AssetFactory(hostname="SW1", location=network.location)
    AssetFactory(hostname="sw2", location=LocationFactory())
    rows = look(switch(1), switch(2))
    assert rows["127.30.0.1"].item_id == here.pk
    assert rows["127.30.0.2"].verdict == ObservationVerdict.ADDED


def test_the_same_name_with_another_serial_number_is_a_question(look, network, actor, now):
    old = AssetFactory(
        name="Cell switch", hostname="sw1", serial_number="TAI0001", location=network.location
    )
    plc = AssetFactory(location=network.location)
    RelationFactory(source=plc, target=old)
    row = look(switch(1))["127.30.0.1"]
    case = Case.objects.get()
    assert (row.verdict, case.kind) == (ObservationVerdict.CONFLICTING, CaseKind.REPLACED)
    assert case.clash == "serial-differs"

    decide_case(
        actor=actor,
        person=PersonFactory(),
        case=case,
        decision=CaseDecision.SUCCESSOR,
        item=ConfigurationItem.objects.get(pk=old.pk),
        now=now,
    )

    old.refresh_from_db()
    new = Asset.objects.get(serial_number="TAI1017")
    assert (old.status, old.serial_number) == (ItemStatus.RETIRED, "TAI0001")
    assert (new.name, new.location) == ("Cell switch", network.location)
    assert plc.relations_out.get().target_id == new.pk
    assert look(switch(1))["127.30.0.1"].verdict == ObservationVerdict.UNCHANGED


def test_not_the_same_is_remembered(look, network, actor, now):
    item = AssetFactory(network_address="127.30.0.1", location=network.location)
    look(switch(1))
    decide_case(
        actor=actor, person=None, case=Case.objects.get(), decision=CaseDecision.NEW, now=now
    )
    ItemKey.objects.all().delete()
    Asset.objects.exclude(pk=item.pk).delete()
    assert look(switch(1))["127.30.0.1"].verdict == ObservationVerdict.ADDED


def test_same_links_the_device_to_the_item(look, network, actor, now):
    item = AssetFactory(network_address="127.30.0.1", location=network.location)
    look(switch(1))
    decide_case(
        actor=actor,
        person=None,
        case=Case.objects.get(),
        decision=CaseDecision.SAME,
        item=ConfigurationItem.objects.get(),
        now=now,
    )
    item.refresh_from_db()
    assert item.serial_number == "TAI1017"
    row = look(switch(1))["127.30.0.1"]
    assert (row.verdict, row.item_id) == (ObservationVerdict.UNCHANGED, item.pk)


def test_two_items_with_keys_of_one_device_are_a_question(look, network):
    AssetFactory(mac_address=MAC.format(1), location=network.location)
    AssetFactory(
        serial_number="TAI1017",
        product=ProductFactory(vendor=OrganisationFactory(name="Moxa"), model="EDS-408A"),
    )
    row = look(switch(1))["127.30.0.1"]
    case = Case.objects.get()
    assert (row.verdict, case.kind) == (ObservationVerdict.CONFLICTING, CaseKind.AMBIGUOUS)
    assert case.candidates.count() == 2


def test_a_deleted_item_is_not_silently_made_again(look, actor, now):
    look(switch(1))
    Asset.objects.get().delete()
    row = look(switch(1))["127.30.0.1"]
    assert row.verdict == ObservationVerdict.CONFLICTING
    assert not Asset.objects.exists()
    case = Case.objects.get()
    assert case.kind == CaseKind.DELETED
    decide_case(actor=actor, person=None, case=case, decision=CaseDecision.NEW, now=now)
    assert look(switch(1))["127.30.0.1"].verdict == ObservationVerdict.UNCHANGED


def test_the_same_address_in_another_network_is_another_device(look, actor, now):
    look(switch(1))
    other = NetworkFactory()
    scan = ScanFactory(network=other)
    told = {key: value for key, value in switch(2, name="sw1").items() if key != "address"}
    ObservationFactory(scan=scan, address="127.30.0.1", told=told)
    reconcile(actor=actor, network=other, now=now)
    assert Asset.objects.count() == 2


def test_a_question_is_answered_once_and_by_an_answer_it_takes(look, network, actor, now):
    AssetFactory(network_address="127.30.0.1", location=network.location)
    stranger = AssetFactory()
    look(switch(1))
    look(switch(1))
    case = Case.objects.get()
    with pytest.raises(DomainError, match="no answer to this"):
        decide_case(actor=actor, person=None, case=case, decision="accept", now=now)
    with pytest.raises(DomainError, match="none of the items"):
        decide_case(actor=actor, person=None, case=case, decision="same", item=stranger, now=now)
    with pytest.raises(DomainError, match="Say which item"):
        decide_case(actor=actor, person=None, case=case, decision="same", now=now)
    decide_case(actor=actor, person=None, case=case, decision="ignore", now=now)
    with pytest.raises(ConflictError, match="answered this already"):
        decide_case(actor=actor, person=None, case=case, decision="ignore", now=now)
    assert look(switch(1))["127.30.0.1"].verdict == ObservationVerdict.UNCHANGED
    assert Case.objects.get().state == CaseState.DECIDED


def test_a_batch_takes_the_same_queries_for_two_devices_and_fifty(
    network, actor, now, django_assert_max_num_queries
):
    def stage(numbers):
        scan = ScanFactory(network=network)
        for number in numbers:
            told = switch(number)
            ObservationFactory(scan=scan, address=told.pop("address"), told=told)

    stage(range(1, 3))
    with django_assert_max_num_queries(60) as few:
        reconcile(actor=actor, network=network, now=now)
    stage(range(3, 53))
    with django_assert_max_num_queries(60) as many:
        reconcile(actor=actor, network=network, now=now)
    assert len(many) <= len(few)
    stage(range(1, 53))
    with django_assert_max_num_queries(35):
        reconcile(actor=actor, network=network, now=now)
