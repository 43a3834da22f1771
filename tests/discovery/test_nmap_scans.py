"""Scans that ask besides SNMP, from the network's form to the item, against simulated control systems."""

import time

import pytest
from django.utils import timezone

from assets.models import Asset
from discovery.choices import ObservationVerdict, ScanMethod, ScanMode, ScanState, TargetOutcome
from discovery.models import Network, Observation, Scan
from discovery.queries.policies import policy_hash
from discovery.queries.sentences import policy_sentences
from discovery.services import change_network, order_stop, start_scan
from discovery.services.reconciling import reconcile
from discovery.services.running import run_scan
from discovery.services.scans import NothingToScanError, planned
from tests.discovery.cast import cast_of, text_of
from tests.discovery.plants import agents, cell, office
from tests.factories.assets import ItemClassFactory
from tests.simulators.control import (
    enip,
    modbus,
    needs_low_ports,
    needs_nmap,
    one_at_a_time,
    opcua,
    plain_port,
    s7,
    serving,
    silence,
)
from tests.simulators.scanning import served_elsewhere

pytestmark = [pytest.mark.django_db, needs_nmap, needs_low_ports, one_at_a_time]

ICS = [
    ScanMethod.S7_READ_SZL.value,
    ScanMethod.MODBUS_IDENTIFY.value,
    ScanMethod.OPCUA_GET_ENDPOINTS.value,
    ScanMethod.ENIP_LIST_IDENTITY.value,
]
FOUR = ("127.30.0.1", "127.30.0.2", "127.30.0.3", "127.30.0.4")


def scanned(actor, network, targets="", progress=lambda *_: None):
    scan = start_scan(
        actor=actor, network=network, requester=None, targets=targets, now=timezone.now()
    )
    return run_scan(scan_id=scan.pk, progress=progress, clock=timezone.now)


def gentle(*, has_credential: bool = True, **given) -> Network:
    """Return a gentle network outside of OT that asks control systems."""
    given = {"mode": ScanMode.GENTLE, "methods": ICS, "gap_seconds": 0} | given
    network = office(overall_rate=1000, subnet_rate=1000, **given)
    if not has_credential:
        network.credential = None
        network.save(update_fields=["credential"])
    return network


@pytest.fixture
def control_systems():
    servers = {"s7": s7(), "modbus": modbus(), "enip": enip(), "opcua": opcua()}
    with serving(
        **dict(zip(servers, zip(FOUR, servers.values(), strict=True), strict=True))
    ) as all_:
        yield all_


@pytest.mark.usefixtures("control_systems")
def test_control_systems_without_snmp_become_items_and_a_second_scan_changes_nothing(actor):
    for slug in ("network-device", "plc"):
        ItemClassFactory(slug=slug)
    network = gentle(has_credential=False)
    scan = scanned(actor, network, "\n".join(FOUR))
    assert scan.state == ScanState.COMPLETED
    found = {
        row.address: {name: one["value"] for name, one in row.identity.items()}
        for row in scan.addresses.all()
    }
    assert [found[one]["vendor"] for one in FOUR] == [
        "Siemens",
        "Schneider Electric",
        "Rockwell Automation",
        "Siemens",
    ]
    assert [found[one]["model"] for one in FOUR] == [
        "CPU 315-2 PN/DP",
        "BMX P34 2020",
        "1756-L61/B LOGIX5561",
        "S7-1500",
    ]
    assert [found[one].get("serial") for one in FOUR] == ["C-C2UR28922012", None, "006C061A", None]
    assert {found[one]["item_class"] for one in FOUR} == {"plc"}
    reconcile(actor=actor, network=network, now=timezone.now())
    items = Asset.objects.filter(network_address__in=FOUR)
    assert items.count() == 4
    assert set(items.values_list("item_class__slug", flat=True)) == {"plc"}
    assert Asset.objects.get(serial_number="006C061A").firmware_version == "20.11"
    before = dict(Asset.objects.values_list("pk", "version"))
    scanned(actor, network, "\n".join(FOUR))
    reconcile(actor=actor, network=network, now=timezone.now())
    assert dict(Asset.objects.values_list("pk", "version")) == before
    second = Observation.objects.filter(scan=Scan.objects.latest("pk"))
    verdicts = dict(second.values_list("address", "verdict"))
    assert verdicts[FOUR[0]] == verdicts[FOUR[2]] == ObservationVerdict.UNCHANGED
    # Without a serial number only the address speaks for them, and that proves nothing: a person is asked.
    assert verdicts[FOUR[1]] == verdicts[FOUR[3]] == ObservationVerdict.CONFLICTING


