"""Background jobs: the claim, the lease, progress, verdicts and the reaper, in one process."""

import errno
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import OperationalError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown

from accounts.models import User
from common.actor import Actor
from common.errors import DomainError
from common.jobs import JobRun, enqueue, job_task, jobs_visible_to, reap, request_cancel
from common.jobs.queueing import JobFinishedError, UnknownTaskError
from common.models import Job, JobState

pytestmark = pytest.mark.django_db

seen: list[dict[str, Any]] = []


@job_task(name="tests.add")
def add(run: JobRun, *, first: int, second: int) -> dict[str, Any]:
    """Add, with progress."""
    run.progress(1, 2, "halfway")
    seen.append({"actor": run.actor, "attempt": run.attempt})
    return {"sum": first + second}


@job_task(name="tests.broken_rule")
def broken_rule(run: JobRun) -> None:
    """Fail with a sentence."""
    raise DomainError("Column 'colour' is unknown; allowed are code, name.")


@job_task(name="tests.bug")
def bug(run: JobRun) -> None:
    """Fail without one."""
    raise ZeroDivisionError("secret detail")


@job_task(name="tests.database_away")
def database_away(run: JobRun) -> None:
    """Lose the database."""
    raise OperationalError("server closed the connection unexpectedly")


@job_task(name="tests.disk_full")
def disk_full(run: JobRun) -> None:
    """Find no room."""
    raise OSError(errno.ENOSPC, "No space left on device")


def _run(job: Job) -> Job:
    current_app.tasks[job.name].apply(kwargs={"job_id": job.pk})
    job.refresh_from_db()
    return job


def _enqueue(actor: Actor, name: str = "tests.add", **kwargs: Any) -> Job:
    arguments = {"first": 2, "second": 3} if name == "tests.add" else {}
    return enqueue(name=name, kwargs=arguments, actor=actor, **kwargs)


def _running(actor: Actor, *, expired_for: float, now: datetime, **values: Any) -> Job:
    job = _enqueue(actor)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING,
        lease_owner="gone:1:a",
        lease_expires_at=now - timedelta(seconds=expired_for),
        **{"attempts": 1, **values},
    )
    job.refresh_from_db()
    return job


def _reap_twice(now: datetime) -> None:
    reap(now=now)
    reap(now=now + timedelta(seconds=5))


