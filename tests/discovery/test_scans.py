"""Scans of simulated networks through the real guard, collector and database."""

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from assets.models import Asset
from common.errors import ConflictError, DomainError
from demo.simulator.snmp_agent import Faults
from discovery.choices import ApprovalState, ScanMode, ScanState, TargetOutcome
from discovery.models import Network, Scan, ScanApproval
from discovery.models.scans import unpacked
from discovery.services import change_network, order_stop, revoke_approval, start_scan
from discovery.services.running import run_scan
from discovery.services.scans import NothingToScanError
from tests.discovery.plants import agents, cell, office
from tests.factories.assets import AssetFactory, ZoneFactory
from tests.factories.discovery import StopOrderFactory
from tests.simulators.scanning import served_elsewhere

pytestmark = pytest.mark.django_db


def scanned(actor, network, *, targets="", clock=timezone.now, progress=None, now=None):
    scan = start_scan(
        actor=actor, network=network, requester=None, targets=targets, now=now or clock()
    )
    return run_scan(scan_id=scan.pk, progress=progress or (lambda *_: None), clock=clock)


def outcomes(scan: Scan) -> dict[str, str]:
    return dict(scan.addresses.values_list("address", "outcome"))


def test_devices_are_read_identified_and_kept_with_every_probe(actor):
    served = agents("127.30.0.1", "127.30.0.2")
    with served_elsewhere(served):
        scan = scanned(actor, office())
    assert scan.state == ScanState.COMPLETED
    assert scan.planned_count == 6
    found = outcomes(scan)
    assert found["127.30.0.1"] == found["127.30.0.2"] == TargetOutcome.READ
    assert found["127.30.0.3"] == TargetOutcome.SILENT
    row = scan.addresses.get(address="127.30.0.1")
    assert row.identity["vendor"]["value"]
    assert len(unpacked(row.raw)) == row.variable_count > 10
    sent = scan.probes.filter(address="127.30.0.1", was_sent=True).count()
    assert sent == served["127.30.0.1"].packets == row.packet_count
    assert scan.packet_count == scan.probes.filter(was_sent=True).count()
    assert not any(agent.writes for agent in served.values())


def test_an_excluded_address_inside_an_allowed_block_gets_no_packet(actor):
    served = agents("127.30.0.1", "127.30.0.2")
    with served_elsewhere(served):
        scan = scanned(
            actor,
            office(excluded_blocks="127.30.0.2  # the burner's controller"),
            targets="127.30.0.1\n127.30.0.2\n127.31.0.1",
        )
    assert served["127.30.0.2"].packets == 0
    assert served["127.30.0.1"].packets > 0
    reasons = dict(scan.addresses.values_list("address", "reason"))
    assert reasons["127.30.0.2"] == "The address is on the network's exclusion list."
    assert reasons["127.31.0.1"] == "The address is not in the network's allowed blocks."
    refused = scan.probes.filter(was_sent=False).values_list("address", "outcome")
    assert set(refused) == {("127.30.0.2", "excluded"), ("127.31.0.1", "not-allowed")}


@pytest.mark.parametrize("flag", ["is_never_scanned", "is_safety_system", "safety zone"])
def test_a_protected_item_gets_no_packet(actor, flag):
    network = office()
    given = {flag: True} if flag != "safety zone" else {"zone": ZoneFactory(is_safety=True)}
    AssetFactory(network_address="127.30.0.1", location=network.location, **given)
    served = agents("127.30.0.1", "127.30.0.2")
    with served_elsewhere(served):
        scan = scanned(actor, network)
    assert served["127.30.0.1"].packets == 0
    assert served["127.30.0.2"].packets > 0
    assert outcomes(scan)["127.30.0.1"] == TargetOutcome.REFUSED


def test_an_ot_zone_without_consent_refuses(actor):
    with pytest.raises(NothingToScanError, match="needs the approval"):
        start_scan(
            actor=actor, network=cell(is_consented=False), requester=None, now=timezone.now()
        )
    assert not Scan.objects.exists()


def test_an_ot_zone_nobody_chose_a_mode_for_is_passive(actor):
    with pytest.raises(NothingToScanError, match="mode does not allow"):
        start_scan(actor=actor, network=cell(mode=""), requester=None, now=timezone.now())


def test_an_ot_zone_without_a_window_refuses(actor):
    with pytest.raises(NothingToScanError, match="No window is open"):
        start_scan(actor=actor, network=cell(windows=""), requester=None, now=timezone.now())


def test_a_network_edited_after_the_consent_needs_another(actor):
    network = cell()
    change_network(
        actor=actor,
        network=network,
        values={"allowed_blocks": "127.30.0.0/28"},
        now=timezone.now(),
    )
    with pytest.raises(NothingToScanError, match="needs the approval"):
        start_scan(
            actor=actor,
            network=Network.objects.get(),
            requester=None,
            now=timezone.now(),
        )


def test_the_first_use_on_an_unknown_model_is_one_device_at_a_time(actor):
    served = agents("127.30.0.1", "127.30.0.2")
    with served_elsewhere(served):
        scan = scanned(actor, cell(), targets="127.30.0.1\n127.30.0.2")
    assert set(outcomes(scan).values()) == {TargetOutcome.READ}
    times = {
        address: scan.probes.filter(address=address, was_sent=True).values_list("at", flat=True)
        for address in served
    }
    first, second = sorted(times.values(), key=min)
    assert max(first) < min(second)


