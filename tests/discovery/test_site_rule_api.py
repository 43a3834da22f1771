"""Identification rules over the API: everything the pages do, by the same rights."""

import json

import pytest
from guardian.shortcuts import assign_perm

from discovery.models import SiteRule
from tests.discovery.cast import cast_of
from tests.discovery.plants import office
from tests.discovery.test_site_rules import ACME, seen
from tests.factories.assets import ItemClassFactory

pytestmark = pytest.mark.django_db
RULES = "/api/discovery/site-rules/"


@pytest.fixture
def cast(db):
    """Two unknown devices; the runner edits rules."""
    ItemClassFactory(slug="industrial-switch")
    found = cast_of(office(allowed_blocks="127.60.0.0/24"))
    assign_perm("discovery.edit_identification_rules", found.runner)
    for place in (1, 2):
        seen(found.network, f"127.60.0.{place}", f"Acme EX-{place}", "1.3.6.1.4.1.64999.7.1")
    return found


def send(client, method: str, address: str, body: object):
    return getattr(client, method)(address, json.dumps(body), content_type="application/json")


def test_a_rule_is_added_changed_and_switched_off(cast):
    client = cast.client("runner")
    made = send(client, "post", RULES, {"text": ACME, "note": "Hall 3"})
    assert made.status_code == 201, made.content
    found = made.json()
    assert (found["name"], found["is_active"], found["note"]) == ("site-acme", True, "Hall 3")
    assert found["author"]["id"] == cast.runner.person.pk

    changed = send(
        client, "patch", found["url"], {"text": ACME.replace("vendor: Acme", "vendor: Acme Inc", 1)}
    )
    assert changed.status_code == 400
    assert "vendor should be “Acme” and comes out as “Acme Inc”" in changed.json()["detail"]

    off = send(client, "patch", found["url"], {"is_active": False})
    assert off.status_code == 200
    assert SiteRule.objects.get().is_active is False
    assert client.delete(found["url"]).status_code == 400


def test_several_rules_are_added_all_or_none(cast):
    client = cast.client("runner")
    other = ACME.replace("site-acme", "site-acme-2").replace("64999.7", "64999.8")
    answer = send(client, "post", RULES, [{"text": ACME}, {"text": other.replace("set:", "sets:")}])
    assert answer.status_code == 400
    assert SiteRule.objects.count() == 0
    answer = send(client, "post", RULES, [{"text": ACME}, {"text": other}])
    assert answer.status_code == 201
    assert SiteRule.objects.count() == 2
    assert send(client, "post", RULES, [{"text": ACME}] * 6).status_code == 400


def test_trying_answers_what_would_change(cast):
    answer = send(cast.client("runner"), "post", f"{RULES}try/", {"text": ACME})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["problems"], found["tried"], found["changed"]) == ([], 2, 2)
    by_address = {one["address"]: one for one in found["devices"]}
    assert by_address["127.60.0.1"]["changes"]["serial"] == ["", "EX8-10001"]
    assert by_address["127.60.0.1"]["network"] == cast.network.code
    wrong = send(cast.client("runner"), "post", f"{RULES}try/", {"text": "rules: ["})
    assert wrong.json()["problems"][0]["line"] == 1


def test_unknown_devices_and_a_first_rule_for_them(cast):
    client = cast.client("runner")
    (group,) = client.get("/api/discovery/unknown-devices/").json()["results"]
    assert (group["object_id"], group["count"]) == ("1.3.6.1.4.1.64999.7.1", 2)
    assert group["addresses"][0] == {"network": cast.network.code, "address": "127.60.0.2"}
    draft = client.get(f"/api/discovery/unknown-devices/draft/?object_id={group['object_id']}")
    assert "name: site-acme-64999-7" in draft.json()["text"]
    assert draft.json()["told"]["enterprises.64999.1.4.0"] == "EX8-10002"


def test_all_rules_are_listed_narrowed_and_opened(cast):
    client = cast.client("runner")
    send(client, "post", RULES, {"text": ACME})
    shipped = client.get("/api/discovery/rules/?origin=shipped&limit=2").json()
    assert shipped["count"] > 1000
    assert len(shipped["results"]) == 2
    (mine,) = client.get("/api/discovery/rules/?prefix=1.3.6.1.4.1.64999.7.1").json()["results"]
    assert (mine["name"], mine["origin"]) == ("site-acme", "site")
    assert mine["tells"]["Maker"] == "“Acme”"
    one = client.get("/api/discovery/rules/site-acme/").json()
    assert one["text"].startswith("rules:")
    assert one["examples"][0]["holds"]
    assert client.get("/api/discovery/rules/no-such-rule/").status_code == 404


def test_devices_are_identified_again_by_a_job(cast):
    answer = send(cast.client("runner"), "post", f"{RULES}identify-again/", {})
    assert answer.status_code == 202
    assert answer.json()["job"] > 0


def test_without_the_right_nothing_is_read_or_written(cast):
    reader, stranger = cast.client("reader"), cast.client("stranger")
    for client in (reader, stranger):
        for address in (
            "rules/",
            "rules/siemens-hmi/",
            "unknown-devices/",
            "unknown-devices/draft/",
        ):
            assert client.get(f"/api/discovery/{address}").status_code == 403
        assert client.get(RULES).json()["results"] == []
        for address in (RULES, f"{RULES}try/", f"{RULES}identify-again/"):
            assert send(client, "post", address, {"text": ACME}).status_code == 403
    assign_perm("assets.run_discovery", cast.reader, cast.network.location)
    assert cast.client("reader").get("/api/discovery/rules/").status_code == 200
    assert send(cast.client("reader"), "post", RULES, {"text": ACME}).status_code == 403
