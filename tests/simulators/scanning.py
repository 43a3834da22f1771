"""Serving simulated devices and reading them in one call, with a gate that lets everything through and remembers it."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from demo.simulator.snmp_agent import Agent
from demo.simulator.snmp_responder import Responder
from discovery.collectors.gates import Gate
from discovery.collectors.snmp.conversation import Target
from discovery.collectors.snmp.credentials import Community, Credentials
from discovery.collectors.snmp.plan import Plan, standard_plan
from discovery.collectors.snmp.reading import DeviceRead, read_device
from discovery.collectors.snmp.wire import Wire
from discovery.rules.probes import Outcome, Probe

OWN = Path(__file__).resolve().parents[1] / "discovery" / "recordings"
#: Each test process serves at a port of its own, below those that the system hands out to clients.
PORT = 10_000 + os.getpid() % 20_000
PUBLIC = Community("public")


@dataclass
class OpenGate:
    """Lets every probe pass; `outcomes` holds how each ended."""

    admitted: list[Probe] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    async def admit(self, probe: Probe) -> None:
        self.admitted.append(probe)

    def outcome(self, _probe: Probe, ended: Outcome) -> None:
        self.outcomes.append(ended)


@contextmanager
def served_elsewhere(agents: dict[str, Agent], port: int = PORT) -> Iterator[None]:
    """Serve some devices from a thread of their own, however busy the caller's event loop is."""
    ready, ended = threading.Event(), threading.Event()

    async def serve() -> None:
        async with Responder(agents, port):
            ready.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(10)
    try:
        yield
    finally:
        ended.set()
        thread.join(10)


def read(
    agents: dict[str, Agent],
    plan: Plan | None = None,
    gate: Gate | None = None,
    credentials: Credentials = PUBLIC,
    port: int = PORT,
) -> dict[str, DeviceRead]:
    """Serve some devices and read all of them at the same time."""
    gate = OpenGate() if gate is None else gate

    async def run() -> list[DeviceRead]:
        async with Responder(agents, port), Wire() as wire:
            return await asyncio.gather(
                *(
                    read_device(
                        wire,
                        Target("lab", address, port),
                        credentials,
                        plan or standard_plan(),
                        gate,
                    )
                    for address in agents
                )
            )

    return dict(zip(agents, asyncio.run(run()), strict=True))


def read_one(
    agent: Agent,
    plan: Plan | None = None,
    gate: Gate | None = None,
    credentials: Credentials = PUBLIC,
) -> DeviceRead:
    """Serve one device and read it."""
    return read({"127.10.2.1": agent}, plan, gate, credentials)["127.10.2.1"]
