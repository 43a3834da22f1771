"""Rings and redundant cables of a topology."""

from hypothesis import given
from hypothesis import strategies as st

from discovery.topology.loops import redundant_links, rings
from discovery.topology.results import Confidence, End, Link, Method


def link(a: str, b: str, port: str = "1", confidence: Confidence = Confidence.BOTH_ENDS) -> Link:
    first, second = sorted((End(a, -1, port), End(b, -1, port)))
    return Link(first, second, Method.LLDP, confidence)


def test_a_ring_is_found_and_a_spur_is_no_part_of_it():
    ring = [link("a", "b"), link("b", "c"), link("c", "a")]
    assert rings([*ring, link("c", "plc")]) == (("a", "b", "c"),)
    assert len(redundant_links([*ring, link("c", "plc")])) == 1


def test_two_parallel_cables_are_a_way_each():
    both = [link("a", "b", "1"), link("a", "b", "2")]
    assert rings(both) == (("a", "b"),)
    assert redundant_links(both) == (both[1],)


def test_rings_that_only_a_cable_connects_are_two():
    one = [link("a", "b"), link("b", "c"), link("c", "a")]
    two = [link("x", "y"), link("y", "z"), link("z", "x")]
    assert rings([*one, *two, link("a", "x")]) == (("a", "b", "c"), ("x", "y", "z"))


def test_a_tree_has_neither():
    tree = [link("a", "b"), link("a", "c"), link("c", "d")]
    assert rings(tree) == ()
    assert redundant_links(tree) == ()


def test_the_least_sure_link_of_a_loop_is_the_redundant_one():
    doubtful = link("a", "b", confidence=Confidence.INFERRED)
    assert redundant_links([doubtful, link("b", "c"), link("a", "c")]) == (doubtful,)


NODES = st.sampled_from("abcdef")
LINKS = st.lists(st.tuples(NODES, NODES, st.sampled_from("123")), max_size=12, unique=True)


@given(LINKS)
def test_a_link_lies_on_a_ring_exactly_when_its_loss_parts_nobody(drawn):
    links = [link(a, b, port) for a, b, port in drawn if a != b]
    parts = {node: group for group in rings(links) for node in group}
    for place, one in enumerate(links):
        rest = links[:place] + links[place + 1 :]
        is_only_way = not _reaches(rest, one.a.node, one.b.node)
        on_ring = one.a.node in parts and parts[one.a.node] == parts.get(one.b.node)
        assert on_ring is not is_only_way


def _reaches(links: list[Link], start: str, goal: str) -> bool:
    reached = {start}
    for _ in links:
        for one in links:
            if reached & set(one.nodes):
                reached |= set(one.nodes)
    return goal in reached
