"""Discovery over the API: the same rules as on pages, problem details, versions, a page at a time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discovery.models import Credential, Network, ProbeRecord, Scan, ScanTarget, StopOrder
from tests.discovery.cast import cast_of
from tests.discovery.plants import office
from tests.factories.discovery import NetworkFactory, ScanFactory

pytestmark = pytest.mark.django_db
ROOT = "/api/discovery/"


@pytest.fixture
def cast(db):
    return cast_of()


def post(client, address, body=None, **headers):
    return client.post(f"{ROOT}{address}", body or {}, "application/json", headers=headers)


def patch(client, address, body, **headers):
    return client.patch(f"{ROOT}{address}", body, "application/json", headers=headers)


def test_a_network_is_written_with_its_version(cast):
    client = cast.client("runner")
    body = {
        "code": "CELL-9",
        "name": "Cell 9",
        "location": cast.network.location.code,
        "zone": cast.network.zone.code,
        "allowed_blocks": "10.9.0.0/24",
    }
    made = post(client, "networks/", body)
    assert made.status_code == 201
    assert made.json()["effective_mode"] == "passive"
    address = f"networks/{made.json()['id']}/"
    assert patch(client, address, {"name": "Nine"}, **{"If-Match": '"1"'}).status_code == 200
    assert patch(client, address, {"name": "Ten"}, **{"If-Match": '"1"'}).status_code == 412
    bad = patch(client, address, {"allowed_blocks": "10.9.0.7/24"})
    assert bad.status_code == 400
    assert "host bits" in bad.json()["errors"]["allowed_blocks"][0]
    assert Network.objects.get(code="CELL-9").name == "Nine"


def test_a_secret_is_write_only(cast):
    client = cast.client("runner")
    body = {
        "name": "Switches",
        "location": cast.network.location.code,
        "kind": "snmp_v2c",
        "community": "Zimtstern",
    }
    made = post(client, "credentials/", body)
    assert made.status_code == 201
    assert "Zimtstern" not in made.content.decode()
    assert "community" not in made.json()
    listed = client.get(f"{ROOT}credentials/").content.decode()
    assert "Switches" in listed
    assert "Zimtstern" not in listed
    assert "Zimtstern" not in client.get(f"{ROOT}credentials/?fields=community").content.decode()
    changed = patch(client, f"credentials/{made.json()['id']}/", {"name": "All switches"})
    assert changed.status_code == 200
    assert Credential.objects.filter(name="All switches").exists()


def test_a_consent_is_asked_given_and_taken_back(cast):
    now = timezone.now()
    body = {
        "network": cast.network.code,
        "valid_from": now.isoformat(),
        "expires_at": (now + timedelta(days=7)).isoformat(),
        "reason": "Inventory.",
    }
    asked = post(cast.client("runner"), "approvals/", body)
    assert asked.status_code == 201
    assert asked.json()["person"]["label"] == "Owner"
    address = f"approvals/{asked.json()['id']}/"
    yes = {"is_granted": True}
    assert post(cast.client("runner"), f"{address}decide/", yes).status_code == 403
    assert post(cast.client("stranger"), f"{address}decide/", yes).status_code == 404
    owner = cast.client("owner")
    stale = post(owner, f"{address}decide/", yes, **{"If-Match": '"9"'})
    assert stale.status_code == 412
    given = post(owner, f"{address}decide/", yes)
    assert given.json()["state"] == "approved"
    assert given.json()["url"] == f"{ROOT}{address}"
    assert post(owner, f"{address}revoke/").json()["state"] == "revoked"


def test_the_kill_switch_is_pulled_and_lifted(cast, administrator):
    client = cast.client("runner")
    assert post(client, "stop-orders/", {"reason": "  "}).status_code == 400
    made = post(client, "stop-orders/", {"reason": "Smoke."})
    assert made.status_code == 201
    address = f"stop-orders/{made.json()['id']}/lift/"
    assert post(client, address).status_code == 403
    cast.runner = administrator
    assert post(cast.client("runner"), address).json()["lifted_at"]
    assert post(cast.client("runner"), address).status_code == 409


def test_a_scan_is_started_refused_and_cancelled(cast):
    client = cast.client("runner")
    refused = post(client, "scans/", {"network": cast.network.code})
    assert refused.status_code == 409
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "needs the approval" in refused.json()["detail"]
    network = office(location=cast.network.location, allowed_blocks="127.31.0.0/29")
    made = post(client, "scans/", {"network": network.code, "targets": "127.31.0.1"})
    assert made.status_code == 201
    address = f"scans/{made.json()['id']}/cancel/"
    assert post(cast.client("reader"), address).status_code == 403
    assert post(client, address).json()["state"] == "cancelled"
    assert post(client, address).status_code == 409


def test_addresses_and_probes_of_a_scan_come_a_page_at_a_time(cast):
    scan = ScanFactory(network=cast.network)
    now = timezone.now()
    for number in range(1, 4):
        ScanTarget.objects.create(
            scan=scan, address=f"127.30.0.{number}", outcome="silent", read_at=now
        )
        ProbeRecord.objects.create(
            scan=scan,
            at=now,
            address=f"127.30.0.{number}",
            request="snmp-read",
            outcome="timed-out",
            was_sent=number != 2,
        )
    client = cast.client("reader")
    page = client.get(f"{ROOT}scans/{scan.pk}/targets/?limit=2").json()
    assert (page["count"], len(page["results"])) == (3, 2)
    assert page["next"]
    refused = client.get(f"{ROOT}scans/{scan.pk}/probes/?was_sent=false").json()
    assert [one["address"] for one in refused["results"]] == ["127.30.0.2"]
    assert cast.client("stranger").get(f"{ROOT}scans/{scan.pk}/targets/").status_code == 404


def test_a_dry_run_counts_by_reason_and_sends_nothing(cast):
    network = office(
        location=cast.network.location, allowed_blocks="127.31.0.0/29", excluded_blocks="127.31.0.6"
    )
    body = {"network": network.code, "targets": "127.31.0.0/29"}
    found = post(cast.client("runner"), "dry-run/?limit=2", body).json()
    assert (found["addresses"], found["asked"]) == (6, 5)
    assert [(one["reason"], one["count"]) for one in found["refused"]] == [("excluded", 1)]
    assert (found["targets"]["count"], len(found["targets"]["results"])) == (5, 2)
    assert "offset=2" in found["targets"]["next"]
    shown = post(cast.client("runner"), "dry-run/", {**body, "show": "excluded"}).json()
    assert [one["address"] for one in shown["targets"]["results"]] == ["127.31.0.6"]
    bad = post(cast.client("runner"), "dry-run/", {**body, "targets": "-oX /etc/passwd"})
    assert bad.status_code == 400
    assert post(cast.client("reader"), "dry-run/", body).status_code == 403
    assert not ProbeRecord.objects.exists()
    assert not Scan.objects.exists()


LISTS = ("networks", "scans", "approvals", "stop-orders", "credentials")


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_gets_nothing_in_lists_and_counts(cast, name):
    cast.ask()
    ScanFactory(network=cast.network)
    StopOrder.objects.create(
        network=cast.network, reason="Smoke.", created_at=timezone.now(), updated_at=timezone.now()
    )
    found = cast.client("stranger").get(f"{ROOT}{name}/").json()
    assert (found["count"], found["results"]) == (0, [])
    assert cast.client("runner").get(f"{ROOT}{name}/").json()["count"] >= 1


def test_a_list_takes_as_many_queries_for_many_networks(cast):
    client = cast.client("reader")

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"{ROOT}networks/").status_code == 200
        return len(caught)

    queries()
    few = queries()
    for _number in range(20):
        NetworkFactory(location=cast.network.location)
    assert queries() == few
