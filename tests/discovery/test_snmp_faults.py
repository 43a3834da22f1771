"""Devices that are slow, lie, loop, drown us in data or vanish harm nothing and are reported for what they did."""

import asyncio
import dataclasses
import time

import pytest

from demo.simulator import ber, snmp_agent
from demo.simulator.recordings import Recording, load
from demo.simulator.snmp_agent import Agent, Faults
from demo.simulator.snmp_responder import Responder
from discovery.collectors.snmp.conversation import Target
from discovery.collectors.snmp.credentials import Community, Version
from discovery.collectors.snmp.plan import IT_LIMITS, OT_LIMITS, Limits, Plan, standard_plan
from discovery.collectors.snmp.reading import DeviceRead, read_device
from discovery.collectors.snmp.wire import Wire
from discovery.rules.probes import Outcome
from discovery.rules.readings import Oid, oid
from tests.simulators.scanning import OWN, PORT, PUBLIC, OpenGate, read, read_one, served_elsewhere

SWITCH = load(OWN / "switch_lldp.snmprec")
IF_DESCR, IF_TYPE = oid("1.3.6.1.2.1.2.2.1.2"), oid("1.3.6.1.2.1.2.2.1.3")
SYS_DESCR = oid("1.3.6.1.2.1.1.1.0")
QUICK = dataclasses.replace(IT_LIMITS, seconds=0.1, sample=0)


def plan_with(**limits: int | float) -> Plan:
    return standard_plan(dataclasses.replace(QUICK, **limits))


QUICKLY = plan_with()
WHOLE = set(read_one(Agent(SWITCH), QUICKLY).reading.varbinds)


def test_a_lost_datagram_is_asked_for_again_and_nothing_is_missing():
    agent, gate = Agent(SWITCH, faults=Faults(drops=frozenset({1, 4}))), OpenGate()
    told = read_one(agent, QUICKLY, gate)
    assert told.is_complete
    assert set(told.reading.varbinds) == WHOLE
    assert gate.outcomes.count(Outcome.TIMED_OUT) == 2
    assert len(gate.outcomes) == agent.packets == told.requests


def test_nobody_there_costs_two_datagrams():
    agent, gate = Agent(SWITCH, community=b"another"), OpenGate()
    told = read_one(agent, QUICKLY, gate)
    assert (agent.packets, gate.outcomes) == (2, [Outcome.TIMED_OUT] * 2)
    assert not told.has_answered
    assert not told.is_complete
    assert told.reading.problems == ("no answer to 2 requests in a row",)


@pytest.mark.parametrize("answers", [1, 2, 3, 4])
def test_a_device_that_vanishes_leaves_what_was_read_and_two_datagrams_without_answer(answers: int):
    agent = Agent(SWITCH, faults=Faults(vanishes_after=answers))
    told = read_one(agent, plan_with(varbinds=60))
    assert told.has_answered
    assert not told.is_complete
    assert agent.packets == answers + 2
    assert SYS_DESCR in told.reading.varbinds
    assert set(told.reading.varbinds) < WHOLE
    assert told.reading.problems == ("no answer to 2 requests in a row",)


def test_a_slow_device_is_given_more_time_and_read_to_the_end():
    agent, gate = Agent(SWITCH, faults=Faults(latency=0.15)), OpenGate()
    told = read_one(agent, QUICKLY, gate)
    assert told.is_complete
    assert set(told.reading.varbinds) == WHOLE
    assert gate.outcomes.count(Outcome.TIMED_OUT) == 1


@pytest.mark.parametrize(
    "distortion",
    [
        snmp_agent.other_request_id,
        snmp_agent.other_version,
        snmp_agent.garbage,
        snmp_agent.truncated,
        snmp_agent.cut_inside,
    ],
)
@pytest.mark.parametrize("begins", [1, 3])
def test_a_device_that_answers_nonsense_is_left_alone_and_its_neighbour_is_read(
    distortion: snmp_agent.Distortion, begins: int
):
    liar = Agent(SWITCH, faults=Faults(distorts=distortion, distorts_from=begins))
    gate = OpenGate()
    told = read({"127.10.2.1": liar, "127.10.2.2": Agent(SWITCH)}, QUICKLY, gate)
    assert liar.packets == begins + 1
    assert not told["127.10.2.1"].is_complete
    assert told["127.10.2.1"].reading.problems == (
        "only nonsense in answer to 2 requests in a row",
    )
    assert gate.outcomes.count(Outcome.NONSENSE) == 2
    assert told["127.10.2.2"].is_complete
    assert set(told["127.10.2.2"].reading.varbinds) == WHOLE


