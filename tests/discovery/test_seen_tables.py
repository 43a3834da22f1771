"""Imports of ARP and MAC tables into the real database."""

from datetime import UTC, datetime, timedelta

import pytest

from assets.models import Asset
from common.imports.encodings import UnreadableFileError
from discovery.choices import ObservationVerdict, ScanSource, ScanState
from discovery.models import Case, LinkSighting, Observation, Scan, ScanTarget
from discovery.queries import seen_files
from discovery.queries.latest import latest_looks
from discovery.queries.seen_files import BadSeenFileError
from discovery.rules.readings import Reading, oid
from discovery.rules.stored import packed
from discovery.services.seen_imports import SeenRefusedError
from tests.discovery.seen_files import (
    imported,
    left_out,
    network_of_files,
    previewed,
    reading,
    verdicts,
    written,
)
from tests.factories.assets import AssetFactory, ItemClassFactory, LocationFactory
from tests.factories.discovery import ScanFactory

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    return network_of_files()


def arp(*rows, header="Protocol,Address,Age (min),Hardware Addr,Type,Interface"):
    return "\n".join([header, *rows])


def test_an_arp_table_as_cisco_shows_it_becomes_devices(network):
    scan = imported(
        network,
        arp(
            "Internet,10.20.0.21,5,001b.1b10.2000,ARPA,Vlan20",
            "Internet,10.20.0.22,0,Incomplete,ARPA,",
            "Internet,10.20.0.23,1,0000.5e00.0101,ARPA,Vlan20",
            "Internet,10.99.0.1,1,001b.1b10.2001,ARPA,Vlan20",
            "Internet,10.20.0.200,1,001b.1b10.2002,ARPA,Vlan20",
        ),
    )
    assert scan.source == ScanSource.TABLE
    assert verdicts(scan) == {"10.20.0.21": ObservationVerdict.ADDED}
    item = Asset.objects.get()
    assert (item.name, item.mac_address, item.network_address) == (
        "Unknown device at 10.20.0.21",
        "00:1b:1b:10:20:00",
        "10.20.0.21",
    )


@pytest.mark.parametrize(
    "table",
    [
        "ip,mac,manufacturer,intf,hostname\n10.20.0.21,00:1b:1b:10:20:00,Siemens AG,igb1,plc21",
        "Interface;IP Address;MAC Address;Hostname\nLAN;10.20.0.21;00:1b:1b:10:20:00;plc21",
        "dst,dev,lladdr,state\n10.20.0.21,eth0,00:1b:1b:10:20:00,REACHABLE",
        "Internet Address\tPhysical Address\tType\n10.20.0.21\t00-1b-1b-10-20-00\tdynamic",
    ],
)
def test_tables_are_read_as_other_tools_export_them(network, table):
    imported(network, table)
    assert Asset.objects.get().mac_address == "00:1b:1b:10:20:00"


def test_a_newer_arp_table_moves_a_known_device_and_an_older_one_does_not(network):
    item = AssetFactory(
        location=network.location,
        mac_address="00:1b:1b:10:20:00",
        network_address="10.20.0.21",
        provenance={"network_address": {"source": "discovery", "at": MONDAY.isoformat()}},
    )
    table = "address,mac,seen_at\n10.20.0.{},00:1b:1b:10:20:00,{}"
    imported(network, table.format(30, (MONDAY - timedelta(days=1)).isoformat()))
    item.refresh_from_db()
    assert item.network_address == "10.20.0.21"
    scan = imported(network, table.format(31, (MONDAY + timedelta(days=1)).isoformat()))
    item.refresh_from_db()
    assert item.network_address == "10.20.0.31"
    assert scan.observations.get().changes == {"network_address": ["10.20.0.21", "10.20.0.31"]}


def test_an_address_of_another_network_is_not_taken_from_a_device(network):
    """Routers have an address in each network: the table of one says nothing about the others."""
    item = AssetFactory(
        location=network.location, mac_address="00:1b:1b:10:20:00", network_address="10.99.0.1"
    )
    imported(network, "address,mac\n10.20.0.1,00:1b:1b:10:20:00")
    item.refresh_from_db()
    assert item.network_address == "10.99.0.1"


