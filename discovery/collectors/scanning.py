"""One scan of one network, over SNMP and what else it asks: many devices on one event loop, in a thread of its own.

The thread knows no database. It tells what happens through a queue and looks at one flag; whoever called drains the
queue, stores, and sets the flag.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from discovery.collectors.asking import Answers, Place, ask
from discovery.collectors.guard import Guard, LogLine
from discovery.collectors.machinery import opcua
from discovery.collectors.snmp.conversation import Target
from discovery.collectors.snmp.credentials import Credentials
from discovery.collectors.snmp.plan import Plan
from discovery.collectors.snmp.reading import DeviceRead, read_device
from discovery.collectors.snmp.wire import Wire
from discovery.rules.methods import Step
from discovery.rules.probes import Mode, Request
from discovery.rules.readings import Reading
from discovery.rules.safety import ENDS_THE_SCAN, Policy, Refusal

#: A caller gets a word this often (seconds), so that it can look at its kill switch.
PULSE = 0.2
#: After these an address may still be asked other things than SNMP.
ONLY_SNMP = frozenset({None, Refusal.TRIAL_FAILED})
#: What is known of an address that was not asked over SNMP.
NOT_READ = DeviceRead(Reading({}), 0, 0, has_answered=False, is_complete=False)


@dataclass(frozen=True)
class ScanOrder:
    """What to read: `models` is the product known at an address, `alive` where the CMDB knows an item.

    Without credentials nothing is read over SNMP; `steps` is what each address is asked besides.
    """

    policy: Policy
    addresses: Sequence[str]
    credentials: Credentials | None
    plan: Plan
    concurrency: int
    models: Mapping[str, str] = field(default_factory=dict)
    alive: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class DeviceDone:
    """What came of an address: over SNMP, and besides when it was asked more."""

    address: str
    read: DeviceRead
    seconds: float
    answers: Answers | None = None

    @property
    def has_answered(self) -> bool:
        """Tell whether the address answered anything at all."""
        return self.read.has_answered or (self.answers is not None and self.answers.has_answered)

    @property
    def is_complete(self) -> bool:
        """Tell whether everything planned was asked; a host without SNMP that answered the rest is complete."""
        if self.answers is None:
            return self.read.is_complete
        return self.answers.is_complete and (self.read.is_complete or not self.read.has_answered)

    @property
    def packets(self) -> int:
        """Return how many frames were sent to it, at most."""
        return self.read.requests + (self.answers.packets if self.answers else 0)

    @property
    def refusal(self) -> Refusal | None:
        """Return the rule that ended the visit, None when none did."""
        ended = self.answers.refusal if self.answers else None
        return ended or self.read.refusal

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what went wrong. That a host which answered the rest has no SNMP is no problem."""
        told = self.answers.problems if self.answers else ()
        has_snmp = self.read.has_answered or not (self.answers and self.answers.has_answered)
        return (*(self.read.reading.problems if has_snmp else ()), *told)


@dataclass(frozen=True)
class ScanOver:
    """The last word of a scan: `refusal` is what ended it before its time, `error` what broke it."""

    refusal: Refusal | None = None
    error: BaseException | None = None


Event = DeviceDone | LogLine | ScanOver


def scan(order: ScanOrder, stop: threading.Event) -> Iterator[Event | None]:
    """Yield what happens, and None every fifth of a second while nothing does; ScanOver comes last.

    When `stop` is set no further probe is sent, and what is under way is dropped at once.
    """
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    thread = threading.Thread(target=_run, args=(order, stop, events.put), name="scan", daemon=True)
    thread.start()
    try:
        while True:
            try:
                event = events.get(timeout=PULSE)
            except queue.Empty:
                yield None
                continue
            yield event
            if isinstance(event, ScanOver):
                return
    finally:
        stop.set()
        thread.join(5)


