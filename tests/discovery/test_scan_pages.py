"""Scans on pages and from the console: dry run, start, progress, addresses, probes, cancel."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from common.jobs import request_cancel
from discovery.choices import ScanState
from discovery.models import Network, ProbeRecord, Scan, ScanTarget
from discovery.models.scans import packed
from discovery.rules.readings import Reading
from discovery.services import start_scan
from discovery.services.running import run_scan
from tests.discovery.cast import cast_of, text_of
from tests.discovery.plants import agents, office
from tests.factories.assets import ItemClassFactory
from tests.factories.discovery import NetworkFactory, ScanFactory
from tests.simulators.scanning import served_elsewhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db):
    return cast_of()


@pytest.fixture
def network(cast):
    Network.objects.filter(pk=cast.network.pk).update(allowed_blocks="127.31.0.0/29")
    return office(location=cast.network.location, excluded_blocks="127.30.0.6")


@pytest.fixture
def done(network):
    """A scan with one address whose device tells hostile things."""
    scan = ScanFactory(network=network, state=ScanState.COMPLETED, started_at=timezone.now())
    hostile = {(1, 3, 6, 1, number): b"<script>alert(1)</script>" for number in range(250)}
    ScanTarget.objects.create(
        scan=scan,
        address="127.30.0.1",
        outcome="read",
        identity={
            "model": {"value": "<b>X</b>", "rule": "general", "oid": "1.3", "text": "<i>X</i>"}
        },
        problems=["a <u>loop</u>"],
        variable_count=250,
        raw=packed(Reading(hostile)),
        read_at=timezone.now(),
    )
    ScanTarget.objects.create(
        scan=scan, address="127.30.0.2", outcome="silent", read_at=timezone.now()
    )
    for was_sent in (True, False):
        ProbeRecord.objects.create(
            scan=scan,
            at=timezone.now(),
            address="127.30.0.1",
            request="snmp-read",
            outcome="answered" if was_sent else "excluded",
            was_sent=was_sent,
        )
    return scan


def test_the_dry_run_shows_targets_packets_and_refusals_with_their_reasons(cast, network):
    client, address = cast.client("runner"), f"/discovery/networks/{network.pk}/dry-run/"
    page = text_of(client.get(address))
    assert "127.30.0.5" in page
    assert "127.30.0.6" not in page
    asked = {"targets": "127.30.0.6\n10.1.1.1\n127.30.0.1", "show": "excluded"}
    page = text_of(client.get(address, asked))
    assert "on the network&#x27;s exclusion list" in page
    assert "not in the network&#x27;s allowed blocks" in page
    assert '<span class="code">127.30.0.6</span>' in page
    assert "is not an address" in text_of(client.get(address, {"targets": "--script=vuln"}))
    assert not ProbeRecord.objects.exists()


def test_a_dry_run_of_thousands_of_addresses_is_paged(cast):
    big = NetworkFactory(
        location=cast.network.location, zone=cast.network.zone, allowed_blocks="10.0.0.0/20"
    )
    page = text_of(cast.client("reader").get(f"/discovery/networks/{big.pk}/dry-run/"))
    assert page.count('<li><span class="code">') == 100
    assert "4,094" in page


def test_a_scan_is_started_shown_and_cancelled(cast, network, django_capture_on_commit_callbacks):
    client, start = cast.client("runner"), f"/discovery/networks/{network.pk}/scan/"
    answer = client.post(start, {"targets": "127.30.0.1"})
    scan = Scan.objects.get()
    assert answer.headers["Location"] == f"/discovery/scans/{scan.pk}/"
    assert scan.requester == cast.runner.person
    page = text_of(client.get(f"/discovery/scans/{scan.pk}/"))
    assert f"/discovery/scans/{scan.pk}/progress/" in page
    assert "under way" in text_of(client.post(start), 409)
    assert cast.client("reader").post(f"/discovery/scans/{scan.pk}/cancel/").status_code == 403
    client.post(f"/discovery/scans/{scan.pk}/cancel/")
    scan.refresh_from_db()
    assert scan.state == ScanState.CANCELLED
    ended = client.get(f"/discovery/scans/{scan.pk}/progress/", HTTP_HX_REQUEST="true")
    assert ended.headers["HX-Refresh"] == "true"


def test_who_only_reads_starts_nothing(cast, network):
    assert cast.client("reader").post(f"/discovery/networks/{network.pk}/scan/").status_code == 403
    assert not Scan.objects.exists()


def test_a_refused_start_says_why_on_the_dry_run(cast):
    page = text_of(cast.client("runner").post(f"/discovery/networks/{cast.network.pk}/scan/"), 409)
    assert "Not started:" in page
    assert "needs the approval" in page


def test_the_addresses_are_filtered_by_outcome(cast, done):
    client, address = cast.client("reader"), f"/discovery/scans/{done.pk}/"
    page = text_of(client.get(address))
    assert "127.30.0.1" in page
    assert "127.30.0.2" in page
    assert "127.30.0.1" not in text_of(client.get(address, {"outcome": "silent"}))


def test_what_a_device_told_is_escaped_and_paged(cast, done):
    target = done.addresses.get(address="127.30.0.1")
    address = f"/discovery/scans/{done.pk}/addresses/{target.pk}/"
    page = text_of(cast.client("reader").get(address))
    assert "<script>alert" not in page
    assert "<b>X</b>" not in page
    assert "<u>loop" not in page
    assert page.count("&lt;script&gt;") == 200
    assert text_of(cast.client("reader").get(address, {"page": 2})).count("&lt;script&gt;") == 50


def test_the_log_tells_sent_from_refused(cast, done):
    client, address = cast.client("reader"), f"/discovery/scans/{done.pk}/probes/"
    assert "Answered" in text_of(client.get(address))
    refused = text_of(client.get(address, {"was_sent": "false"}))
    assert "exclusion list" in refused
    assert "Answered" not in refused


def test_a_stranger_finds_no_scan(cast, done):
    client, target = cast.client("stranger"), done.addresses.first()
    assert done.network.name not in text_of(client.get("/discovery/scans/"))
    for page in ("", "probes/", "progress/", f"addresses/{target.pk}/"):
        assert client.get(f"/discovery/scans/{done.pk}/{page}").status_code == 404
    assert client.post(f"/discovery/scans/{done.pk}/cancel/").status_code == 404


def test_a_cancelled_scan_ends_as_cancelled(actor):
    network = office()
    scan = start_scan(actor=actor, network=network, requester=None, now=timezone.now())

    def progress(_done, _total, _message):
        scan.job.refresh_from_db()
        if scan.job.state == "queued":
            type(scan.job).objects.filter(pk=scan.job.pk).update(
                state="running", lease_owner="test"
            )
            scan.job.refresh_from_db()
            request_cancel(job=scan.job)

    found = run_scan(scan_id=scan.pk, progress=progress, clock=timezone.now)
    assert found.state == ScanState.CANCELLED


def test_a_scan_whose_worker_went_away_blocks_nothing(actor):
    network = office()
    lost = start_scan(actor=actor, network=network, requester=None, now=timezone.now())
    type(lost.job).objects.update(state="failed", finished_at=timezone.now())
    start_scan(actor=actor, network=network, requester=None, now=timezone.now())
    lost.refresh_from_db()
    assert (lost.state, lost.end_reason) == (ScanState.FAILED, "Its worker went away.")


def console(*arguments):
    out = StringIO()
    call_command("scan", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_console_plans_and_scans(network):
    for slug in ("network-device", "industrial-switch", "it-switch", "plc", "router"):
        ItemClassFactory(slug=slug)
    plan = console(network.code, "--dry-run", "--targets", "127.30.0.1", "127.30.0.6")
    assert (plan["asked"], plan["addresses"]) == (1, 2)
    assert not Scan.objects.exists()
    with served_elsewhere(agents("127.30.0.1")):
        found = console(network.code, "--targets", "127.30.0.1")
    assert found["outcomes"] == {"read": 1}
    assert found["targets"][0]["vendor"]
    assert found["verdicts"] == {"added": 1}
    assert Scan.objects.get().job is None


def test_the_console_names_the_networks_there_are(network):
    with pytest.raises(CommandError, match=network.code):
        call_command("scan", "nowhere")
