"""Links between devices: both ends agree, one end tells, parallel cables, strangers, and what is not believed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.simulator.boxes import Box, Heard, HeardCdp, cabled, mac, octets
from discovery.topology.links import links_of
from discovery.topology.results import Confidence, End, Method, Topology


def topology(*boxes: Box) -> Topology:
    return links_of(box.seen() for box in boxes)


def ends(found: Topology) -> list[tuple[str, str, str, str]]:
    return [(link.a.node, link.a.port, link.b.node, link.b.port) for link in found.links]


def pair() -> tuple[Box, Box]:
    one = Box("sw1", 0x10, name="line1-sw1", speaks_lldp=True)
    other = Box("sw2", 0x20, name="line1-sw2", speaks_lldp=True)
    return one, other


def test_what_both_ends_report_is_one_link_on_which_both_agree():
    found = topology(*cabled(*_placed(pair(), 4, 2)))
    assert ends(found) == [("sw1", "P4", "sw2", "P2")]
    (link,) = found.links
    assert link.confidence is Confidence.BOTH_ENDS
    assert link.method is Method.LLDP
    assert {piece.observer for piece in link.evidence} == {"sw1", "sw2"}
    assert found.unresolved == ()


def _placed(boxes: tuple[Box, Box], port: int, far: int) -> tuple[Box, int, Box, int]:
    return boxes[0], port, boxes[1], far


def test_what_one_end_reports_is_the_same_link_with_less_confidence():
    one, other = pair()
    found = topology(one.hears(4, other, 2), other)
    assert ends(found) == [("sw1", "P4", "sw2", "P2")]
    assert found.links[0].confidence is Confidence.ONE_END


def test_three_parallel_cables_are_three_links():
    one, other = pair()
    for port, far in ((1, 3), (2, 2), (3, 1)):
        one, other = cabled(one, port, other, far)
    found = topology(one, other)
    assert ends(found) == [("sw1", f"P{n}", "sw2", f"P{4 - n}") for n in (1, 2, 3)]
    assert {link.confidence for link in found.links} == {Confidence.BOTH_ENDS}


def test_of_cables_whose_far_ports_cannot_be_told_apart_none_is_counted_twice():
    one, other = pair()
    useless = (7, b"same for all")
    one = replace(
        one, heard=tuple(Heard(n, (4, octets(other.chassis)), useless, row=n) for n in (1, 2))
    )
    other = replace(
        other, heard=tuple(Heard(n, (4, octets(one.chassis)), useless, row=n) for n in (3, 4))
    )
    found = topology(one, other)
    assert len(found.links) == 2
    assert {link.confidence for link in found.links} == {Confidence.ONE_END}
    assert all(
        {piece.observer for piece in link.evidence} == {"sw1", "sw2"} for link in found.links
    )


def test_a_cable_whose_ends_contradict_each_other_is_disputed():
    one, other = pair()
    found = topology(one.hears(1, other, 2), other.hears(3, one, 1))
    (link,) = found.links
    assert link.is_disputed
    assert {(end.node, end.port) for end in (link.a, link.b)} == {("sw1", "P1"), ("sw2", "P3")}


def test_a_port_id_that_is_a_hardware_address_finds_the_port():
    one, other = pair()
    frame = Heard(1, (4, octets(other.chassis)), (3, octets(other.port_mac(3))))
    found = topology(replace(one, heard=(frame,)), other)
    assert ends(found) == [("sw1", "P1", "sw2", "P3")]


def test_a_port_description_finds_the_port_when_the_id_says_nothing():
    one, other = pair()
    frame = Heard(1, (4, octets(other.chassis)), (7, b"-"), description="Port 2 of  SW2")
    found = topology(replace(one, heard=(frame,)), other)
    assert ends(found) == [("sw1", "P1", "sw2", "P2")]


def test_a_controller_that_names_itself_is_known_by_that_name_in_its_network_only():
    plc = Box("plc", 0x30, ports=2, prefix="port-00", speaks_lldp=True, extra=LOCAL_NAME)
    frame = Heard(2, (7, b"press4-plc1"), (7, b"port-001"), "press4-plc1")
    switch = replace(pair()[0], heard=(frame,))
    assert ends(topology(switch, plc)) == [("plc", "port-001", "sw1", "P2")]
    elsewhere = topology(switch, replace(plc, network="other plant"))
    assert [one.chassis for one in elsewhere.unresolved] == ["local press4-plc1"]


LOCAL_NAME = (
    ((1, 0, 8802, 1, 1, 2, 1, 3, 1, 0), 7),
    ((1, 0, 8802, 1, 1, 2, 1, 3, 2, 0), b"press4-plc1"),
)


def test_a_stranger_keeps_everything_that_is_known_of_it():
    frame = Heard(1, (4, octets(mac(0x99))), (5, b"Gi1/0/1"), "hall2-core", "uplink", "10.20.0.2")
    found = topology(replace(pair()[0], heard=(frame,)))
    (stranger,) = found.unresolved
    assert stranger.chassis == f"mac {mac(0x99)}"
    assert stranger.addresses == ("10.20.0.2",)
    assert stranger.name == "hall2-core"
    assert found.links[0].confidence is Confidence.ONE_END
    assert End(stranger.id, -1, "Gi1/0/1") in {found.links[0].a, found.links[0].b}


def test_two_switches_that_hear_one_stranger_have_it_in_common():
    one, other = pair()
    core = Box("never read", 0x90, name="core")
    found = topology(one.hears(1, core, 1), other.hears(1, core, 2))
    assert len(found.unresolved) == 1
    assert len(found.links) == 2


def test_a_name_never_makes_a_neighbour_of_a_device_with_another_chassis_id():
    one, other = pair()
    impostor = Heard(1, (4, octets(mac(0xEE))), (5, b"P1"), other.name)
    found = topology(replace(one, heard=(impostor,)), other)
    assert found.links[0].nodes != ("sw1", "sw2")
    assert len(found.unresolved) == 1


def test_an_address_makes_no_neighbour_of_a_device_with_hardware_of_another_maker():
    one, other = pair()
    other = replace(other, address="192.168.1.1", speaks_lldp=False)
    foreign = Heard(1, (4, bytes.fromhex("0090e8aabbcc")), (5, b"P1"), address="192.168.1.1")
    kin = replace(foreign, chassis=(4, octets(mac(0xEE))))
    assert len(topology(replace(one, heard=(foreign,)), other).unresolved) == 1
    assert topology(replace(one, heard=(kin,)), other).links[0].nodes == ("sw1", "sw2")
    announcing = replace(other, speaks_lldp=True)
    assert len(topology(replace(one, heard=(kin,)), announcing).unresolved) == 1


def test_a_generic_name_makes_nobody_a_neighbour():
    one = Box("sw1", 0x10, heard_cdp=(HeardCdp(1, "switch", "Gi0/1"),))
    other = Box("sw2", 0x20, name="switch")
    assert topology(one, other).links[0].nodes != ("sw1", "sw2")


def test_cdp_finds_the_neighbour_by_address_or_name_and_its_port_by_its_long_name():
    core = Box("core", 0x10, prefix="Gi1/0/", name="core.plant.example", address="10.3.0.1")
    access = Box("acc", 0x20, prefix="Gi0/", name="acc", address="10.3.0.2")
    core = replace(core, heard_cdp=(HeardCdp(3, "acc", "GigabitEthernet0/1"),))
    access = replace(
        access, heard_cdp=(HeardCdp(1, "core.plant.example", "GigabitEthernet1/0/3", "10.3.0.1"),)
    )
    (link,) = topology(core, access).links
    assert link.method is Method.CDP
    assert link.confidence is Confidence.BOTH_ENDS
    assert (link.a, link.b) == (End("acc", 1, "Gi0/1"), End("core", 3, "Gi1/0/3"))


def test_lldp_and_cdp_on_one_port_are_one_neighbour():
    stranger = Heard(1, (4, octets(mac(0x99))), (5, b"Gi0/1"), "core.plant.example")
    also = HeardCdp(1, "core", "GigabitEthernet0/1", "10.3.0.1")
    found = topology(replace(pair()[0], heard=(stranger,), heard_cdp=(also,)))
    (link,) = found.links
    assert {piece.method for piece in link.evidence} == {Method.LLDP, Method.CDP}
    (one,) = found.unresolved
    assert one.addresses == ("10.3.0.1",)


def test_a_cable_from_a_device_to_itself_is_one_link():
    one, _ = pair()
    found = topology(one.hears(1, one, 2).hears(2, one, 1))
    assert ends(found) == [("sw1", "P1", "sw1", "P2")]


def test_two_observations_of_one_name_are_refused():
    one, _ = pair()
    with pytest.raises(ValueError, match="more than once: sw1"):
        topology(one, one)


def test_a_ring_keeps_all_its_links():
    boxes = [Box(f"sw{n}", 0x10 * n, speaks_lldp=True) for n in range(1, 6)]
    for place in range(5):
        after = (place + 1) % 5
        boxes[place], boxes[after] = cabled(boxes[place], 1, boxes[after], 2)
    assert len(topology(*boxes).links) == 5


def test_one_device_read_at_two_addresses_has_its_links_once():
    one, other = cabled(*_placed(pair(), 1, 1))
    twice = replace(other, key="sw2 at its other address", address="10.9.0.1")
    found = topology(one, other, twice)
    assert len(found.links) == 1
    assert found.devices["sw2 at its other address"] == found.devices["sw2"]


def test_who_does_not_answer_is_watched_as_unreachable():
    one, other = pair()
    found = links_of([one.hears(1, other, 1).seen(), other.seen(is_answering=False)])
    assert found.watches["sw2"].is_reachable is False
    assert found.watches["sw1"].whole == set(Method)
    assert len(found.unresolved) == 1


@st.composite
def networks(draw: st.DrawFn) -> list[Box]:
    count = draw(st.integers(2, 5))
    boxes = [
        Box(f"sw{n}", 0x20 * n, speaks_lldp=draw(st.booleans()), name=f"sw{n}")
        for n in range(1, count + 1)
    ]
    for _ in range(draw(st.integers(0, 8))):
        a, b = draw(st.permutations(range(count)))[:2]
        port, far = draw(st.integers(1, 4)), draw(st.integers(1, 4))
        if draw(st.booleans()):
            boxes[a] = boxes[a].hears(port, boxes[b], far)
        if draw(st.booleans()):
            boxes[b] = boxes[b].hears(far, boxes[a], port)
        if draw(st.booleans()):
            boxes[a] = boxes[a].learns(port, boxes[b].port_mac(far))
    return boxes


@settings(max_examples=120)
@given(networks(), st.randoms())
def test_the_order_of_devices_changes_nothing_and_each_pair_of_ports_is_linked_once(boxes, random):
    found = topology(*boxes)
    shuffled = list(boxes)
    random.shuffle(shuffled)
    assert topology(*shuffled) == found
    linked = [(link.a, link.b) for link in found.links]
    assert len(linked) == len(set(linked))
    assert all(link.a <= link.b and link.evidence for link in found.links)


@settings(max_examples=120)
@given(networks())
def test_no_port_that_is_known_has_two_different_neighbours(boxes):
    found = topology(*boxes)
    far: dict[tuple[str, int], set[str]] = {}
    for link in found.links:
        for near, other in ((link.a, link.b), (link.b, link.a)):
            far.setdefault((near.node, near.index), set()).add(other.node)
    assert all(len(nodes) == 1 for (_, index), nodes in far.items() if index != -1)
