"""VLANs and subnets as the devices tell them are kept, shown, and not written again.

press ── sw1 P2 (untagged 20 "CELL")    sw1 P1 ══ P1 sw2 (trunk: 10 and 20 tagged, 99 untagged)
"""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demo.simulator.boxes import Box, VlanTold, cabled, mac
from discovery.choices import ObservationVerdict, TargetOutcome
from discovery.models import (
    BundleSeen,
    Observation,
    ScanTarget,
    SubnetMemberSeen,
    SubnetSeen,
    VlanDeviceSeen,
    VlanPortSeen,
    VlanSeen,
    Witness,
)
from discovery.models.scans import packed
from discovery.queries.latest import latest_looks
from discovery.queries.membership import membership_of, subnet_view, vlan_view
from discovery.rules.readings import Reading, oid
from discovery.services.linking import connect
from discovery.services.membership import keep_membership
from discovery.topology.links import links_of
from tests.discovery.cast import user_named
from tests.factories.assets import AssetFactory, LocationFactory
from tests.factories.discovery import NetworkFactory, ObservationFactory, ScanFactory

pytestmark = pytest.mark.django_db
KEPT = (
    VlanSeen,
    VlanDeviceSeen,
    VlanPortSeen,
    BundleSeen,
    SubnetSeen,
    SubnetMemberSeen,
    Witness,
)
TRUNK = (
    VlanTold(10, "OFFICE", untagged=(3, 4), tagged=(1,)),
    VlanTold(20, "CELL", untagged=(2,), tagged=(1,)),
    VlanTold(99, "MGMT", untagged=(1,)),
)
#: dot3adAggPortAttachedAggID of ports 3 and 4: both in aggregator 24.
LAG = oid("1.2.840.10006.300.43.1.2.1.1.13")


@pytest.fixture
def network(db):
    return NetworkFactory()


@pytest.fixture
def plant(network, actor):
    """Look at devices once more; the items of a name stay the same."""
    items = {}

    def look(*boxes, partial=(), problems=()):
        scan = ScanFactory(network=network)
        for place, box in enumerate(boxes, 1):
            if box.key not in items:
                items[box.key] = AssetFactory(name=box.key, location=network.location)
            item = items[box.key]
            cut = box.key in partial
            target = ScanTarget.objects.create(
                scan=scan,
                address=f"10.0.0.{place}",
                outcome=TargetOutcome.PARTIAL if cut else TargetOutcome.READ,
                problems=list(problems),
                raw=packed(Reading(box.varbinds)),
                variable_count=len(box.varbinds),
                read_at=timezone.now(),
            )
            ObservationFactory(
                scan=scan,
                address=target.address,
                target=target,
                item=item,
                verdict=ObservationVerdict.UNCHANGED,
            )
        connect(actor=actor, network=network, now=timezone.now())
        return items

    return look


def cell(**given):
    """Two switches with a trunk between them, and a press behind the first."""
    sw1 = Box("sw1", 0x10, address="10.0.0.1", is_bridge=True, knows_vlans=True, vlans=TRUNK)
    sw2 = replace(sw1, key="sw2", base=0x20, address="10.0.0.2")
    sw1, sw2 = (
        replace(one, speaks_lldp=True, addresses=((1, f"{one.address}/24"),)) for one in (sw1, sw2)
    )
    sw1, sw2 = cabled(sw1, 1, sw2, 1)
    press = Box("press", 0x30, ports=1, address="10.0.0.3", addresses=((1, "10.0.0.3/24"),))
    return replace(sw1.learns(2, press.port_mac(1)), **given), sw2, press


def rows():
    return {model: list(model.objects.order_by("pk").values()) for model in KEPT}


def test_each_port_says_what_it_carries_with_and_without_a_tag(plant, administrator):
    items = plant(*cell())
    assert {(one.number, one.name) for one in VlanSeen.objects.all()} == {
        (10, "OFFICE"),
        (20, "CELL"),
        (99, "MGMT"),
    }
    ports = {one.port: one for one in membership_of(administrator, items["sw1"]).ports}
    assert [one.number for one in ports["P1"].tagged] == [10, 20]
    assert [one.number for one in ports["P1"].untagged] == [99]
    assert [one.number for one in ports["P2"].untagged] == [20]