def test_ports_reports_and_answers_are_kept_and_shown(actor):
    network = gentle(has_credential=False, methods=[*ICS, ScanMethod.TCP_CONNECT.value])
    with serving(plc=(FOUR[0], modbus()), web=(FOUR[0], plain_port(80, silence))):
        scan = scanned(actor, network, FOUR[0])
    cast = cast_of(network)
    row = scan.addresses.get()
    assert row.outcome == TargetOutcome.READ
    states = {one["port"]: one["state"] for one in row.services}
    assert states == {22: "closed", 80: "open", 102: "closed", 443: "closed", 502: "open"} | {
        1883: "closed",
        4840: "closed",
        44818: "closed",
    }
    page = text_of(cast.client("reader").get(f"/discovery/scans/{scan.pk}/addresses/{row.pk}/"))
    for words in ("raceway-modbus", "BMX P34 2020", "modbus.product", "nmap's reports"):
        assert words in page
    told = cast.client("reader").get(f"/api/discovery/scans/{scan.pk}/targets/").json()
    (one,) = [port for port in told["results"][0]["services"] if port["port"] == 502]
    assert "BMX P34 2020" in one["scripts"]["raceway-modbus"]
    sent = scan.probes.filter(was_sent=True)
    assert row.packet_count == sum(sent.values_list("packets", flat=True)) == scan.packet_count
    assert set(sent.values_list("request", flat=True)) == {*ICS, ScanMethod.TCP_CONNECT.value}


def test_an_open_port_or_a_ping_alone_makes_no_device(actor):
    network = gentle(has_credential=False, methods=[ScanMethod.TCP_CONNECT.value])
    with serving(web=(FOUR[0], plain_port(80, silence))):
        scan = scanned(actor, network, FOUR[0])
    assert scan.addresses.get().outcome == TargetOutcome.READ
    assert not Observation.objects.exists()


def test_what_snmp_tells_comes_first_and_a_control_system_fills_what_it_leaves_open(actor):
    """The simulated PLC speaks SNMP as a Siemens CPU; the same address answers S7."""
    served = agents(FOUR[0])
    with served_elsewhere(served), serving(plc=(FOUR[0], s7())):
        scan = scanned(actor, gentle(methods=[ScanMethod.S7_READ_SZL.value]), FOUR[0])
    row = scan.addresses.get()
    requests = list(scan.probes.order_by("pk").values_list("request", flat=True))
    assert requests[0] == "snmp-read"
    assert requests[-1] == ScanMethod.S7_READ_SZL
    assert not row.identity["vendor"]["rule"].startswith("answer-")
    assert row.variable_count > 10


def test_a_host_without_snmp_is_asked_the_rest_and_not_stopped(actor):
    with serving(plc=(FOUR[0], modbus())):
        scan = scanned(actor, gentle(methods=[ScanMethod.MODBUS_IDENTIFY.value]), FOUR[0])
    row = scan.addresses.get()
    assert (row.outcome, row.problems) == (TargetOutcome.READ, [])
    assert row.identity["model"]["value"] == "BMX P34 2020"
    outcomes = list(scan.probes.order_by("pk").values_list("request", "outcome"))
    assert outcomes == [
        ("snmp-read", "timed-out"),
        ("modbus-identify", "answered"),
        ("snmp-read", "timed-out"),
    ]


@pytest.mark.parametrize("mode", [ScanMode.PASSIVE, ScanMode.SNMP_ONLY])
def test_methods_chosen_for_a_mode_that_forbids_them_send_nothing(actor, mode):
    network = gentle(has_credential=False, mode=mode)
    with serving(plc=(FOUR[0], plain_port(502, silence))) as counts:
        with pytest.raises(NothingToScanError, match="allows nothing else"):
            scanned(actor, network, FOUR[0])
        assert counts["plc"].connections == 0
    sentences = {one.topic: one.text for one in policy_sentences(network, at=timezone.now())}
    if mode == ScanMode.SNMP_ONLY:
        assert "not allowed by the mode: S7" in sentences["Besides SNMP"]


