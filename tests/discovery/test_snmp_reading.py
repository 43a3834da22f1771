"""A planned reading finds what a full walk of the same tables finds, with few requests and never a write."""

import asyncio
import dataclasses
from pathlib import Path

import pytest

from demo.simulator.recordings import Recording, load
from demo.simulator.snmp_agent import GET, GET_BULK, GET_NEXT, Agent
from demo.simulator.snmp_responder import Responder
from discovery.collectors.snmp.conversation import Target
from discovery.collectors.snmp.credentials import Community, Version
from discovery.collectors.snmp.messages import Kind
from discovery.collectors.snmp.plan import (
    IT_LIMITS,
    OT_LIMITS,
    Plan,
    VendorReads,
    standard_plan,
)
from discovery.collectors.snmp.reading import DeviceRead, read_device
from discovery.collectors.snmp.wire import Wire
from discovery.rules.probes import Outcome, Request, Transport
from discovery.rules.readings import Oid, dotted, oid
from tests.simulators.net_snmp import needs_agent, needs_walker, running_agent, walk
from tests.simulators.scanning import OWN, PORT, PUBLIC, OpenGate, read, read_one, served_elsewhere

OTHERS = Path(__file__).resolve().parents[3] / "shared/discovery-recordings/recordings"
NAMES = sorted(path.stem for path in OWN.glob("*.snmprec"))
#: Without a sample of unknown vendors' trees, a reading holds exactly what is planned.
EXACT = standard_plan(dataclasses.replace(IT_LIMITS, sample=0))


def planned(plan: Plan, recording: Recording) -> set[Oid]:
    """Return what a reading of a device should hold."""
    roots = tuple(root for table in plan.tables_to_read() for root in table.roots)
    below = {name for name in recording.names if any(name[: len(root)] == root for root in roots)}
    return below | set(plan.scalars) & set(recording.names)


@pytest.mark.parametrize("name", NAMES)
def test_a_reading_holds_every_planned_variable_with_its_value(name: str):
    recording = load(OWN / f"{name}.snmprec")
    told = read_one(Agent(recording), EXACT)
    assert told.is_complete
    assert told.has_answered
    assert set(told.reading.varbinds) == planned(EXACT, recording)
    everything = recording.reading
    assert all(everything.get(one) == value for one, value in told.reading.varbinds.items())


@pytest.mark.parametrize("name", NAMES)
def test_a_weak_agent_is_asked_in_small_pieces_and_tells_the_same_but_long_tables(name: str):
    agent = Agent(load(OWN / f"{name}.snmprec"), seen=[])
    plan = standard_plan(dataclasses.replace(OT_LIMITS, sample=0))
    told = read_one(agent, plan)
    assert told.is_complete
    assert "dot1qTpFdbTable" in told.left_out
    assert set(told.reading.varbinds) == planned(plan, agent.recording)
    bulks = [one for one in agent.seen if one.kind == GET_BULK]
    assert all(one.second <= 10 and len(one.names) * one.second <= 30 for one in bulks)
    assert all(len(one.names) <= 20 for one in agent.seen)
    fdb = oid("1.3.6.1.2.1.17.7.1.2")
    assert not any(name[: len(fdb)] == fdb for one in agent.seen for name in one.names)


@pytest.mark.parametrize("name", NAMES)
def test_version_1_finds_the_same_by_getnext(name: str):
    agent = Agent(load(OWN / f"{name}.snmprec"), speaks_v2c=False, seen=[])
    told = read_one(agent, EXACT, credentials=Community("public", Version.V1))
    assert told.is_complete
    assert set(told.reading.varbinds) == planned(EXACT, agent.recording)
    assert {one.kind for one in agent.seen} == {GET_NEXT}


def test_every_datagram_passes_the_gate_and_is_a_read():
    agents = {
        f"127.10.2.{n}": Agent(load(OWN / f"{name}.snmprec"), seen=[])
        for n, name in enumerate(NAMES, 1)
    }
    gate = OpenGate()
    told = read(agents, gate=gate)
    assert len(gate.admitted) == sum(agent.packets for agent in agents.values())
    assert {address: one.requests for address, one in told.items()} == {
        address: agent.packets for address, agent in agents.items()
    }
    assert set(gate.outcomes) == {Outcome.ANSWERED}
    probe = gate.admitted[0]
    assert (probe.request, probe.transport, probe.port, probe.network, probe.packets) == (
        Request.SNMP_READ, Transport.UDP, PORT, "lab", 1,
    )  # fmt: skip
    assert not any(agent.writes for agent in agents.values())
    assert {one.kind for agent in agents.values() for one in agent.seen} <= {
        GET,
        GET_NEXT,
        GET_BULK,
    }
    assert "set" not in {kind.value for kind in Kind}


def test_vendor_variables_are_read_of_that_vendor_only():
    vendor = VendorReads(
        oid("1.3.6.1.4.1.20408.90"),
        scalars=(oid("1.3.6.1.4.1.20408.90.2.1.0"), oid("1.3.6.1.4.1.20408.90.2.3.1.1.2")),
        columns=(oid("1.3.6.1.4.1.20408.90.2.3.1.1"),),
    )
    plan = standard_plan(vendors=[vendor])
    switch = read_one(Agent(load(OWN / "switch_lldp.snmprec")), plan).reading
    assert switch.text(oid("1.3.6.1.4.1.20408.90.2.1.0")) == "IS8-24-001377"
    assert len(switch.column(oid("1.3.6.1.4.1.20408.90.2.3.1.1"))) == 2
    assert switch.get(oid("1.3.6.1.4.1.20408.90.2.2.0")) is None
    ups = Agent(load(OWN / "ups.snmprec"), seen=[])
    read_one(ups, plan)
    assert not any(name[:8] == vendor.prefix for one in ups.seen for name in one.names)