def _run(order: ScanOrder, stop: threading.Event, tell: Callable[[Event], None]) -> None:
    try:
        if any(step.request is Request.OPCUA_GET_ENDPOINTS for step in order.steps):
            opcua()  # Inside the loop its import would keep every answer waiting.
        asyncio.run(_Scan(order, stop, tell).run())
    except BaseException as error:  # noqa: BLE001 - told to the caller, who raises it
        tell(ScanOver(error=error))


class _Scan:
    """The scan on its loop."""

    def __init__(
        self, order: ScanOrder, stop: threading.Event, tell: Callable[[Event], None]
    ) -> None:
        self.order, self.stop, self.tell = order, stop, tell
        self.guard = Guard(order.policy, stop.is_set, tell)
        self.guard.standing.alive.update(order.alive)
        self.ended_by: Refusal | None = None
        self.waiting = iter(order.addresses)

    async def run(self) -> None:
        """Read every address, or as many as may be."""
        async with Wire() as wire:
            readers = [
                asyncio.create_task(self._reader(wire)) for _ in range(self.order.concurrency)
            ]
            watch = asyncio.create_task(self._watch(readers))
            done = await asyncio.gather(*readers, return_exceptions=True)
            watch.cancel()
        for one in done:
            if isinstance(one, Exception):
                raise one
        if self.stop.is_set():
            self.ended_by = Refusal.KILLED
        self.tell(ScanOver(self.ended_by))

    async def _watch(self, readers: list["asyncio.Task[None]"]) -> None:
        while not self.stop.is_set() and self.ended_by is None:
            await asyncio.sleep(PULSE / 2)
        for reader in readers:
            reader.cancel()

    async def _reader(self, wire: Wire) -> None:
        for address in self.waiting:
            await self._read(wire, address)

    async def _read(self, wire: Wire, address: str) -> None:
        began = time.monotonic()
        read = await self._snmp(wire, address)
        answers = None
        if self.order.steps and read.refusal in ONLY_SNMP:
            answers = await self._ask(address, is_alive=read.has_answered)
            if answers.has_answered and not read.has_answered and answers.refusal is None:
                # One datagram may have been lost: between answers a second one is no second failure in a row.
                read = joined(read, await self._snmp(wire, address))
        self._settle(address, read, answers)
        self.tell(DeviceDone(address, read, time.monotonic() - began, answers))

    async def _snmp(self, wire: Wire, address: str) -> DeviceRead:
        order, policy = self.order, self.order.policy
        if order.credentials is None:
            return NOT_READ
        plan = order.plan
        if order.steps:
            # A host without SNMP is no host in trouble: one request is not answered, and the next thing is asked.
            plan = replace(plan, limits=replace(plan.limits, introductions=1))
        model = order.models.get(address, "")
        target = Target(policy.network, address, policy.snmp_port, model)
        return await read_device(wire, target, order.credentials, plan, self.guard)

    async def _ask(self, address: str, *, is_alive: bool) -> Answers:
        policy = self.order.policy
        return await ask(
            self.guard,
            Place(policy.network, address, self.order.models.get(address, "")),
            self.order.steps,
            is_sequential=policy.acting_mode is not Mode.IT,
            is_alive=is_alive,
        )

    def _settle(self, address: str, read: DeviceRead, answers: Answers | None) -> None:
        """Settle the trials on an address, and see whether the scan is over."""
        # Silence settles no trial: perhaps nobody lives there.
        well = read.is_complete if read.has_answered else None
        self.guard.finished(address, went_well=well, request=Request.SNMP_READ)
        is_lost = address in self.guard.standing.stopped_hosts
        for request, went_well in (answers.trials if answers else {}).items():
            well = False if went_well and is_lost else went_well
            self.guard.finished(address, went_well=well, request=request)
        for refusal in (read.refusal, answers.refusal if answers else None):
            if refusal in ENDS_THE_SCAN:
                self.ended_by = self.ended_by or refusal


def joined(first: DeviceRead, second: DeviceRead) -> DeviceRead:
    """Return the second reading of a device with what the first, which got no answer, has cost."""
    return replace(
        second, requests=first.requests + second.requests, octets=first.octets + second.octets
    )
