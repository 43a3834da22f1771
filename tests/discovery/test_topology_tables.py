"""What forwarding tables, ARP tables and VLAN tables imply, and what they must not."""

from dataclasses import replace
from random import Random

from demo.simulator.boxes import Box, cabled, mac
from discovery.rules.readings import oid
from discovery.topology.links import links_of
from discovery.topology.results import Confidence, Method, SubnetMember, Topology

VRRP = "00:00:5e:00:01:0a"


def topology(*boxes: Box) -> Topology:
    return links_of(box.seen() for box in boxes)


def ends(found: Topology) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    return {((link.a.node, link.a.port), (link.b.node, link.b.port)) for link in found.links}


def controllers(count: int) -> list[Box]:
    return [Box(f"plc{n}", 0x40 + 4 * n, ports=1, prefix="X") for n in range(1, count + 1)]


def test_a_switch_that_only_bridges_is_linked_to_the_controllers_at_its_ports():
    plcs = controllers(3)
    switch = Box("sw", 0x10)
    for port, plc in enumerate(plcs, 1):
        switch = switch.learns(port, plc.port_mac(1))
    found = topology(switch, *plcs)
    assert ends(found) == {((f"plc{n}", "X1"), ("sw", f"P{n}")) for n in (1, 2, 3)}
    assert {link.confidence for link in found.links} == {Confidence.INFERRED}
    assert {link.method for link in found.links} == {Method.BRIDGE}


def test_a_station_nobody_read_is_a_stranger_with_the_address_arp_tells():
    switch = replace(
        Box("sw", 0x10).learns(2, mac(0x99)),
        arp=((1, "10.0.0.9", mac(0x99)),),
        addresses=((1, "10.0.0.1/24"),),
    )
    found = topology(switch)
    (stranger,) = found.unresolved
    assert stranger.macs == (mac(0x99),)
    assert stranger.addresses == ("10.0.0.9",)
    assert ends(found) == {((stranger.id, ""), ("sw", "P2"))}


def test_several_stations_behind_a_port_are_a_segment_never_links():
    plcs = controllers(3)
    found = topology(Box("sw", 0x10).learns(1, *(plc.port_mac(1) for plc in plcs)), *plcs)
    assert found.links == ()
    (segment,) = found.segments
    assert {end.node for end in segment.ends} == {"sw", "plc1", "plc2", "plc3"}
    assert segment.stations == 3


def test_behind_a_port_with_many_unknown_stations_is_a_network_that_is_counted_not_listed():
    found = topology(Box("sw", 0x10).learns(1, *(mac(n) for n in range(0x60, 0x80))))
    (segment,) = found.segments
    assert [end.node for end in segment.ends] == ["sw"]
    assert segment.stations == 32
    assert found.unresolved == ()


def test_a_station_belongs_to_the_port_that_sees_the_fewest_others():
    plcs = controllers(2)
    near = Box("near", 0x10).learns(1, plcs[0].port_mac(1)).learns(2, plcs[1].port_mac(1))
    far = Box("far", 0x20).learns(4, *(plc.port_mac(1) for plc in plcs))
    found = topology(near, far, *plcs)
    assert ends(found) == {(("near", f"P{n}"), (f"plc{n}", "X1")) for n in (1, 2)}


def test_bridges_that_see_each_other_with_nobody_between_are_linked():
    plcs = controllers(2)
    one = Box("sw1", 0x10).learns(4, mac(0x20), plcs[1].port_mac(1)).learns(1, plcs[0].port_mac(1))
    two = Box("sw2", 0x20).learns(3, mac(0x10), plcs[0].port_mac(1)).learns(2, plcs[1].port_mac(1))
    found = topology(one, two, *plcs)
    assert (("sw1", "P4"), ("sw2", "P3")) in ends(found)
    assert len(found.links) == 3


def test_a_bridge_between_two_others_takes_their_place():
    one = Box("sw1", 0x10).learns(1, mac(0x20), mac(0x30))
    middle = Box("sw2", 0x20).learns(1, mac(0x10)).learns(2, mac(0x30))
    three = Box("sw3", 0x30).learns(1, mac(0x20), mac(0x10))
    found = topology(one, middle, three)
    assert ends(found) == {(("sw1", "P1"), ("sw2", "P1")), (("sw2", "P2"), ("sw3", "P1"))}
    assert found.segments == ()


def test_three_bridges_on_a_hub_share_a_segment():
    bases = {"sw1": 0x10, "sw2": 0x20, "sw3": 0x30}
    boxes = [
        Box(name, base).learns(1, *(mac(other) for other in bases.values() if other != base))
        for name, base in bases.items()
    ]
    found = topology(*boxes)
    assert found.links == ()
    (segment,) = found.segments
    assert {(end.node, end.port) for end in segment.ends} == {(name, "P1") for name in bases}


