"""A site to measure: its own PostgreSQL database, `manage.py up`, CPU and memory of its processes."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ADMIN = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
ROOT = Path(__file__).resolve().parents[1]
TICK = os.sysconf("SC_CLK_TCK")


def database_url(name: str) -> str:
    """Return the URL of a database beside the administrative one."""
    return f"{ADMIN.rsplit('/', 1)[0]}/{name}"


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """Make an empty database, yield its URL, drop it."""
    with psycopg.connect(ADMIN, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield database_url(name)
    finally:
        with psycopg.connect(ADMIN, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def running(url: str, *, port: int, workers: int, var: Path) -> Iterator[int]:
    """Run the site on a port; yields the process id of the supervisor once it answers."""
    environment = {**os.environ, "DATABASE_URL": url, "RACEWAY_VAR": str(var)}
    command = [sys.executable, "manage.py", "up", "--bind", f"127.0.0.1:{port}"]
    with (var / "up.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--workers", str(workers)], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait(port, process, var)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _wait(port: int, process: "subprocess.Popen[bytes]", var: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError((var / "up.log").read_text()[-2000:])
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError((var / "up.log").read_text()[-2000:])


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    found, fresh = [pid], [pid]
    while fresh:
        below = [int(c) for p in fresh for c in _children(p)]
        found += below
        fresh = below
    return found


def _children(pid: int) -> list[str]:
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [c for task in tasks for c in (task / "children").read_text().split()]
    except OSError:
        return []


def web_processes(pid: int) -> list[int]:
    """Return the web server's processes among a site's."""
    return [p for p in family(pid) if b"granian" in Path(f"/proc/{p}/cmdline").read_bytes()]


def cpu_seconds(pids: list[int]) -> float:
    """Return user and system time these processes have used."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def memory_mb(pids: list[int]) -> float:
    """Return the proportional set size of these processes in MB."""
    total = 0
    for pid in pids:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += next(
            int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
        )
    return total / 1024
