"""Small recorded networks of our own, read over SNMP as a scan does, and the topology that comes of it."""

from collections.abc import Iterable

import pytest

from demo.simulator.recordings import load
from demo.simulator.snmp_agent import Agent
from discovery.topology.identity import merge_candidates, sighting_of
from discovery.topology.links import links_of
from discovery.topology.observations import Observation, observation_of
from discovery.topology.results import Confidence, Method, Topology
from tests.simulators.scanning import OWN, read

LINE = ("line1_sw1", "line1_sw2")
CDP_PAIR = ("hall3_core", "hall3_acc1")
PRESS = ("press_sw", "press_plc1", "press_plc2", "press_plc3")
ROUTERS = ("gw1", "gw2")


def scanned(names: Iterable[str]) -> list[Observation]:
    """Read recorded devices over SNMP."""
    files = {f"127.10.4.{place}": name for place, name in enumerate(names, 1)}
    agents = {at: Agent(load(OWN / "topology" / f"{name}.snmprec")) for at, name in files.items()}
    return [
        observation_of(files[at], told, network="plant", address=at)
        for at, told in read(agents).items()
    ]


def topology(names: Iterable[str]) -> Topology:
    return links_of(scanned(names))


def ends(found: Topology) -> set[tuple[str, str, str, str]]:
    return {(link.a.node, link.a.port, link.b.node, link.b.port) for link in found.links}


def test_two_switches_have_the_two_cables_between_them_and_their_other_neighbours():
    found = topology(LINE)
    assert ends(found) == {
        ("line1_sw1", "P6", "line1_sw2", "P6"),
        ("line1_sw1", "P7", "line1_sw2", "P7"),
        ("?chassis plant local line1-robot1", "port-001", "line1_sw1", "P1"),
        ("?mac 00:00:5e:00:53:f0", "Gi1/0/21", "line1_sw1", "P8"),
        ("?mac 00:00:5e:00:53:9a", "", "line1_sw2", "P3"),
    }
    between = [link for link in found.links if link.nodes == LINE]
    assert {link.confidence for link in between} == {Confidence.BOTH_ENDS}
    addresses = {one.id: one.addresses for one in found.unresolved}
    assert addresses["?mac 00:00:5e:00:53:f0"] == ("10.21.0.1",)
    assert addresses["?mac 00:00:5e:00:53:9a"] == ("10.21.0.30",)


def test_a_cdp_pair_is_one_link_and_the_telephone_a_stranger():
    found = topology(CDP_PAIR)
    (link,) = (link for link in found.links if set(link.nodes) == set(CDP_PAIR))
    assert link.method is Method.CDP
    assert link.confidence is Confidence.BOTH_ENDS
    assert {(end.node, end.port) for end in (link.a, link.b)} == {
        ("hall3_core", "Gi1/0/3"),
        ("hall3_acc1", "Gi0/1"),
    }
    (phone,) = found.unresolved
    assert phone.name == "TEL00005E0053EE"
    assert phone.addresses == ("10.23.0.77",)


def test_an_access_switch_that_only_bridges_has_its_three_controllers_and_a_network_behind_it():
    found = topology(PRESS)
    assert ends(found) == {(f"press_plc{n}", "X1 P1", "press_sw", f"port {n}") for n in (1, 2, 3)}
    (segment,) = found.segments
    assert [(end.node, end.port) for end in segment.ends] == [("press_sw", "port 8")]
    assert segment.stations == 20


def test_two_routers_with_one_address_are_two_devices():
    seen = scanned(ROUTERS)
    merges = merge_candidates(sighting_of(one) for one in seen)
    assert merges.merged == ()
    assert merges.conflicts == ()
    (subnet,) = links_of(seen).subnets
    assert {member.node for member in subnet.members} == set(ROUTERS)


def test_a_whole_plant_is_its_parts():
    every = topology((*LINE, *CDP_PAIR, *PRESS, *ROUTERS))
    parts = [topology(names) for names in (LINE, CDP_PAIR, PRESS, ROUTERS)]
    assert ends(every) == set().union(*map(ends, parts))
    assert len(set(every.devices.values())) == 10


@pytest.mark.parametrize("names", [("switch_lldp", "plc"), ("plc", "switch_lldp")])
def test_a_switch_and_the_controller_that_names_itself_agree(names):
    agents = {
        f"127.10.4.{place}": Agent(load(OWN / f"{name}.snmprec"))
        for place, name in enumerate(names, 1)
    }
    told = dict(zip(names, read(agents).values(), strict=True))
    found = links_of(observation_of(name, one, network="plant") for name, one in told.items())
    (link,) = (link for link in found.links if link.nodes == ("plc", "switch_lldp"))
    assert link.confidence is Confidence.BOTH_ENDS
    assert link.b.port == "P5"
