"""What must not be asked is never sent a packet: counted at the simulated devices, with the real gate."""

import asyncio
import dataclasses
import time
from datetime import UTC, datetime, timedelta
from datetime import time as at

from demo.simulator.recordings import load
from demo.simulator.snmp_agent import Agent, Faults
from demo.simulator.snmp_responder import Responder
from discovery.collectors.guard import Guard, LogLine
from discovery.collectors.snmp.conversation import Target
from discovery.collectors.snmp.plan import IT_LIMITS, Plan, standard_plan
from discovery.collectors.snmp.reading import DeviceRead, read_device
from discovery.collectors.snmp.wire import Wire
from discovery.rules.probes import Mode
from discovery.rules.safety import Approval, Policy, Refusal
from discovery.rules.targets import TargetSet
from discovery.rules.windows import Window
from tests.simulators.scanning import OWN, PORT, PUBLIC

SWITCH = load(OWN / "switch_lldp.snmprec")
EVERY_DAY = frozenset(range(7))
PLAN = standard_plan(dataclasses.replace(IT_LIMITS, seconds=0.2))
OFFICE = Policy(
    "office",
    TargetSet.of(["127.10.5.0/24"], ["127.10.5.2"]),
    Mode.IT,
    "4",
    gap_seconds=0,
    subnet_rate=1_000,
    overall_rate=1_000,
    snmp_port=PORT,
)
"""An IT network in which 127.10.5.2 is excluded."""


def scan(
    policy: Policy,
    agents: dict[str, Agent],
    *,
    plan: Plan = PLAN,
    is_stopped: "list[bool] | None" = None,
) -> tuple[dict[str, DeviceRead], list[LogLine]]:
    """Read every device, in turn, through the real gate."""
    log: list[LogLine] = []
    stop = is_stopped if is_stopped is not None else [False]

    async def run() -> dict[str, DeviceRead]:
        guard = Guard(policy, lambda: stop[0], log.append)
        async with Responder(agents, PORT), Wire() as wire:
            if is_stopped is not None:
                asyncio.get_running_loop().call_later(0.3, stop.__setitem__, 0, True)
            return {
                address: await read_device(
                    wire, Target(policy.network, address, PORT), PUBLIC, plan, guard
                )
                for address in agents
            }

    return asyncio.run(run()), log


def test_an_excluded_address_inside_an_allowed_block_is_never_sent_a_packet():
    agents = {f"127.10.5.{n}": Agent(SWITCH) for n in (1, 2, 3)}
    told, log = scan(OFFICE, agents)
    assert told["127.10.5.1"].is_complete
    assert told["127.10.5.3"].is_complete
    assert agents["127.10.5.2"].packets == 0
    assert told["127.10.5.2"].refusal is Refusal.EXCLUDED
    assert told["127.10.5.2"].requests == 0
    assert not told["127.10.5.2"].has_answered
    sent = [line for line in log if line.was_sent]
    assert len(sent) == sum(agent.packets for agent in agents.values())


def test_an_ot_zone_without_approval_is_never_sent_a_packet():
    zone = dataclasses.replace(OFFICE, purdue_level="1", mode=Mode.SNMP_ONLY)
    agents = {"127.10.5.1": Agent(SWITCH)}
    told, _log = scan(zone, agents)
    assert agents["127.10.5.1"].packets == 0
    assert told["127.10.5.1"].refusal is not None


def test_an_ot_zone_with_approval_is_read_one_packet_a_second():
    now = datetime.now(UTC)
    zone = dataclasses.replace(
        OFFICE,
        purdue_level="1",
        mode=Mode.SNMP_ONLY,
        approval=Approval("Helena Fischer", now, now + timedelta(hours=1)),
        windows=(Window(EVERY_DAY, at(0), at(13)), Window(EVERY_DAY, at(12), at(1))),
    )
    few = dataclasses.replace(PLAN, tables=PLAN.tables[:1])
    agents = {"127.10.5.1": Agent(SWITCH)}
    started = time.monotonic()
    told, log = scan(zone, agents, plan=few)
    took = time.monotonic() - started
    assert told["127.10.5.1"].is_complete
    assert took >= agents["127.10.5.1"].packets - 1
    assert len(log) == agents["127.10.5.1"].packets


def test_the_kill_switch_ends_a_reading_within_a_second():
    agents = {"127.10.5.1": Agent(SWITCH, faults=Faults(latency=0.15))}
    started = time.monotonic()
    told, _log = scan(OFFICE, agents, is_stopped=[False])
    assert time.monotonic() - started < 1
    assert told["127.10.5.1"].refusal is Refusal.KILLED
    assert told["127.10.5.1"].has_answered
    assert not told["127.10.5.1"].is_complete


def test_a_host_that_fails_twice_is_stopped_for_the_whole_scan():
    agents = {"127.10.5.1": Agent(SWITCH, community=b"another")}
    told, log = scan(OFFICE, agents)
    assert agents["127.10.5.1"].packets == len(log) == 2
    assert told["127.10.5.1"].refusal is None