def test_an_address_that_a_person_set_becomes_a_question(network):
    item = AssetFactory(
        location=network.location,
        mac_address="00:1b:1b:10:20:00",
        network_address="10.20.0.21",
        provenance={"network_address": {"source": "manual", "at": MONDAY.isoformat()}},
    )
    imported(network, "address,mac\n10.20.0.31,00:1b:1b:10:20:00")
    item.refresh_from_db()
    assert item.network_address == "10.20.0.21"
    case = Case.objects.get()
    assert (case.kind, case.stored_value, case.seen_value) == ("value", "10.20.0.21", "10.20.0.31")


def test_a_made_up_hardware_address_makes_no_item(network):
    scan = imported(network, "address,mac\n10.20.0.31,02:42:ac:11:00:02")
    assert verdicts(scan) == {"10.20.0.31": ObservationVerdict.UNIDENTIFIED}
    assert not Asset.objects.exists()


def test_a_router_that_answers_for_others_and_a_disputed_address_are_left_out(network):
    rows = [f"10.20.0.{n},00:1b:1b:10:20:00" for n in range(1, 10)]
    rows += ["10.20.0.50,00:1b:1b:10:20:01", "10.20.0.50,00:1b:1b:10:20:02"]
    found = previewed(network, "\n".join(["address,mac", *rows]))
    assert found["devices"] == 0
    assert sorted(left_out(found).values()) == [1, 9]


def test_every_error_is_told_at_once_with_its_line(network):
    table = "\n".join(
        [
            "IP Address,MAC,VLAN,Last seen",
            "10.20.0.300,00:1b:1b:10:20:00,10,",
            "10.20.0.5,zz:1b:1b:10:20:00,9999,yesterday",
            "10.20.0.6,00:1b:1b:10:20:00,10,2999-01-01",
            "=HYPERLINK(1),00:1b:1b:10:20:00,10,",
            "10.20.0.7,00:1b:1b:10:20:00,10,",
        ]
    )
    found = previewed(network, table)
    assert not found["is_clean"]
    assert [(one["row"], one["column"], one["value"]) for one in found["errors"]] == [
        (2, "IP Address", "10.20.0.300"),
        (3, "MAC", "zz:1b:1b:10:20:00"),
        (3, "VLAN", "9999"),
        (3, "Last seen", "yesterday"),
        (4, "Last seen", "2999-01-01"),
        (5, "IP Address", "=HYPERLINK(1)"),
    ]
    assert "one such as 10.20.0.7" in found["errors"][0]["message"]
    with pytest.raises(SeenRefusedError, match="6 errors"):
        imported(network, table)
    assert not Scan.objects.exists()
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "arp.csv", "empty"),
        (b"", "x.xml", "empty"),
        (b"\x00\x01\x02\x03", "arp.csv", "zero bytes"),
        (b"name,owner\na,b", "arp.csv", "no column of hardware addresses"),
        (b"mac,port\n00:1b:1b:10:20:00,1", "mac.csv", "say which one"),
        (b"ip,address,mac\n", "arp.csv", "both name the address"),
        (b"<html></html>", "arp.csv", "XML of"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "x.xml", "XML of"),
        ("address,mac".encode("utf-16") + b"\x00", "arp.csv", "is not valid utf-16"),
    ],
)
def test_files_of_another_kind_are_refused_with_the_reason(network, content, name, words):
    with pytest.raises((BadSeenFileError, UnreadableFileError), match=words):
        previewed(network, content, name)
    assert not Scan.objects.exists()


def test_too_many_rows_are_refused(network, monkeypatch):
    monkeypatch.setattr(seen_files, "MOST_ROWS", 2)
    rows = [f"10.20.0.{n},00:1b:1b:10:20:0{n}" for n in range(1, 4)]
    with pytest.raises(BadSeenFileError, match="more than 2 rows"):
        reading(network, "\n".join(["address,mac", *rows]))