def test_of_a_vendor_without_a_rule_a_sample_is_kept_so_that_a_rule_can_be_written():
    sampled = read_one(Agent(load(OWN / "ups.snmprec")))
    assert sampled.reading.text(oid("1.3.6.1.4.1.20408.91.1.3.0")) == "EP3K-7712345"
    few = standard_plan(dataclasses.replace(IT_LIMITS, sample=1))
    told = read_one(Agent(load(OWN / "ups.snmprec")), few)
    assert len(list(told.reading.below(oid("1.3.6.1.4.1.20408")))) == 1
    assert not told.reading.problems


def test_an_address_of_ip_version_6_is_asked_through_a_socket_of_that_version():
    """The mapped form of a loopback address: version 6 in the socket, loopback of version 4 on the way."""
    agent = Agent(load(OWN / "plc.snmprec"))

    async def run() -> DeviceRead:
        async with Responder({"127.10.2.1": agent}, PORT), Wire() as wire:
            target = Target("lab", "::ffff:127.10.2.1", PORT)
            return await read_device(wire, target, PUBLIC, EXACT, OpenGate())

    told = asyncio.run(run())
    assert told.is_complete
    assert told.requests == agent.packets
    assert set(told.reading.varbinds) == planned(EXACT, agent.recording)


def test_two_hundred_devices_at_once_are_all_read_and_nobody_is_mistaken_for_silent():
    recordings = [load(OWN / f"{name}.snmprec") for name in NAMES]
    agents = {f"127.10.2.{n}": Agent(recordings[n % len(NAMES)]) for n in range(1, 201)}
    gate = OpenGate()

    async def run() -> list[DeviceRead]:
        async with Wire() as wire:
            targets = [Target("lab", address, PORT) for address in agents]
            return await asyncio.gather(
                *(read_device(wire, target, PUBLIC, EXACT, gate) for target in targets)
            )

    with served_elsewhere(agents):
        told = asyncio.run(run())
    assert all(one.is_complete for one in told)
    assert set(gate.outcomes) == {Outcome.ANSWERED}


def test_the_odd_device_is_read_as_it_is():
    told = read_one(Agent(load(OWN / "odd_gateway.snmprec")))
    assert told.is_complete
    assert told.reading.text(oid("1.3.6.1.2.1.1.6.0")) == "Hall 2 Nische 7"
    assert told.reading.get(oid("1.3.6.1.2.1.2.2.1.8.1")) == b"up"  # a text where a number belongs
    assert told.reading.number(oid("1.3.6.1.2.1.2.2.1.8.1")) is None
    assert told.reading.get(oid("1.3.6.1.2.1.1.2.0")) == (0, 0)


@needs_walker
@pytest.mark.parametrize("name", NAMES)
def test_net_snmp_walking_table_by_table_finds_no_more(name: str):
    agent = Agent(load(OWN / f"{name}.snmprec"))
    address = "127.10.2.1"

    async def run() -> tuple[set[Oid], set[Oid]]:
        async with Responder({address: agent}, PORT), Wire() as wire:
            walked: set[Oid] = set()
            for table in EXACT.tables:
                for root in table.roots:
                    walked |= set(await asyncio.to_thread(walk, f"{address}:{PORT}", dotted(root)))
            told = await read_device(wire, Target("lab", address, PORT), PUBLIC, EXACT, OpenGate())
            return walked, set(told.reading.varbinds)

    walked, found = asyncio.run(run())
    assert walked
    assert walked == found - set(EXACT.scalars)


@needs_agent
@needs_walker
def test_net_snmps_own_agent_tells_us_what_it_tells_its_own_walker(tmp_path: Path):
    address, port = "127.10.6.9", PORT
    lines = "rocommunity public 127.0.0.0/8\nsysName independent-agent\nsysLocation Hall 2"

    async def run() -> dict[Oid, object]:
        async with Wire() as wire:
            told = await read_device(wire, Target("lab", address, port), PUBLIC, EXACT, OpenGate())
        assert told.is_complete, told.reading.problems
        return dict(told.reading.varbinds)

    with running_agent(tmp_path, address, port, lines):
        walked: set[Oid] = set()
        for table in EXACT.tables:
            for root in table.roots:
                walked |= set(walk(f"{address}:{port}", dotted(root)))
        found = asyncio.run(run())
    assert found[oid("1.3.6.1.2.1.1.5.0")] == b"independent-agent"
    assert walked == set(found) - set(EXACT.scalars)


@pytest.mark.skipif(
    not OTHERS.exists(), reason="the larger set of recordings is not on this machine"
)
def test_the_larger_set_of_recordings_is_read_in_full_with_at_most_15_requests_a_device():
    recordings = [load(path) for path in sorted(OTHERS.glob("*.snmprec"))]
    agents = {f"127.10.3.{n}": Agent(one) for n, one in enumerate(recordings, 1)}
    told = read(agents, EXACT)
    for address, agent in agents.items():
        assert set(told[address].reading.varbinds) == planned(EXACT, agent.recording)
    assert sum(agent.packets for agent in agents.values()) / len(agents) <= 15