@pytest.mark.parametrize("back_to", [None, (*IF_DESCR, 1)])
@pytest.mark.parametrize("version", list(Version))
def test_a_table_that_goes_round_in_circles_ends_and_the_others_are_read(
    back_to: Oid | None, version: Version
):
    agent = Agent(SWITCH, faults=Faults(loops_below=IF_DESCR, loops_to=back_to))
    told = read_one(agent, QUICKLY, credentials=Community("public", version))
    assert told.is_complete
    assert told.reading.problems == ("ifTable: the device goes round in circles",)
    looped = {name for name in WHOLE if name[: len(IF_DESCR)] == IF_DESCR}
    assert WHOLE - looped <= set(told.reading.varbinds) <= WHOLE
    assert told.requests < 40


@pytest.mark.parametrize("most", [1, 2, 7, 40])
def test_a_device_that_can_only_send_little_is_asked_for_less(most: int):
    agent = Agent(SWITCH, faults=Faults(most_varbinds=most))
    told = read_one(agent, plan_with(requests=2_000))
    assert told.is_complete
    assert not told.reading.problems
    assert set(told.reading.varbinds) == WHOLE


def test_where_long_answers_get_lost_on_the_way_short_ones_are_asked_for():
    agent = Agent(SWITCH, faults=Faults(loses_above=1_400))
    told = read_one(agent, QUICKLY)
    assert told.is_complete
    assert set(told.reading.varbinds) == WHOLE
    small = Agent(SWITCH, faults=Faults(loses_above=700))
    assert set(read_one(small, QUICKLY).reading.varbinds) == WHOLE


@pytest.mark.parametrize("octets", [200, 484, 1_472])
def test_a_device_that_cuts_its_answers_is_asked_on_from_there(octets: int):
    agent = Agent(SWITCH, max_octets=octets)
    told = read_one(agent, plan_with(requests=2_000))
    assert told.is_complete
    assert not told.reading.problems
    assert set(told.reading.varbinds) == WHOLE


@pytest.mark.parametrize("version", list(Version))
def test_an_error_in_one_place_costs_that_place_only(version: Version):
    agent = Agent(SWITCH, faults=Faults(fails_below=IF_TYPE))
    told = read_one(agent, QUICKLY, credentials=Community("public", version))
    assert told.is_complete
    assert told.reading.problems == ("ifTable: the device reports an error",)
    assert WHOLE - set(told.reading.varbinds) == {
        name for name in WHOLE if name[: len(IF_TYPE)] == IF_TYPE
    }
    failing = Agent(SWITCH, faults=Faults(fails_below=SYS_DESCR))
    told = read_one(failing, QUICKLY, credentials=Community("public", version))
    assert told.is_complete
    assert {SYS_DESCR} >= WHOLE - set(told.reading.varbinds)


def long_table(rows: int) -> Recording:
    """Return a switch with so many forwarding entries in each VLAN table: about 40 octets a variable."""
    entry = oid("1.3.6.1.2.1.17.7.1.2.2.1")
    macs = [(2, 0, 94, row >> 16 & 255, row >> 8 & 255, row & 255) for row in range(rows)]
    table = [((*entry, column, 1, *mac), ber.INTEGER, 3) for column in (2, 3) for mac in macs]
    return Recording.of([(SYS_DESCR, ber.OCTETS, b"Core switch"), *table])


def test_a_megabyte_of_forwarding_table_is_cut_where_the_limits_say():
    agent = Agent(long_table(20_000))
    whole = sum(map(len, agent.recording.varbinds))
    assert whole > 1_000_000
    cut = read_one(agent, plan_with(long_rows=1_000))
    assert cut.is_complete
    assert cut.reading.problems == ("dot1qTpFdbTable: cut after 1000 rows",)
    assert len(cut.reading) == 2_001
    spent = read_one(Agent(agent.recording), plan_with(octets=50_000))
    assert not spent.is_complete
    assert 50_000 <= spent.octets < 60_000
    assert spent.reading.problems == (f"stopped after {spent.octets} octets",)
    few = read_one(Agent(agent.recording), plan_with(requests=12))
    assert (few.requests, few.is_complete) == (12, False)
    assert few.reading.problems == ("stopped after 12 requests",)


