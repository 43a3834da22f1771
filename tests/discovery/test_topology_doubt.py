"""Neighbour entries that are old, denied or crowded: what is believed of them."""

from dataclasses import replace

from demo.simulator.boxes import Box, Heard, cabled, mac, octets
from discovery.topology.links import links_of
from discovery.topology.results import Confidence, Doubt, Topology


def topology(*boxes: Box) -> Topology:
    return links_of(box.seen() for box in boxes)


def ends(found: Topology) -> list[tuple[str, str, str, str]]:
    return [(link.a.node, link.a.port, link.b.node, link.b.port) for link in found.links]


def pair() -> tuple[Box, Box]:
    one = Box("sw1", 0x10, name="line1-sw1", speaks_lldp=True)
    return one, Box("sw2", 0x20, name="line1-sw2", speaks_lldp=True)


def test_several_neighbours_on_a_port_are_a_segment_and_no_link():
    hub = Box("sw1", 0x10, speaks_lldp=True)
    others = [Box(f"sw{n}", 0x20 * n, speaks_lldp=True) for n in (2, 3)]
    for far in others:
        hub = hub.hears(1, far, 2)
    others = [box.hears(2, hub, 1) for box in others]
    found = topology(hub, *others)
    assert found.links == ()
    (segment,) = found.segments
    assert {(end.node, end.port) for end in segment.ends} == {
        ("sw1", "P1"),
        ("sw2", "P2"),
        ("sw3", "P2"),
    }


def test_an_entry_that_the_other_end_denies_gives_way_to_one_both_ends_confirm():
    """sw1 P1 was moved from sw2 to sw3; the entry of sw2 has not timed out yet."""
    one, three = cabled(
        Box("sw1", 0x10, speaks_lldp=True), 1, Box("sw3", 0x60, speaks_lldp=True), 2
    )
    two, four = cabled(Box("sw2", 0x40, speaks_lldp=True), 2, Box("sw4", 0x80, speaks_lldp=True), 1)
    found = topology(one.hears(1, two, 2), two, three, four)
    assert ends(found) == [("sw1", "P1", "sw3", "P2"), ("sw2", "P2", "sw4", "P1")]
    assert [(stale.observer, stale.neighbour) for stale in found.stale] == [("sw1", "sw2")]


def test_an_entry_on_a_port_that_is_down_is_stale():
    one, other = pair()
    found = topology(replace(one.hears(4, other, 2), down=frozenset({4})), other)
    assert found.links == ()
    assert [stale.why for stale in found.stale] == [Doubt.PORT_DOWN]


def test_an_entry_on_a_port_that_is_down_counts_when_the_other_end_says_the_same():
    one, other = cabled(pair()[0], 4, pair()[1], 2)
    (link,) = topology(replace(one, down=frozenset({4})), other).links
    assert link.confidence is Confidence.BOTH_ENDS


def test_a_port_state_that_cannot_be_true_is_not_believed():
    one, other = pair()
    every = frozenset(range(1, 5))
    assert len(topology(replace(one.hears(4, other, 2), down=every), other).links) == 1
    busy = replace(one.hears(4, other, 2), down=frozenset({4})).learns(4, mac(0x99))
    assert len(topology(busy, other).links) == 1


def test_of_rows_that_differ_in_their_time_mark_only_the_newest_counts():
    one, other = pair()
    old = Heard(1, (4, octets(mac(0x99))), (5, b"P1"), mark=5)
    new = Heard(1, (4, octets(other.chassis)), (5, b"P2"), mark=9)
    found = topology(replace(one, heard=(old, new)), other)
    assert ends(found) == [("sw1", "P1", "sw2", "P2")]


def test_a_device_that_hears_itself_on_the_same_port_has_no_link():
    one, _ = pair()
    found = topology(one.hears(1, one, 1))
    assert found.links == ()
    assert [stale.why for stale in found.stale] == [Doubt.HEARS_ITSELF]
