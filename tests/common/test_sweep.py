"""Files kept for a while: one sweep removes those of every app, but none that somebody still needs."""

import logging
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from common.files import remove_older
from common.models import Job, JobState
from common.registries import Sweep, sweeps
from common.schedule import Schedule
from common.tasks import sweep_kept
from evidence.services.uploads import keep_upload
from portal.services import netbox_files

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(hours=25)


@pytest.fixture(autouse=True)
def folders(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    settings.NETBOX_DIR = tmp_path / "netbox"


def kept(path: Path, *, age: timedelta = YESTERDAY) -> Path:
    """Put a file of that age there, unless it is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    then = time.time() - age.total_seconds()
    os.utime(path, (then, then))
    return path


def job_for(name: str, upload: str, state: str) -> Job:
    """Return a job that was given an upload."""
    now = timezone.now()
    claim = {"lease_owner": "a worker", "lease_expires_at": now}
    finished = {"finished_at": now} if state == JobState.FAILED else {}
    more = claim if state == JobState.RUNNING else finished
    return Job.objects.create(
        name=name, arguments={"upload": upload}, state=state, created_at=now, **more
    )


def test_uploads_of_people_who_never_come_back_are_removed(tmp_path: Path):
    old = [kept(tmp_path / f"files/imports/{user}/rows.csv") for user in (1, 2)]
    young = kept(tmp_path / "files/imports/3/rows.csv", age=timedelta(hours=23))

    sweep_kept()

    assert not any(path.exists() for path in old)
    assert young.exists()


def test_a_pack_whose_job_was_killed_is_removed(tmp_path: Path):
    name = keep_upload(b"%PDF-1.7")
    job_for("evidence.verify_pack", name, JobState.FAILED)
    pack = kept(tmp_path / "files/to-verify" / name)

    sweep_kept()

    assert not pack.exists()


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
def test_what_a_job_still_waits_for_stays(tmp_path: Path, state: str):
    name = keep_upload(b"%PDF-1.7")
    job_for("evidence.verify_pack", name, state)
    job_for("portal.import_file", "imports/1/rows.csv", state)
    waited = [
        kept(tmp_path / "files/to-verify" / name),
        kept(tmp_path / "files/imports/1/rows.csv"),
    ]

    sweep_kept()

    assert all(path.exists() for path in waited)


def test_packs_and_other_files_of_the_site_are_never_touched(tmp_path: Path):
    other = [kept(tmp_path / "files/packs/EVD-1.pdf"), kept(tmp_path / "keys/ledger.pem")]

    sweep_kept()

    assert all(path.exists() for path in other)


def test_what_netbox_imports_left_is_swept_too(tmp_path: Path):
    key = netbox_files.new_key()
    netbox_files.keep(key, netbox_files.ROWS, b"rows")
    kept(tmp_path / "netbox" / f"{key}.{netbox_files.ROWS}")

    sweep_kept()

    assert not netbox_files.holds(key, netbox_files.ROWS)


def test_one_folder_that_cannot_be_read_does_not_keep_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*, now):
        raise PermissionError(13, "Permission denied", "somewhere")

    entries = {"broken": Sweep("broken", fail), **sweeps._entries}
    monkeypatch.setattr(sweeps, "_entries", entries)
    old = kept(tmp_path / "files/imports/1/rows.csv")

    with caplog.at_level(logging.WARNING):
        sweep_kept()

    assert not old.exists()
    assert [record.message for record in caplog.records] == ["sweep_failed"]


def test_a_link_is_removed_and_what_it_points_to_is_not(tmp_path: Path):
    precious = kept(tmp_path / "precious")
    link = tmp_path / "files" / "link"
    link.parent.mkdir()
    link.symlink_to(precious)

    removed = remove_older(tmp_path / "files", than=timezone.now() + timedelta(hours=1))

    assert removed == 1
    assert precious.exists()


@pytest.mark.django_db(transaction=True)  # the scheduler gives its connection back
def test_an_entry_of_a_task_that_is_no_more_leaves_the_schedule():
    every_hour = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    PeriodicTask.objects.create(name="old", task="portal.sweep_netbox", interval=every_hour)
    current_app.loader.import_default_modules()

    Schedule(app=current_app._get_current_object())

    names = set(PeriodicTask.objects.values_list("name", flat=True))
    assert "old" not in names
    assert {"sweep-kept", "reap-jobs"} <= names