def test_a_station_between_two_bridges_hangs_on_their_wire():
    (plc,) = controllers(1)
    one = Box("sw1", 0x10).learns(1, mac(0x20), plc.port_mac(1))
    two = Box("sw2", 0x20).learns(1, mac(0x10), plc.port_mac(1))
    found = topology(one, two, plc)
    assert found.links == ()
    (segment,) = found.segments
    assert {end.node for end in segment.ends} == {"sw1", "sw2", "plc1"}


def test_a_table_cut_short_implies_nothing():
    plc = controllers(1)[0]
    told = Box("sw", 0x10).learns(1, plc.port_mac(1)).seen()
    cut = replace(told.reading, problems=("dot1dTpFdbTable: cut after 256 rows",))
    assert links_of([replace(told, reading=cut), plc.seen()]).links == ()
    assert links_of([replace(told, left_out=("dot1dTpFdbTable",)), plc.seen()]).links == ()


def test_a_table_of_one_vlan_only_implies_nothing():
    (plc,) = controllers(1)
    ios = ((oid("1.3.6.1.2.1.1.2.0"), oid("1.3.6.1.4.1.9.1.2066")),)
    switch = replace(Box("sw", 0x10).learns(1, plc.port_mac(1)), extra=ios)
    assert topology(switch, plc).links == ()
    every_vlan = ((*oid("1.3.6.1.2.1.17.7.1.2.2.1.2"), 1, *bytes.fromhex("00005e005399")), 2)
    assert len(topology(replace(switch, extra=(*ios, every_vlan)), plc).links) == 2


def test_a_port_with_a_proven_neighbour_gets_no_other():
    one, two = cabled(Box("sw1", 0x10, speaks_lldp=True), 4, Box("sw2", 0x20, speaks_lldp=True), 1)
    (plc,) = controllers(1)
    found = topology(one.learns(4, mac(0x20), plc.port_mac(1)), two, plc)
    assert ends(found) == {(("sw1", "P4"), ("sw2", "P1"))}
    assert Method.BRIDGE in {piece.method for piece in found.links[0].evidence}


def test_a_station_with_a_proven_place_gets_no_second_one():
    plc = Box("plc", 0x40, ports=1, prefix="X", speaks_lldp=True)
    near, plc = cabled(Box("near", 0x10, speaks_lldp=True), 1, plc, 1)
    far = Box("far", 0x20).learns(3, plc.port_mac(1))
    found = topology(near, far, plc)
    assert ends(found) == {(("near", "P1"), ("plc", "X1"))}
    assert found.segments == ()


def test_entries_that_were_not_learned_or_are_groups_or_shared_addresses_do_not_count():
    (plc,) = controllers(1)
    status = oid("1.3.6.1.2.1.17.4.3.1.3")
    switch = Box("sw", 0x10).learns(1, plc.port_mac(1), mac(0x99), VRRP, "01:00:5e:00:00:fb")
    own = (*status, *bytes.fromhex(mac(0x99).replace(":", "")))
    found = topology(replace(switch, extra=((own, 4),)), plc)
    assert ends(found) == {(("plc1", "X1"), ("sw", "P1"))}


def test_forwarding_entries_of_a_bundle_belong_to_its_proven_members():
    bundle = (
        (oid("1.2.840.10006.300.43.1.2.1.1.13.1"), 4),
        (oid("1.2.840.10006.300.43.1.2.1.1.13.2"), 4),
    )
    one, two = Box("sw1", 0x10, speaks_lldp=True), Box("sw2", 0x20, speaks_lldp=True)
    for port in (1, 2):
        one, two = cabled(one, port, two, port)
    one = replace(one.learns(4, mac(0x20), mac(0x99), mac(0x98)), extra=bundle)
    found = topology(one, two)
    assert [(aggregate.index, aggregate.members) for aggregate in found.aggregates] == [(4, (1, 2))]
    assert ends(found) == {(("sw1", f"P{n}"), ("sw2", f"P{n}")) for n in (1, 2)}
    assert found.segments == ()


def routers() -> tuple[Box, Box]:
    """Two routers that share the address 10.1.0.1 by VRRP; each has the shared MAC on an interface of its own."""
    shared = (mac(0x11), VRRP)
    one = Box("router1", 0x10, ports=2, own_macs=shared, addresses=((1, "10.1.0.2/24"),))
    two = Box("router2", 0x20, ports=2, own_macs=(mac(0x21), VRRP), addresses=((1, "10.1.0.3/24"),))
    both = (2, "10.1.0.1/24")
    return tuple(replace(box, addresses=(*box.addresses, both)) for box in (one, two))


def test_routers_that_share_an_address_stay_two_devices():
    found = topology(*routers())
    assert set(found.devices.values()) == {"router1", "router2"}


def test_the_shared_address_of_two_routers_is_no_station_on_a_port():
    one, two = routers()
    switch = Box("sw", 0x30).learns(1, mac(0x11), VRRP).learns(2, mac(0x21))
    found = topology(switch, one, two)
    assert ends(found) == {(("router1", "P1"), ("sw", "P1")), (("router2", "P1"), ("sw", "P2"))}


