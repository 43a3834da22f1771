"""What somebody without a right to a site sees and may do: nothing of it, through every door."""

import pytest
from django.test import Client
from guardian.shortcuts import assign_perm

from raci.models import Assignment
from tests.factories.accounts import UserFactory
from tests.factories.assets import AssetFactory, LocationFactory, SystemFactory
from tests.factories.raci import ServiceLevelFactory

SECRET = "Hidden"


@pytest.fixture
def hidden(plant):
    """Return a second site with an item, a holder, rules and a promise, all named Hidden."""
    site = LocationFactory(code="HIDDEN", name=f"{SECRET} site", parent=plant.enterprise)
    item = AssetFactory(code="HID-1", name=f"{SECRET} robot", location=site)
    plant.rule("A", plant.role("group-lead"))
    plant.rule("R", plant.role("second-lead", location=site), location=site)
    plant.rule("I", plant.role("watcher"), item=item)
    ServiceLevelFactory(item=item)
    plant.publish()
    return item


@pytest.fixture
def member(plant) -> Client:
    """Return a client of somebody who sees one site."""
    user = UserFactory(username="member")
    assign_perm("assets.view_items", user, plant.site)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/api/raci/assignments/",
        "/api/raci/holders/",
        "/api/raci/service-levels/",
        "/ownership/",
        "/ownership/findings/",
        "/ownership/matrices/",
        "/ownership/matrices/{matrix}/",
        "/ownership/roles/",
        "/ownership/holders/",
        "/ownership/service-levels/",
    ],
)
def test_nothing_of_a_hidden_site_is_shown(member, hidden, plant, address):
    answer = member.get(address.format(matrix=plant.matrix.pk))

    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/api/raci/who/?item=HID-1&activity=change",
        "/api/raci/ownership/?site=HIDDEN&activity=change",
        "/ownership/?place={place}",
        "/ownership/items/{item}/",
        "/ownership/items/{item}/owner/",
        "/ownership/items/{item}/trace/",
        "/ownership/locations/{place}/",
    ],
)
def test_a_hidden_item_or_place_is_not_found(member, hidden, address):
    answer = member.get(address.format(item=hidden.pk, place=hidden.location_id))

    assert answer.status_code == 404


def test_a_trace_through_a_hidden_system_does_not_name_it(member, plant):
    system = SystemFactory(name=f"{SECRET} MES", location=LocationFactory(code="ELSEWHERE"))
    plant.filler.system = system
    plant.filler.save()
    plant.rule("A", plant.role("owner"), item=system)
    plant.publish()

    answer = member.get("/api/raci/who/", {"item": "FILLER", "activity": "change"})

    assert answer.json()["accountable"]["assigned"]["code"] == "owner"
    assert SECRET not in answer.content.decode()


def test_who_only_looks_may_not_write(member, hidden, plant):
    for path, body in (
        ("roles/", {"code": "x", "name": "x"}),
        ("activities/", {"code": "x", "name": "x"}),
        ("matrices/", {"code": "x", "name": "x"}),
        ("holders/", {"role": "watcher", "person": 1, "valid_from": "2026-01-01"}),
        ("service-levels/", {"item": "FILLER", "valid_from": "2026-01-01"}),
        (f"matrices/{plant.matrix.pk}/draft/", {}),
    ):
        answer = member.post(f"/api/raci/{path}", body, content_type="application/json")
        assert answer.status_code in {400, 403}, path
    for address in ("roles/add/", "matrices/add/", "activities/add/", "holders/add/"):
        assert member.get(f"/ownership/{address}").status_code == 403


def test_who_manages_a_line_writes_there_and_not_above(plant):
    user = UserFactory()
    for name in ("view_items", "manage_ownership"):
        assign_perm(f"assets.{name}", user, plant.line)
    client = Client()
    client.force_login(user)
    plant.role("lead")
    rule = {"matrix": "operations", "activity": "change", "letter": "R", "role": "lead"}
    rule["valid_from"] = "2026-01-01"

    def post(**scope):
        body = {**rule, **scope}
        return client.post("/api/raci/assignments/", body, content_type="application/json")

    assert post(scope_kind="location", location="LINE").status_code == 201
    assert post(scope_kind="item", item="FILLER").status_code == 201
    assert post().status_code == 403
    assert post(scope_kind="location", location="SITE").status_code == 400
    assert Assignment.objects.count() == 2


def test_a_cell_cannot_reach_a_scope_one_does_not_see(member, hidden, plant):
    sent = {
        "activity": plant.change.pk,
        "letter": "A",
        "party": "role:1",
        "scope": f"item:{hidden.pk}",
    }

    answer = member.post(f"/ownership/matrices/{plant.matrix.pk}/", sent)

    assert answer.status_code == 404