def test_a_device_of_which_only_the_maker_is_known_is_named_by_its_address(network):
    imported(network, "address,mac,manufacturer\n10.20.0.21,00:1b:1b:10:20:00,Siemens AG")
    assert Asset.objects.get().name == "Siemens AG device at 10.20.0.21"


def switch_of(network, **given):
    values = {
        "location": network.location,
        "item_class": ItemClassFactory(slug="industrial-switch"),
        "code": "SW-1",
        "hostname": "hall-sw1",
        "network_address": "10.20.0.2",
        **given,
    }
    return AssetFactory(**values)


MAC_TABLE = """Vlan,Mac Address,Type,Ports
20,001b.1b10.2000,DYNAMIC,Gi1/0/1
20,001b.1b10.2001,DYNAMIC,Gi1/0/2
All,0100.0ccc.cccc,STATIC,CPU
20,001b.1b10.2009,STATIC,CPU
"""


def test_a_mac_table_gives_links_to_the_items_behind_the_ports(network):
    switch = switch_of(network)
    plc = AssetFactory(location=network.location, mac_address="00:1b:1b:10:20:00")
    scan = imported(network, MAC_TABLE, switch="sw-1")
    link = LinkSighting.objects.get(b_item__isnull=False)
    assert {link.a_item_id, link.b_item_id} == {switch.pk, plc.pk}
    assert "Gi1/0/1" in {link.a_port, link.b_port}
    assert link.method == "bridge"
    assert link.relation.provenance_source == "discovery"
    assert (link.relation.source_id, link.relation.target_id) == (plc.pk, switch.pk)
    assert LinkSighting.objects.filter(b_unknown__contains="00:1b:1b:10:20:01").count() == 1
    row = scan.observations.get()
    assert (row.item_id, row.verdict) == (switch.pk, ObservationVerdict.UNCHANGED)
    before = written()
    imported(network, MAC_TABLE, switch="hall-SW1")
    assert written() == before


def test_the_switch_can_stand_in_a_column_and_must_be_one_item_of_the_site(network):
    switch_of(network, network_address=None)
    AssetFactory(location=network.location, name="twin")
    AssetFactory(location=network.location, name="twin")
    AssetFactory(location=LocationFactory(), code="ELSEWHERE")
    table = "switch,mac,port\n" + "\n".join(
        f"{name},00:1b:1b:10:20:0{n},1"
        for n, name in enumerate(["SW-1", "twin", "nobody", "ELSEWHERE"])
    )
    found = previewed(network, table)
    told = {one["value"]: one["message"] for one in found["errors"]}
    assert "no network address" in told["SW-1"]
    assert "several items" in told["twin"]
    assert "no item at the network's site" in told["nobody"]
    assert told["ELSEWHERE"] == told["nobody"]


def test_what_a_switch_told_a_scan_comes_before_a_file(network):
    switch = switch_of(network)
    own = ScanFactory(network=network, state=ScanState.COMPLETED, started_at=MONDAY)
    told = Reading({oid("1.3.6.1.2.1.1.5.0"): b"hall-sw1"})
    target = ScanTarget.objects.create(
        scan=own,
        address="10.20.0.2",
        outcome="read",
        raw=packed(told),
        variable_count=1,
        read_at=MONDAY,
    )
    row = Observation.objects.create(
        network=network,
        scan=own,
        target=target,
        address="10.20.0.2",
        seen_at=MONDAY,
        sighting={},
        verdict=ObservationVerdict.UNCHANGED,
        item=switch,
    )
    found = previewed(network, MAC_TABLE, switch="SW-1")
    assert "The switch was read over SNMP; what it told itself counts." in left_out(found)
    imported(network, "address,mac\n10.20.0.2,00:1b:1b:10:20:33")
    assert Observation.objects.filter(address="10.20.0.2").latest("pk") != row
    assert latest_looks(network).items == {"10.20.0.2": switch.pk}
