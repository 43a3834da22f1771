"""Doing background work: claim a Job row, keep its lease alive, report progress, close it with a verdict.

A thread of its own renews the lease, so a long transaction of the work neither hides progress nor loses the claim.
"""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from celery import current_app, shared_task
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from structlog.contextvars import bound_contextvars

from common.actor import Actor
from common.errors import DomainError
from common.models import Job, JobState
from common.outages import DiskFullError, outage_of

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 1.0
DATABASE_GONE = (OperationalError, InterfaceError)


class JobCancelledError(Exception):
    """Somebody asked for the job to stop; raised out of `JobRun.progress`."""


class LeaseLostError(Exception):
    """Another worker holds the job by now; what this one does no longer counts."""


@dataclass
class JobRun:
    """What a running job knows of itself, and how it reports."""

    job_id: int
    actor: Actor
    attempt: int
    lease_owner: str
    is_threaded: bool = True
    _done: int = 0
    _total: int = 0
    _message: str = ""
    _stop_reason: type[Exception] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def progress(self, done: int, total: int = 0, message: str = "") -> None:
        """Report how far the work is. Raises JobCancelledError when it should stop."""
        with self._lock:
            self._done, self._total, self._message = done, total, str(message)[:200]
        if not self.is_threaded:
            self.renew()
        if self._stop_reason is not None:
            raise self._stop_reason

    def renew(self) -> None:
        """Write progress, extend the lease, and learn whether the job should stop."""
        with self._lock:
            values = {
                "progress_done": self._done,
                "progress_total": self._total,
                "progress_message": self._message,
            }
        mine = Job.objects.filter(
            pk=self.job_id, lease_owner=self.lease_owner, state=JobState.RUNNING
        )
        expiry = timezone.now() + lease_duration()
        if not mine.update(**values, lease_expires_at=expiry, suspected_at=None):
            self._stop_reason = LeaseLostError
        elif mine.filter(is_cancel_requested=True).exists():
            self._stop_reason = JobCancelledError


JobFunction = Callable[..., dict[str, Any] | None]


def job_task(*, name: str) -> Callable[[JobFunction], JobFunction]:
    """Register `function(run: JobRun, **arguments)` as the task `name`; its dict becomes the job's result.

    A DomainError fails the job with its sentence. A lost database connection puts it back in the queue.
    The function itself is returned unchanged, so that a test may call it.
    """

    def register(function: JobFunction) -> JobFunction:
        @shared_task(name=name, ignore_result=True)
        def perform(*, job_id: int) -> None:
            run_job(job_id, function, name=name)

        return function

    return register


