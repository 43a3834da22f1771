"""Carries a scan out: a thread reads the devices, this one stores what they told and watches for the plug."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from assets.models import ConfigurationItem
from common.errors import DomainError
from common.jobs.runs import DATABASE_GONE, LeaseLostError
from discovery.choices import ScanState
from discovery.collectors.guard import LogLine
from discovery.collectors.remote.centre import CollectorError
from discovery.collectors.scanning import DeviceDone, ScanOrder, ScanOver
from discovery.collectors.snmp.plan import standard_plan
from discovery.identification.identify import identify
from discovery.identification.reads import vendor_reads
from discovery.identification.rules import RuleSet
from discovery.models import Collector, Observation, ProbeRecord, Scan, ScanTarget
from discovery.queries.active_rules import active_rules
from discovery.queries.collectors import collector_of
from discovery.queries.planning import (
    concurrency_of,
    limits_of,
    models_at,
    nothing_to_ask,
    planned_addresses,
    steps_for,
)
from discovery.queries.policies import consent_in_force, is_stopped, policy_of
from discovery.rules.safety import SENTENCES, Policy, Refusal
from discovery.services.collecting import events_of, still_holds
from discovery.services.credentials import opened
from discovery.services.scanned import is_device, probe_row, reading_of, target_row
from discovery.services.staging import observation_row

logger = logging.getLogger(__name__)

#: Rows are stored, and the plug is looked at, this often (seconds): a stop takes effect within a second.
FLUSH_SECONDS = 0.25
#: So many probes are stored at once at most.
BATCH = 500

Progress = Callable[[int, int, str], None]
Clock = Callable[[], datetime]


class ScanBrokenError(DomainError):
    """The scan ended by an error of its own; what was read until then is kept."""

    status = 500


@dataclass
class _Run:
    """One scan as it is carried out."""

    scan: Scan
    policy: Policy
    clock: Clock
    progress: Progress
    collector: Collector | None = None
    rules: RuleSet = field(default_factory=active_rules)
    stop: threading.Event = field(default_factory=threading.Event)
    reason: str = ""
    is_cancelled: bool = False
    done: int = 0
    packets: int = 0
    _targets: list[ScanTarget] = field(default_factory=list)
    _observations: list[Observation] = field(default_factory=list)
    _probes: list[ProbeRecord] = field(default_factory=list)
    _flushed_at: float = 0.0

    def take(self, event: DeviceDone | LogLine) -> None:
        """Keep what came of an address or a probe until the next flush."""
        if isinstance(event, LogLine):
            self._probes.append(probe_row(self.scan, event))
            self.packets += event.probe.packets if event.was_sent else 0
        else:
            self._take_device(event, self.clock())
            self.done += 1

    def _take_device(self, done: DeviceDone, now: datetime) -> None:
        reading = reading_of(done)
        identity = identify(reading, self.rules) if done.has_answered else None
        target = target_row(self.scan, done, reading, identity, now)
        self._targets.append(target)
        if identity is not None and is_device(done, identity):
            seen = observation_row(self.scan, done, identity, now)
            seen.target = target
            self._observations.append(seen)

    def tick(self, *, is_last: bool = False) -> None:
        """Store what has come and look at the plug, when it is time."""
        now = time.monotonic()
        if not is_last and now - self._flushed_at < FLUSH_SECONDS and len(self._probes) < BATCH:
            return
        self._flushed_at = now
        self._store()
        self._look_at_the_plug()
        self.progress(self.done, self.scan.planned_count, "")

    def _store(self) -> None:
        with transaction.atomic():
            ScanTarget.objects.bulk_create(self._targets)
            for seen in self._observations:
                seen.target_id = seen.target.pk if seen.target else None
            Observation.objects.bulk_create(self._observations)
            ProbeRecord.objects.bulk_create(self._probes)
            if self._probes:
                Scan.objects.filter(pk=self.scan.pk).update(packet_count=self.packets)
        self._targets, self._observations, self._probes = [], [], []

    def _look_at_the_plug(self) -> None:
        if self.reason:
            return
        if self._is_cancelled():
            self.reason, self.is_cancelled = _("Cancelled by hand."), True
        elif is_stopped(self.scan.network_id):
            self.reason = SENTENCES[Refusal.KILLED]
        elif self.policy.approval is not None and not self._has_consent():
            self.reason = SENTENCES[Refusal.NO_APPROVAL]
        elif self.collector is not None and not still_holds(self.collector):
            self.reason = _("The key of collector %s was changed or revoked.") % self.collector
        if self.reason:
            self.stop.set()

    def _is_cancelled(self) -> bool:
        asked = Q(job__is_cancel_requested=True) | Q(state=ScanState.CANCELLED)
        return Scan.objects.filter(asked, pk=self.scan.pk).exists()

    def _has_consent(self) -> bool:
        network = type(self.scan.network).objects.get(pk=self.scan.network_id)
        return consent_in_force(network, at=self.clock()) is not None


def run_scan(*, scan_id: int, progress: Progress, clock: Clock) -> Scan:
    """Read the devices of a scan; return it with its outcome.

    A scan that a killed worker left half done goes on with the addresses that are left. Raises ScanBrokenError,
    CredentialKeyError, DomainError of the progress (a cancelled job).
    """
    row = Scan.objects.select_related(
        "network__zone", "network__location", "network__credential"
    ).get(pk=scan_id)
    if row.state not in {ScanState.QUEUED, ScanState.RUNNING}:
        return row
    now = clock()
    policy = policy_of(row.network, at=now)
    run = _Run(row, policy, clock, progress, collector_of(row.network))
    run.packets = row.packet_count
    try:
        order = _order(run)
        Scan.objects.filter(pk=row.pk).update(
            state=ScanState.RUNNING, started_at=row.started_at or now, updated_at=now
        )
        over = _listen(run, order)
    except LeaseLostError:
        # Another worker holds the scan by now and goes on with it.
        raise
    except DATABASE_GONE:
        # Its job is tried again and goes on with what is left; without a job nobody would.
        run.stop.set()
        if row.job_id is None:
            _close_if_possible(run, clock)
        raise
    except BaseException as error:
        _close(run, *_broken(run, error), clock())
        raise
    if isinstance(over.error, CollectorError):
        _close(run, ScanState.FAILED, str(over.error), clock())
        raise ScanBrokenError(str(over.error)) from over.error
    if over.error is not None:
        _close(run, ScanState.FAILED, _("The scan ended with an error of its own."), clock())
        logger.error("scan_broken", extra={"scan_id": row.pk}, exc_info=over.error)
        raise ScanBrokenError(
            _("The scan ended with an error of its own; the log has it.")
        ) from over.error
    return _close(run, *_verdict(run, over), clock())


def _close_if_possible(run: _Run, clock: Clock) -> None:
    """Close a scan whose database went away, when it is back by now."""
    if not connection.in_atomic_block:
        connection.close()
    try:
        _close(run, ScanState.FAILED, _("The database went away."), clock())
    except DATABASE_GONE:
        logger.warning("scan_not_closed", extra={"scan_id": run.scan.pk})


def _order(run: _Run) -> ScanOrder:
    network, steps = run.scan.network, steps_for(run.scan.network, run.policy)
    if network.credential is None and not steps:
        raise DomainError(nothing_to_ask(network))
    read_already = set(run.scan.addresses.values_list("address", flat=True))
    run.done = len(read_already)
    addresses = [
        one for one in planned_addresses(network, run.scan.targets) if one not in read_already
    ]
    at_home = ConfigurationItem.objects.filter(network_address__in=addresses)
    return ScanOrder(
        policy=run.policy,
        addresses=addresses,
        credentials=opened(network.credential) if network.credential else None,
        plan=standard_plan(limits_of(run.policy), vendor_reads(run.rules)),
        concurrency=concurrency_of(run.policy),
        models=models_at(addresses),
        alive=frozenset(
            address for address in at_home.values_list("network_address", flat=True) if address
        ),
        steps=steps,
    )


def _listen(run: _Run, order: ScanOrder) -> ScanOver:
    run.tick(is_last=True)
    over = ScanOver()
    for event in events_of(run.scan, run.collector, order, run.stop):
        if isinstance(event, ScanOver):
            over = event
        elif event is not None:
            run.take(event)
        run.tick()
    run.tick(is_last=True)
    return over


def _verdict(run: _Run, over: ScanOver) -> tuple[str, str]:
    if run.is_cancelled:
        return ScanState.CANCELLED, run.reason
    if run.reason:
        return ScanState.STOPPED, run.reason
    if over.refusal is not None:
        return ScanState.STOPPED, SENTENCES[over.refusal]
    return ScanState.COMPLETED, ""


def _broken(run: _Run, error: BaseException) -> tuple[str, str]:
    if run.is_cancelled:
        return ScanState.CANCELLED, run.reason
    told = str(error) if isinstance(error, DomainError) else _("The scan was broken off.")
    return ScanState.FAILED, told


def _close(run: _Run, state: str, reason: str, now: datetime) -> Scan:
    row = run.scan
    row.state, row.end_reason, row.finished_at = state, reason[:200], now
    row.packet_count, row.updated_at = run.packets, now
    row.save(update_fields=["state", "end_reason", "finished_at", "packet_count", "updated_at"])
    return row
