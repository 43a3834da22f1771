"""What a scan would send, before it sends anything: the exact targets and packets (OT-safe rule 13)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from discovery.rules.probes import Probe, Request
from discovery.rules.safety import Policy, Refusal, Standing, refusal


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """One address: the packets it would be sent at most, or why it would be left alone.

    `turns` is how many times it is sent something, each after a gap.
    """

    address: str
    packets: int
    refusal: Refusal | None = None
    turns: int = 0


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """What each address that is not left alone is asked: the frames it takes at most."""

    request: Request
    port: int | None
    packets: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """All addresses of a scan, how long the spacing alone makes it last, in seconds, and what each is asked."""

    targets: tuple[PlannedTarget, ...]
    seconds: float
    requests: tuple[PlannedRequest, ...] = ()

    @property
    def packets(self) -> int:
        """Return how many packets would be sent at most."""
        return sum(one.packets for one in self.targets)

    @property
    def probed(self) -> int:
        """Return how many addresses would be sent anything."""
        return sum(one.refusal is None for one in self.targets)


def dry_run(
    policy: Policy, probes: Mapping[str, Sequence[Probe]], at: datetime, *, concurrency: int
) -> DryRun:
    """Return what probing would do, by the same decision that is taken when it is sent.

    `probes` holds for each address what it would be asked. A trial on the first device of a model (rule 15)
    changes the order, not the count, so every address is judged for itself.
    """
    targets = [_planned(policy, address, asked, at) for address, asked in probes.items()]
    packets = sum(one.packets for one in targets)
    gaps = sum(policy.gap * max(one.turns - 1, 0) for one in targets) / max(concurrency, 1)
    rate = min(policy.overall_rate, policy.subnet_rate) if policy.is_ot else policy.overall_rate
    asked = next(iter(probes.values()), ())
    requests = tuple(PlannedRequest(one.request, one.port, one.packets) for one in asked)
    return DryRun(tuple(targets), max(gaps, packets / rate), requests)


def _planned(policy: Policy, address: str, asked: Iterable[Probe], at: datetime) -> PlannedTarget:
    packets, turns, reason = 0, 0, None
    for probe in asked:
        reason = refusal(policy, Standing(), probe, at)
        if reason is not None:
            break
        packets += probe.packets
        turns += _turns(probe)
    return PlannedTarget(address, packets, reason if not packets else None, turns)


def _turns(probe: Probe) -> int:
    """Return how often a gap passes: SNMP's packets are requests of their own, a connection's go together."""
    return probe.packets if probe.request is Request.SNMP_READ else 1