def lease_duration() -> timedelta:
    """How long a claim holds without a sign of life."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def run_job(job_id: int, function: JobFunction, *, name: str) -> None:
    """Claim the job and run it to its verdict; do nothing when another worker has it already.

    A message left in a broker by another site may carry the id of a job of ours: its name tells.
    """
    try:
        job = _claim(job_id, name)
    except DATABASE_GONE:
        # The row still waits: the reaper rings again when the database is back.
        logger.warning("job_not_claimed", extra={"job_id": job_id, "task": name})
        return
    if job is None:
        return
    run = JobRun(
        job_id=job.pk,
        actor=_actor_of(job),
        attempt=job.attempts,
        lease_owner=job.lease_owner,
        is_threaded=not current_app.conf.task_always_eager,
    )
    with bound_contextvars(job_id=job.pk, request_id=job.request_id), _Heartbeat(run):
        verdict = _verdict(run, function, job)
    if not connection.in_atomic_block:  # an eager run stands inside its caller's transaction
        connection.close_if_unusable_or_obsolete()
    _close(job, verdict)


def _claim(job_id: int, name: str) -> Job | None:
    """Take a queued job by one conditional UPDATE; None when it is not there to take."""
    now = timezone.now()
    owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    taken = Job.objects.filter(pk=job_id, name=name, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        lease_owner=owner,
        lease_expires_at=now + lease_duration(),
        suspected_at=None,
        attempts=F("attempts") + 1,
        started_at=now,
    )
    return Job.objects.get(pk=job_id) if taken else None


def _actor_of(job: Job) -> Actor:
    return Actor(
        label=job.requested_by_label,
        user_id=job.requested_by_id,
        person_id=job.requested_by_person_id,
        acting_for=job.acting_for,
        channel="task",
        request_id=job.request_id,
    )


def _verdict(run: JobRun, function: JobFunction, job: Job) -> dict[str, Any]:
    """Run the work; return the columns that say how it ended."""
    context = {"task": job.name, "attempt": job.attempts}
    try:
        result = function(run, **job.arguments) or {}
    except JobCancelledError:
        return {"state": JobState.CANCELLED}
    except LeaseLostError:
        logger.warning("job_lease_lost", extra=context)
        return {}
    except DomainError as error:
        return {"state": JobState.FAILED, "error": str(error)}
    except DATABASE_GONE as error:
        logger.exception("job_database_error", extra=context)
        return _retry_or_fail(job, error)
    except Exception as error:
        logger.exception("job_crashed", extra=context)
        return {"state": JobState.FAILED, "error": _reason(job, error)}
    logger.info("job_succeeded", extra=context)
    return {"state": JobState.SUCCEEDED, "result": result, "progress_message": ""}


def _retry_or_fail(job: Job, error: Exception) -> dict[str, Any]:
    """Try again what a database took down that was away or busy; a full disk stays full until somebody acts."""
    if job.attempts < job.max_attempts and not isinstance(outage_of(error), DiskFullError):
        return {"state": JobState.QUEUED, "lease_owner": "", "sent_at": None}
    return {"state": JobState.FAILED, "error": _reason(job, error)}


def _reason(job: Job, error: Exception) -> str:
    if outage := outage_of(error):
        return str(outage)
    return _("The job ended with an unexpected error (%(kind)s). The log has it as job %(id)s.") % {
        "kind": type(error).__name__,
        "id": job.pk,
    }


def _close(job: Job, verdict: dict[str, Any]) -> None:
    """Write the verdict, unless the lease went to another worker meanwhile.

    A database that restarts just now is given the length of a lease; after that the reaper decides.
    """
    if not verdict:
        return
    deadline = time.monotonic() + settings.JOB_LEASE_SECONDS
    while True:
        try:
            _write_verdict(job, verdict)
            return
        except DATABASE_GONE:
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            logger.warning("job_verdict_waits", extra={"job_id": job.pk, "task": job.name})
            connection.close()
            time.sleep(FLUSH_SECONDS)


def _write_verdict(job: Job, verdict: dict[str, Any]) -> None:
    if verdict["state"] != JobState.QUEUED:
        verdict["finished_at"] = timezone.now()
    mine = Job.objects.filter(pk=job.pk, lease_owner=job.lease_owner, state=JobState.RUNNING)
    if not mine.update(**verdict):
        logger.warning("job_verdict_discarded", extra={"job_id": job.pk, "task": job.name})


class _Heartbeat:
    """Renews a run's lease from a thread of its own while the block runs.

    An eager run (tests) has no thread: `JobRun.progress` renews in place.
    """

    def __init__(self, run: JobRun) -> None:
        self._run = run
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._beat_until_stopped, name=f"job-{run.job_id}-heartbeat", daemon=True
        )

    def __enter__(self) -> None:
        if self._run.is_threaded:
            self._thread.start()

    def __exit__(self, *_exception: object) -> None:
        self._stop.set()
        if self._run.is_threaded:
            self._thread.join(timeout=settings.JOB_LEASE_SECONDS)

    def _beat_until_stopped(self) -> None:
        while not self._stop.wait(FLUSH_SECONDS):
            try:
                self._run.renew()
            except (DatabaseError, InterfaceError):
                # A restart of the database or a long write of another: the next beat tries again.
                logger.warning("job_heartbeat_failed", extra={"job_id": self._run.job_id})
            finally:
                connection.close()