def test_runs_after_the_commit_and_keeps_its_result(
    actor: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = _enqueue(actor, label="Add two numbers")
        assert job.state == JobState.QUEUED
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == (JobState.SUCCEEDED, {"sum": 5}, 1)
    assert (job.progress_done, job.progress_total, job.percent) == (1, 2, 100)
    assert job.finished_at is not None


def test_passes_the_person_who_asked_on_to_the_task(actor: Actor) -> None:
    _run(_enqueue(actor))
    assert seen[-1]["actor"].label == actor.label
    assert seen[-1]["actor"].request_id == actor.request_id
    assert seen[-1]["actor"].channel == "task"


def test_is_not_sent_when_the_transaction_rolls_back(
    actor: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as sent, transaction.atomic():
        _enqueue(actor)
        transaction.set_rollback(True)
    assert sent == []
    assert not Job.objects.exists()


def test_refuses_a_task_nobody_registered(actor: Actor) -> None:
    with pytest.raises(UnknownTaskError, match=r"tests\.nowhere"):
        enqueue(name="tests.nowhere", kwargs={}, actor=actor)


def test_a_broken_rule_fails_the_job_with_its_sentence(actor: Actor) -> None:
    job = _run(_enqueue(actor, "tests.broken_rule"))
    assert job.state == JobState.FAILED
    assert job.error == "Column 'colour' is unknown; allowed are code, name."


def test_an_unexpected_error_fails_the_job_without_telling_its_insides(actor: Actor) -> None:
    job = _run(_enqueue(actor, "tests.bug"))
    assert job.state == JobState.FAILED
    assert "ZeroDivisionError" in job.error
    assert "secret" not in job.error


def test_a_lost_database_connection_puts_the_job_back_until_its_attempts_are_used(
    actor: Actor,
) -> None:
    job = _run(_enqueue(actor, "tests.database_away"))
    assert (job.state, job.attempts) == (JobState.QUEUED, 1)
    job = _run(job)
    assert (job.state, job.attempts) == (JobState.FAILED, 2)


def test_a_job_stays_waiting_when_its_claim_meets_a_database_that_is_away(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = _enqueue(actor)

    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("common.jobs.runs._claim", away)
    assert (_run(job).state, job.attempts) == (JobState.QUEUED, 0)
    monkeypatch.undo()
    assert _run(job).state == JobState.SUCCEEDED


def test_a_full_disk_fails_the_job_at_once_with_a_sentence(actor: Actor) -> None:
    job = _run(_enqueue(actor, "tests.disk_full"))
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert "disk of this site is full" in job.error


def test_a_message_delivered_twice_runs_once(actor: Actor) -> None:
    job = _enqueue(actor)
    _run(job)
    before = len(seen)
    job = _run(job)
    assert len(seen) == before
    assert job.attempts == 1


def test_a_broker_that_is_down_fails_no_request(
    actor: Actor, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise BrokerDown("connection refused")

    monkeypatch.setattr(current_app.tasks["tests.add"], "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = _enqueue(actor)
    job.refresh_from_db()
    assert (job.state, job.sent_at) == (JobState.QUEUED, None)
    assert "message broker does not answer" in job.progress_message
    assert reap(now=timezone.now()).resent == 0

    monkeypatch.undo()
    assert reap(now=timezone.now()).resent == 1
    job.refresh_from_db()
    assert (job.state, job.progress_message) == (JobState.SUCCEEDED, "")


def test_a_broker_that_is_down_is_asked_once_a_pass(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(*args: Any, **kwargs: Any) -> None:
        asked.append("add")
        raise BrokerDown("connection refused")

    for _ in range(3):
        Job.objects.filter(pk=_enqueue(actor).pk).update(sent_at=None)
    monkeypatch.setattr(current_app.tasks["tests.add"], "apply_async", refuse)
    reap(now=timezone.now())
    assert len(asked) == 1


def test_the_reaper_sends_again_what_was_never_picked_up(
    actor: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    job = _enqueue(actor)
    with django_capture_on_commit_callbacks(execute=True):
        early = reap(now=timezone.now() + timedelta(seconds=5))
    assert early.resent == 0
    with django_capture_on_commit_callbacks(execute=True):
        late = reap(now=timezone.now() + timedelta(seconds=60))
    job.refresh_from_db()
    assert late.resent == 1
    assert job.state == JobState.SUCCEEDED


def test_a_job_whose_worker_died_is_requeued(actor: Actor, now: datetime) -> None:
    job = _running(actor, expired_for=1, now=now)
    _reap_twice(now)
    job.refresh_from_db()
    assert (job.state, job.lease_owner, job.suspected_at) == (JobState.QUEUED, "", None)


def test_a_job_with_a_living_worker_is_left_alone(actor: Actor, now: datetime) -> None:
    job = _running(actor, expired_for=-60, now=now)
    _reap_twice(now)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_worker_that_only_waited_for_a_lock_keeps_its_job(actor: Actor, now: datetime) -> None:
    job = _running(actor, expired_for=1, now=now)
    reap(now=now)
    run = JobRun(job_id=job.pk, actor=actor, attempt=1, lease_owner="gone:1:a")
    run.renew()
    reap(now=now + timedelta(seconds=5))
    job.refresh_from_db()
    assert (job.state, job.suspected_at) == (JobState.RUNNING, None)


def test_a_job_whose_workers_keep_dying_fails_with_a_reason(actor: Actor, now: datetime) -> None:
    job = _running(actor, expired_for=1, now=now, attempts=2)
    _reap_twice(now)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "stopped before the job was done" in job.error


def test_a_cancelled_job_whose_worker_died_stays_cancelled(actor: Actor, now: datetime) -> None:
    job = _running(actor, expired_for=1, now=now, is_cancel_requested=True)
    _reap_twice(now)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_a_waiting_job_is_cancelled_at_once(actor: Actor) -> None:
    job = request_cancel(job=_enqueue(actor))
    assert job.state == JobState.CANCELLED
    assert _run(job).state == JobState.CANCELLED


def test_a_running_job_stops_at_its_next_progress(actor: Actor) -> None:
    @job_task(name="tests.cancelled_midway")
    def cancelled_midway(run: JobRun) -> None:
        request_cancel(job=Job.objects.get(pk=run.job_id))
        run.progress(1, 2)
        seen.append({"never": True})

    current_app.finalize()
    job = _run(_enqueue(actor, "tests.cancelled_midway"))
    assert job.state == JobState.CANCELLED
    assert {"never": True} not in seen


def test_a_finished_job_cannot_be_cancelled(actor: Actor) -> None:
    job = _run(_enqueue(actor))
    with pytest.raises(JobFinishedError, match="already ended"):
        request_cancel(job=job)


def test_a_worker_that_lost_its_lease_cannot_write_a_verdict(actor: Actor) -> None:
    @job_task(name="tests.overtaken")
    def overtaken(run: JobRun) -> dict[str, Any]:
        Job.objects.filter(pk=run.job_id).update(lease_owner="other:2:b")
        return {"stale": True}

    current_app.finalize()
    job = _run(_enqueue(actor, "tests.overtaken"))
    assert (job.state, job.lease_owner, job.result) == (JobState.RUNNING, "other:2:b", {})


def test_people_see_their_own_jobs_and_administrators_all(
    administrator: User, actor: Actor
) -> None:
    own = enqueue(
        name="tests.add",
        kwargs={"first": 1, "second": 1},
        actor=Actor(label="x", user_id=administrator.pk + 1),
    )
    _enqueue(actor)
    somebody = User(pk=administrator.pk + 1)
    assert [job.pk for job in jobs_visible_to(somebody)] == [own.pk]
    assert jobs_visible_to(administrator).count() == 2


def test_a_message_of_another_task_does_not_take_the_job(actor: Actor) -> None:
    job = _enqueue(actor)
    Job.objects.filter(pk=job.pk).update(name="tests.something_else")
    current_app.tasks["tests.add"].apply(kwargs={"job_id": job.pk})
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
