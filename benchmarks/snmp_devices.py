"""Simulated SNMP devices in a process of their own, and two ways to read them: our collector, net-snmp's walker."""

import asyncio
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

from discovery.collectors.guard import Guard, LogLine
from discovery.collectors.snmp.conversation import Target
from discovery.collectors.snmp.credentials import Community
from discovery.collectors.snmp.plan import Plan
from discovery.collectors.snmp.reading import DeviceRead, read_device
from discovery.collectors.snmp.wire import Wire
from discovery.rules.probes import Mode, Outcome
from discovery.rules.readings import dotted
from discovery.rules.safety import Policy
from discovery.rules.targets import TargetSet

ROOT = Path(__file__).resolve().parents[1]
FIRST, PORT = IPv4Address("127.10.16.1"), 10_165
#: An IT network whose rates hold nobody back: what is measured is the collector and its gate, not the waiting.
NETWORK = Policy(
    "bench",
    TargetSet.of(["127.10.0.0/16"]),
    Mode.IT,
    "4",
    gap_seconds=0,
    subnet_rate=1e9,
    overall_rate=1e9,
    snmp_port=PORT,
)


@dataclass
class Devices:
    """Where simulated devices answer; `packets` is known once they have stopped."""

    addresses: list[str]
    packets: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """What a scan took: seconds of wall clock, seconds of CPU."""

    wall: float
    cpu: float
    reads: list[DeviceRead]
    log: list[LogLine]

    @property
    def timeouts(self) -> int:
        """How many datagrams went without an answer."""
        return sum(line.outcome == Outcome.TIMED_OUT.value for line in self.log)


@contextmanager
def devices(recordings: Path, count: int, latency_ms: float) -> Iterator[Devices]:
    """Serve so many devices, the recordings in turn, from another process."""
    module = "demo.simulator.snmp_responder"
    options = {
        "recordings": recordings,
        "first": FIRST,
        "count": count,
        "port": PORT,
        "latency": latency_ms,
    }
    command = [
        sys.executable,
        "-m",
        module,
        *(f"--{name}={value}" for name, value in options.items()),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes to the simulated devices")
        if not process.stdout.readline().startswith("ready"):
            raise RuntimeError("the simulated devices did not start")
        served = Devices([str(FIRST + number) for number in range(count)])
        try:
            yield served
        finally:
            process.stdin.close()
            served.packets = json.loads(process.stdout.read() or "{}")


def scan(served: Devices, plan: Plan, concurrency: int) -> Run:
    """Read all devices with our collector through the real gate, so many at a time on one event loop."""
    log: list[LogLine] = []

    async def one(wire: Wire, guard: Guard, turn: asyncio.Semaphore, address: str) -> DeviceRead:
        async with turn:
            target = Target(NETWORK.network, address, PORT)
            return await read_device(wire, target, Community("public"), plan, guard)

    async def every() -> list[DeviceRead]:
        guard, turn = Guard(NETWORK, lambda: False, log.append), asyncio.Semaphore(concurrency)
        async with Wire() as wire:
            return list(
                await asyncio.gather(*(one(wire, guard, turn, a) for a in served.addresses))
            )

    wall, cpu = time.perf_counter(), time.process_time()
    reads = asyncio.run(every())
    return Run(time.perf_counter() - wall, time.process_time() - cpu, reads, log)


def can_walk() -> bool:
    """Tell whether net-snmp's walker is installed."""
    return shutil.which("snmpbulkwalk") is not None


def walk(served: Devices, plan: Plan, concurrency: int) -> Run:
    """Read the system group and the plan's tables with snmpbulkwalk, table by table, so many devices at a time.

    The walker gets every advantage: no MIBs to load, as many rows an answer as our collector asks for, all cores.
    It reads whole tables, as it does; asking it for our columns one by one would take more processes.
    """
    roots = ["1.3.6.1.2.1.1", *(dotted(table.entry) for table in plan.tables)]
    options = [
        "-v2c",
        "-c",
        "public",
        "-m",
        "",
        "-On",
        "-Oq",
        f"-Cr{plan.limits.repetitions}",
        "-t",
        "5",
    ]

    def one(address: str) -> None:
        for root in roots:
            command = ["snmpbulkwalk", *options, f"{address}:{PORT}", root]
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)

    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with ThreadPoolExecutor(concurrency) as pool:
        list(pool.map(one, served.addresses))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(time.perf_counter() - wall, cpu, [], [])
