"""Starting and cancelling scans."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.actor import Actor
from common.errors import ConflictError, DomainError
from common.jobs import enqueue, request_cancel
from discovery.choices import ScanState
from discovery.models import Network, Scan
from discovery.queries.collectors import collector_of
from discovery.queries.planning import dry_run_of, nothing_to_ask, steps_for
from discovery.queries.policies import consent_in_force, is_stopped, policy_hash, policy_of
from discovery.rules.dry_run import DryRun
from discovery.rules.safety import SENTENCES, Refusal
from discovery.rules.targets import BadTargetError
from discovery.services.collectors import require_collector
from discovery.services.credentials import opened
from evidence.services import create_object, record

TASK = "discovery.scan"
RUNNING = (ScanState.QUEUED, ScanState.RUNNING)


class NothingToScanError(ConflictError):
    """The rules leave nothing that may be sent; the sentence says which."""


@transaction.atomic
def start_scan(
    *,
    actor: Actor,
    network: Network,
    requester: Person | None,
    targets: str = "",
    now: datetime,
    is_foreground: bool = False,
) -> Scan:
    """Start a scan of a network, or of some of its addresses; refused at once when nothing may be sent.

    One in the foreground gets no job: who started it calls `run_scan`. Raises NothingToScanError, ConflictError
    while another one runs there, CredentialKeyError when the credential cannot be opened.
    """
    Network.objects.select_for_update(of=("self",)).get(pk=network.pk)
    plan = _startable(network, targets, now)
    scan = create_object(
        actor=actor,
        instance=Scan(
            network=network,
            requester=requester,
            approval=consent_in_force(network, at=now),
            targets=targets,
            planned_count=len(plan.targets),
            policy={
                "hash": policy_hash(network),
                "mode": network.mode,
                "methods": sorted(network.methods),
                "collector": getattr(collector_of(network), "name", ""),
            },
        ),
        now=now,
        action="start scan",
    )
    if is_foreground:
        return scan
    scan.job = enqueue(
        name=TASK,
        kwargs={"scan_id": scan.pk},
        actor=actor,
        label=_("Discovery of %s") % network,
    )
    scan.save(update_fields=["job"])
    return scan


def _startable(network: Network, targets: str, now: datetime) -> DryRun:
    """Return what a scan would send. Raises what `start_scan` raises when none may start."""
    if is_under_way(network, now):
        raise ConflictError(_("A scan of %s is under way; wait for it or cancel it.") % network)
    if network.credential is None and not steps_for(network, policy_of(network, at=now)):
        raise NothingToScanError(nothing_to_ask(network))
    plan = planned(network, targets, now)
    if is_stopped(network.pk):
        raise NothingToScanError(SENTENCES[Refusal.KILLED])
    if not plan.probed:
        raise NothingToScanError(_first_refusal(plan))
    if network.credential is not None:
        opened(network.credential)
    require_collector(collector_of(network), at=now)
    return plan


def is_under_way(network: Network, now: datetime) -> bool:
    """Tell whether a scan waits or runs; one whose job ended without a word is closed, not waited for."""
    is_under_way = False
    for scan in network.scans.filter(state__in=RUNNING).select_related("job"):
        if scan.job is None or not scan.job.is_finished:
            is_under_way = True
            continue
        scan.state, scan.finished_at = ScanState.FAILED, scan.job.finished_at or now
        scan.end_reason = _("Its worker went away.")
        scan.save(update_fields=["state", "finished_at", "end_reason"])
    return is_under_way


def close_abandoned(*, now: datetime) -> int:
    """Close scans whose job ended without a word (its last worker or its database went away); return how many."""
    left = Scan.objects.filter(state__in=RUNNING, job__finished_at__isnull=False)
    closed = 0
    for scan in left.select_related("job").order_by("pk"):
        ended_at = scan.job.finished_at if scan.job else now
        closed += Scan.objects.filter(pk=scan.pk, state__in=RUNNING).update(
            state=ScanState.FAILED,
            finished_at=ended_at or now,
            end_reason=_("Its worker went away."),
            updated_at=now,
        )
    return closed


def planned(network: Network, targets: str, now: datetime) -> DryRun:
    """Return the dry run; what cannot be read as targets is a DomainError on its field."""
    try:
        return dry_run_of(network, targets=targets, at=now)
    except BadTargetError as error:
        raise DomainError(str(error), fields={"targets": [str(error)]}) from error


def _first_refusal(plan: DryRun) -> str:
    reasons = [one.refusal for one in plan.targets if one.refusal is not None]
    return str(SENTENCES[reasons[0]]) if reasons else _("There is no address to scan.")


@transaction.atomic
def cancel_scan(*, actor: Actor, scan: Scan, now: datetime) -> Scan:
    """Cancel a scan that waits or runs; it ends within a second."""
    current = Scan.objects.select_for_update(of=("self",)).get(pk=scan.pk)
    if current.state not in RUNNING:
        raise ConflictError(_("This scan is over."))
    has_worker = current.job is not None and not current.job.is_finished
    if current.job is not None and has_worker:
        request_cancel(job=current.job)
    if current.state == ScanState.QUEUED or not has_worker:
        # What runs without a job looks at the row itself.
        current.state, current.finished_at = ScanState.CANCELLED, now
        current.end_reason = _("Cancelled by hand.")
        current.save(update_fields=["state", "finished_at", "end_reason"])
    record(actor=actor, action="cancel scan", instance=current, now=now)
    return current
