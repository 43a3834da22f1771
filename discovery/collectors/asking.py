"""What one address is asked besides SNMP: a host check, ports in sequence, one named request to each that has one.

Each request passes the gate when it is sent, and is watched while it is under way. Where the network is IT, bare
connections go in one run of nmap; anywhere else there is one request at a time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from discovery.collectors.gates import WatchfulGate
from discovery.collectors.guard import RefusedError
from discovery.collectors.machinery import opcua
from discovery.collectors.nmap_command import SECONDS, command
from discovery.collectors.nmap_report import BadReportError, HostReport, PortReport, read_report
from discovery.collectors.nmap_running import (
    NEEDS,
    NmapFailedError,
    NmapMissingError,
    is_privileged,
    nmap_path,
    run_nmap,
)
from discovery.collectors.supervising import supervised
from discovery.rules.methods import IDENTIFYING, KNOCK, Step
from discovery.rules.probes import Outcome, Probe, Request
from discovery.rules.safety import SENTENCES, Refusal

#: Refusals of one request after which the others may still go.
OF_THE_REQUEST = frozenset({Refusal.TRIAL_FAILED, Refusal.MODE})
#: Outcomes that show that somebody lives at an address.
SIGNS_OF_LIFE = frozenset({Outcome.ANSWERED, Outcome.REFUSED_BY_HOST, Outcome.NONSENSE})
NO_RAW_SOCKETS = (
    "The host check takes root's rights where this scan runs; ports were tried without it."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Whom to ask: `model` is the product known at the address, "" when none is."""

    network: str
    address: str
    model: str = ""


@dataclass(frozen=True)
class Answers:
    """What an address answered: `reports` are nmap's as they came, `trials` how each request went on its model.

    `packets` are frames of ours at most. `is_complete` says that everything planned was asked; `refusal` is the gate's
    reason when it ended the visit.
    """

    ports: tuple[PortReport, ...] = ()
    mac: str = ""
    reports: tuple[bytes, ...] = ()
    problems: tuple[str, ...] = ()
    packets: int = 0
    has_answered: bool = False
    is_complete: bool = False
    refusal: Refusal | None = None
    trials: Mapping[Request, bool | None] = field(default_factory=dict)

    @property
    def is_identified(self) -> bool:
        """Tell whether a control system said what it is."""
        return any(port.scripts for port in self.ports)


async def ask(
    gate: WatchfulGate,
    place: Place,
    steps: Sequence[Step],
    *,
    is_sequential: bool,
    is_alive: bool,
) -> Answers:
    """Return what an address answers to steps. Silence, nonsense and refusals are results, not exceptions.

    `is_sequential` says that one request goes at a time, as anywhere but in IT. `is_alive` says that it has just answered: the host check is not needed then.
    """
    visit = _Visit(gate, place, is_sequential)
    refusal = None
    try:
        await visit.go(steps, is_alive=is_alive)
    except RefusedError as error:
        refusal = error.reason
        visit.problems.append(f"{error.probe.request.value}: {SENTENCES[error.reason]}")
    return visit.answers(refusal)


@dataclass(frozen=True, slots=True)
class _Tried:
    """How one request ended; `was_open` says that its port took a connection."""

    request: Request
    ended: Outcome
    was_open: bool = False


