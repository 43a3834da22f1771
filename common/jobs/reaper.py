"""What the broker forgets, this remembers: jobs whose worker died, and jobs whose message never arrived.

Runs on beat every few seconds. After kill -9 no broker brings a task back by itself, so the Job rows decide.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.jobs.queueing import send, send_on_commit
from common.models import Job, JobState

RESEND_AT_ONCE = 100


@dataclass(frozen=True)
class Reaped:
    """How many jobs one pass touched."""

    suspected: int = 0
    requeued: int = 0
    ended: int = 0
    resent: int = 0


def reap(*, now: datetime) -> Reaped:
    """Requeue or end jobs whose lease ran out, and send again what waits undelivered."""
    suspected = _suspect(now)
    requeued, ended = _settle(now)
    return Reaped(suspected=suspected, requeued=requeued, ended=ended, resent=_resend(now))


def _expired(now: datetime) -> QuerySet[Job]:
    return Job.objects.filter(state=JobState.RUNNING, lease_expires_at__lt=now)


def _suspect(now: datetime) -> int:
    """Mark expired leases first: a worker that was only waiting for a lock renews, which clears the mark."""
    return _expired(now).filter(suspected_at=None).update(suspected_at=now)


def _settle(now: datetime) -> tuple[int, int]:
    """Decide over jobs that stayed silent for a whole grace period after the mark."""
    grace = timedelta(seconds=settings.JOB_REAPER_SECONDS * 0.8)
    requeued = ended = 0
    for job in _expired(now).filter(suspected_at__lte=now - grace):
        with transaction.atomic():
            same = Job.objects.filter(
                pk=job.pk, state=JobState.RUNNING, lease_expires_at=job.lease_expires_at
            )
            verdict = _verdict(job, now)
            if not same.update(**verdict):
                continue
            if verdict["state"] == JobState.QUEUED:
                requeued += 1
                send_on_commit(job)
            else:
                ended += 1
    return requeued, ended


def _verdict(job: Job, now: datetime) -> dict[str, object]:
    if job.is_cancel_requested:
        return {"state": JobState.CANCELLED, "finished_at": now}
    if job.attempts < job.max_attempts:
        return {"state": JobState.QUEUED, "lease_owner": "", "suspected_at": None, "sent_at": now}
    sentence = _("The worker stopped before the job was done, %(count)s times in a row.")
    return {
        "state": JobState.FAILED,
        "error": sentence % {"count": job.attempts},
        "finished_at": now,
    }


def _resend(now: datetime) -> int:
    """Send messages again that nobody picked up; a doubled message finds no row to claim.

    Stops at the first one the broker refuses: the next pass tries again.
    """
    long_ago = now - timedelta(seconds=settings.JOB_RESEND_SECONDS)
    waiting = Job.objects.filter(Q(sent_at=None) | Q(sent_at__lt=long_ago), state=JobState.QUEUED)
    resent = 0
    for job in waiting.order_by("id")[:RESEND_AT_ONCE]:
        same = Job.objects.filter(pk=job.pk, state=JobState.QUEUED, sent_at=job.sent_at)
        if not same.update(sent_at=now, progress_message=""):
            continue
        if not send(job_id=job.pk, name=job.name, queue=job.queue):
            break
        resent += 1
    return resent
