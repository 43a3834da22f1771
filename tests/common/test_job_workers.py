"""Background jobs with real worker processes, over the folder broker and over Redis where one answers.

this test --enqueue--> [broker] --> worker A  (kill -9 in the middle)
                                    worker B  (its beat finds the silent lease, the job runs again)
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)

REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/13")
PATIENCE_SECONDS = 180  # a ceiling for a machine under load; nothing waits for it otherwise


@dataclass
class Site:
    """A database, a broker and the processes started on them."""

    env: dict[str, str]
    var: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.common.worker_under_test", "work"],
            cwd=settings.BASE_DIR,
            env=self.env,
            start_new_session=True,
        )
        self.workers.append(worker)
        return worker

    def enqueue(self, name: str, **arguments: Any) -> int:
        command = ["-m", "tests.common.worker_under_test", "enqueue", name, json.dumps(arguments)]
        return int(self.run(*command))

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.env,
            check=True,
            stdout=subprocess.PIPE,
        )
        return done.stdout.decode()

    def job(self, job_id: int) -> dict[str, Any]:
        query = f"SELECT state, attempts, error FROM common_job WHERE id = {int(job_id)}"  # noqa: S608
        if connection.vendor == "sqlite":
            with sqlite3.connect(self.var / "raceway.sqlite3", timeout=30) as database:
                row = database.execute(query).fetchone()
        else:
            with connection.cursor() as cursor:
                cursor.execute(query)
                row = cursor.fetchone()
        return dict(zip(("state", "attempts", "error"), row, strict=True))

    def stop(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def _redis_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(REDIS_URL, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


def _forget_keys(prefix: str) -> None:
    broker = redis.Redis.from_url(REDIS_URL)
    for key in broker.scan_iter(f"{prefix}*"):
        broker.delete(key)


# Every test has keys of its own in Redis, so that two runs on one machine do not take each other's messages.
@pytest.fixture(params=["folder", "redis"])
def site(
    request: pytest.FixtureRequest, tmp_path: Path, new_site: Callable[[Path], Path]
) -> Iterator[Site]:
    env = {name: value for name, value in os.environ.items() if name != "TASK_BROKER_URL"}
    env |= {
        "RACEWAY_VAR": str(tmp_path),
        "RACEWAY_JOB_LEASE_SECONDS": "3",
        "RACEWAY_JOB_REAPER_SECONDS": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path}/raceway.sqlite3",
    }
    if request.param == "redis":
        if not _redis_answers():
            pytest.skip(f"no Redis answers at {REDIS_URL}")
        env["TASK_BROKER_URL"] = REDIS_URL
        env["TASK_BROKER_PREFIX"] = f"test-{uuid.uuid4().hex}:"
    if connection.vendor != "sqlite":
        database = connection.settings_dict
        env["DATABASE_URL"] = (
            f"postgres://{database['USER']}:{database['PASSWORD']}@"
            f"{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
        )
    running = Site(env=env, var=tmp_path)
    if connection.vendor == "sqlite":
        new_site(tmp_path)
    yield running
    running.stop()
    if prefix := env.get("TASK_BROKER_PREFIX"):
        _forget_keys(prefix)


def _wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    pytest.fail(f"waited {PATIENCE_SECONDS} s in vain: {what}")


def test_a_job_whose_worker_is_killed_midway_is_done_by_the_next(
    site: Site, tmp_path: Path
) -> None:
    lines = tmp_path / "lines"
    first = site.start_worker()
    job_id = site.enqueue("tests.write_lines", path=str(lines), count=8)
    _wait_for(lambda: lines.exists() and "1:4" in lines.read_text(), "the job gets stuck")

    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert site.job(job_id)["state"] == "running"
    site.start_worker()
    _wait_for(lambda: site.job(job_id)["state"] == "succeeded", "the second worker ends it")

    assert site.job(job_id)["attempts"] == 2
    assert lines.read_text().splitlines()[-8:] == [f"2:{step}" for step in range(8)]


def test_a_rule_broken_in_a_worker_reaches_the_job_row(site: Site) -> None:
    site.start_worker()
    job_id = site.enqueue("tests.refuse")
    _wait_for(lambda: site.job(job_id)["state"] == "failed", "the job fails")
    assert site.job(job_id)["error"] == "Line 4 names no site; give one of FIL, MET."