@dataclass
class _Visit:
    """One address being asked."""

    gate: WatchfulGate
    place: Place
    is_sequential: bool
    ports: dict[int, PortReport] = field(default_factory=dict)
    mac: str = ""
    reports: list[bytes] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tried: list[_Tried] = field(default_factory=list)
    packets: int = 0
    is_done: bool = False

    async def go(self, steps: Sequence[Step], *, is_alive: bool) -> None:
        """Take the steps in order. Raises RefusedError when the rules end the visit."""
        if not is_alive and await self._is_silent(steps):
            return
        for batch in _batches([one for one in steps if one.port is not None], self.is_sequential):
            await self._batch(batch)
        self.is_done = True

    async def _is_silent(self, steps: Sequence[Step]) -> bool:
        """Tell whether the host check, where there is one, says that nobody is there."""
        checks = [one for one in steps if one.request is Request.HOST_ALIVE]
        if checks and not is_privileged():
            self._problem(NO_RAW_SOCKETS)
            return False
        for check in checks:
            await self._batch([check])
        return bool(checks) and not any(one.ended in SIGNS_OF_LIFE for one in self.tried)

    async def _batch(self, batch: Sequence[Step]) -> None:
        if batch[0].request is Request.SERVICE_VERSION:
            batch = [one for one in batch if one.port in self._open_ports]
        elif batch[0].request is not Request.OPCUA_GET_ENDPOINTS and nmap_path() is None:
            self._problem(NEEDS)
            return
        if not batch:
            return
        try:
            await self._send(batch)
        except RefusedError as error:
            if error.reason not in OF_THE_REQUEST:
                raise
            self._problem(f"{error.probe.request.value}: {SENTENCES[error.reason]}")

    @property
    def _open_ports(self) -> frozenset[int]:
        return frozenset(number for number, one in self.ports.items() if one.is_open)

    async def _send(self, batch: Sequence[Step]) -> None:
        """Send one request, to one port or (in IT) to several in one run; the gate is told how each ended."""
        place = self.place
        probes = [one.probe(place.network, place.address, place.model) for one in batch]
        admitted: list[Probe] = []
        endings: dict[Probe, _Tried] = {}
        try:
            for probe in probes:
                await self.gate.admit(probe)
                admitted.append(probe)
            endings = await self._carried_out(probes)
        finally:
            for probe in admitted:
                self._note(probe, endings.get(probe), was_sent=len(admitted) == len(probes))

    async def _carried_out(self, probes: Sequence[Probe]) -> dict[Probe, _Tried]:
        first = probes[0]
        if first.request is Request.OPCUA_GET_ENDPOINTS:
            answer = await supervised(self.gate, first, opcua().get_endpoints(first.address))
            self.ports[answer.port.port] = answer.port
            return {first: _Tried(first.request, answer.outcome, answer.port.is_open)}
        numbers = [probe.port for probe in probes if probe.port is not None]
        line = command(first.request, first.address, numbers, is_privileged=is_privileged())
        try:
            xml = await supervised(self.gate, first, run_nmap(line, seconds=SECONDS[first.request]))
            report = read_report(xml)
        except (NmapMissingError, NmapFailedError, BadReportError) as error:
            self._problem(str(error))
            return {}
        self.reports.append(xml)
        return self._taken(probes, next(iter(report.hosts), None))

    def _taken(self, probes: Sequence[Probe], host: HostReport | None) -> dict[Probe, _Tried]:
        """Keep what a report says and return how each probe ended."""
        if probes[0].request is Request.HOST_ALIVE:
            is_up = host is not None and host.is_up
            self.mac = self.mac or (host.mac if host else "")
            ended = Outcome.ANSWERED if is_up else Outcome.TIMED_OUT
            return {probes[0]: _Tried(Request.HOST_ALIVE, ended)}
        found = {one.port: one for one in host.ports} if host else {}
        self.ports.update(found)
        has_life = any(one.state in {"open", "closed"} for one in found.values())
        return {
            probe: _Tried(
                probe.request, _ended(probe, one, has_life), one is not None and one.is_open
            )
            for probe in probes
            for one in [found.get(probe.port or 0)]
        }

    def _note(self, probe: Probe, tried: _Tried | None, *, was_sent: bool) -> None:
        """Tell the gate how a probe ended and what it took: less than planned where nobody took the connection."""
        tried = tried or _Tried(probe.request, Outcome.BROKEN_OFF, was_open=True)
        took = probe.packets if tried.was_open else min(probe.packets, KNOCK)
        sent = replace(probe, packets=took if was_sent else 0)
        self.packets += sent.packets
        self.tried.append(tried)
        self.gate.outcome(sent, tried.ended)

    def _problem(self, text: str) -> None:
        if text not in self.problems:
            self.problems.append(text)

    def answers(self, refusal: Refusal | None) -> Answers:
        """Return what has come so far."""
        return Answers(
            ports=tuple(one for _number, one in sorted(self.ports.items())),
            mac=self.mac,
            reports=tuple(self.reports),
            problems=tuple(self.problems),
            packets=self.packets,
            has_answered=any(one.ended in SIGNS_OF_LIFE for one in self.tried),
            is_complete=self.is_done,
            refusal=refusal,
            trials={one.request: _went_well(self.tried, one.request) for one in self.tried},
        )


def _batches(steps: Sequence[Step], is_sequential: bool) -> Iterator[list[Step]]:
    """Yield what goes together: each step alone, or the bare connections and the versions in one run each."""
    if is_sequential:
        yield from ([one] for one in steps)
        return
    plain = [one for one in steps if one.request is Request.TCP_CONNECT]
    versions = [one for one in steps if one.request is Request.SERVICE_VERSION]
    own = [one for one in steps if one.request in IDENTIFYING]
    yield from filter(None, (plain, *([one] for one in own), versions))


def _ended(probe: Probe, one: PortReport | None, has_life: bool) -> Outcome:
    """Return how a probe of a port ended. A port that took the connection and then said nothing is a time-out."""
    if one is None or one.state not in {"open", "closed"}:
        return Outcome.FILTERED if has_life else Outcome.TIMED_OUT
    if one.state == "closed":
        return Outcome.REFUSED_BY_HOST
    is_answer = bool(one.scripts) or probe.request not in IDENTIFYING
    return Outcome.ANSWERED if is_answer else Outcome.TIMED_OUT


def _went_well(tried: Iterable[_Tried], request: Request) -> bool | None:
    """Return how a request went on its model: True, False, or None when it shows nothing.

    An open port that gave no answer to a request is forgiven when the host answered something afterwards.
    """
    listed = list(tried)
    own = [at for at, one in enumerate(listed) if one.request is request]
    if any(listed[at].ended in SIGNS_OF_LIFE for at in own if _counts(listed[at])):
        return True
    failed = [
        at for at in own if listed[at].was_open and listed[at].ended is not Outcome.BROKEN_OFF
    ]
    if not failed:
        return None
    later = listed[failed[-1] + 1 :]
    return None if any(one.ended in SIGNS_OF_LIFE for one in later) else False


def _counts(one: _Tried) -> bool:
    """Tell whether an outcome shows that a request is borne: a closed port was never asked it."""
    return one.was_open or one.request in {Request.HOST_ALIVE, Request.TCP_CONNECT}
