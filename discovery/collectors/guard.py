"""The gate every probe passes: decided at send time, spaced per host, subnet and scan, counted, logged.

It asks `discovery.rules.safety` before it makes a probe wait and again when the wait is over, because the
plug may be pulled, the window close or the approval end in between.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address

from discovery.rules.probes import Outcome, Probe, Request
from discovery.rules.safety import Policy, Refusal, Standing, refusal

#: A wait is cut into pieces so short that a stop is noticed within a second whatever the spacing.
LONGEST_NAP = 0.2


class RefusedError(Exception):
    """A probe must not be sent; `reason` says which rule forbids it."""

    def __init__(self, reason: Refusal, probe: Probe) -> None:
        super().__init__(f"{probe.request.value} to {probe.address}: {reason.value}")
        self.reason = reason
        self.probe = probe


@dataclass(frozen=True, slots=True)
class LogLine:
    """One probe as it was sent, or refused: `outcome` is an Outcome's or a Refusal's value."""

    at: datetime
    probe: Probe
    outcome: str
    was_sent: bool


def utc_now() -> datetime:
    """Return the moment of sending."""
    return datetime.now(UTC)


@dataclass
class Guard:
    """The gate of one scan of one network.

    `stopped` is asked before each probe and during each wait; `log` takes every probe, sent or refused.
    """

    policy: Policy
    stopped: Callable[[], bool]
    log: Callable[[LogLine], None]
    standing: Standing = field(default_factory=Standing)
    now: Callable[[], datetime] = utc_now
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    packets: int = 0
    _hosts: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _free_at: dict[str, float] = field(default_factory=dict)

    async def admit(self, probe: Probe) -> None:
        """Return when the probe may be sent at this moment. Raises RefusedError when it may not.

        In OT the host stays taken until `outcome` is told: one outstanding probe at a time (rule 5). While its
        request is tried on another device of the model, a probe waits (rule 15).
        """
        while True:
            await self._wait_for_trial(probe)
            try:
                return await self._admit(probe)
            except RefusedError as error:
                if error.reason is not Refusal.ON_TRIAL:
                    raise

    async def _wait_for_trial(self, probe: Probe) -> None:
        while refusal(self.policy, self.standing, probe, self.now()) is Refusal.ON_TRIAL:
            await self.sleep(LONGEST_NAP / 4)
            self.standing.is_killed = self.standing.is_killed or self.stopped()

    async def _admit(self, probe: Probe) -> None:
        self._check(probe)
        if self.policy.is_ot:
            await self._take(self._hosts[probe.address], probe)
        try:
            await self._wait_for_turn(probe)
        except BaseException:
            self._release(probe)
            raise
        self.packets += probe.packets
        if self.policy.is_ot:
            self.standing.begin_trial(probe)

    def outcome(self, probe: Probe, ended: Outcome) -> None:
        """Take in how an admitted probe ended, and let the next one to this host begin its gap."""
        self.standing.note(probe, ended)
        self._free_at[probe.address] = self.clock() + self.policy.gap
        self._release(probe)
        self.log(LogLine(self.now(), probe, ended.value, was_sent=True))

    def recheck(self, probe: Probe) -> None:
        """Say whether an admitted probe may go on while it is under way. Raises RefusedError when it may not."""
        self._check(probe)

    def finished(
        self, address: str, *, went_well: bool | None, request: Request | None = None
    ) -> None:
        """Say that a device was read to its end (or not; None: nobody was there): settles its trials.

        `request` settles the trial of one request only.
        """
        self.standing.end_trial(address, went_well=went_well, request=request)

    def _check(self, probe: Probe) -> None:
        self.standing.is_killed = self.standing.is_killed or self.stopped()
        reason = refusal(self.policy, self.standing, probe, self.now())
        if reason is not None:
            self.log(LogLine(self.now(), probe, reason.value, was_sent=False))
            raise RefusedError(reason, probe)

    async def _wait_for_turn(self, probe: Probe) -> None:
        """Wait out the host's gap and the rates, asking again all the while whether it is still allowed."""
        subnet = _subnet(probe.address)
        while (wait := self._turn(probe.address, subnet) - self.clock()) > 0:
            await self.sleep(min(wait, LONGEST_NAP))
            self._check(probe)
        self._check(probe)
        start = self.clock()
        for key, rate in ((subnet, self.policy.subnet_rate), ("", self.policy.overall_rate)):
            # A packet's share of a second is booked from now or from the end of what is booked already.
            booked = max(self._free_at.get(key, 0.0), start - 0.05)
            self._free_at[key] = booked + probe.packets / rate

    def _turn(self, address: str, subnet: str) -> float:
        return max(self._free_at.get(key, 0.0) for key in (address, subnet, ""))

    async def _take(self, lock: asyncio.Lock, probe: Probe) -> None:
        while lock.locked():
            await self.sleep(LONGEST_NAP / 4)
            self._check(probe)
        await lock.acquire()

    def _release(self, probe: Probe) -> None:
        lock = self._hosts.get(probe.address)
        if lock is not None and lock.locked():
            lock.release()


def _subnet(address: str) -> str:
    """Return the name of the /24 (or /64) an address stands in.

    >>> _subnet("10.1.2.3")
    '10.1.2.0/24'
    """
    one = ip_address(address)
    size = 24 if one.version == 4 else 64
    kept = int(one) >> (one.max_prefixlen - size) << (one.max_prefixlen - size)
    return f"{type(one)(kept)}/{size}"
