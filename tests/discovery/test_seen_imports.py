"""Imports of nmap reports into the real database, and what holds for every import of what was seen elsewhere."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from assets.models import Asset
from common.errors import ConflictError
from common.jobs import JobCancelledError
from common.jobs.runs import LeaseLostError
from discovery.choices import CaseKind, ObservationVerdict, ScanSource, ScanState
from discovery.models import Case, Drift, Observation, Scan
from discovery.queries.standing import standing_of
from discovery.services import seen_imports
from discovery.services.seen_imports import carry_out, import_file
from evidence.models import LedgerEntry
from tests.discovery.seen_files import (
    REPORT,
    WHO,
    imported,
    left_out,
    network_of_files,
    previewed,
    reading,
    verdicts,
    written,
)
from tests.factories.assets import AssetFactory
from tests.factories.discovery import ScanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    return network_of_files()


def test_hosts_of_a_report_become_items_with_what_they_told(network):
    scan = imported(network, REPORT, "line1.xml")
    assert (scan.state, scan.source, scan.file_name) == (
        ScanState.COMPLETED,
        ScanSource.NMAP,
        "line1.xml",
    )
    assert scan.packet_count == 0
    assert not scan.probes.exists()
    assert verdicts(scan) == {
        "10.20.0.11": ObservationVerdict.ADDED,
        "10.20.0.12": ObservationVerdict.ADDED,
        "10.20.0.13": ObservationVerdict.UNIDENTIFIED,
    }
    plc = Asset.objects.get(network_address="10.20.0.11")
    assert (plc.name, plc.serial_number, plc.firmware_version) == (
        "PRESS-1",
        "C-C2UR28922099",
        "3.2.6",
    )
    assert (plc.product.vendor.name, plc.product.model) == ("Siemens", "CPU 315-2 PN/DP")
    assert plc.item_class.slug == "plc"
    assert plc.mac_address == "00:1c:06:11:22:33"
    assert plc.provenance["serial_number"]["source"] == "discovery"
    kept = scan.addresses.get(address="10.20.0.13")
    assert [one["product"] for one in kept.services] == ["OpenSSH", ""]
    assert kept.identity["os"]["value"] == "linux"
    assert LedgerEntry.objects.filter(action="import what was seen").count() == 1


def test_a_second_import_of_the_same_report_changes_nothing(network):
    imported(network, REPORT, "line1.xml")
    before = written()
    scan = imported(network, REPORT, "line1.xml")
    assert written() == before
    assert set(verdicts(scan).values()) == {
        ObservationVerdict.UNCHANGED,
        ObservationVerdict.UNIDENTIFIED,
    }


def test_a_preview_says_what_the_import_then_does_and_writes_nothing(network):
    AssetFactory(location=network.location, network_address="10.20.0.13", name="Old server")
    before = written(), Scan.objects.count(), LedgerEntry.objects.count()
    foretold = previewed(network, REPORT, "line1.xml")
    assert (written(), Scan.objects.count(), LedgerEntry.objects.count()) == before
    scan = imported(network, REPORT, "line1.xml")
    happened = dict.fromkeys(ObservationVerdict.values, 0)
    for verdict in verdicts(scan).values():
        happened[verdict] += 1
    assert foretold["counts"] == happened
    assert happened["added"] == 2
    assert happened["conflicting"] == 1
    assert left_out(foretold) == {"Nobody has answered there.": 1}


def test_an_address_alone_is_a_question_where_an_item_stands_and_nothing_elsewhere(network):
    item = AssetFactory(location=network.location, network_address="10.20.0.13", name="Old server")
    scan = imported(network, REPORT, "line1.xml")
    assert verdicts(scan)["10.20.0.13"] == ObservationVerdict.CONFLICTING
    case = Case.objects.get()
    assert case.kind == CaseKind.WEAK
    assert list(case.candidates.values_list("pk", flat=True)) == [item.pk]
    imported(network, REPORT, "line1.xml")
    assert Case.objects.count() == 1


def test_hosts_outside_of_the_network_are_left_out_with_the_reason(network):
    network.allowed_blocks, network.excluded_blocks = "10.20.0.0/28", "10.20.0.11"
    network.save()
    found = previewed(network, REPORT, "line1.xml")
    assert left_out(found)["The address is on the network's exclusion list."] == 1
    network.allowed_blocks, network.excluded_blocks = "10.20.0.12/32", ""
    network.save()
    found = previewed(network, REPORT, "line1.xml")
    assert left_out(found)["The address is not in the network's allowed blocks."] == 2
    assert found["devices"] == 1


def test_a_report_fills_what_is_blank_and_overwrites_neither_names_nor_what_people_set(network):
    item = AssetFactory(
        location=network.location,
        network_address="10.20.0.12",
        mac_address="00:00:bc:0a:0b:0c",
        hostname="logix-by-hand",
        firmware_version="20.10",
        provenance={
            "hostname": {"source": "manual", "at": "2026-01-01T00:00:00+00:00"},
            "firmware_version": {"source": "discovery", "at": "2026-01-01T00:00:00+00:00"},
        },
    )
    imported(network, REPORT, "line1.xml")
    item.refresh_from_db()
    assert item.hostname == "logix-by-hand"
    assert item.firmware_version == "20.11"
    assert item.serial_number == "006C061B"
    assert not Case.objects.filter(kind=CaseKind.VALUE).exists()


def test_what_a_device_tells_a_scan_outweighs_a_file(network):
    item = AssetFactory(
        location=network.location,
        mac_address="00:00:bc:0a:0b:0c",
        network_address="10.20.0.12",
        firmware_version="20.10",
        provenance={"firmware_version": {"source": "discovery", "at": "2026-01-01T00:00:00+00:00"}},
    )
    own = ScanFactory(network=network, state=ScanState.COMPLETED)
    Observation.objects.create(
        network=network,
        scan=own,
        address="10.20.0.12",
        seen_at=datetime(2026, 1, 5, tzinfo=UTC),
        sighting={},
        verdict=ObservationVerdict.UNCHANGED,
        item=item,
    )
    imported(network, REPORT, "line1.xml")
    item.refresh_from_db()
    assert item.firmware_version == "20.10"


def test_hosts_called_up_without_an_answer_are_left_out(network):
    host = '<host><status state="up" reason="user-set"/><address addr="10.20.0.{}" addrtype="ipv4"/>{}</host>'
    port = '<ports><port protocol="tcp" portid="22"><state state="{}" reason="x"/></port></ports>'
    xml = (
        '<nmaprun scanner="nmap" args="nmap -Pn" version="7.93">'
        + host.format(1, "")
        + host.format(2, port.format("filtered"))
        + host.format(3, port.format("closed"))
        + "</nmaprun>"
    )
    found = previewed(network, xml, "pn.xml")
    assert left_out(found) == {"Nobody has answered there.": 2}
    assert found["devices"] == 1
    assert found["notes"] == [
        "nmap was broken off before its end; what it had found by then is taken."
    ]


def test_one_import_at_a_time(network):
    ScanFactory(network=network, state=ScanState.RUNNING)
    with pytest.raises(ConflictError, match="under way"):
        imported(network, REPORT, "line1.xml")


def test_an_import_that_a_killed_worker_left_goes_on_where_it_was(network, monkeypatch):
    now = timezone.now()
    seen = reading(network, REPORT, "line1.xml")

    def killed(**_given):
        raise LeaseLostError

    monkeypatch.setattr(seen_imports, "reconcile", killed)
    with pytest.raises(LeaseLostError):
        import_file(actor=WHO, network=network, seen=seen, name="line1.xml", clock=lambda: now)
    scan = Scan.objects.get()
    assert (scan.state, scan.observations.count()) == (ScanState.RUNNING, 3)
    monkeypatch.undo()

    def unread():
        raise AssertionError("the file is read once")

    carry_out(scan=scan, read=unread, actor=WHO, clock=lambda: now, progress=lambda *_: None)
    assert scan.state == ScanState.COMPLETED
    assert verdicts(scan)["10.20.0.11"] == ObservationVerdict.ADDED


def test_a_cancelled_import_leaves_nothing_waiting(network):
    def cancelled(*_told):
        raise JobCancelledError

    seen = reading(network, REPORT, "line1.xml")
    network_scan = {"actor": WHO, "network": network, "seen": seen, "name": "line1.xml"}
    with pytest.raises(JobCancelledError):
        import_file(**network_scan, clock=timezone.now, progress=cancelled)
    scan = Scan.objects.get()
    assert (scan.state, scan.end_reason) == (ScanState.CANCELLED, "Cancelled by hand.")
    assert not scan.observations.filter(verdict=ObservationVerdict.STAGED).exists()


def test_a_file_is_no_scan_for_drift_and_for_the_last_scan(network):
    imported(network, REPORT, "line1.xml")
    imported(network, "address,mac\n10.20.0.77,00:1b:1b:10:20:77")
    assert standing_of(network, at=timezone.now()).last_scan is None
    assert not Drift.objects.exists()