def test_whoever_hangs_behind_an_untagged_port_is_in_the_vlan(plant, administrator):
    items = plant(*cell())
    view = vlan_view(administrator, VlanSeen.objects.get(number=20))
    assert [(one.item, one.switch, one.port) for one in view.stations] == [
        (items["press"], items["sw1"], "P2")
    ]
    assert {one.item for one in view.devices} == {items["sw1"], items["sw2"]}
    (plug,) = membership_of(administrator, items["press"]).plugs
    assert (plug.vlan.number, plug.switch, plug.port) == (20, items["sw1"], "P2")
    # The other end of the trunk is a switch that knows the VLAN itself: nobody's station.
    assert vlan_view(administrator, VlanSeen.objects.get(number=99)).stations == []


def test_two_names_of_one_vlan_are_told_and_the_commoner_one_is_its_name(plant, administrator):
    sw1, sw2, press = cell()
    old = (VlanTold(20, "OLD-CELL", untagged=(2,), tagged=(1,)),)
    plant(sw1, replace(sw2, vlans=old), press)
    vlan = VlanSeen.objects.get(number=20)
    assert vlan.name == "CELL"
    assert vlan_view(administrator, vlan).names == ["CELL", "OLD-CELL"]


def test_a_second_look_at_an_unchanged_network_writes_nothing(plant, network):
    plant(*cell())
    before = rows()
    assert all(before[model] for model in (VlanSeen, VlanPortSeen, SubnetSeen, Witness))
    latest = latest_looks(network)
    topology = links_of(latest.observations)
    with CaptureQueriesContext(connection) as captured:
        touched = keep_membership(
            network=network, latest=latest, topology=topology, now=timezone.now()
        )
    assert touched == 0
    writing = [one["sql"] for one in captured if not one["sql"].startswith("SELECT")]
    assert [sql for sql in writing if "SAVEPOINT" not in sql] == []
    plant(*cell())
    assert rows() == before


def test_the_number_of_queries_does_not_depend_on_the_devices(plant, network):
    def queries(count):
        extra = [
            Box(
                f"more{n}",
                0x40 + 8 * n,
                is_bridge=True,
                knows_vlans=True,
                vlans=TRUNK,
                addresses=((1, f"10.0.0.{100 + n}/24"),),
            )
            for n in range(count)
        ]
        plant(*cell(), *extra)
        latest = latest_looks(network)
        topology = links_of(latest.observations)
        with CaptureQueriesContext(connection) as captured:
            keep_membership(network=network, latest=latest, topology=topology, now=timezone.now())
        return len(captured)

    assert queries(0) == queries(6) <= 12


def test_a_vlan_goes_when_its_switch_was_read_to_the_end_and_not_before(plant):
    sw1, sw2, press = cell()
    plant(sw1, sw2, press)
    less = replace(sw1, vlans=TRUNK[1:]), replace(sw2, vlans=TRUNK[1:]), press
    plant(*less, partial=("sw1", "sw2"))
    assert VlanSeen.objects.filter(number=10).exists()
    assert VlanPortSeen.objects.filter(vlan__number=10).count() == 6
    plant(*less)
    assert not VlanSeen.objects.filter(number=10).exists()
    assert not VlanPortSeen.objects.filter(vlan__number=10).exists()


def test_a_table_that_was_cut_forgets_nothing(plant):
    sw1, sw2, press = cell()
    plant(sw1, sw2, press)
    less = replace(sw1, vlans=TRUNK[1:]), replace(sw2, vlans=TRUNK[1:]), press
    plant(*less, problems=["dot1qVlanCurrentTable: cut after 4096 rows"])
    assert VlanSeen.objects.filter(number=10).exists()


def test_a_port_that_changes_its_vlan_is_followed(plant, administrator):
    sw1, sw2, press = cell()
    items = plant(sw1, sw2, press)
    moved = (
        VlanTold(10, "OFFICE", untagged=(2, 3, 4), tagged=(1,)),
        VlanTold(20, "CELL", tagged=(1,)),
        TRUNK[2],
    )
    plant(replace(sw1, vlans=moved), sw2, press)
    (plug,) = membership_of(administrator, items["press"]).plugs
    assert plug.vlan.number == 10


def test_an_item_whose_address_is_another_ones_by_now_is_in_no_vlan_any_more(plant, actor, network):
    items = plant(*cell())
    successor = AssetFactory(name="new switch", location=network.location)
    Observation.objects.filter(item=items["sw1"]).update(item=successor)
    connect(actor=actor, network=network, now=timezone.now())
    # Nothing was ever read of the item that is left: its rows go, and its successor has them.
    assert not VlanPortSeen.objects.filter(item=items["sw1"]).exists()
    assert VlanPortSeen.objects.filter(item=successor).exists()


def test_bundled_ports_are_told_by_their_names(plant, administrator):
    lag = tuple(((*LAG, port), 24) for port in (3, 4))
    items = plant(*cell(extra=lag))
    found = membership_of(administrator, items["sw1"])
    (bundle,) = found.bundles
    assert bundle.members == ["P3", "P4"]
    assert {one.port: one.bundle for one in found.ports}["P3"] == bundle.port