def test_in_ot_the_first_use_on_a_model_is_one_device_and_a_failed_one_stops_the_others(actor):
    network = cell(mode=ScanMode.GENTLE, methods=[ScanMethod.ENIP_LIST_IDENTITY.value])
    change = {"credential": None}
    Network.objects.filter(pk=network.pk).update(**change)
    servers = {one: (one, plain_port(44818, silence)) for one in FOUR[:3]}
    with serving(**servers) as counts:
        scan = scanned(actor, Network.objects.get(), "\n".join(FOUR[:3]))
    asked = [one for one in FOUR[:3] if counts[one].connections]
    assert len(asked) == 1
    refused = scan.probes.filter(was_sent=False).values_list("outcome", flat=True)
    assert set(refused) == {"trial-failed"}


def test_adding_a_method_voids_the_consent(actor):
    network = cell(mode=ScanMode.GENTLE)
    before = policy_hash(network)
    changed = change_network(
        actor=actor,
        network=network,
        values={"methods": [ScanMethod.MODBUS_IDENTIFY.value]},
        now=timezone.now(),
    )
    assert policy_hash(changed) != before
    with pytest.raises(NothingToScanError, match="needs the approval"):
        start_scan(actor=actor, network=changed, requester=None, now=timezone.now())


def test_a_dry_run_lists_every_request_and_counts_its_packets():
    network = gentle(methods=[ScanMethod.MODBUS_IDENTIFY.value, ScanMethod.SERVICE_VERSION.value])
    run = planned(network, FOUR[0], timezone.now())
    assert [(one.request.value, one.port) for one in run.requests] == [
        ("snmp-read", network.snmp_port),
        ("modbus-identify", 502),
    ]
    assert run.targets[0].packets == sum(one.packets for one in run.requests) == run.packets
    cast = cast_of(network)
    page = text_of(cast.client("reader").get(f"/discovery/networks/{network.pk}/dry-run/"))
    assert "Modbus device identification" in page
    told = cast.client("runner").post(
        "/api/discovery/dry-run/", {"network": network.code}, content_type="application/json"
    )
    assert told.json()["requests"][1] == {
        "request": "modbus-identify",
        "port": 502,
        "packets_at_most": 15,
    }


def test_methods_are_chosen_on_the_form_and_over_the_api_and_others_are_refused_by_name():
    cast = cast_of(gentle(methods=[]))
    client, pk = cast.client("runner"), cast.network.pk
    page = text_of(client.get(f"/discovery/networks/{pk}/edit/"))
    assert "Modbus: device identification (port 502)" in page
    address = f"/api/discovery/networks/{pk}/"
    told = client.patch(
        address,
        {"methods": ["modbus-identify"]},
        content_type="application/json",
        headers={"If-Match": client.get(address)["ETag"]},
    )
    assert told.status_code == 200, told.content
    assert told.json()["methods"] == ["modbus-identify"]
    wrong = client.patch(
        address,
        {"methods": ["modbus-write"]},
        content_type="application/json",
        headers={"If-Match": client.get(address)["ETag"]},
    )
    assert wrong.status_code == 400
    assert "modbus-write" in wrong.content.decode()


def test_the_kill_switch_ends_a_scan_and_its_nmap_within_a_second(actor):
    pulled: list[float] = []
    with serving(plc=(FOUR[0], plain_port(502, silence))) as counts:

        def progress(_done, _total, _message):
            if not pulled and counts["plc"].connections == 2:
                order_stop(actor=actor, network=None, reason="Smoke.", now=timezone.now())
                pulled.append(time.monotonic())

        scan = scanned(actor, gentle(has_credential=False), FOUR[0], progress)
        assert time.monotonic() - pulled[0] < 1
        time.sleep(0.2)
        assert counts["plc"].closed == 2
    assert scan.state == ScanState.STOPPED
