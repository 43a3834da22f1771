"""Background work of evidence: packs, verification, checkpoints."""

from datetime import datetime
from pathlib import Path
from typing import Any

from celery import shared_task
from django.utils import timezone

from common.jobs import JobRun, job_task
from evidence.packs.machinery import pack_verification
from evidence.packs.sections import AuditScope
from evidence.queries.audit import audit_content
from evidence.queries.verification import verify_ledger
from evidence.services.checkpoints import make_checkpoint
from evidence.services.packs import store_pack
from evidence.services.uploads import take_upload


@job_task(name="evidence.audit_pack")
def audit_pack(
    run: JobRun, *, path: str, label: str, starts_at: str, ends_at: str, sections: list[str]
) -> dict[str, Any]:
    """Write the pack of a scope and period; the result names it."""
    scope = AuditScope(
        path, label, datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    )
    run.progress(0, 5)
    content = audit_content(scope, sections=sections)
    pack = store_pack(content=content, actor=run.actor, now=timezone.now(), progress=run.progress)
    return {"pack_id": pack.pk, "url": pack.get_absolute_url()}


@job_task(name="evidence.verify_ledger")
def verify_whole_ledger(run: JobRun) -> dict[str, Any]:
    """Verify the ledger; the result holds the verdicts."""
    verdicts = verify_ledger(progress=run.progress)
    return {
        "holds": all(verdict.holds for verdict in verdicts),
        "verdicts": [verdict.as_dict() for verdict in verdicts],
    }


@job_task(name="evidence.verify_pack")
def verify_uploaded_pack(_run: JobRun, *, upload: str) -> dict[str, Any]:
    """Verify a pack somebody uploaded; the file is removed afterwards."""
    pdf = take_upload(Path(upload).name)
    report: dict[str, Any] = pack_verification().verify_pack(pdf).as_dict()
    return report


@shared_task(name="evidence.make_checkpoint", ignore_result=True)
def checkpoint() -> None:
    """Sign what is new; runs on beat."""
    make_checkpoint(now=timezone.now())
