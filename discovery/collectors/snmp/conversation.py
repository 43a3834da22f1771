"""Asking one device one thing at a time: each datagram through the gate, within limits, and not for ever."""

import secrets
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Protocol

from discovery.collectors.gates import Gate
from discovery.collectors.snmp.credentials import Credentials
from discovery.collectors.snmp.messages import Answer, NonsenseError, Query
from discovery.collectors.snmp.plan import Limits
from discovery.rules.probes import Outcome, Probe, Request, Transport


@dataclass(frozen=True, slots=True)
class Target:
    """Where a device is asked; `model` is the product known for it, "" when none is.

    Raises ValueError for what is no address or port: a name is never looked up.
    """

    network: str
    address: str
    port: int = 161
    model: str = ""

    def __post_init__(self) -> None:
        ip_address(self.address)
        if not 0 < self.port < 2**16:
            raise ValueError(f"{self.port} is no UDP port: 1 to 65535.")


class SilentError(Exception):
    """A device gave no usable answer to every attempt; the message says how that showed."""


class SpentError(Exception):
    """A device has been asked, or has answered, as much as the limits allow."""


class DeniedError(Exception):
    """A device answers that these credentials are not good for it."""


class Carrier(Protocol):
    """Sends one datagram and waits for what answers it."""

    async def exchange(
        self, target: Target, query: Query, request_id: int, seconds: float
    ) -> Answer:
        """Return the answer. Raises TimeoutError, NonsenseError, DeniedError or ReportedError."""


class ReportedError(Exception):
    """SNMPv3: the device told what it has to be told first (engine, clock); the same request may go again."""


#: An SNMPv3 device may report once for its engine's name and once for its clock.
REPORTS = 3
#: How much shorter the second attempt is.
SHORTER = 4
#: A device that is late once is given more time, up to this many times the first time-out.
PATIENCE = 4


@dataclass
class Conversation:
    """One device being read; counts datagrams sent (`requests`) and octets received."""

    carrier: Carrier
    target: Target
    credentials: Credentials
    limits: Limits
    gate: Gate
    requests: int = 0
    octets: int = 0
    has_answered: bool = False
    was_late: bool = False
    _seconds: float = field(init=False)

    def __post_init__(self) -> None:
        self._seconds = self.limits.seconds

    async def ask(self, query: Query) -> Answer:
        """Return the answer; a request without one is sent again for a quarter as much.

        `was_late` tells whether it took more than one attempt. Raises SilentError, SpentError, DeniedError and,
        from the gate, RefusedError.
        """
        # Always four octets on the wire: what a device is read with does not vary by chance.
        request_id = 2**24 + secrets.randbelow(2**31 - 2**24)
        error: Exception = TimeoutError()
        self.was_late = False
        attempts = self.limits.attempts if self.has_answered else self.limits.introductions
        for _attempt in range(attempts):
            try:
                return await self._reported(query, request_id)
            except (TimeoutError, NonsenseError) as failure:
                error = failure
            self.was_late = True
            self._seconds = min(self._seconds * 2, self.limits.seconds * PATIENCE)
            query = smaller(query)
        kind = "no answer" if isinstance(error, TimeoutError) else "only nonsense in answer"
        raise SilentError(f"{kind} to {attempts} requests in a row")

    async def _reported(self, query: Query, request_id: int) -> Answer:
        for _report in range(REPORTS):
            try:
                return await self._send(query, request_id)
            except ReportedError:
                self.has_answered = True
        raise NonsenseError("reports without end")

    async def _send(self, query: Query, request_id: int) -> Answer:
        """Send one datagram, with the gate's leave, and tell the gate how it ended."""
        self._check_limits()
        probe = Probe(
            self.target.network,
            self.target.address,
            Request.SNMP_READ,
            Transport.UDP,
            self.target.port,
            model=self.target.model,
        )
        await self.gate.admit(probe)
        self.requests += 1
        ended = Outcome.TIMED_OUT
        try:
            answer = await self.carrier.exchange(self.target, query, request_id, self._seconds)
            ended = Outcome.ANSWERED
        except (NonsenseError, DeniedError, ReportedError) as error:
            ended = _OUTCOMES[type(error)]
            raise
        finally:
            self.gate.outcome(probe, ended)
        self.has_answered = True
        self.octets += answer.octets
        return answer

    def _check_limits(self) -> None:
        if self.requests >= self.limits.requests:
            raise SpentError(f"stopped after {self.requests} requests")
        if self.octets >= self.limits.octets:
            raise SpentError(f"stopped after {self.octets} octets")


_OUTCOMES: dict[type[Exception], Outcome] = {
    NonsenseError: Outcome.NONSENSE,
    DeniedError: Outcome.REFUSED_BY_HOST,
    ReportedError: Outcome.ANSWERED,
}


def smaller(query: Query) -> Query:
    """Return a quarter of the question: what was lost may have been too long for the way.

    A hundred variables take three frames, twenty-five take one. An answer to fewer names than were meant is
    what a reader of a device expects anyway.

    >>> from discovery.collectors.snmp.messages import Kind
    >>> smaller(Query(Kind.GET_BULK, ((1, 3),), 20)).repetitions
    5
    >>> smaller(Query(Kind.GET, ((1, 3), (1, 4), (1, 5), (1, 6)))).names
    ((1, 3),)
    """
    if query.repetitions >= SHORTER:
        return Query(query.kind, query.names, query.repetitions // SHORTER)
    fewer = max(1, len(query.names) * max(1, query.repetitions) // SHORTER)
    return Query(query.kind, query.names[:fewer], min(query.repetitions, 1))
