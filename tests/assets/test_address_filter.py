"""Items by address: a whole one exactly, any piece by `ic`, none by `empty`; what is no address is refused in words."""

import pytest
from django.test import Client

from tests.factories.assets import AssetFactory

pytestmark = pytest.mark.django_db
URL = "/api/assets/assets/"


@pytest.fixture
def api(administrator) -> Client:
    AssetFactory(name="four", network_address="10.20.1.17")
    AssetFactory(name="six", network_address="2001:db8::17")
    AssetFactory(name="none")
    client = Client()
    client.force_login(administrator)
    return client


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"network_address": "10.20.1.17"}, ["four"]),
        ({"network_address": " 10.20.1.17 "}, ["four"]),
        ({"network_address": "2001:0DB8:0::17"}, ["six"]),
        ({"network_address": ["10.20.1.17", "2001:db8::17"]}, ["four", "six"]),
        ({"network_address": "10.20.1.18"}, []),
        ({"network_address__n": "10.20.1.17"}, ["none", "six"]),
        ({"network_address__ic": "20.1"}, ["four"]),
        ({"network_address__isw": "2001"}, ["six"]),
        ({"network_address__iew": "17"}, ["four", "six"]),
        ({"network_address__ic": "AAA"}, []),
        ({"network_address__empty": "true"}, ["none"]),
        ({"network_address__empty": "false"}, ["four", "six"]),
    ],
)
def test_finds(api, given, names):
    body = api.get(URL, given).json()
    assert sorted(row["name"] for row in body["results"]) == names
    assert body["count"] == len(names)


@pytest.mark.parametrize("name", ["network_address", "network_address__n"])
@pytest.mark.parametrize("text", ["AAA", "10.20.1", "10.20.1.256", "10.20.1.17/24", "", "٣.1.1.1"])
def test_refuses_what_is_no_address_and_names_it(api, name, text):
    answer = api.get(URL, {name: text})
    assert answer.status_code == (200 if text == "" else 400)
    if text:
        assert f"'{text}' is not an IP address" in answer.json()["detail"]
