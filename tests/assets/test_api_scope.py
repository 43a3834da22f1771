"""Who is not a member of a site sees nothing of it over the API."""

import pytest
from django.test import Client
from guardian.shortcuts import assign_perm

from assets.models import Asset
from tests.factories.accounts import UserFactory
from tests.factories.assets import AssetFactory, LocationFactory, RelationFactory, SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_sites():
    root = LocationFactory(code="HW", level="enterprise")
    return LocationFactory(code="NF", parent=root), LocationFactory(code="SB", parent=root)


@pytest.fixture
def member(two_sites):
    user = UserFactory()
    assign_perm("view_items", user, two_sites[0])
    client = Client()
    client.force_login(user)
    return client


def test_lists_counts_and_search_hold_only_the_own_site(member, two_sites):
    north, south = two_sites
    AssetFactory(name="Switch north", location=north)
    AssetFactory(name="Switch south", location=south)
    AssetFactory(name="Switch nowhere", location=None)
    body = member.get("/api/assets/assets/", {"q": "switch"}).json()
    assert body["count"] == 1
    assert body["results"][0]["name"] == "Switch north"
    assert [x["code"] for x in member.get("/api/assets/locations/").json()["results"]] == ["NF"]


def test_a_hidden_asset_is_not_found(member, two_sites):
    hidden = AssetFactory(location=two_sites[1])
    assert member.get(f"/api/assets/assets/{hidden.pk}/").status_code == 404
    answer = member.patch(
        f"/api/assets/assets/{hidden.pk}/", {"name": "x"}, content_type="application/json"
    )
    assert answer.status_code == 404


def test_a_hidden_system_is_not_named_in_a_visible_asset(member, two_sites):
    secret = SystemFactory(name="Secret", location=two_sites[1])
    AssetFactory(location=two_sites[0], system=secret)
    body = member.get("/api/assets/assets/").content.decode()
    assert "Secret" not in body
    assert "(hidden)" in body


def test_a_relation_with_a_hidden_end_is_not_listed(member, two_sites):
    north, south = two_sites
    RelationFactory(source=AssetFactory(location=north), target=AssetFactory(location=south))
    shown = RelationFactory(
        source=AssetFactory(location=north), target=AssetFactory(location=north)
    )
    rows = member.get("/api/assets/relations/").json()
    assert [row["id"] for row in rows["results"]] == [shown.pk]


def test_seeing_is_not_editing(member, two_sites):
    asset = AssetFactory(location=two_sites[0])
    answer = member.patch(
        f"/api/assets/assets/{asset.pk}/", {"name": "x"}, content_type="application/json"
    )
    assert answer.status_code == 403
    assert "edit_items" in answer.json()["detail"]


def test_an_editor_cannot_move_an_asset_to_a_site_of_others(two_sites):
    user = UserFactory()
    for permission in ("view_items", "edit_items"):
        assign_perm(permission, user, two_sites[0])
    assign_perm("view_items", user, two_sites[1])
    asset = AssetFactory(location=two_sites[0])
    client = Client()
    client.force_login(user)
    url = f"/api/assets/assets/{asset.pk}/"
    moved = client.patch(url, {"location": "SB"}, content_type="application/json")
    assert moved.status_code == 403
    assert Asset.objects.get(pk=asset.pk).location == two_sites[0]
    assert client.patch(url, {"name": "ok"}, content_type="application/json").status_code == 200


def test_a_hidden_place_cannot_be_named_in_a_write(two_sites):
    user = UserFactory()
    for permission in ("view_items", "edit_items"):
        assign_perm(permission, user, two_sites[0])
    asset = AssetFactory(location=two_sites[0])
    client = Client()
    client.force_login(user)
    answer = client.patch(
        f"/api/assets/assets/{asset.pk}/", {"location": "SB"}, content_type="application/json"
    )
    assert answer.status_code == 400
    assert "There is no 'SB' here" in answer.json()["detail"]
