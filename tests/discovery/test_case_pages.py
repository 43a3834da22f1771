"""The queue of questions, one question with its answers, several at once, and who may answer."""

import pytest
from guardian.shortcuts import assign_perm

from accounts.models import User
from assets.models import Asset, ConfigurationItem
from discovery.choices import CaseDecision, CaseKind, CaseState
from discovery.models import Case, Merge, Observation
from tests.discovery.test_reconciling import look, network, switch  # noqa: F401 - fixtures
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.assets import AssetFactory, LocationFactory
from tests.factories.discovery import CaseFactory, ObservationFactory

pytestmark = pytest.mark.django_db
RIGHTS = ("view_items", "edit_items", "run_discovery")


def user_with(place, *rights: str) -> User:
    user = UserFactory(person=PersonFactory(name=f"Person {len(rights)}"))
    for right in rights:
        assign_perm(f"assets.{right}", user, place)
    return user


@pytest.fixture
def browser(client, network):  # noqa: F811
    """Somebody who runs discovery and edits items at the network's place."""
    client.force_login(user_with(network.location, *RIGHTS))
    return client


@pytest.fixture
def weak(look, network):  # noqa: F811
    """A device at the address of an item: is it that item?"""
    item = AssetFactory(
        code="K1",
        name="Cell switch",
        network_address="127.30.0.1",
        location=network.location,
        firmware_version="3.7",
    )
    look(switch(1))
    return Case.objects.get(kind=CaseKind.WEAK), item


def valued(network, number: int = 1, **given):  # noqa: F811
    """A question whose value is right, as reconciling asks it."""
    item = AssetFactory(
        name=f"Valued {number}",
        location=network.location,
        firmware_version="3.7",
        provenance={"firmware_version": {"source": "manual"}},
    )
    row = ObservationFactory(scan__network=network, address=f"127.30.1.{number}")
    values = {"field": "firmware_version", "stored_value": "3.7", "seen_value": "3.8"} | given
    case = CaseFactory(observation=row, kind=CaseKind.VALUE, **values)
    case.candidates.add(item)
    return case, item


def sent(client, case, decision, **given):
    data = {"decision": decision, "version": case.version} | given
    return client.post(f"/discovery/cases/{case.pk}/", data)


def test_the_queue_asks_for_a_login_and_says_when_nothing_waits(client, browser):
    assert "No question is open" in browser.get("/discovery/cases/").content.decode()
    client.logout()
    assert client.get("/discovery/cases/").status_code == 302


def test_the_queue_shows_what_waits_and_the_answered_ones_on_request(browser, weak):
    case, _item = weak
    page = browser.get("/discovery/cases/").content.decode()
    assert "Is it this item?" in page
    assert "Cell switch" in page
    assert "127.30.0.1" in page
    Case.objects.update(state=CaseState.DECIDED, decision="ignore")
    assert "No question is open" in browser.get("/discovery/cases/").content.decode()
    page = browser.get("/discovery/cases/?state=decided").content.decode()
    assert f"/discovery/cases/{case.pk}/" in page


def test_the_queue_takes_the_same_queries_for_one_question_and_thirty(
    browser,
    network,  # noqa: F811
    django_assert_max_num_queries,
):
    valued(network)
    with django_assert_max_num_queries(60) as few:
        browser.get("/discovery/cases/")
    for number in range(2, 32):
        valued(network, number)
    with django_assert_max_num_queries(len(few) + 1):
        browser.get("/discovery/cases/")


def test_a_question_shows_both_sides_and_what_each_answer_does(browser, weak):
    case, item = weak
    page = browser.get(f"/discovery/cases/{case.pk}/").content.decode()
    for text in ("Side by side", item.name, "TAI1017", "Differs", "Network address", "3.7", "3.8"):
        assert text in page
    assert "A new asset “sw1” is recorded" in page
    assert 'value="merge"' not in page


def test_same_links_the_device_and_the_page_says_who_answered(browser, weak):
    case, item = weak
    answer = sent(browser, case, "same", item=item.pk, note="Seen the label.")
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.decision, case.decided_by.name) == (CaseDecision.SAME, "Person 3")
    page = browser.get(f"/discovery/cases/{case.pk}/").content.decode()
    assert "Person 3" in page
    assert "Seen the label." in page
    assert "Your answer" not in page


def test_an_answer_without_its_item_comes_back_with_what_was_typed(browser, weak):
    case, _item = weak
    answer = sent(browser, case, "same", note="I typed this")
    assert answer.status_code == 400
    assert "Say which item" in answer.content.decode()
    assert "I typed this" in answer.content.decode()
    assert sent(browser, case, "").status_code == 400
    assert "none of the items" in sent(browser, case, "same", item="x9").content.decode()


def test_an_answered_question_is_a_conflict_and_an_old_page_is_refused(browser, weak):
    case, _item = weak
    case.version = 7
    assert sent(browser, case, "ignore").status_code == 412
    case.version = 1
    assert sent(browser, case, "ignore").status_code == 302
    assert sent(browser, case, "ignore").status_code == 409


