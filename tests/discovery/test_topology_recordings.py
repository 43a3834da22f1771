"""The topology of recorded real devices: every proven link is found, no device is taken for another."""

import json
from functools import cache
from pathlib import Path
from random import Random

import pytest

from demo.simulator.recordings import load
from discovery.topology.identity import merge_candidates, sighting_of
from discovery.topology.links import links_of
from discovery.topology.observations import Observation
from discovery.topology.results import Confidence, Evidence, Topology

SHARED = Path(__file__).resolve().parents[3] / "shared/discovery-recordings"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared recordings are not here")


@cache
def expected() -> dict:
    return json.loads((SHARED / "expected.json").read_text())


@cache
def observations() -> tuple[Observation, ...]:
    files = [device["file"] for device in expected()["devices"]]
    return tuple(
        Observation(name, load(SHARED / "recordings" / name).reading, network="field")
        for name in files
    )


@cache
def topology() -> Topology:
    return links_of(observations())


def test_every_link_that_lldp_proves_is_found_and_connects_these_two():
    found = {frozenset(link.nodes) for link in topology().links}
    proven = {frozenset(pair) for pair in expected()["links_between_recordings"]}
    assert proven <= found


def test_no_other_link_between_two_recordings_is_claimed():
    recorded = {device["file"] for device in expected()["devices"]}
    proven = {frozenset(pair) for pair in expected()["links_between_recordings"]}
    claimed = {frozenset(link.nodes) for link in topology().links if set(link.nodes) <= recorded}
    assert claimed == proven


def test_every_recorded_neighbour_stands_at_the_other_end_of_a_link_of_the_device():
    missing = [
        (device["file"], neighbour)
        for device in expected()["devices"]
        for neighbour in device.get("neighbours", ())
        if not _is_found(device["file"], neighbour)
    ]
    assert not missing


def _is_found(name: str, neighbour: dict) -> bool:
    """Return whether a link of a device leads to a node that goes by the neighbour's chassis id.

    Chassis ids that are group addresses were masked by who recorded them: these neighbours are found by port.
    """
    words = {f"{one.method} {one.detail.split(', ')[0]}" for one in _evidence(name)}
    chassis = neighbour.get("remote_chassis_id", "")
    return f"lldp mac {chassis}" in words if chassis else "lldp " in words


def _evidence(name: str) -> list[Evidence]:
    return [
        piece
        for link in topology().links_of_node(name)
        for piece in link.evidence
        if piece.observer == name
    ]


def test_ends_that_agree_are_one_link_with_both_ports():
    core, access = "dlink_dgs-3627g.snmprec", "dlink_dgs-3420-28tc.snmprec"
    (link,) = (link for link in topology().links if set(link.nodes) == {core, access})
    assert link.confidence is Confidence.BOTH_ENDS
    assert {(end.node, end.index) for end in (link.a, link.b)} == {(core, 3), (access, 25)}
    assert {piece.method.value for piece in link.evidence} == {"lldp", "bridge"}


def test_a_switch_without_lldp_of_its_own_is_known_by_the_chassis_id_others_heard():
    core, access = "dlink_dgs-3627g.snmprec", "dlink_dgs-3120-24tc.snmprec"
    (link,) = (link for link in topology().links if set(link.nodes) == {core, access})
    assert link.confidence is Confidence.ONE_END
    assert {(end.node, end.index) for end in (link.a, link.b)} == {(core, 5), (access, 21)}


def test_the_order_of_devices_changes_nothing():
    shuffled = list(observations())
    Random(7).shuffle(shuffled)
    assert links_of(shuffled) == topology()


def test_no_two_recorded_devices_are_merged_or_even_confused():
    merges = merge_candidates(sighting_of(one) for one in observations())
    assert merges.merged == ()
    assert merges.conflicts == ()
    assert len(merges.groups) == expected()["count"]


def test_no_two_are_merged_with_the_serials_a_discovery_should_find():
    known = {device["file"]: device for device in expected()["devices"]}
    sightings = [
        sighting_of(
            one,
            vendor=known[one.key].get("vendor", ""),
            model=known[one.key].get("hardware", ""),
            serials=tuple(filter(None, [known[one.key].get("serial", "")])),
        )
        for one in observations()
    ]
    merges = merge_candidates(sightings)
    assert merges.merged == ()
    assert merges.conflicts == ()
