"""Background work of the portal: imports of files people sent, and of a NetBox."""

from typing import Any

from django.utils import timezone

from common.jobs import JobRun, job_task
from portal.access import IMPORT_TASK, NETBOX_TASK, user_of
from portal.services import netbox
from portal.services.imports import order_of, run_import


@job_task(name=IMPORT_TASK)
def import_file(run: JobRun, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - the job's own
    """Preview or apply an uploaded file; the result is the report."""
    report = run_import(
        order=order_of(arguments),
        actor=run.actor,
        user=user_of(run.actor),
        now=timezone.now(),
        progress=run.progress,
    )
    return report.as_dict()


@job_task(name=NETBOX_TASK)
def import_netbox(run: JobRun, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - the job's own
    """Preview or apply a NetBox; the result is the report, changed rows by example."""
    report = netbox.run_netbox(
        order=netbox.order_of(arguments),
        actor=run.actor,
        now=timezone.now(),
        progress=run.progress,
    )
    return report.as_dict(sample=netbox.SAMPLE)
