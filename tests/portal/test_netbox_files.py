"""What an import of a NetBox leaves behind: nothing a killed or cancelled worker had in hand stays long."""

import os
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.jobs import JobCancelledError, JobRun
from common.models import Job, JobState
from common.tasks import sweep_kept
from portal.services import netbox, netbox_files
from portal.tasks import import_netbox
from tests.netbox.server import TOKEN, FakeNetBox
from tests.portal.test_netbox_page import PAGE, kept_names, upload

pytestmark = pytest.mark.usefixtures("kept")


def test_what_a_killed_worker_left_is_swept(client, send, kept):
    send(PAGE, upload())
    key = netbox_files.new_key()
    for what in (netbox_files.TOKEN, netbox_files.DUMP):
        netbox_files.keep(key, what, b"left")

    sweep_kept()
    assert kept_names(kept) == [".dump", ".rows", ".token"]

    old = time.time() - timedelta(minutes=20).total_seconds()
    for path in kept.iterdir():
        os.utime(path, (old, old))
    sweep_kept()
    assert kept_names(kept) == [".rows"]

    yesterday = time.time() - timedelta(hours=25).total_seconds()
    for path in kept.iterdir():
        os.utime(path, (yesterday, yesterday))
    answer = send(reverse("portal:netbox-apply", args=[Job.objects.get().pk]))
    assert answer.status_code == 410
    assert kept_names(kept) == []


def test_a_reading_that_is_cancelled_forgets_the_token(administrator, live, kept):
    actor = administrator.as_actor(channel="web")
    job = netbox.request_from_server(
        actor=actor, user=administrator, url=live, token=TOKEN, now=timezone.now()
    )
    run = JobRun(job.pk, actor, 1, "x")
    run._stop_reason = JobCancelledError

    with pytest.raises(JobCancelledError):
        import_netbox(run, **job.arguments)
    assert kept_names(kept) == []


def test_the_token_of_a_waiting_job_is_not_swept(administrator, live, kept):
    netbox.request_from_server(
        actor=administrator.as_actor(channel="web"),
        user=administrator,
        url=live,
        token=TOKEN,
        now=timezone.now(),
    )
    later = timezone.now() + timedelta(hours=2)

    assert netbox.sweep_kept(now=later) == 0
    Job.objects.update(state=JobState.CANCELLED)
    assert netbox.sweep_kept(now=later) == 1


def test_a_job_that_runs_again_after_a_kill_needs_no_token_once_it_has_read(
    administrator, live, kept
):
    actor = administrator.as_actor(channel="web")
    job = netbox.request_from_server(
        actor=actor, user=administrator, url=live, token=TOKEN, now=timezone.now()
    )
    run = JobRun(job.pk, actor, 1, "x")
    first = import_netbox(run, **job.arguments)
    asked = len(FakeNetBox.requests)

    assert import_netbox(run, **job.arguments) == first
    assert len(FakeNetBox.requests) == asked