def test_a_container_bridge_with_the_same_made_up_address_merges_no_hosts():
    docker = "02:42:ac:11:00:01"
    hosts = [
        Box(f"host{n}", 0x10 * n, ports=2, own_macs=(mac(0x10 * n + 1), docker)) for n in (1, 2)
    ]
    switch = Box("sw", 0x30).learns(1, mac(0x11)).learns(2, mac(0x21))
    found = topology(switch, *hosts)
    assert set(found.devices.values()) == {"host1", "host2", "sw"}
    assert len(found.links) == 2


def test_a_subnet_has_its_interfaces_and_who_answered_in_it():
    one = Box("router", 0x10, addresses=((1, "10.0.0.1/24"),), arp=((1, "10.0.0.9", mac(0x99)),))
    two = Box("plc", 0x20, addresses=((1, "10.0.0.5/24"),))
    (subnet,) = topology(one, two).subnets
    assert (subnet.network, subnet.prefix) == ("plant", "10.0.0.0/24")
    assert subnet.members == (
        SubnetMember("10.0.0.1", mac(0x11), "router", 1),
        SubnetMember("10.0.0.5", mac(0x21), "plc", 1),
        SubnetMember("10.0.0.9", mac(0x99)),
    )


def test_the_same_subnet_in_two_networks_is_two_subnets():
    boxes = [
        Box(f"plc{n}", 0x10 * n, network=f"line{n}", addresses=((1, "192.168.0.1/24"),))
        for n in (1, 2)
    ]
    assert len(topology(*boxes).subnets) == 2


def test_a_subnet_for_two_links_routers_that_answer_each_other():
    one = Box("r1", 0x10, addresses=((1, "10.9.0.0/31"),), arp=((1, "10.9.0.1", mac(0x22)),))
    two = Box("r2", 0x20, addresses=((2, "10.9.0.1/31"),))
    (link,) = topology(one, two).links
    assert link.method is Method.ARP
    assert ends(topology(one, two)) == {(("r1", "P1"), ("r2", "P2"))}
    assert topology(replace(one, arp=()), two).links == ()


def test_vlans_are_read_with_names_tags_and_the_native_one():
    static, native = oid("1.3.6.1.2.1.17.7.1.4.3.1"), oid("1.3.6.1.2.1.17.7.1.4.5.1.1")
    extra = (
        ((*static, 1, 40), b"press4"),
        ((*static, 2, 40), bytes([0b1010_0000])),
        ((*static, 4, 40), bytes([0b1000_0000])),
        ((*native, 1), 40),
    )
    found = topology(Box("sw", 0x10, is_bridge=True, extra=extra))
    assert [(vlan.vlan, vlan.name) for vlan in found.vlans] == [(40, "press4")]
    assert [(one.index, one.is_tagged, one.is_native) for one in found.vlan_ports] == [
        (1, False, True),
        (3, True, False),
    ]


def test_a_large_plant_is_drawn_the_same_in_any_order():
    access = [Box(f"sw{n:02}", 4 * n, ports=3, is_bridge=True) for n in range(1, 31)]
    core = Box("core", 0xF0, ports=2)
    boxes = []
    for place, box in enumerate(access):
        far = core if place == 0 else access[place - 1]
        boxes.append(box.hears(1, far, 2).learns(2, mac(0xC0 + place)))
    found = topology(core, *boxes)
    Random(3).shuffle(boxes)
    assert topology(*boxes, core) == found
    assert len([link for link in found.links if link.method is Method.LLDP]) == 30


def test_the_second_edition_of_the_lldp_mib_tells_the_same():
    local, remote = oid("1.3.111.2.802.1.1.13.1.3"), oid("1.3.111.2.802.1.1.13.1.4.1.1")
    row = (77, 3, 1, 1)
    told = (4, bytes.fromhex("00005e005320"), 5, b"P2", b"", b"sw2", b"A switch")
    heard = {(*remote, column, *row): value for column, value in enumerate(told, 5)}
    address = oid("1.3.111.2.802.1.1.13.1.4.2.1.3")
    one = Box("sw1", 0x10, extra=(*heard.items(), ((*address, *row, 1, 4, 10, 0, 0, 2), 2)))
    chassis = (((*local, 1, 0), 4), ((*local, 2, 0), bytes.fromhex("00005e005320")))
    found = topology(one, Box("sw2", 0x20, extra=chassis))
    assert ends(found) == {(("sw1", "P3"), ("sw2", "P2"))}
    (stranger,) = topology(one).unresolved
    assert stranger.addresses == ("10.0.0.2",)


def test_a_makers_own_neighbour_table_tells_the_same():
    table = oid("1.3.6.1.4.1.11863.6.35.1.2.2.1")
    told = {4: b"00:00:5E:00:53:20", 6: b"P2", 8: b"to sw1", 9: b"sw2", 12: b"Bridge Router "}
    heard = tuple(((*table, column, 3, 1), value) for column, value in told.items())
    found = topology(Box("sw1", 0x10, extra=heard), Box("sw2", 0x20, is_bridge=True))
    assert ends(found) == {(("sw1", "P3"), ("sw2", "P2"))}
