"""The API describes itself."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_schema_names_filters_and_bulk_bodies(administrator):
    client = Client()
    client.force_login(administrator)
    answer = client.get("/api/schema/?format=json")
    assert answer.status_code == 200
    assert b"name__ic" in answer.content


def test_the_documentation_needs_no_other_host(administrator):
    client = Client()
    client.force_login(administrator)
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert b"https://" not in page.content


def test_status_says_who_asks(administrator):
    client = Client()
    client.force_login(administrator)
    assert client.get("/api/status/").json()["user"] == "administrator"
