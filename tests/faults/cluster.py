"""A PostgreSQL of our own, in a temporary folder on a spare port, that a test may stop and start."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.faults.processes import free_port


class Cluster:
    """One server; `url(name)` is what DATABASE_URL takes."""

    def __init__(self, programs: Path, prefix: list[str], folder: Path) -> None:
        self.port = free_port()
        self._programs, self._prefix, self._folder = programs, prefix, folder
        self._data = str(folder / "data")

    def make(self) -> None:
        self._run("initdb", "-U", "postgres", "-A", "trust", "--no-sync", "-D", self._data)

    def start(self) -> None:
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", self._data, "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-m", mode, "stop")

    def remove(self) -> None:
        if (self._folder / "data" / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, name: str = "postgres") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str) -> None:
        with self.connect() as administrator:
            administrator.execute(statement)

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.url(name).replace("postgres:", "postgresql:"), autocommit=True)

    def cut_all(self, name: str) -> int:
        """End every connection to a database, as a restart does; return how many there were."""
        with self.connect() as administrator:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            return len(administrator.execute(query, [name]).fetchall())

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._prefix, str(self._programs / program), *arguments]
        # pg_ctl's server keeps our output open, so it must not be a pipe.
        with (self._folder / "output").open("a+") as output:
            done = subprocess.run(command, stdout=output, stderr=output, check=False, cwd="/")
        assert done.returncode == 0, (self._folder / "output").read_text()


def new_cluster() -> Cluster:
    """Start a server; skip the test, with the reason, where that is not possible."""
    prefix = _prefix()
    folder = Path(tempfile.mkdtemp(prefix="raceway-cluster-"))
    if prefix:
        shutil.chown(folder, "postgres")
    cluster = Cluster(_programs(), prefix, folder)
    cluster.make()
    cluster.start()
    return cluster


def _programs() -> Path:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    if shutil.which("pg_ctl") and shutil.which("initdb"):
        return Path(shutil.which("pg_ctl")).parent
    if shutil.which("pg_config"):
        command = ["pg_config", "--bindir"]
        folder = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        if (Path(folder) / "pg_ctl").exists():
            return Path(folder)
    pytest.skip("no PostgreSQL server is installed here (initdb and pg_ctl)")


def _prefix() -> list[str]:
    """PostgreSQL refuses to run as root: then its own user has to do it."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user 'postgres'")
    return ["runuser", "-u", "postgres", "--"]