def test_a_megabyte_of_table_is_read_when_it_is_allowed():
    told = read_one(Agent(long_table(20_000)), plan_with(requests=1_000, long_rows=30_000))
    assert told.is_complete
    assert len(told.reading) == 40_001


def test_a_weak_agents_forwarding_table_is_not_walked():
    agent = Agent(long_table(20_000), seen=[])
    told = read_one(agent, standard_plan(OT_LIMITS))
    assert told.is_complete
    assert "dot1qTpFdbTable" in told.left_out
    assert agent.packets == 3
    assert agent.octets < 2_000


def test_nobody_else_can_answer_in_a_devices_place():
    """Two sockets: the device is silent, its neighbour answers what the device was asked."""
    truth = Agent(Recording.of([(SYS_DESCR, ber.OCTETS, b"forged")]))

    class Overheard(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, peer: tuple[str, int]) -> None:
            neighbour.sendto(truth.answer(data), peer)

    async def run() -> DeviceRead:
        nonlocal neighbour
        loop = asyncio.get_running_loop()
        neighbour, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=("127.10.2.8", PORT)
        )
        device, _ = await loop.create_datagram_endpoint(Overheard, local_addr=("127.10.2.7", PORT))
        async with Wire() as wire:
            told = await read_device(
                wire, Target("lab", "127.10.2.7", PORT), PUBLIC, QUICKLY, OpenGate()
            )
        device.close()
        neighbour.close()
        return told

    neighbour: asyncio.DatagramTransport
    told = asyncio.run(run())
    assert not told.has_answered
    assert len(told.reading) == 0


def test_a_busy_loop_is_not_mistaken_for_a_silent_device():
    async def run() -> tuple[DeviceRead, OpenGate]:
        gate = OpenGate()
        async with Wire() as wire:
            few = dataclasses.replace(QUICKLY, tables=QUICKLY.tables[:2])
            target = Target("lab", "127.10.2.1", PORT)
            reading = asyncio.create_task(read_device(wire, target, PUBLIC, few, gate))
            while not reading.done():
                time.sleep(0.25)  # longer than the time-out: nobody hears anything meanwhile
                await asyncio.sleep(0)
            return await reading, gate

    with served_elsewhere({"127.10.2.1": Agent(SWITCH)}):
        told, gate = asyncio.run(run())
    assert told.is_complete
    assert set(gate.outcomes) == {Outcome.ANSWERED}


def test_a_reading_that_is_called_off_tells_the_gate_how_its_last_probe_ended():
    async def run() -> OpenGate:
        gate = OpenGate()
        silent = Agent(SWITCH, community=b"another")
        async with Responder({"127.10.2.1": silent}, PORT), Wire() as wire:
            target = Target("lab", "127.10.2.1", PORT)
            slow = standard_plan(dataclasses.replace(QUICK, seconds=30))
            reading = asyncio.create_task(read_device(wire, target, PUBLIC, slow, gate))
            await asyncio.sleep(0.05)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
        return gate

    gate = asyncio.run(run())
    assert len(gate.admitted) == len(gate.outcomes) == 1


def test_limits_for_weak_agents_are_the_tighter_ones_everywhere():
    for name in (
        "repetitions",
        "varbinds",
        "names",
        "rows",
        "long_rows",
        "octets",
        "requests",
        "sample",
    ):
        assert getattr(OT_LIMITS, name) < getattr(IT_LIMITS, name), name
    assert OT_LIMITS.repetitions <= 10
    assert OT_LIMITS.attempts == IT_LIMITS.attempts == Limits().attempts == 2


@pytest.mark.parametrize(
    ("address", "port"),
    [("plc.example", 161), ("10.0.0.0/8", 161), ("127.0.0.1", 0), ("127.0.0.1", 70_000)],
)
def test_a_target_is_an_address_and_a_port_and_no_name(address: str, port: int):
    with pytest.raises(ValueError, match=r"does not appear|no UDP port"):
        Target("lab", address, port)
