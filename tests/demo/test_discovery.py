"""Discovery of the demonstration: its simulated network, started as `up` does, is scanned and scanned again."""

import io
import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assets.choices import RelationClass
from assets.models import Asset, Relation
from common.jobs import JobRun
from common.management.commands.up import demonstration_programs
from discovery.models import (
    Case,
    LinkSighting,
    Network,
    Observation,
    Scan,
    ScanTarget,
    SubnetSeen,
    VlanSeen,
)
from discovery.queries.current_state import current_state
from discovery.queries.membership import vlan_view
from discovery.rules import safety
from discovery.rules.current_state import Kind
from discovery.services import decide_approval, request_approval, start_scan
from discovery.services.scans import NothingToScanError
from discovery.tasks import scan as scan_task
from evidence.models import LedgerEntry
from tests.simulators.scanning import PORT

pytestmark = pytest.mark.django_db
OFFICE, FILLING, CONTROL_ROOM = "NF-OFFICE", "NF-FILLING", "NF-SCADA"
#: Where somebody lives in the filling hall: silent addresses take their time.
CONTROLLERS = "\n".join(f"127.20.1.{number}" for number in range(1, 13))
FAST = {"gap_seconds": 0, "subnet_rate": 1000, "overall_rate": 1000}


@dataclass
class Story:
    """What two scans of each network came to. `packets` is by address, of all scans together."""

    office: tuple[dict, dict]
    filling: tuple[dict, dict]
    refused: dict[str, str]
    written: dict[str, set[tuple[str, str]]]
    packets: dict[str, int]


@contextmanager
def simulated_network() -> Iterator[dict[str, int]]:
    """Run the program `up` starts; yield what becomes the packets by address when it has stopped."""
    (program,) = demonstration_programs()
    running = subprocess.Popen([*program.command, "--count"], stdout=subprocess.PIPE, text=True)
    packets: dict[str, int] = {}
    try:
        assert running.stdout.readline() == "ready\n"
        yield packets
        running.send_signal(signal.SIGTERM)
        packets.update(json.loads(running.communicate(timeout=10)[0]))
    finally:
        running.kill()
        running.wait()


def scanned(network: Network, targets: str = "") -> dict:
    """Scan a network as the engineer does; return what the job says."""
    engineer = User.objects.select_related("person").get(username="engineer")
    actor = engineer.as_actor(channel="web")
    scan = start_scan(
        actor=actor,
        network=network,
        requester=engineer.person,
        targets=targets,
        now=timezone.now(),
    )
    run = JobRun(job_id=scan.job_id, actor=actor, attempt=1, lease_owner="test")
    return scan_task(run, scan_id=scan.pk)


def refusal_of(network: Network) -> str:
    with pytest.raises(NothingToScanError) as refusal:
        scanned(network)
    return str(refusal.value)


def written_since(pk: int) -> set[tuple[str, str]]:
    entries = LedgerEntry.objects.filter(pk__gt=pk)
    return set(entries.values_list("action", "object_type"))


def consented(network: Network) -> None:
    """Let the engineer ask, and who is accountable for the filling hall agree."""
    now = timezone.now()
    engineer, kenji = (
        User.objects.select_related("person").get(username=name) for name in ("engineer", "kenji")
    )
    asked = request_approval(
        actor=engineer.as_actor(channel="web"),
        requester=engineer.person,
        network=network,
        valid_from=now,
        expires_at=now + timedelta(days=7),
        reason="First look at the filling hall",
        now=now,
    )
    decide_approval(
        actor=kenji.as_actor(channel="web"),
        person=kenji.person,
        approval=asked,
        is_granted=True,
        note="Between batches it does no harm.",
        now=now,
    )


def twice(network: Network, written: dict, targets: str = "") -> tuple[dict, dict]:
    first = scanned(network, targets)
    last = LedgerEntry.objects.latest("pk").pk
    second = scanned(network, targets)
    written[network.code] = written_since(last)
    return first, second


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker, tmp_path_factory):
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        # Simulated controllers take no harm: what would take minutes takes seconds.
        patch.setattr(safety, "OT_GAP_SECONDS", 0)
        patch.setattr(django_settings, "DEMO", True)
        patch.setattr(django_settings, "DEMO_SNMP_PORT", PORT)
        patch.setattr(django_settings, "VAR_DIR", tmp_path_factory.mktemp("var"))
        call_command("load_demo", stdout=io.StringIO())
        assert not Scan.objects.exists()
        Network.objects.update(**FAST)
        networks = Network.objects.in_bulk(field_name="code")
        written: dict[str, set[tuple[str, str]]] = {}
        with simulated_network() as packets:
            office = twice(networks[OFFICE], written)
            refused = {code: refusal_of(networks[code]) for code in (FILLING, CONTROL_ROOM)}
            consented(networks[FILLING])
            filling = twice(networks[FILLING], written, CONTROLLERS)
        yield Story(office, filling, refused, written, packets)
        transaction.set_rollback(True)


def seen(network: str) -> dict[str, Observation]:
    """What the first scan of a network saw, by address."""
    rows = Observation.objects.filter(network__code=network).select_related("item").order_by("-pk")
    return {row.address: row for row in rows}


def links(network: str) -> set[tuple[str, str]]:
    """Which items a network's links join; what is no item in its own words."""
    rows = LinkSighting.objects.filter(network__code=network).select_related("a_item", "b_item")
    return {
        (row.a_item.code, row.b_item.code if row.b_item else f"? {row.b_unknown}") for row in rows
    }