def test_a_subnet_has_those_with_an_address_and_those_only_heard_of(plant, administrator):
    sw1, sw2, press = cell(arp=((1, "10.0.0.77", mac(0x77)),))
    items = plant(sw1, sw2, press)
    subnet = SubnetSeen.objects.get()
    assert subnet.prefix == "10.0.0.0/24"
    members = [(one.address, one.item) for one in subnet_view(administrator, subnet).members]
    assert members == [
        ("10.0.0.1", items["sw1"]),
        ("10.0.0.2", items["sw2"]),
        ("10.0.0.3", items["press"]),
        ("10.0.0.77", None),
    ]
    (address,) = membership_of(administrator, items["press"]).addresses
    assert (address.subnet, address.port) == (subnet, "P1")


def test_an_address_goes_when_who_told_it_no_longer_does(plant):
    sw1, sw2, press = cell(arp=((1, "10.0.0.77", mac(0x77)),))
    plant(sw1, sw2, press)
    plant(replace(sw1, arp=()), sw2, press, partial=("sw1",))
    assert SubnetMemberSeen.objects.filter(address="10.0.0.77").exists()
    plant(replace(sw1, arp=()), sw2, press)
    assert not SubnetMemberSeen.objects.filter(address="10.0.0.77").exists()


def test_who_would_tell_of_a_neighbour_is_kept(plant):
    items = plant(*cell(), partial=("sw2",))
    methods = dict(Witness.objects.values_list("item", "methods"))
    assert methods == {
        items["sw1"].pk: ["bridge", "lldp"],
        items["sw2"].pk: [],
        items["press"].pk: [],
    }


@pytest.fixture
def half_blind(plant, network):
    """Somebody who sees the network's place, but not the press, which stands elsewhere."""
    items = plant(*cell())
    items["press"].location = LocationFactory()
    items["press"].save()
    user = user_named("half", network.location, "view_items")
    return user, items


def test_hidden_members_are_counted_and_not_named(half_blind):
    user, _items = half_blind
    view = vlan_view(user, VlanSeen.objects.get(number=20))
    assert (view.stations, view.hidden) == ([], 1)
    subnet = subnet_view(user, SubnetSeen.objects.get())
    assert (len(subnet.members), subnet.hidden) == (2, 1)
    client = Client()
    client.force_login(user)
    for address in (
        f"/discovery/vlans/{VlanSeen.objects.get(number=20).pk}/",
        f"/discovery/subnets/{SubnetSeen.objects.get().pk}/",
    ):
        page = client.get(address).content.decode()
        assert ">press<" not in page
        assert "10.0.0.3" not in page
        assert "not shown" in page or "may not see" in page
    found = client.get("/api/discovery/subnet-members/").json()["results"]
    assert {one["item"]["label"] for one in found} == {"sw1", "sw2"}


def test_pages_and_api_show_them(plant, network):
    items = plant(*cell())
    user = user_named("reader", network.location, "view_items")
    client = Client()
    client.force_login(user)
    listed = client.get("/discovery/vlans/").content.decode()
    assert "OFFICE" in listed
    vlan = VlanSeen.objects.get(number=20)
    page = client.get(f"/discovery/vlans/{vlan.pk}/").content.decode()
    assert "press" in page
    assert "10.0.0.0/24" in client.get("/discovery/subnets/").content.decode()
    tab = client.get(f"/discovery/items/{items['sw1'].pk}/").content.decode()
    assert "VLANs" in tab
    assert "10.0.0.0/24" in tab
    ports = client.get(f"/api/discovery/vlan-ports/?number=20&item={items['sw1'].pk}").json()
    assert {(one["port"], one["is_tagged"]) for one in ports["results"]} == {
        ("P1", True),
        ("P2", False),
    }
    vlans = client.get("/api/discovery/vlans/?name=CELL").json()["results"]
    assert [one["number"] for one in vlans] == [20]


def test_a_stranger_finds_none_of_it(plant):
    plant(*cell())
    client = Client()
    client.force_login(user_named("stranger"))
    vlan, subnet = VlanSeen.objects.first(), SubnetSeen.objects.get()
    assert client.get(f"/discovery/vlans/{vlan.pk}/").status_code == 404
    assert client.get(f"/discovery/subnets/{subnet.pk}/").status_code == 404
    for name in ("vlans", "vlan-ports", "subnets", "subnet-members"):
        assert client.get(f"/api/discovery/{name}/").json()["results"] == []