def test_merging_is_offered_for_two_items_and_its_undoing_is_linked(browser, network):  # noqa: F811
    row = ObservationFactory(scan__network=network, told={"serials": ["TAI1"]})
    case = CaseFactory(observation=row, kind=CaseKind.AMBIGUOUS)
    kept, gone = (AssetFactory(location=network.location) for _n in range(2))
    case.candidates.add(kept, gone)
    assert 'value="merge"' in browser.get(f"/discovery/cases/{case.pk}/").content.decode()
    assert sent(browser, case, "merge", item=kept.pk).status_code == 302
    merge = Merge.objects.get()
    page = browser.get(f"/discovery/cases/{case.pk}/").content.decode()
    assert f"/discovery/merges/{merge.pk}/undo/" in page
    assert merge.merged_by.name == "Person 3"


@pytest.mark.parametrize("decision", ["same", "new", "ignore"])
def test_who_does_not_see_every_item_it_is_about_answers_nothing(browser, weak, decision):
    case, item = weak
    hidden = AssetFactory(name="Quillfish press", location=LocationFactory())
    case.candidates.add(hidden)
    page = browser.get(f"/discovery/cases/{case.pk}/").content.decode()
    assert "Quillfish" not in page
    assert "1 item it is about is one you may not see." in page
    assert "Quillfish" not in browser.get("/discovery/cases/").content.decode()
    assert "1 hidden" in browser.get("/discovery/cases/").content.decode()
    answer = sent(browser, case, decision, item=item.pk)
    assert answer.status_code == 403
    assert "Quillfish" not in answer.content.decode()
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


@pytest.mark.parametrize("lacking", ["run_discovery", "edit_items"])
def test_it_takes_the_right_to_discover_and_the_right_to_edit(client, network, weak, lacking):  # noqa: F811
    case, item = weak
    rights = [right for right in RIGHTS if right != lacking]
    client.force_login(user_with(network.location, *rights))
    assert client.get(f"/discovery/cases/{case.pk}/").status_code == 200
    assert sent(client, case, "same", item=item.pk).status_code == 403
    assert sent(client, case, "new").status_code == 403
    assert Asset.objects.count() == 1


def test_who_runs_discovery_may_leave_out_without_editing(client, network, weak):  # noqa: F811
    case, _item = weak
    client.force_login(user_with(network.location, "view_items", "run_discovery"))
    assert sent(client, case, "ignore").status_code == 302


def test_the_stored_value_of_a_hidden_item_is_not_shown(browser, network):  # noqa: F811
    case, item = valued(network, stored_value="9.9.9-secret")
    ConfigurationItem.objects.filter(pk=item.pk).update(location=LocationFactory())
    assert "9.9.9-secret" not in browser.get(f"/discovery/cases/{case.pk}/").content.decode()


def test_a_question_of_another_site_is_not_found(client, weak):
    case, _item = weak
    client.force_login(user_with(LocationFactory(), *RIGHTS))
    assert client.get(f"/discovery/cases/{case.pk}/").status_code == 404
    assert sent(client, case, "ignore").status_code == 404


def test_safe_values_are_taken_together_and_others_are_left(browser, network):  # noqa: F811
    safe, item = valued(network)
    serial, _other = valued(network, 2, field="serial_number", stored_value="")
    changed, _third = valued(network, 3, stored_value="3.6")
    ticked = {"pk": [safe.pk, serial.pk, changed.pk]}
    page = browser.get("/discovery/cases/accept/", ticked).content.decode()
    assert "Take 1 value seen?" in page
    assert "2 chosen questions are left as they are" in page
    assert browser.post("/discovery/cases/accept/", ticked).status_code == 302
    item.refresh_from_db()
    assert item.firmware_version == "3.8"
    assert Case.objects.filter(state=CaseState.OPEN).count() == 2


def test_devices_are_left_out_together_and_nothing_is_recorded(browser, weak, network):  # noqa: F811
    case, _item = weak
    value, _valued = valued(network)
    query = {"all": "1", "filters": ""}
    assert "Leave out 1 device?" in browser.get("/discovery/cases/ignore/", query).content.decode()
    before = Asset.objects.count()
    assert browser.post("/discovery/cases/ignore/", {"pk": [case.pk]}).status_code == 302
    value.refresh_from_db()
    case.refresh_from_db()
    assert (value.state, case.decision) == (CaseState.OPEN, "ignore")
    assert Asset.objects.count() == before
    assert browser.post("/discovery/cases/ignore/", {"pk": [value.pk]}).status_code == 400


def test_a_deleted_item_that_answers_again_can_be_recorded_anew(browser, look):  # noqa: F811
    look(switch(1))
    Asset.objects.get().delete()
    look(switch(1))
    case = Case.objects.get(kind=CaseKind.DELETED)
    page = browser.get(f"/discovery/cases/{case.pk}/").content.decode()
    assert "Somebody deleted the item" in page
    assert sent(browser, case, "new").status_code == 302
    assert Observation.objects.order_by("pk").last().item == ConfigurationItem.objects.get()
