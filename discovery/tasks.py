"""Background work of discovery: one scan is one job."""

from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from common.jobs import JobCancelledError, JobRun, job_task
from discovery.access import IMPORT_TASK, MAP_TASK, PREVIEW_TASK, user_of
from discovery.choices import ScanState
from discovery.services.collectors import greet_collectors
from discovery.services.due import start_due
from discovery.services.identifying import TASK as IDENTIFY_AGAIN
from discovery.services.identifying import identify_again
from discovery.services.machinery import running
from discovery.services.map_files import write_map
from discovery.services.scans import TASK, close_abandoned
from discovery.services.seen_imports import run_import
from discovery.services.seen_previews import Upload, run_preview
from discovery.services.settling import settle_scan


@job_task(name=TASK)
def scan(run: JobRun, *, scan_id: int) -> dict[str, Any]:
    """Carry a scan out; the result is how many addresses it has looked at."""
    found = running().run_scan(scan_id=scan_id, progress=run.progress, clock=timezone.now)
    counts = settle_scan(actor=run.actor, scan=found, progress=run.progress, clock=timezone.now)
    if found.state == ScanState.CANCELLED:
        raise JobCancelledError
    return {"scan": found.pk, "state": found.state, **counts}


@shared_task(name="discovery.start_due", ignore_result=True)
def start_due_scans() -> None:
    """Start the scheduled scans that are due; close those whose worker went away, which would keep others waiting."""
    now = timezone.now()
    close_abandoned(now=now)
    start_due(now=now)


@shared_task(name="discovery.greet_collectors", ignore_result=True)
def greet() -> None:
    """Ask every collector whether it is there, and keep what it tells."""
    greet_collectors(now=timezone.now())


@job_task(name=IDENTIFY_AGAIN)
def identify_networks_again(run: JobRun, *, network_ids: list[int]) -> dict[str, Any]:
    """Identify devices again from what they have told; the result is how many differ and came to what."""
    return identify_again(
        actor=run.actor, network_ids=network_ids, now=timezone.now(), progress=run.progress
    )


@job_task(name=PREVIEW_TASK)
def preview_seen(run: JobRun, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - the job's own
    """Say what a file of what was seen elsewhere would change; the result is the report."""
    run.progress(0, 0, _("Reading the file"))
    return run_preview(
        upload=Upload(**arguments), user=user_of(run.actor), actor=run.actor, now=timezone.now()
    )


@job_task(name=IMPORT_TASK)
def import_seen(run: JobRun, *, scan_id: int, upload: str, switch: str) -> dict[str, Any]:
    """Take a file of what was seen elsewhere over."""
    return run_import(
        scan_id=scan_id,
        upload=upload,
        switch=switch,
        user=user_of(run.actor),
        actor=run.actor,
        clock=timezone.now,
        progress=run.progress,
    )


@job_task(name=MAP_TASK)
def draw_map(
    run: JobRun, *, place_id: int | None, network_id: int | None, view: str
) -> dict[str, Any]:
    """Write a map as PDF; the result names the file."""
    return write_map(
        actor=run.actor,
        place_id=place_id,
        network_id=network_id,
        view=view,
        now=timezone.now(),
        progress=run.progress,
    )
