"""Scans through a real collector as they are stored: as if the worker had sent them itself, and whatever goes wrong."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from common.errors import DomainError
from discovery.choices import CollectorState, ScanState, TargetOutcome
from discovery.collectors.remote import terms
from discovery.models import Scan
from discovery.queries.collectors import (
    ALIVE,
    SILENT,
    UNASKED,
    standing_of,
)
from discovery.services.collectors import (
    change_key,
    greet_collectors,
    retire_collector,
    revoke_key,
)
from discovery.services.running import ScanBrokenError
from evidence.models import LedgerEntry
from tests.discovery.cast import cast_of
from tests.discovery.plants import agents, office
from tests.discovery.remote_parts import Field
from tests.discovery.remote_plants import (
    begun,
    collected,
    probes_of,
    rows_of,
    run,
    seen_in,
    shared_field,
)
from tests.factories.discovery import CollectorFactory
from tests.simulators.scanning import served_elsewhere

pytestmark = pytest.mark.django_db
SIX = tuple(f"127.30.0.{number}" for number in range(1, 7))


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    with shared_field(tmp_path) as found:
        yield found


def test_a_scan_through_a_collector_stores_what_a_scan_of_the_worker_stores(field, actor):
    network = office(excluded_blocks="127.30.0.6")
    served = {**agents("127.30.0.1", recording="switch_lldp"), **agents("127.30.0.2", "127.30.0.6")}
    with served_elsewhere(served):
        here = run(begun(actor, network))
        collected(field, actor, network)
        there = run(begun(actor, network))
    assert there.state == here.state == ScanState.COMPLETED
    assert rows_of(there) == rows_of(here)
    assert seen_in(there) == seen_in(here)
    assert len(seen_in(there)) == 2
    assert probes_of(there) == probes_of(here)
    assert there.packet_count == here.packet_count > 0
    assert served["127.30.0.6"].packets == 0


def test_a_collector_that_was_never_heard_of_keeps_a_scan_from_starting(field, actor):
    network = office()
    field.site = network.location.code
    CollectorFactory(location=network.location, name="Shed")
    greet_collectors(now=timezone.now())
    with pytest.raises(DomainError, match="never been heard of"):
        begun(actor, network)
    assert not Scan.objects.exists()


def test_a_collector_gone_silent_keeps_a_scan_from_starting(actor):
    network = office()
    now = timezone.now()
    CollectorFactory(
        location=network.location,
        name="Shed",
        greeted_at=now - timedelta(seconds=5),
        last_seen_at=now - timedelta(seconds=90),
    )
    with pytest.raises(DomainError, match="Shed has not been heard of for 90 seconds") as caught:
        begun(actor, network)
    assert caught.value.status == 409


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"is_same_build": False}, "runs another build of Raceway"),
        ({"clock_offset": -42.0}, "is 42 seconds off"),
        ({"state": CollectorState.REVOKED}, "is revoked"),
    ],
)
def test_what_is_wrong_with_it_is_said_before_a_scan(actor, given, sentence):
    network = office()
    now = timezone.now()
    CollectorFactory(location=network.location, greeted_at=now, last_seen_at=now, **given)
    with pytest.raises(DomainError, match=sentence):
        begun(actor, network)


def test_a_revoked_collectors_networks_are_not_scanned_by_the_worker_instead(field, actor):
    """The same number may be another device where the worker stands."""
    network = office()
    scan = begun(actor, network, "127.30.0.1")
    CollectorFactory(location=network.location, state=CollectorState.REVOKED)
    served = agents("127.30.0.1")
    with served_elsewhere(served), pytest.raises(DomainError, match="revoked"):
        run(scan)
    assert served["127.30.0.1"].packets == 0
    scan.refresh_from_db()
    assert scan.state == ScanState.FAILED
    assert "revoked" in scan.end_reason


def test_the_kill_switch_of_the_page_stops_a_collector_within_a_second(field, actor):
    network = office()
    collected(field, actor, network)
    served = agents(*SIX, latency=0.2)
    pulled: list[float] = []

    def progress(_done, _total, _message):
        if not pulled and any(agent.packets for agent in served.values()):
            cast_client.post("/discovery/stop/", {"network": "all", "reason": "Smoke."})
            pulled.append(time.monotonic())

    cast_client = cast_of().client("runner")
    with served_elsewhere(served):
        scan = run(begun(actor, network), progress)
        took = time.monotonic() - pulled[0]
        packets = sum(agent.packets for agent in served.values())
        time.sleep(0.5)
        assert sum(agent.packets for agent in served.values()) == packets
    assert took < 1
    assert (scan.state, scan.end_reason) == (ScanState.STOPPED, "Discovery was stopped by hand.")


@pytest.mark.parametrize("step", [revoke_key, change_key, retire_collector])
def test_a_key_made_void_ends_the_scan_that_runs_under_it(field, actor, step):
    network = office()
    row = collected(field, actor, network)
    served = agents(*SIX, latency=0.6)  # a device takes some seconds: none is read when it ends
    is_done: list[bool] = []

    def progress(_done, _total, _message):
        if not is_done and any(agent.packets for agent in served.values()):
            step(actor=actor, collector=row, now=timezone.now())
            is_done.append(True)

    with served_elsewhere(served):
        scan = run(begun(actor, network), progress)
    assert scan.state == ScanState.STOPPED
    assert scan.end_reason == "The key of collector Shed was changed or revoked."
    assert not scan.addresses.filter(outcome=TargetOutcome.READ).exists()


def test_a_scan_whose_worker_was_killed_goes_on_with_what_is_left(field, actor):
    network = office()
    collected(field, actor, network)
    served = {**agents("127.30.0.1"), **agents("127.30.0.2", latency=0.3)}
    scan = begun(actor, network, "127.30.0.1\n127.30.0.2")

    class Killed(BaseException):
        pass

    def progress(done, _total, _message):
        if done == 1:
            raise Killed

    with served_elsewhere(served):
        with pytest.raises(Killed):
            run(scan, progress)
        Scan.objects.update(state=ScanState.RUNNING)
        first = served["127.30.0.1"].packets
        done = run(scan)
    assert done.state == ScanState.COMPLETED
    assert set(done.addresses.values_list("outcome", flat=True)) == {TargetOutcome.READ}
    assert served["127.30.0.1"].packets == first


def test_a_collector_lost_for_good_fails_the_scan_in_words_and_keeps_what_was_read(
    field, actor, monkeypatch
):
    monkeypatch.setattr(terms, "RETURN", 1.0)
    network = office()
    collected(field, actor, network)
    served = {**agents("127.30.0.1"), **agents("127.30.0.2", latency=0.5)}
    scan = begun(actor, network, "127.30.0.1\n127.30.0.2")

    def progress(done, _total, _message):
        if done == 1:
            field.processes[0].kill()

    with served_elsewhere(served), pytest.raises(ScanBrokenError, match="does not answer"):
        run(scan, progress)
    scan.refresh_from_db()
    assert scan.state == ScanState.FAILED
    assert "1 addresses are left" in scan.end_reason
    assert list(scan.addresses.values_list("address", "outcome")) == [("127.30.0.1", "read")]


def test_greeting_keeps_what_a_collector_tells_and_writes_no_ledger(field, actor):
    network = office()
    row = collected(field, actor, network)
    entries = LedgerEntry.objects.count()
    assert greet_collectors(now=timezone.now()) == 1
    assert LedgerEntry.objects.count() == entries
    assert row.last_seen_at == row.greeted_at
    assert row.release
    assert row.is_same_build
    assert row.process.endswith(f":{field.processes[0].pid}")
    assert standing_of(row, at=timezone.now()).word == ALIVE
    field.processes[0].kill()
    field.processes[0].wait()
    later = timezone.now() + timedelta(seconds=36)
    assert greet_collectors(now=later) == 0
    assert standing_of(row, at=later).word == SILENT
    assert standing_of(row, at=later + timedelta(minutes=2)).word == UNASKED
