"""Assets over the API: read, filter, write, in bulk, under preconditions."""

import pytest
from django.test import Client

from assets.models import Asset
from evidence.models import LedgerEntry
from tests.factories.assets import (
    AssetFactory,
    ItemClassFactory,
    LocationFactory,
    SystemFactory,
)

pytestmark = pytest.mark.django_db
URL = "/api/assets/assets/"


@pytest.fixture
def api(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def test_lists_assets_in_an_envelope_with_references(api):
    site = LocationFactory(code="NF", name="Northfield")
    AssetFactory(name="Filler PLC", location=site)
    SystemFactory()
    body = api.get(URL).json()
    assert body["count"] == 1
    (row,) = body["results"]
    assert row["name"] == "Filler PLC"
    assert row["location"] == {
        "id": site.pk,
        "label": "Northfield",
        "url": f"/api/assets/locations/{site.pk}/",
    }
    assert row["url"] == f"{URL}{row['id']}/"


def test_criticality_comes_from_the_system_unless_overridden(api):
    mes = SystemFactory(criticality_override=4)
    AssetFactory(name="inherits", system=mes)
    AssetFactory(name="overrides", system=mes, criticality_override=1)
    rows = api.get(URL, {"ordering": "name"}).json()["results"]
    assert [row["criticality"] for row in rows] == [4, 1]
    assert [r["name"] for r in api.get(URL, {"criticality": 4}).json()["results"]] == ["inherits"]


@pytest.mark.parametrize("rows", [3, 30])
def test_the_number_of_queries_does_not_grow_with_the_rows(api, rows, django_assert_num_queries):
    AssetFactory.create_batch(rows)
    with django_assert_num_queries(5):
        api.get(URL)


def test_refuses_an_unknown_filter_and_names_it(api):
    answer = api.get(URL, {"colour": "red"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "'colour' is not a filter" in answer.json()["detail"]


def test_pages_by_offset_and_by_cursor(api):
    AssetFactory.create_batch(5)
    first = api.get(URL, {"limit": 2}).json()
    assert (first["count"], len(first["results"])) == (5, 2)
    assert "offset=2" in first["next"]
    seen, url = [], f"{URL}?cursor=0&limit=2"
    while url:
        page = api.get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert seen == sorted(Asset.objects.values_list("pk", flat=True))


def test_creates_one_asset_by_natural_keys(api):
    ItemClassFactory(slug="plc")
    LocationFactory(code="NF")
    answer = api.post(
        URL,
        {"name": "PLC 1", "item_class": "plc", "location": "NF"},
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.content
    assert answer["ETag"] == '"1"'
    assert answer.json()["code"].startswith("A-")
    assert LedgerEntry.objects.get().channel == "api"


def test_creates_many_all_or_none(api):
    ItemClassFactory(slug="plc")
    good = {"name": "ok", "item_class": "plc", "code": "X1"}
    bad = {"name": "no", "item_class": "nothing"}
    refused = api.post(URL, [good, bad], content_type="application/json")
    assert refused.status_code == 400
    assert "nothing" in refused.json()["detail"]
    assert not Asset.objects.exists()
    made = api.post(URL, [good, {**good, "code": "X2"}], content_type="application/json")
    assert made.status_code == 201
    assert [row["code"] for row in made.json()] == ["X1", "X2"]
    assert LedgerEntry.objects.count() == 2


def test_refuses_an_unknown_field_and_a_duplicate_code(api):
    asset = AssetFactory()
    answer = api.post(
        URL, {"name": "x", "item_class": "plc", "colour": "red"}, content_type="application/json"
    )
    assert "'colour' is not a field" in answer.json()["detail"]
    answer = api.post(
        URL, {"name": "x", "item_class": "plc", "code": asset.code}, content_type="application/json"
    )
    assert answer.status_code == 400
    assert asset.code in answer.json()["detail"]


def test_a_change_based_on_an_old_version_is_refused(api):
    asset = AssetFactory()
    url = f"{URL}{asset.pk}/"
    tag = api.get(url)["ETag"]
    first = api.patch(
        url, {"name": "mine"}, content_type="application/json", headers={"If-Match": tag}
    )
    assert first.status_code == 200
    second = api.patch(
        url, {"name": "theirs"}, content_type="application/json", headers={"If-Match": tag}
    )
    assert second.status_code == 412
    asset.refresh_from_db()
    assert asset.name == "mine"


def test_not_modified_when_the_caller_has_the_version(api):
    asset = AssetFactory()
    answer = api.get(f"{URL}{asset.pk}/", headers={"If-None-Match": '"1"'})
    assert answer.status_code == 304


def test_changes_and_deletes_in_bulk_all_or_none(api):
    one, two = AssetFactory.create_batch(2)
    body = [{"id": one.pk, "status": "retired"}, {"id": 999999, "status": "retired"}]
    assert api.patch(URL, body, content_type="application/json").status_code == 400
    one.refresh_from_db()
    assert one.status == "active"
    body[1]["id"] = two.pk
    answer = api.patch(URL, body, content_type="application/json")
    assert [row["status"] for row in answer.json()] == ["retired", "retired"]
    gone = api.delete(URL, [{"id": one.pk}, {"id": two.pk}], content_type="application/json")
    assert gone.status_code == 204
    assert not Asset.objects.exists()


def test_chooses_fields(api):
    AssetFactory()
    row = api.get(URL, {"fields": "id,name"}).json()["results"][0]
    assert set(row) == {"id", "name"}
    row = api.get(URL, {"brief": "true"}).json()["results"][0]
    assert set(row) == {"id", "url", "code", "name"}


def test_nobody_reads_without_logging_in():
    assert Client().get(URL).status_code == 401


def test_custom_attributes_follow_the_schema_of_the_class(api):
    ItemClassFactory(slug="plc", attribute_schema={"properties": {"slots": {"type": "integer"}}})
    answer = api.post(
        URL,
        {"name": "x", "item_class": "plc", "attributes": {"slots": "many"}},
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert "slots: 'many' is not of type 'integer'" in answer.json()["detail"]
