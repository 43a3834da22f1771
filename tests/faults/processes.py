"""A site of real processes: web server and worker, on a database and a folder of state of their own."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from django.conf import settings

PATIENCE_SECONDS = 90  # a ceiling for a machine under load; nothing waits for it otherwise

SECRET = "rw_a-token-that-only-tests-know"
PASSWORD = "conveyor belts at 6 a.m."
PREPARE = f"""
from django.core.management import call_command
from django.utils import timezone
for command in ("migrate", "load_catalogue"):
    call_command(command, verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from accounts.access import token_digest
from accounts.models import ApiToken, User
user = User.objects.create(username="rosa", is_superuser=True)
user.set_password("{PASSWORD}")
user.save()
values = {{"created_at": timezone.now(), "updated_at": timezone.now()}}
ApiToken.objects.create(user=user, name="tests", digest=token_digest("{SECRET}"), **values)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS):
    """Return the first true value of the condition."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds} s in vain: {what}")
        time.sleep(0.05)
    return value


class Site:
    """What runs, and how to talk to it."""

    def __init__(self, var: Path, database_url: str, **env: str) -> None:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("TASK_BROKER")
        }
        self.var = var
        self.database_url = database_url
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = var / "site.log"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.env = {
            **kept,
            "RACEWAY_VAR": str(var),
            "DATABASE_URL": database_url,
            "RACEWAY_JOB_LEASE_SECONDS": "3",
            "RACEWAY_JOB_REAPER_SECONDS": "1",
            "RACEWAY_JOB_RESEND_SECONDS": "3",
            "RACEWAY_DEMO": "1",
            "RACEWAY_LOG_FORMAT": "json",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **env,
        }

    def sql(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the site's database, past the site."""
        if self.database_url.startswith("sqlite"):
            file = self.var / "raceway.sqlite3"
            with closing(sqlite3.connect(file, timeout=60)) as database, database:
                return database.execute(query.replace("%s", "?"), values).fetchall()
        with self.connect() as database:
            cursor = database.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def connect(self) -> psycopg.Connection:
        """Open a connection to the site's PostgreSQL."""
        address = self.database_url.replace("postgres:", "postgresql:")
        return psycopg.connect(address, autocommit=True)

    @contextmanager
    def ledger_held(self) -> Iterator[None]:
        """Let whoever writes wait, in the middle of its transaction."""
        with self.connect() as database, database.transaction():
            database.execute("SELECT * FROM evidence_ledgerhead FOR UPDATE")
            yield

    def job(self, job_id: int) -> tuple[object, ...]:
        """State, attempts and error of a job."""
        return self.sql("SELECT state, attempts, error FROM common_job WHERE id = %s", job_id)[0]

    def manage(
        self, *arguments: str, check: bool = True, **env: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env={**self.env, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def python(self, code: str) -> str:
        """Run code in a process of the site; return what it prints."""
        return self.manage("shell", "--no-imports", "-v0", "-c", code).stdout

    def prepare(self) -> None:
        """Make tables, catalogue, static files, and a superuser with a token."""
        self.python(PREPARE)

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=settings.BASE_DIR,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def start_web(self) -> "subprocess.Popen[bytes]":
        command = ["granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--blocking-threads", "4", "--log-level", "warning"]
        web = self.start(*command, "config.wsgi:application")
        wait_until(lambda: self._lives(web), "the web server answers")
        return web

    def start_worker(self) -> "subprocess.Popen[bytes]":
        command = ["celery", "--quiet", "--app", "config", "worker", "--with-beat"]
        command += ["--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return self.start(*command)

    def _lives(self, web: "subprocess.Popen[bytes]") -> bool:
        assert web.poll() is None, self.output()
        try:
            return httpx.get(f"{self.url}/health/live", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def is_ready(self) -> bool:
        return httpx.get(f"{self.url}/health/ready", timeout=60).status_code == 200

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {SECRET}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    @contextmanager
    def browser(self) -> Iterator[httpx.Client]:
        """A browser without scripts, logged in."""
        with httpx.Client(base_url=self.url, timeout=60, follow_redirects=True) as session:
            session.get("/login/")
            token = session.cookies["csrftoken"]
            form = {"username": "rosa", "password": PASSWORD, "csrfmiddlewaretoken": token}
            answer = session.post("/login/", data=form)
            assert answer.status_code == 200, answer.text
            yield session

    def output(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """kill -9, with everything it started."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.processes:
            self.kill(process)
