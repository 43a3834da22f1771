"""Asking for background work: writes the Job row and rings the broker once the transaction commits.

The broker is only a bell: a message lost, doubled or never sent costs time, never work (see reaper).
"""

import logging
from functools import cache, partial
from typing import Any

from celery import current_app
from django.contrib.auth.models import AbstractUser
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import ConflictError
from common.models import Job, JobState

logger = logging.getLogger(__name__)


class UnknownTaskError(LookupError):
    """Nobody registered a task of that name: a programming error, so not for users."""


class JobFinishedError(ConflictError):
    """Only a job that still waits or runs can be cancelled."""


@cache
def _import_tasks() -> None:
    """Import every app's tasks module, once in a process."""
    current_app.loader.import_default_modules()


def enqueue(
    *,
    name: str,
    kwargs: dict[str, Any],
    actor: Actor,
    queue: str = "default",
    label: str = "",
    max_attempts: int = 2,
) -> Job:
    """Ask for the task `name` to run with `kwargs` (ids and plain values) after the commit.

    Raises UnknownTaskError when no `@job_task(name=...)` was registered under that name.
    """
    _import_tasks()
    if name not in current_app.tasks:
        raise UnknownTaskError(f"No task is registered as '{name}'")
    now = timezone.now()
    job = Job.objects.create(
        name=name,
        label=label,
        queue=queue,
        arguments=kwargs,
        max_attempts=max_attempts,
        requested_by_id=actor.user_id,
        requested_by_person_id=actor.person_id,
        requested_by_label=actor.label,
        acting_for=actor.acting_for,
        request_id=actor.request_id,
        created_at=now,
        sent_at=now,
    )
    send_on_commit(job)
    return job


def send_on_commit(job: Job) -> None:
    """Put the job's message on its queue once the running transaction has committed."""
    transaction.on_commit(partial(send, job_id=job.pk, name=job.name, queue=job.queue))


def send(*, job_id: int, name: str, queue: str) -> bool:
    """Put a job's message on its queue; False, and a word on the job, when the broker does not take it."""
    _import_tasks()
    task = current_app.tasks.get(name)
    if task is None:
        logger.error("job_task_unknown", extra={"job_id": job_id, "task": name})
        return False
    try:
        task.apply_async(kwargs={"job_id": job_id}, queue=queue)
    except Exception as error:  # noqa: BLE001 - brokers and their drivers raise what they like
        # The row is committed: the reaper sends it again as soon as the broker answers, so the request
        # that asked for the job must not fail.
        logger.warning(
            "job_not_sent",
            extra={"job_id": job_id, "task": name, "reason": f"{type(error).__name__}: {error}"},
        )
        _mark_waiting(job_id)
        return False
    return True


def _mark_waiting(job_id: int) -> None:
    """Tell who looks at the job that it waits, and the reaper that nothing is on its way."""
    waiting = Job.objects.filter(pk=job_id, state=JobState.QUEUED)
    sentence = _(
        "Waiting: the message broker does not answer. The job starts by itself as soon as it does."
    )
    try:
        waiting.update(sent_at=None, progress_message=sentence[:200])
    except DatabaseError:
        logger.exception("job_not_marked", extra={"job_id": job_id})


def request_cancel(*, job: Job) -> Job:
    """Stop a job: at once while it waits, at its next sign of progress while it runs.

    Raises JobFinishedError when there is nothing left to stop.
    """
    waiting = Job.objects.filter(pk=job.pk, state=JobState.QUEUED)
    if not waiting.update(state=JobState.CANCELLED, finished_at=timezone.now()):
        running = Job.objects.filter(pk=job.pk, state=JobState.RUNNING)
        if not running.update(is_cancel_requested=True):
            raise JobFinishedError(_("Job %(job)s has already ended.") % {"job": job})
    job.refresh_from_db()
    return job


def unfinished_jobs(name: str) -> QuerySet[Job]:
    """Return the jobs of a task that wait or run: what they were given is still needed."""
    return Job.objects.filter(name=name, state__in=[JobState.QUEUED, JobState.RUNNING])


def jobs_visible_to(user: AbstractUser) -> QuerySet[Job]:
    """Jobs a person may see: the own ones; a superuser sees all."""
    if user.is_superuser:
        return Job.objects.all()
    return Job.objects.filter(requested_by_id=user.pk)
