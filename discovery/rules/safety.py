"""May this probe be sent, now? The OT-safe rules as one decision, taken again for every single probe.

Pure: what is known stands in a `Policy` (of the network) and a `Standing` (of the running scan).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from discovery.rules.probes import Mode, Outcome, Probe, Request, is_allowed
from discovery.rules.targets import Address, TargetSet, address
from discovery.rules.windows import Window, window_end

#: Purdue levels in which a stray packet can stop a machine; unknown counts as one of them.
OT_LEVELS = frozenset({"", "0", "1", "2", "3"})
#: Levels in which nothing is sent unless a person chose a mode (OT-safe rule 2).
QUIET_LEVELS = frozenset({"", "0", "1", "2"})
#: A host is left alone after this many failures in a row (OT-safe rule 9).
HOST_FAILURES = 2
OT_GAP_SECONDS = 1.0


class Refusal(StrEnum):
    """Why a probe is not sent."""

    KILLED = "killed"
    NOT_ALLOWED = "not-allowed"
    EXCLUDED = "excluded"
    NEVER_SCAN = "never-scan"
    SAFETY_SYSTEM = "safety-system"
    MODE = "mode"
    OUTSIDE_WINDOW = "outside-window"
    NO_APPROVAL = "no-approval"
    APPROVAL_EXPIRED = "approval-expired"
    HOST_STOPPED = "host-stopped"
    ZONE_STOPPED = "zone-stopped"
    ON_TRIAL = "on-trial"
    TRIAL_FAILED = "trial-failed"


#: Refusals after which no other address of the network can be probed either.
ENDS_THE_SCAN = frozenset(
    {
        Refusal.KILLED,
        Refusal.OUTSIDE_WINDOW,
        Refusal.NO_APPROVAL,
        Refusal.APPROVAL_EXPIRED,
        Refusal.ZONE_STOPPED,
    }
)
FAILURES = frozenset({Outcome.TIMED_OUT, Outcome.RESET})


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody accountable for the zone said yes, from one moment to another."""

    approver: str
    valid_from: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Policy:
    """What a network's discovery may do.

    `never_scan` and `safety_systems` are addresses of items that carry these flags; rates are packets a second.
    """

    network: str
    targets: TargetSet
    mode: Mode = Mode.PASSIVE
    purdue_level: str = ""
    never_scan: frozenset[Address] = frozenset()
    safety_systems: frozenset[Address] = frozenset()
    windows: tuple[Window, ...] = ()
    time_zone: str = "UTC"
    approval: Approval | None = None
    gap_seconds: float = OT_GAP_SECONDS
    subnet_rate: float = 20.0
    overall_rate: float = 50.0
    zone_failures: int = 5
    snmp_port: int = 161

    @property
    def is_ot(self) -> bool:
        """Whether the network is operational technology: Purdue 0 to 3, or not known."""
        return self.purdue_level in OT_LEVELS

    @property
    def acting_mode(self) -> Mode:
        """Return the mode as it holds: in OT nobody can choose more than gentle (rule 6)."""
        return Mode.GENTLE if self.is_ot and self.mode is Mode.IT else self.mode

    @property
    def gap(self) -> float:
        """Return the least seconds between two probes to one host; in OT never under a second (rule 5)."""
        return max(self.gap_seconds, OT_GAP_SECONDS) if self.is_ot else self.gap_seconds


def default_mode(purdue_level: str) -> Mode:
    """Return the mode of a zone for which nobody chose one.

    >>> default_mode("2").value, default_mode("3").value, default_mode("4").value
    ('passive', 'snmp_only', 'it')
    """
    if purdue_level in QUIET_LEVELS:
        return Mode.PASSIVE
    return Mode.SNMP_ONLY if purdue_level == "3" else Mode.IT


@dataclass(slots=True)
class Standing:
    """What has happened so far in a scan: who failed, what is on trial, whether somebody pulled the plug.

    `alive` are addresses that answered or at which the CMDB knows an item: only these going silent says
    that something is wrong; nobody living at an address does not.
    """

    is_killed: bool = False
    alive: set[str] = field(default_factory=set)
    failures_in_a_row: Counter[str] = field(default_factory=Counter)
    stopped_hosts: set[str] = field(default_factory=set)
    trials: dict[tuple[str, str], str] = field(default_factory=dict)
    proven: set[tuple[str, str]] = field(default_factory=set)
    failed_trials: set[tuple[str, str]] = field(default_factory=set)

    def note(self, probe: Probe, outcome: Outcome) -> None:
        """Take in how a probe ended; two failures in a row stop the host (rule 9)."""
        if outcome is Outcome.BROKEN_OFF:
            return
        if outcome not in FAILURES:
            self.alive.add(probe.address)
            self.failures_in_a_row[probe.address] = 0
            return
        self.failures_in_a_row[probe.address] += 1
        if self.failures_in_a_row[probe.address] >= HOST_FAILURES:
            self.stopped_hosts.add(probe.address)

    def begin_trial(self, probe: Probe) -> None:
        """Make the probe's address the one on which its request is first tried on its model (rule 15)."""
        self.trials.setdefault(trial_key(probe), probe.address)

    def end_trial(
        self, one: str, *, went_well: bool | None, request: Request | None = None
    ) -> None:
        """Settle the trials on an address, all or one request's: it is proven on the model, or given up on it.

        None leaves it open, for the next address to try: nobody lives at this one.
        """
        for key, on_trial in list(self.trials.items()):
            if on_trial != one or request not in {None, key[0]}:
                continue
            del self.trials[key]
            if went_well is not None:
                (self.proven if went_well else self.failed_trials).add(key)


