"""Texts no database can hold, as keys of other objects and as values: a clear answer, never an error of ours."""

import json
from urllib.parse import quote

import pytest
from django.test import Client

from assets.models import Asset
from tests.factories.assets import ItemClassFactory, LocationFactory

pytestmark = pytest.mark.django_db
URL = "/api/assets/assets/"
ODD = [
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff x",
    "\uffff",
    "🏭" * 50,
    "' OR 1=1 --",
    "{1,2}",
    "{}",
    "NULL",
]


@pytest.fixture
def client(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("field", ["item_class", "location", "system"])
def test_a_key_nobody_can_have_is_not_found(client, field, text):
    ItemClassFactory(slug="plc")
    body = {"name": "Odd", "item_class": "plc", field: text}
    answer = client.post(URL, json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not Asset.objects.exists()


@pytest.mark.parametrize("text", ODD)
def test_one_key_nobody_can_have_refuses_the_whole_list(client, text):
    ItemClassFactory(slug="plc")
    LocationFactory(code="NF")
    rows = [
        {"name": "One", "item_class": "plc", "location": "NF"},
        {"name": "Two", "item_class": "plc", "location": text},
    ]
    answer = client.post(URL, json.dumps(rows), content_type="application/json")
    assert answer.status_code == 400
    assert not Asset.objects.exists()


DOORS = (
    "/api/assets/impact/?change_type=power_off&item=",
    "/api/assets/assets/?q=",
    "/api/assets/assets/?name__ic=",
    "/api/assets/locations/?code=",
    "/api/raci/assignments/?q=",
    "/plant/assets/?q=",
    "/plant/locations/?q=",
    "/changes/?q=",
    "/search/?q=",
    "/evidence/ledger/?q=",
)


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("door", DOORS)
def test_nothing_asked_for_ends_in_an_error_of_ours(client, door, text):
    answer = client.get(f"{door}{quote(text, errors='replace')}")
    assert answer.status_code in {200, 400}


@pytest.mark.parametrize("text", ODD)
def test_attributes_with_an_odd_text_are_kept_whole_or_refused(client, text):
    ItemClassFactory(slug="plc")
    body = {"name": "Odd", "item_class": "plc", "attributes": {"note": text, text: 1}}
    answer = client.post(URL, json.dumps(body), content_type="application/json")
    assert answer.status_code in {201, 400}
    if answer.status_code == 201:
        assert client.get(answer["Location"]).json()["attributes"] == body["attributes"]
    else:
        assert not Asset.objects.exists()
