"""A class is refused a schema that is none: every item of it would be checked by it."""

import pytest
from django.test import Client

from assets.models import ItemClass
from tests.factories.assets import AssetFactory, ItemClassFactory

pytestmark = pytest.mark.django_db
URL = "/api/assets/item-classes/"
BROKEN = [
    {"type": "sting"},
    {"properties": {"ports": {"minimum": "three"}}},
    {"required": "ports"},
]


@pytest.fixture
def client(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("schema", BROKEN)
def test_the_api_names_what_is_wrong_and_keeps_nothing(client, schema):
    body = {"slug": "probe", "name": "Probe", "kind": "asset", "attribute_schema": schema}
    answer = client.post(URL, body, content_type="application/json")
    assert answer.status_code == 400
    assert "not a JSON Schema" in answer.json()["errors"]["attribute_schema"][0]
    assert not ItemClass.objects.filter(slug="probe").exists()


@pytest.mark.parametrize("schema", BROKEN)
def test_a_class_in_use_keeps_its_schema(client, schema):
    known = {"properties": {"ports": {"type": "integer"}}}
    probe = ItemClassFactory(slug="probe", attribute_schema=known)
    item = AssetFactory(item_class=probe, attributes={"ports": 3})
    answer = client.patch(
        f"{URL}{probe.pk}/", {"attribute_schema": schema}, content_type="application/json"
    )
    assert answer.status_code == 400
    probe.refresh_from_db()
    assert probe.attribute_schema == known
    edit = {"attributes": {"ports": 4}}
    changed = client.patch(f"/api/assets/assets/{item.pk}/", edit, content_type="application/json")
    assert changed.status_code == 200


@pytest.mark.parametrize("text", ["[]", "true", '{"type": "sting"}', "{"])
def test_the_page_says_it_beside_the_field(client, text):
    probe = ItemClassFactory(slug="probe")
    form = {
        "name": "Probe",
        "slug": "probe",
        "kind": "asset",
        "icon": "box",
        "attribute_schema": text,
    }
    answer = client.post(f"/plant/classes/{probe.pk}/", form)
    assert "attribute_schema" in answer.context["form"].errors
