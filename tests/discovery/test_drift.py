"""What changed between two scans; what nobody could have seen is not gone."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from demo.simulator.boxes import Box, cabled, mac
from discovery.topology.drift import LinkDrift, link_drift
from discovery.topology.item_drift import Item, item_drift
from discovery.topology.links import links_of
from discovery.topology.results import Topology
from discovery.topology.sightings import Sighting
from discovery.topology.succession import Fate, succession


def topology(*boxes: Box) -> Topology:
    return links_of(box.seen() for box in boxes)


def switches(count: int = 3) -> list[Box]:
    return [Box(f"sw{n}", 0x20 * n, speaks_lldp=True) for n in range(1, count + 1)]


def ports(links) -> list[tuple[str, str, str, str]]:
    return [(link.a.node, link.a.port, link.b.node, link.b.port) for link in links]


def test_the_same_network_seen_twice_has_not_drifted():
    one, two, _ = switches()
    boxes = cabled(one, 1, two, 1)
    assert not link_drift(topology(*boxes), topology(*boxes))


def test_a_new_cable_is_new_and_a_pulled_one_is_gone():
    one, two, _ = switches()
    bare, wired = topology(one, two), topology(*cabled(one, 1, two, 2))
    assert ports(link_drift(bare, wired).new) == [("sw1", "P1", "sw2", "P2")]
    assert ports(link_drift(wired, bare).gone) == [("sw1", "P1", "sw2", "P2")]


def test_a_cable_is_not_gone_when_nobody_who_told_of_it_could_be_read():
    one, two, _ = switches()
    before = topology(*cabled(one, 1, two, 2))
    silent = links_of([one.seen(is_answering=False), two.seen(is_answering=False)])
    drift = link_drift(before, silent)
    assert not drift
    assert len(drift.unseen) == 1


def test_a_cable_is_not_gone_when_the_table_that_held_it_was_cut_short():
    one, two, _ = switches()
    before = topology(one.hears(1, two, 2), two)
    cut = one.seen()
    reading = replace(cut.reading, problems=("lldpRemTable: cut after 256 rows",))
    drift = link_drift(before, links_of([replace(cut, reading=reading), two.seen()]))
    assert not drift
    assert len(drift.unseen) == 1


def test_a_neighbour_that_cannot_be_read_today_is_the_same_neighbour():
    one, two, _ = switches()
    boxes = cabled(one, 1, two, 2)
    today = links_of([boxes[0].seen(), boxes[1].seen(is_answering=False)])
    assert not link_drift(topology(*boxes), today)
    assert not link_drift(today, topology(*boxes)).new


def test_a_stranger_that_was_read_since_is_no_new_link():
    one, two, _ = switches()
    boxes = cabled(one, 1, two, 2)
    assert link_drift(topology(boxes[0]), topology(*boxes)).new == ()


def test_a_cable_put_elsewhere_has_moved():
    one, two, three = switches()
    before = topology(*cabled(one, 1, two, 2), three)
    drift = link_drift(before, topology(one, *cabled(three, 4, two, 2)))
    assert drift.new == drift.gone == ()
    (moved,) = drift.moved
    assert (moved.end.node, moved.end.port) == ("sw2", "P2")
    assert (moved.was.node, moved.now.node) == ("sw1", "sw3")


def test_a_device_with_one_cable_that_is_seen_elsewhere_has_moved_whoever_cannot_be_read():
    plc = Box("plc", 0xA0, ports=1, prefix="X")
    before = topology(Box("sw1", 0x20).learns(3, plc.port_mac(1)), plc)
    now = links_of([Box("sw2", 0x40).learns(1, plc.port_mac(1)).seen(), plc.seen()])
    (moved,) = link_drift(before, now).moved
    assert (moved.end.node, moved.was.node, moved.now.node) == ("plc", "sw1", "sw2")


def test_interface_numbers_that_changed_with_a_restart_are_no_drift():
    one, two, _ = switches()
    before = topology(*cabled(one, 1, two, 2))
    renumbered = replace(
        before,
        links=tuple(
            replace(link, a=replace(link.a, index=901), b=replace(link.b, index=902))
            for link in before.links
        ),
    )
    assert not link_drift(before, renumbered)


def test_what_one_end_tells_now_and_both_told_before_has_changed_only_if_both_were_read():
    one, two = cabled(*(switches()[0], 1), *(switches()[1], 2))
    quiet = replace(two, heard=())
    (changed,) = link_drift(topology(one, two), topology(one, quiet)).changed
    assert changed.was.confidence > changed.now.confidence
    cut = quiet.seen(is_complete=False)
    assert not link_drift(topology(one, two), links_of([one.seen(), cut]))


@st.composite
def networks(draw: st.DrawFn) -> Topology:
    boxes = switches(4)
    for place in range(4):
        for port in range(1, 4):
            other = draw(st.integers(0, 3))
            if other != place and draw(st.booleans()):
                boxes[place] = boxes[place].hears(port, boxes[other], draw(st.integers(1, 4)))
    return links_of(box.seen(is_answering=draw(st.integers(0, 4)) > 0) for box in boxes)


@settings(max_examples=100)
@given(networks(), networks())
def test_every_link_of_both_scans_is_accounted_for_and_nothing_drifts_from_itself(before, now):
    assert not link_drift(before, before)
    drift = link_drift(before, now)
    explained = {moved.end.node for moved in drift.moved}
    accounted = len(drift.gone) + len(drift.unseen)
    assert accounted <= len(before.links)
    if not explained:
        kept = len(before.links) - accounted
        assert len(drift.new) == len(now.links) - kept


@settings(max_examples=50)
@given(networks())
def test_of_a_network_that_falls_silent_nothing_is_gone(before):
    silent = links_of(box.seen(is_answering=False) for box in switches(4))
    assert link_drift(before, silent) == LinkDrift(unseen=before.links)


def item(key: str, observers: str = "", **known: object) -> Item:
    attributes = known.pop("attributes", {})
    sighting = Sighting(key, **{"network": "plant", "vendor": "Moxa", **known})
    return Item(sighting, attributes, frozenset({observers or key}))


def serial(number: int) -> tuple[str]:
    return (f"TAI{number:05}",)


def test_an_unchanged_device_has_not_drifted_under_another_key():
    before = item("cmdb 7", serials=serial(1), address="10.0.0.1", attributes={"os": "1.2"})
    now = item("scan 3", serials=serial(1), address="10.0.0.1", attributes={"os": "1.2"})
    assert not item_drift([before], [now])


def test_a_value_that_changed_is_told_and_one_that_is_not_told_any_more_is_none():
    before = item("a", serials=serial(1), attributes={"os": "1.2", "location": "hall 2"})
    now = item("a", serials=serial(1), attributes={"os": "1.3"})
    (value,) = item_drift([before], [now]).values
    assert (value.attribute, value.was, value.now) == ("os", "1.2", "1.3")


def test_a_renamed_device_is_not_a_new_one():
    before = item("a", serials=serial(1), name="press4-sw1", address="10.0.0.1")
    now = item("b", serials=serial(1), name="press5-sw1", address="10.0.0.9")
    drift = item_drift([before], [now])
    assert drift.new == drift.gone == ()
    assert len(drift.renamed) == len(drift.readdressed) == 1


def test_another_device_under_the_same_name_and_address_has_replaced_the_old_one():
    before = item("a", serials=serial(1), name="press4-sw1", address="10.0.0.1")
    now = item("b", serials=serial(2), name="press4-sw1", address="10.0.0.1")
    (pair,) = item_drift([before], [now]).replaced
    assert pair.succession.clash == "serial-differs"


def test_a_device_that_moved_is_itself_and_what_took_its_address_is_new():
    old = item("a", serials=serial(1), address="10.0.0.1")
    moved = item("x", serials=serial(1), address="10.0.0.9")
    newcomer = item("y", serials=serial(2), address="10.0.0.1")
    drift = item_drift([old], [moved, newcomer])
    assert [pair.now for pair in drift.readdressed] == ["x"]
    assert drift.new == ("y",)
    assert drift.replaced == ()


def test_the_same_address_alone_proves_nothing():
    drift = item_drift([item("a", address="10.0.0.1")], [item("b", address="10.0.0.1")])
    assert [pair.succession.fate for pair in drift.unproven] == [Fate.UNPROVEN]


def test_the_same_address_in_another_network_is_another_device():
    before = item("a", network="line1", address="192.168.0.1", name="press")
    now = item("b", network="line2", address="192.168.0.1", name="press")
    drift = item_drift([before], [now])
    assert (drift.new, drift.unseen) == (("b",), ("a",))


def test_a_device_is_gone_only_when_who_told_of_it_looked_again():
    plc = item("plc", observers="sw1", macs=frozenset({mac(1)}))
    assert item_drift([plc], [], looked=frozenset({"sw1"})).gone == ("plc",)
    assert item_drift([plc], [], looked=frozenset({"sw2"})).unseen == ("plc",)
    assert not item_drift([plc], [], looked=frozenset())


def test_a_strong_key_with_another_serial_is_a_conflict():
    base = frozenset({mac(1)})
    one = Sighting("a", vendor="Moxa", serials=serial(1), macs=base)
    other = Sighting("b", vendor="Moxa", serials=serial(2), macs=base)
    assert succession(one, other).fate is Fate.CONFLICTING


def test_nothing_in_common_is_another_device():
    assert succession(Sighting("a", name="x1"), Sighting("b", name="x2")).fate is Fate.OTHER
