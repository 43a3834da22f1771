"""What a scan saw, one device of it, the item's tab with keys and locks, parting a device from its item."""

import pytest

from assets.models import Asset, ConfigurationItem
from common.errors import ConflictError, DomainError
from discovery.choices import ObservationVerdict
from discovery.models import ItemKey, Merge, NotSame, Observation
from discovery.services.locks import set_lock
from discovery.services.merging import merge_items
from discovery.services.splitting import split_observation
from evidence.models import LedgerEntry
from tests.discovery.test_case_pages import RIGHTS, browser, user_with  # noqa: F401 - fixtures
from tests.discovery.test_reconciling import MAC, look, network, switch  # noqa: F401 - fixtures
from tests.factories.assets import AssetFactory, LocationFactory
from tests.factories.discovery import ItemKeyFactory, ScanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(look):  # noqa: F811
    """An item that was discovered, and seen again with another firmware."""
    look(switch(1))
    item = Asset.objects.get()
    ConfigurationItem.objects.filter(pk=item.pk).update(firmware_version="3.7")
    row = look(switch(1))["127.30.0.1"]
    return ConfigurationItem.objects.get(pk=item.pk), row


def test_a_scan_shows_what_was_made_of_each_device(browser, seen):  # noqa: F811
    item, row = seen
    page = browser.get(f"/discovery/scans/{row.scan_id}/seen/").content.decode()
    assert "Updated" in page
    assert item.name in page
    assert "3.7" in page
    assert "<strong>3.8</strong>" in page
    nothing = browser.get(f"/discovery/scans/{row.scan_id}/seen/?verdict=failed").content.decode()
    assert item.name not in nothing


def test_the_devices_of_a_scan_take_the_same_queries_for_one_and_twenty(
    browser,  # noqa: F811
    look,  # noqa: F811
    django_assert_max_num_queries,
):
    one = look(switch(1))["127.30.0.1"]
    many = look(*(switch(n) for n in range(1, 21)))["127.30.0.1"]
    with django_assert_max_num_queries(60) as few:
        browser.get(f"/discovery/scans/{one.scan_id}/seen/")
    with django_assert_max_num_queries(len(few)):
        browser.get(f"/discovery/scans/{many.scan_id}/seen/")


def test_a_scan_that_saw_nothing_says_so(browser, network):  # noqa: F811
    scan = ScanFactory(network=network)
    page = browser.get(f"/discovery/scans/{scan.pk}/seen/").content.decode()
    assert "Nothing was seen" in page


def test_a_hidden_item_is_not_named_and_its_values_are_not_shown(browser, seen):  # noqa: F811
    item, row = seen
    place = LocationFactory()
    ConfigurationItem.objects.filter(pk=item.pk).update(location=place, name="Quillfish")
    Observation.objects.update(changes={"hostname": ["quill-old", "sw1"]})
    for address in (f"/discovery/scans/{row.scan_id}/seen/", f"/discovery/observations/{row.pk}/"):
        page = browser.get(address).content.decode().casefold()
        assert "quill" not in page
    assert browser.post(f"/discovery/observations/{row.pk}/split/").status_code == 403


def test_the_tab_stands_on_items_that_were_seen_only(browser, seen, network):  # noqa: F811
    item, _row = seen
    never = AssetFactory(location=network.location)
    tab = "/discovery/items/{}/"
    assert tab.format(item.pk) in browser.get(f"/plant/items/{item.pk}/").content.decode()
    assert tab.format(never.pk) not in browser.get(f"/plant/items/{never.pk}/").content.decode()
    ItemKeyFactory(item=never)
    assert tab.format(never.pk) in browser.get(f"/plant/items/{never.pk}/").content.decode()


def test_the_tab_tells_keys_last_sight_and_history(browser, seen):  # noqa: F811
    item, row = seen
    page = browser.get(f"/discovery/items/{item.pk}/").content.decode()
    for text in ("moxa TAI1017", "127.30.0.1", "Discovered", f"/discovery/observations/{row.pk}/"):
        assert text in page


def test_a_value_is_locked_and_unlocked_and_the_ledger_says_who(browser, look, seen):  # noqa: F811
    item, _row = seen
    address = f"/discovery/items/{item.pk}/lock/"
    assert browser.post(address, {"field": "firmware_version", "lock": "yes"}).status_code == 302
    told = switch(1, serials=["TAI1017"])
    ConfigurationItem.objects.filter(pk=item.pk).update(firmware_version="3.6")
    assert look(dict(told))["127.30.0.1"].verdict == ObservationVerdict.CONFLICTING
    assert LedgerEntry.objects.filter(action="lock value").count() == 1
    browser.post(address, {"field": "firmware_version", "lock": "no"})
    assert look(dict(told))["127.30.0.1"].verdict == ObservationVerdict.UPDATED
    assert "asks first</span>" not in browser.get(f"/discovery/items/{item.pk}/").content.decode()


