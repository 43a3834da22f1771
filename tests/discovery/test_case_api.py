"""Questions, observations, keys, refusals and merges over the API."""

import pytest

from assets.models import ConfigurationItem
from discovery.choices import CaseKind, CaseState
from discovery.models import Case, Observation
from discovery.services.merging import merge_items
from tests.discovery.test_case_pages import RIGHTS, user_with, valued, weak  # noqa: F401 - fixtures
from tests.discovery.test_reconciling import look, network, switch  # noqa: F401 - fixtures
from tests.factories.assets import AssetFactory, LocationFactory
from tests.factories.discovery import ItemKeyFactory, NotSameFactory

pytestmark = pytest.mark.django_db
ROOT = "/api/discovery/"


@pytest.fixture
def api(client, network):  # noqa: F811
    client.force_login(user_with(network.location, *RIGHTS))
    return client


def decided(client, case, body, **headers):
    return client.post(
        f"{ROOT}cases/{case.pk}/decide/", body, content_type="application/json", headers=headers
    )


def test_a_question_names_what_it_is_about_and_which_answers_it_takes(api, weak):  # noqa: F811
    case, item = weak
    body = api.get(f"{ROOT}cases/{case.pk}/").json()
    assert body["candidates"] == [
        {"id": item.pk, "label": "Cell switch", "url": f"/api/assets/items/{item.pk}/"}
    ]
    assert (body["hidden_candidates"], body["answers"]) == (0, ["ignore", "new", "same"])
    assert body["observation"]["label"] == "127.30.0.1"
    assert api.get(f"{ROOT}cases/?state=open&kind=weak").json()["count"] == 1
    assert api.get(f"{ROOT}cases/?fields=id,hidden_candidates").json()["results"] == [
        {"id": case.pk, "hidden_candidates": 0}
    ]


def test_a_question_is_answered_once(api, weak):  # noqa: F811
    case, item = weak
    body = {"decision": "same", "item": item.pk, "note": "Label read."}
    assert decided(api, case, body, **{"If-Match": '"9"'}).status_code == 412
    answer = decided(api, case, body)
    assert (answer.status_code, answer.json()["state"]) == (200, "decided")
    assert decided(api, case, body).status_code == 409
    row = api.get(f"{ROOT}observations/{case.observation_id}/").json()
    assert row["item"]["id"] == item.pk


def test_an_answer_that_does_not_fit_is_refused_with_what_is_possible(api, weak):  # noqa: F811
    case, _item = weak
    refused = decided(api, case, {"decision": "accept"})
    assert refused.status_code == 400
    assert "is no answer to this" in refused.json()["detail"]
    assert decided(api, case, {"decision": "same", "item": 999999}).status_code == 400
    assert api.patch(f"{ROOT}cases/{case.pk}/", {}).status_code in {400, 405, 415}


def test_hidden_items_are_counted_and_their_values_left_out(api, network):  # noqa: F811
    case, item = valued(network, stored_value="9.9.9-secret")
    ConfigurationItem.objects.filter(pk=item.pk).update(
        location=LocationFactory(), name="Quillfish"
    )
    Observation.objects.update(item=item.pk, changes={"hostname": ["quill-old", "sw1"]})
    shown = api.get(f"{ROOT}cases/{case.pk}/")
    assert (shown.json()["hidden_candidates"], shown.json()["stored_value"]) == (1, "")
    row = api.get(f"{ROOT}observations/{case.observation_id}/")
    assert (row.json()["changes"], row.json()["item"]["label"]) == ({}, "(hidden)")
    for answer in (shown, row):
        assert "quill" not in answer.content.decode().casefold()
    refused = decided(api, case, {"decision": "accept"})
    assert refused.status_code == 403
    assert "quill" not in refused.content.decode().casefold()


def test_what_stands_at_another_site_is_not_found(client, weak):  # noqa: F811
    case, item = weak
    key, refusal = ItemKeyFactory(item=item), NotSameFactory(item=item)
    client.force_login(user_with(LocationFactory(), *RIGHTS))
    for address in (
        f"cases/{case.pk}/",
        f"observations/{case.observation_id}/",
        f"item-keys/{key.pk}/",
        f"not-same/{refusal.pk}/",
    ):
        assert client.get(f"{ROOT}{address}").status_code == 404
    assert decided(client, case, {"decision": "ignore"}).status_code == 404


def test_a_reader_answers_nothing(client, network, weak):  # noqa: F811
    case, _item = weak
    client.force_login(user_with(network.location, "view_items"))
    assert client.get(f"{ROOT}cases/{case.pk}/").status_code == 200
    assert decided(client, case, {"decision": "ignore"}).status_code == 403
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


def test_the_keys_of_an_item_are_listed(api, look):  # noqa: F811
    item = look(switch(1))["127.30.0.1"].item
    found = api.get(f"{ROOT}item-keys/?item={item.code}").json()
    assert "moxa TAI1017" in {one["value"] for one in found["results"]}


def test_a_device_is_parted_from_its_item(api, look):  # noqa: F811
    row = look(switch(1))["127.30.0.1"]
    answer = api.post(f"{ROOT}observations/{row.pk}/split/", {}, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["item"]["id"] != row.item_id
    assert api.get(f"{ROOT}not-same/?item={row.item.code}").json()["count"] == 1


def test_a_merge_is_listed_and_undone_once(api, network, actor, now):  # noqa: F811
    kept, gone = (AssetFactory(location=network.location) for _n in range(2))
    merge = merge_items(actor=actor, kept=kept, gone=gone, now=now)
    assert api.get(f"{ROOT}merges/?is_standing=true&kept={kept.code}").json()["count"] == 1
    undo = f"{ROOT}merges/{merge.pk}/undo/"
    first = api.post(undo, {"note": "Two after all."}, content_type="application/json")
    assert first.status_code == 200
    assert first.json()["undone_at"]
    assert api.post(undo, {}, content_type="application/json").status_code == 409


def test_lists_take_the_same_queries_for_one_row_and_thirty(
    api,
    network,  # noqa: F811
    django_assert_max_num_queries,
):
    valued(network)
    with django_assert_max_num_queries(40) as few:
        api.get(f"{ROOT}cases/")
    with django_assert_max_num_queries(40) as seen:
        api.get(f"{ROOT}observations/")
    for number in range(2, 32):
        valued(network, number)
    with django_assert_max_num_queries(len(few)):
        assert api.get(f"{ROOT}cases/").json()["count"] == 31
    with django_assert_max_num_queries(len(seen)):
        api.get(f"{ROOT}observations/")
    assert Case.objects.filter(kind=CaseKind.VALUE).count() == 31