def test_a_failed_trial_stops_the_others(actor):
    served = {
        **agents("127.30.0.1", vanishes_after=2),
        **agents("127.30.0.2"),
    }
    with served_elsewhere(served):
        scan = scanned(actor, cell(), targets="127.30.0.1\n127.30.0.2")
    assert served["127.30.0.2"].packets == 0
    assert "first try" in scan.addresses.get(address="127.30.0.2").reason


def test_the_windows_end_stops_mid_scan(actor):
    """The clock of the rules moves past the window while devices are still to come."""
    network = cell(windows="Mon-Sun 00:00-12:00\nMon-Sun 12:00-00:00")
    served = agents(*(f"127.30.0.{n}" for n in range(1, 7)))
    closed = threading.Event()

    def progress(done, _total, _message):
        if done >= 1 and not closed.is_set():
            closed.set()
            expired = timezone.now() - timedelta(seconds=1)
            ScanApproval.objects.update(expires_at=expired)

    with served_elsewhere(served):
        scan = scanned(actor, network, progress=progress)
    assert scan.state == ScanState.STOPPED
    assert scan.end_reason
    assert sum(agent.packets > 0 for agent in served.values()) < 6


def test_the_kill_switch_stops_all_packets_within_a_second(actor):
    served = agents(*(f"127.30.0.{n}" for n in range(1, 7)), latency=0.2)
    pulled: list[float] = []

    def progress(_done, _total, _message):
        if not pulled and any(agent.packets for agent in served.values()):
            order_stop(actor=actor, network=None, reason="Smoke.", now=timezone.now())
            pulled.append(time.monotonic())

    with served_elsewhere(served):
        scan = scanned(actor, office(), progress=progress)
        took = time.monotonic() - pulled[0]
        packets = sum(agent.packets for agent in served.values())
        time.sleep(0.5)
        assert sum(agent.packets for agent in served.values()) == packets
    assert took < 1
    assert (scan.state, scan.end_reason) == (ScanState.STOPPED, "Discovery was stopped by hand.")


def test_while_a_stop_order_stands_nothing_starts(actor):
    StopOrderFactory()
    with pytest.raises(NothingToScanError, match="stopped by hand"):
        start_scan(actor=actor, network=office(), requester=None, now=timezone.now())


def test_a_consent_taken_back_ends_the_scan(actor):
    network = cell()
    approval = network.approvals.get()
    served = agents(*(f"127.30.0.{n}" for n in range(1, 7)))

    def progress(done, _total, _message):
        approval.refresh_from_db()
        if done >= 1 and approval.state == ApprovalState.APPROVED:
            revoke_approval(
                actor=actor,
                person=approval.person,
                approval=approval,
                note="Batch running.",
                now=timezone.now(),
            )

    with served_elsewhere(served):
        scan = scanned(actor, network, progress=progress)
    assert scan.state == ScanState.STOPPED
    assert "needs the approval" in scan.end_reason


def test_a_second_scan_of_the_same_network_waits(actor):
    network = office()
    start_scan(actor=actor, network=network, requester=None, now=timezone.now())
    with pytest.raises(ConflictError, match="under way"):
        start_scan(actor=actor, network=network, requester=None, now=timezone.now())


def test_a_scan_a_killed_worker_left_goes_on_with_what_is_left(actor):
    served = agents("127.30.0.1", "127.30.0.2")
    network = office()
    scan = start_scan(
        actor=actor,
        network=network,
        requester=None,
        targets="127.30.0.1\n127.30.0.2",
        now=timezone.now(),
    )

    class Killed(BaseException):
        pass

    def progress(done, _total, _message):
        if done == 1:
            raise Killed

    served["127.30.0.2"].faults = Faults(latency=0.3)
    with served_elsewhere(served):
        with pytest.raises(Killed):
            run_scan(scan_id=scan.pk, progress=progress, clock=timezone.now)
        Scan.objects.update(state=ScanState.RUNNING)
        before = {one: agent.packets for one, agent in served.items()}
        done = run_scan(scan_id=scan.pk, progress=lambda *_: None, clock=timezone.now)
    assert done.state == ScanState.COMPLETED
    assert set(outcomes(done).values()) == {TargetOutcome.READ}
    read_before = [one for one, count in before.items() if count]
    again = [one for one in read_before if served[one].packets > before[one]]
    assert len(again) <= 1


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ("--script=vuln", "is not an address"),
        ("10.0.0.7/24", "host bits"),
        ("0.0.0.0/0", "more than 65,536"),
    ],
)
def test_what_is_no_target_is_refused_by_name(actor, targets, message):
    with pytest.raises(DomainError, match=message):
        start_scan(
            actor=actor, network=office(), requester=None, targets=targets, now=timezone.now()
        )


def test_passive_means_nothing_is_sent(actor):
    with pytest.raises(NothingToScanError, match="mode does not allow"):
        start_scan(
            actor=actor, network=office(mode=ScanMode.PASSIVE), requester=None, now=timezone.now()
        )


def test_a_scan_changes_no_item(actor):
    with served_elsewhere(agents("127.30.0.1")):
        scanned(actor, office(), targets="127.30.0.1")
    assert not Asset.objects.exists()
