"""Background work of changes: writing decision records."""

from typing import Any

from django.utils import timezone

from common.jobs import JobRun, job_task
from governance.services.records import store_record


@job_task(name="governance.write_record")
def write_record(run: JobRun, *, change_id: int) -> dict[str, Any]:
    """Write the decision record of a change as its requester may see it."""
    pack = store_record(
        actor=run.actor, change_id=change_id, now=timezone.now(), progress=run.progress
    )
    return {"pack_id": pack.pk, "file_name": pack.file_name}