def trial_key(probe: Probe) -> tuple[str, str]:
    """Return what is tried for the first time: a request on a model."""
    return probe.request.value, probe.model


def refusal(policy: Policy, standing: Standing, probe: Probe, at: datetime) -> Refusal | None:
    """Return why a probe must not be sent now, None when it may. Everything unknown is a refusal.

    >>> from datetime import UTC
    >>> from discovery.rules.probes import Request, Transport
    >>> office = Policy("office", TargetSet.of(["10.4.0.0/24"], ["10.4.0.9"]), Mode.IT, "4")
    >>> now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    >>> def ask(one): return refusal(office, Standing(), Probe("office", one, Request.SNMP_READ, Transport.UDP, 161), now)
    >>> ask("10.4.0.7"), ask("10.4.0.9").value, ask("10.5.0.1").value
    (None, 'excluded', 'not-allowed')
    """
    for check in (_plug, _address, _mode, _time, _consent, _failures, _trial):
        reason = check(policy, standing, probe, at)
        if reason is not None:
            return reason
    return None


def _plug(policy: Policy, standing: Standing, probe: Probe, _at: datetime) -> Refusal | None:
    if standing.is_killed:
        return Refusal.KILLED
    return Refusal.NOT_ALLOWED if probe.network != policy.network else None


def _address(policy: Policy, _standing: Standing, probe: Probe, _at: datetime) -> Refusal | None:
    one = address(probe.address)
    if one in policy.safety_systems:
        return Refusal.SAFETY_SYSTEM
    if one in policy.never_scan:
        return Refusal.NEVER_SCAN
    if one in TargetSet(policy.targets.excluded):
        return Refusal.EXCLUDED
    return None if one in policy.targets else Refusal.NOT_ALLOWED


def _mode(policy: Policy, _standing: Standing, probe: Probe, _at: datetime) -> Refusal | None:
    allowed = is_allowed(policy.acting_mode, probe, snmp_port=policy.snmp_port)
    return None if allowed else Refusal.MODE


def _time(policy: Policy, _standing: Standing, _probe: Probe, at: datetime) -> Refusal | None:
    """Outside IT a network without a window has none open; in IT it may be read at any time."""
    if not policy.windows:
        return Refusal.OUTSIDE_WINDOW if policy.is_ot else None
    is_open = window_end(policy.windows, policy.time_zone, at) is not None
    return None if is_open else Refusal.OUTSIDE_WINDOW


def _consent(policy: Policy, _standing: Standing, _probe: Probe, at: datetime) -> Refusal | None:
    if not policy.is_ot:
        return None
    if policy.approval is None or at < policy.approval.valid_from:
        return Refusal.NO_APPROVAL
    return Refusal.APPROVAL_EXPIRED if at >= policy.approval.expires_at else None


def _failures(policy: Policy, standing: Standing, probe: Probe, _at: datetime) -> Refusal | None:
    lost = len(standing.stopped_hosts & standing.alive)
    if policy.is_ot and lost >= policy.zone_failures:
        return Refusal.ZONE_STOPPED
    return Refusal.HOST_STOPPED if probe.address in standing.stopped_hosts else None


def _trial(policy: Policy, standing: Standing, probe: Probe, _at: datetime) -> Refusal | None:
    key = trial_key(probe)
    if not policy.is_ot or key in standing.proven:
        return None
    if key in standing.failed_trials:
        return Refusal.TRIAL_FAILED
    return Refusal.ON_TRIAL if standing.trials.get(key, probe.address) != probe.address else None


#: What each refusal tells a person.
SENTENCES: Mapping[Refusal, str] = MappingProxyType(
    {
        Refusal.KILLED: "Discovery was stopped by hand.",
        Refusal.NOT_ALLOWED: "The address is not in the network's allowed blocks.",
        Refusal.EXCLUDED: "The address is on the network's exclusion list.",
        Refusal.NEVER_SCAN: "The item at this address is marked “never scan”.",
        Refusal.SAFETY_SYSTEM: "The item at this address is part of a safety system.",
        Refusal.MODE: "The network's mode does not allow this request.",
        Refusal.OUTSIDE_WINDOW: "No window is open for this network.",
        Refusal.NO_APPROVAL: "Active discovery in this zone needs the approval of who is accountable for it.",
        Refusal.APPROVAL_EXPIRED: "The approval for this zone has expired.",
        Refusal.HOST_STOPPED: "The host did not answer twice in a row and is left alone.",
        Refusal.ZONE_STOPPED: "Too many hosts of the zone failed; the zone is left alone.",
        Refusal.ON_TRIAL: "This request is being tried on one device of this model first.",
        Refusal.TRIAL_FAILED: "The first try of this request on a device of this model failed.",
    }
)
