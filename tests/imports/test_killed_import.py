"""A worker is killed in the middle of an import: nothing is half loaded, and the job runs again."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from django.conf import settings

ROWS = 8_000
PATIENCE_SECONDS = 90
ENQUEUE = """
import io
from django.utils import timezone
from accounts.models import User
from portal.services.imports import request_import
user = User.objects.create(username="rosa", is_superuser=True)
rows = "".join(f"A-{n},Pump {n},plc\\n" for n in range(%d))
file = io.BytesIO(("code,name,item_class\\n" + rows).encode())
request_import(actor=user.as_actor(channel="web"), user=user, kind="assets", file=file, name="a.csv",
               now=timezone.now(), is_dry_run=False)
"""


@pytest.fixture
def site(tmp_path):
    env = os.environ | {
        "RACEWAY_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/raceway.sqlite3",
        "TASK_BROKER_URL": "",
        "RACEWAY_JOB_LEASE_SECONDS": "2",
        "RACEWAY_JOB_REAPER_SECONDS": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    def manage(*arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=settings.BASE_DIR, env=env, check=True, capture_output=True)

    manage("migrate", "-v0")
    manage("load_catalogue")
    manage("shell", "-v0", "-c", ENQUEUE % ROWS)
    return env, tmp_path / "raceway.sqlite3"


def start_worker(env):
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "-P", "threads"]
    command += ["-c", "2", "-l", "ERROR", "-s", env["RACEWAY_VAR"] + "/beat", "--without-gossip"]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, start_new_session=True)


def ask(database, query):
    with sqlite3.connect(database, timeout=60) as connection:
        return connection.execute(query).fetchone()


def is_being_written(database) -> bool:
    """Whether somebody holds SQLite's write lock for longer than a small write takes."""
    connection = sqlite3.connect(database, timeout=0.5, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX thing")
def test_a_killed_import_leaves_nothing_behind_and_runs_again(site):
    env, database = site
    first = start_worker(env)
    try:
        wait_until(lambda: is_being_written(database))
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()

    assert ask(database, "SELECT count(*) FROM assets_configurationitem") == (0,)
    assert ask(database, "SELECT state FROM common_job") == ("running",)

    second = start_worker(env)
    try:
        wait_until(
            lambda: ask(database, "SELECT state FROM common_job")[0] in {"succeeded", "failed"}
        )
    finally:
        os.killpg(second.pid, signal.SIGTERM)
        second.wait()
    assert ask(database, "SELECT state, attempts FROM common_job") == ("succeeded", 2)
    assert ask(database, "SELECT count(*) FROM assets_configurationitem") == (ROWS,)
    entries = (
        "SELECT count(*) FROM evidence_ledgerentry WHERE object_type LIKE '%configurationitem'"
    )
    assert ask(database, entries) == (ROWS,)