def test_a_value_of_a_person_follows_once_it_is_unlocked(look, actor, now, network):  # noqa: F811
    item = AssetFactory(
        serial_number="TAI1017",
        mac_address=MAC.format(1),
        firmware_version="3.7",
        location=network.location,
        provenance={"firmware_version": {"source": "manual", "at": "2026-01-01"}},
    )
    changed = set_lock(actor=actor, item=item, field="firmware_version", lock=False, now=now)
    stamp = changed.provenance["firmware_version"]
    assert (stamp["source"], stamp["is_locked"]) == ("manual", False)
    look(switch(1))
    item.refresh_from_db()
    assert item.firmware_version == "3.8"
    again = set_lock(actor=actor, item=item, field="firmware_version", lock=False, now=now)
    assert again.version == item.version


def test_only_what_follows_can_be_locked(browser, seen, actor, now):  # noqa: F811
    item, _row = seen
    with pytest.raises(DomainError, match="'name' cannot be locked"):
        set_lock(actor=actor, item=item, field="name", lock=True, now=now)
    answer = browser.post(f"/discovery/items/{item.pk}/lock/", {"field": "name", "lock": "yes"})
    assert answer.status_code == 302
    assert browser.get(f"/discovery/items/{item.pk}/lock/").status_code == 302


def test_locking_takes_the_right_to_edit(client, seen, network):  # noqa: F811
    item, _row = seen
    client.force_login(user_with(network.location, "view_items", "run_discovery"))
    answer = client.post(f"/discovery/items/{item.pk}/lock/", {"field": "hostname", "lock": "yes"})
    assert answer.status_code == 403
    assert "lock-form" not in client.get(f"/discovery/items/{item.pk}/").content.decode()


def test_a_device_that_is_not_its_item_becomes_one_of_its_own(browser, seen, look):  # noqa: F811
    item, row = seen
    page = browser.get(f"/discovery/observations/{row.pk}/").content.decode()
    assert "This is not that item" in page
    assert browser.get(f"/discovery/observations/{row.pk}/split/").status_code == 200
    assert browser.post(f"/discovery/observations/{row.pk}/split/").status_code == 302
    made = ConfigurationItem.objects.exclude(pk=item.pk).get()
    item.refresh_from_db()
    assert made.serial_number == "TAI1017"
    assert item.firmware_version == "3.7"
    assert not ItemKey.objects.filter(item=item).exists()
    assert NotSame.objects.get().item_id == item.pk
    assert look(switch(1))["127.30.0.1"].item_id == made.pk


def test_there_is_nothing_to_part_without_an_item(actor, now, seen):
    _item, row = seen
    Observation.objects.update(item=None)
    with pytest.raises(ConflictError, match="not linked to any item"):
        split_observation(actor=actor, observation=row, now=now)


def test_a_merge_is_undone_from_the_item(browser, seen, actor, now, network):  # noqa: F811
    item, _row = seen
    gone = AssetFactory(name="Double", location=network.location)
    merge = merge_items(actor=actor, kept=item, gone=gone, now=now)
    undo = f"/discovery/merges/{merge.pk}/undo/"
    for one in (item, gone):
        assert undo in browser.get(f"/discovery/items/{one.pk}/").content.decode()
    assert "never matches it again" in browser.get(f"/discovery/items/{gone.pk}/").content.decode()
    assert browser.get(undo).status_code == 200
    assert browser.post(undo).status_code == 302
    gone.refresh_from_db()
    assert gone.status == "active"
    assert browser.post(undo).status_code == 409


def test_undoing_takes_the_right_over_both_items(client, seen, actor, now, network):  # noqa: F811
    item, _row = seen
    gone = AssetFactory(location=network.location)
    merge = merge_items(actor=actor, kept=item, gone=gone, now=now)
    undo = f"/discovery/merges/{merge.pk}/undo/"
    client.force_login(user_with(network.location, "view_items"))
    assert client.post(undo).status_code == 403
    client.force_login(user_with(LocationFactory(), *RIGHTS))
    assert client.post(undo).status_code == 404
    assert Merge.objects.get().undone_at is None
