"""Imports of what was seen elsewhere: runs like a scan's that send nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, User
from assets.access import items_visible_to
from common.actor import Actor
from common.errors import ConflictError, DomainError
from common.jobs import JobCancelledError, enqueue
from common.jobs.runs import LeaseLostError
from common.models import Job
from discovery.access import IMPORT_TASK, network_for, require_discovery
from discovery.choices import ObservationVerdict, ScanSource, ScanState
from discovery.models import Network, Scan
from discovery.queries.seen_files import SeenFile, SeenOrder, read_seen
from discovery.services import seen_uploads
from discovery.services.following import follow
from discovery.services.linking import connect
from discovery.services.reconciling import reconcile
from discovery.services.scans import is_under_way
from discovery.services.seen_previews import Upload
from discovery.services.seen_staging import stage
from evidence.services import create_object

Progress = Callable[[int, int, str], None]


def _quiet(_done: int, _total: int, _message: str) -> None:
    """Report to nobody."""


class SeenRefusedError(DomainError):
    """A file with errors, of which nothing was taken over; `errors` are the first of them."""

    code = "import_refused"

    def __init__(self, seen: SeenFile) -> None:
        self.errors = list(seen.errors)
        shown = "; ".join(map(str, self.errors[:3]))
        super().__init__(
            _("Nothing was imported: the file has %(count)s errors: %(shown)s.")
            % {"count": seen.error_count, "shown": shown}
        )


@transaction.atomic
def start_import(*, actor: Actor, user: User, preview: Job, now: datetime) -> Scan:
    """Start what a finished preview without errors showed. Raises ConflictError, SeenFileGoneError."""
    upload = Upload(**preview.arguments)
    network = network_for(user, upload.network_id)
    require_discovery(user, network.location)
    if not preview.is_finished or not preview.result.get("is_clean"):
        raise ConflictError(_("Only a finished preview without errors can be imported."))
    seen_uploads.opened(upload.upload).close()
    scan = _begun(
        actor, network, ScanSource(preview.result["source"]), upload.name, user.person, now
    )
    scan.job = enqueue(
        name=IMPORT_TASK,
        kwargs={"scan_id": scan.pk, "upload": upload.upload, "switch": upload.switch},
        actor=actor,
        label=(
            _("Import of %(file)s into %(network)s") % {"file": upload.name, "network": network}
        )[:200],
    )
    scan.save(update_fields=["job"])
    return scan


def _begun(
    actor: Actor,
    network: Network,
    source: ScanSource,
    name: str,
    requester: Person | None,
    now: datetime,
) -> Scan:
    Network.objects.select_for_update(of=("self",)).get(pk=network.pk)
    if is_under_way(network, now):
        raise ConflictError(
            _("A scan or an import of %s is under way; wait for it or cancel it.") % network
        )
    run = Scan(network=network, requester=requester, source=source, file_name=name[:100])
    return create_object(actor=actor, instance=run, now=now, action="import what was seen")


def run_import(
    *,
    scan_id: int,
    upload: str,
    switch: str,
    user: User,
    actor: Actor,
    clock: Callable[[], datetime],
    progress: Progress,
) -> dict[str, Any]:
    """Carry an import out; one that a killed worker left goes on where it was."""
    scan = Scan.objects.select_related("network__zone__site", "network__location").get(pk=scan_id)
    if scan.state not in {ScanState.QUEUED, ScanState.RUNNING}:
        return {"scan": scan.pk, "state": scan.state}
    require_discovery(user, scan.network.location)
    progress(0, 0, _("Reading the file"))
    with seen_uploads.opened(upload) as file:
        order = SeenOrder(scan.network, items_visible_to(user), clock(), switch)
        return carry_out(
            scan=scan,
            read=lambda: read_seen(order, file, scan.file_name),
            actor=actor,
            clock=clock,
            progress=progress,
        )


def import_file(
    *,
    actor: Actor,
    network: Network,
    seen: SeenFile,
    name: str,
    clock: Callable[[], datetime],
    progress: Progress = _quiet,
) -> dict[str, Any]:
    """Import a file that was read, in the foreground. Raises SeenRefusedError, ConflictError."""
    if seen.error_count:
        raise SeenRefusedError(seen)
    with transaction.atomic():
        scan = _begun(actor, network, seen.source, name, None, clock())
    return carry_out(scan=scan, read=lambda: seen, actor=actor, clock=clock, progress=progress)


def carry_out(
    *,
    scan: Scan,
    read: Callable[[], SeenFile],
    actor: Actor,
    clock: Callable[[], datetime],
    progress: Progress,
) -> dict[str, Any]:
    """Stage what a file holds, all of it or nothing, and let the inventory follow."""
    try:
        if scan.state == ScanState.QUEUED:
            _stage(scan, read(), clock())
        counts = reconcile(actor=actor, network=scan.network, now=clock(), progress=progress)
        linked = connect(actor=actor, network=scan.network, now=clock())
        follow(scan=scan, now=clock())
    except LeaseLostError:
        raise
    except JobCancelledError:
        _close(scan, ScanState.CANCELLED, _("Cancelled by hand."), clock())
        raise
    except BaseException as error:
        told = str(error) if isinstance(error, DomainError) else _("The import was broken off.")
        _close(scan, ScanState.FAILED, told, clock())
        raise
    _close(scan, ScanState.COMPLETED, "", clock())
    verdicts = {str(verdict): count for verdict, count in counts.items()}
    return {"scan": scan.pk, "state": scan.state, "verdicts": verdicts, "links": linked.seen}


@transaction.atomic
def _stage(scan: Scan, seen: SeenFile, now: datetime) -> None:
    if seen.error_count:
        raise SeenRefusedError(seen)
    stage(scan, seen, now)
    scan.state, scan.started_at, scan.updated_at = ScanState.RUNNING, now, now
    scan.planned_count = len(seen.devices) + len(seen.switches)
    scan.policy = {"digest": seen.digest}
    scan.save(update_fields=["state", "started_at", "updated_at", "planned_count", "policy"])


def _close(scan: Scan, state: ScanState, reason: str, now: datetime) -> None:
    """Note how an import ended; what was not compared by then stays out."""
    with transaction.atomic():
        scan.observations.filter(verdict=ObservationVerdict.STAGED).update(
            verdict=ObservationVerdict.FAILED, reason=_("The import ended before it was compared.")
        )
        scan.state, scan.end_reason, scan.finished_at = state, reason[:200], now
        scan.updated_at = now
        scan.save(update_fields=["state", "end_reason", "finished_at", "updated_at"])
