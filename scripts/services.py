"""PostgreSQL and Redis for a test run: those that answer, else own ones in a temporary folder where that is possible.

"Possible" means that the programs are installed, or may be (root or sudo without a password) and CI is set.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from bootstrap import SetUpError, root_prefix, run

DEFAULT_DATABASE = "postgres://postgres@127.0.0.1:5432/raceway"
DEFAULT_REDIS = "redis://127.0.0.1:6379/13"
PATIENCE_SECONDS = 60


class Unavailable(Exception):  # noqa: N818 -- a reason to skip
    """There is no such service here; the message says why."""


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the URL of a PostgreSQL to test on; raise Unavailable where there is none."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
    elif postgresql_answers(DEFAULT_DATABASE):
        yield DEFAULT_DATABASE
    else:
        with own_postgresql() as url:
            yield url


def postgresql_answers(url: str) -> bool:
    """Whether a test run could log in there and create its database."""
    server = url.rpartition("/")[0].replace("postgres://", "postgresql://", 1)
    try:
        with psycopg.connect(f"{server}/postgres", connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user"
            )
            return bool((row.fetchone() or [False])[0])
    except psycopg.Error:
        return False


@contextmanager
def own_postgresql() -> Iterator[str]:
    """Start a throw-away cluster on a free port, as the user PostgreSQL insists on not being root."""
    programs = postgresql_programs()
    prefix, port = as_postgres_user(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="raceway-pg-"))
    shutil.chown(folder, "postgres") if prefix else None
    data, log = folder / "data", folder / "log"
    run([*prefix, str(programs / "initdb"), "-U", "postgres", "-A", "trust", "-D", str(data)])
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [*prefix, str(programs / "pg_ctl"), "-D", str(data), "-w"]
    run([*control, "-l", str(log), "-o", options, "start"])
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/raceway"
    finally:
        run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def postgresql_programs() -> Path:
    """Return the folder of initdb and pg_ctl, after installing them in CI."""
    if (found := newest_postgresql()) is None:
        apt_install("postgresql")
        found = newest_postgresql()
    if found is None:
        raise Unavailable("no PostgreSQL answers at 127.0.0.1:5432 and none is installed")
    return found


def newest_postgresql() -> Path | None:
    """Return where Debian keeps the programs of the newest PostgreSQL installed."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3])
    )
    return folders[-1].parent if folders else None


def as_postgres_user() -> list[str]:
    """Return what runs a command as somebody PostgreSQL accepts: us, unless we are root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


@contextmanager
def redis() -> Iterator[str]:
    """Yield the URL of a Redis database to test on; raise Unavailable where there is none."""
    given = os.environ.get("TEST_REDIS_URL", "")
    if given or port_answers(6379):
        yield given or DEFAULT_REDIS
        return
    if shutil.which("redis-server") is None:
        apt_install("redis-server")
    program = shutil.which("redis-server")
    if program is None:
        raise Unavailable("no Redis answers at 127.0.0.1:6379 and none is installed")
    port = free_port()
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
    )
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/13"
    finally:
        server.terminate()
        server.wait()


def apt_install(package: str) -> None:
    """Install a server's package, in CI and where nobody has to type a password."""
    prefix = root_prefix()
    if "CI" not in os.environ or prefix is None or shutil.which("apt-get") is None:
        return
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    try:
        run([*quiet, "update", "-q"])
        run([*quiet, "install", "-y", "-q", "--no-install-recommends", package])
    except SetUpError as error:
        print(error, file=sys.stderr)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def wait_for_port(port: int) -> None:
    """Wait until somebody listens there."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not port_answers(port):
        if time.monotonic() > deadline:
            raise Unavailable(f"the server started for the tests does not answer on port {port}")
        time.sleep(0.1)