def test_the_office_is_recognised_updated_added_and_asked_about(story):
    first, second = story.office
    assert first["verdicts"] == {"unchanged": 5, "updated": 1, "added": 2, "conflicting": 2}
    looks = seen(OFFICE)
    assert looks["127.20.4.2"].changes == {"firmware_version": ["15.2(4)E6", "15.2(7)E10"]}
    assert looks["127.20.4.1"].item.code == "NF-ADM-ASW01"
    new = {looks[f"127.20.4.{number}"].item for number in (9, 10)}
    assert {(one.name, one.item_class.slug, one.product.vendor.name) for one in new} == {
        ("quality-share", "nas", "Synology"),
        ("meeting-room-sw", "it-switch", "HP"),
    }
    # The second time the printer that vanished midway is silent.
    assert second["verdicts"] == {"unchanged": 7, "conflicting": 2}


def test_two_questions_wait_for_a_person_and_are_asked_once(story):
    questions = {
        (case.kind, case.field, case.stored_value, case.seen_value, case.candidates.get().code)
        for case in Case.objects.all()
    }
    assert questions == {
        ("value", "firmware_version", "17.9.5a", "16.9.8", "NF-NET-RTR01"),
        ("replaced", "", "", "", "NF-ADM-PRN01"),
    }
    assert Asset.objects.get(code="NF-NET-RTR01").firmware_version == "17.9.5a"


def test_a_printer_that_vanishes_midway_is_told_of_and_nothing_is_lost(story):
    targets = ScanTarget.objects.filter(scan__network__code=OFFICE, address="127.20.4.8")
    outcomes = list(targets.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["partial", "silent"]
    assert Asset.objects.get(code="NF-ADM-PRN02").serial_number == "5CG10497B7"


def test_links_join_items_whether_they_answer_or_are_only_heard_of(story):
    new = {row.hostname: row.code for row in Asset.objects.exclude(code__startswith="NF-")}
    found = links(OFFICE)
    joined = {
        ("NF-ADM-ASW01", "NF-ADM-ASW02"),
        ("NF-ADM-AP01", "NF-ADM-ASW02"),
        ("NF-NET-RTR01", "NF-NET-RTR02"),
        ("NF-ADM-ASW02", new["meeting-room-sw"]),
        ("NF-ADM-ASW01", new["quality-share"]),
        ("NF-ADM-ASW01", "NF-ADM-WS01"),
    }
    assert {frozenset(pair) for pair in joined} <= {frozenset(pair) for pair in found}
    assert {b for _a, b in found if b.startswith("?")} == {
        "? canteen-display (00:09:b0:6e:14:90)",
        "? 3c:52:82:17:40:a2",
    }


def test_what_was_declared_is_confirmed_and_only_what_is_new_becomes_a_relation(story):
    made = Relation.objects.filter(provenance_source="discovery")
    assert set(made.values_list("relation_class", flat=True)) == {RelationClass.CONNECTS_VIA}
    assert made.filter(target=None).count() == 2
    assert made.exclude(target=None).count() == 4
    declared = LinkSighting.objects.filter(relation__provenance_source="import")
    assert declared.count() == 15


def test_the_filling_hall_is_read_only_after_consent(story):
    assert "needs the approval of who is accountable" in story.refused[FILLING]
    assert "mode does not allow" in story.refused[CONTROL_ROOM]
    first, second = story.filling
    assert first["verdicts"] == {"unchanged": 11, "updated": 1}
    assert second["verdicts"] == {"unchanged": 12}
    assert seen(FILLING)["127.20.1.9"].changes == {"firmware_version": ["3.8", "3.12"]}


def test_a_second_scan_writes_nothing_but_that_it_was_started(story):
    nothing = {("start scan", "discovery.scan")}
    assert story.written == {OFFICE: nothing, FILLING: nothing}


def test_excluded_flagged_and_passive_addresses_got_no_packet(story):
    left_alone = {one for one, count in story.packets.items() if count == 0}
    assert left_alone == {"127.20.4.30", "127.20.4.11", "127.20.2.1", "127.20.2.2"}
    assert Asset.objects.get(code="NF-ADM-WS07").is_never_scanned
    assert len(story.packets) == 26


def test_the_office_switches_tell_their_vlans_and_do_not_agree_on_a_name(story):
    rows = VlanSeen.objects.filter(network__code=OFFICE)
    assert dict(rows.values_list("number", "name")) == {
        10: "OFFICE",
        20: "PRINT-OLD",
        30: "DISPLAYS",
        40: "WLAN",
        99: "MANAGEMENT",
    }
    administrator = User.objects.get(username="administrator")
    printers = vlan_view(administrator, rows.get(number=20))
    assert printers.names == ["PRINT-OLD", "PRINTERS"]
    radio = vlan_view(administrator, rows.get(number=40))
    assert {one.item.code for one in radio.stations} == {"NF-ADM-AP01", "NF-ADM-AP02"}


def test_who_was_read_in_the_office_is_in_its_subnet(story):
    (subnet,) = SubnetSeen.objects.filter(network__code=OFFICE)
    assert subnet.prefix == "10.20.10.0/24"
    assert {one.item.code for one in subnet.members.select_related("item")} >= {
        "NF-ADM-ASW01",
        "NF-NET-RTR02",
        "NF-ADM-AP01",
    }


def test_the_plant_shows_every_kind_of_gap_but_drift(story):
    state = current_state(User.objects.get(username="administrator"))
    assert set(state.counts) == set(Kind) - {Kind.DRIFT}
    found = {
        (kind, tuple(sorted(state.nodes[pk].name for pk in one.items)))
        for kind in (Kind.SILO, Kind.FILE_ONLY, Kind.UNSEEN)
        for one in state.of_kinds([kind])
    }
    assert found == {
        (Kind.SILO, ("Paint laboratory results",)),
        (Kind.FILE_ONLY, ("Measuring room software",)),
        (Kind.UNSEEN, ("Office Northfield access point 2", "Office access switch ground floor")),
    }
