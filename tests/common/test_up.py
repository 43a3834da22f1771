"""`manage.py up`: it answers, it stops, and it leaves nobody behind. Real processes on a free port."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from common.management.commands.up import (
    demonstration_programs,
    host_header,
    parse_bind,
    refuse_taken_port,
)
from common.supervisor import Plan, Program

PATIENCE_SECONDS = 180  # a ceiling for a machine under load; nothing waits for it otherwise
STOP_SECONDS = 15
FAMILY_SIZE = 5


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _demonstration(var: Path) -> dict[str, str]:
    """A demonstration of our own, beside any that runs on this machine."""
    return {
        "RACEWAY_VAR": str(var),
        "RACEWAY_DEMO": "1",
        "RACEWAY_DEMO_SNMP_PORT": str(_free_port()),
    }


class RunningSite:
    """A site started by `up`, with what it prints in a file."""

    def __init__(self, var: Path) -> None:
        self.port = _free_port()
        self._known: list[int] = []
        self.output = var / "up.log"
        env = {
            name: value
            for name, value in os.environ.items()
            if name not in {"TASK_BROKER_URL", "DATABASE_URL"}
        }
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--bind", f"127.0.0.1:{self.port}"],
                cwd=settings.BASE_DIR,
                env={**env, **_demonstration(var)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "answers at" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)

    def family(self) -> list[int]:
        """Process ids of `up`, the web server and its process, the worker, and the simulated network."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(family := [self.process.pid, *_descendants(self.process.pid)]) < FAMILY_SIZE:
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)
        self._known = family
        return family

    def kill(self) -> None:
        """Leave nothing behind, whatever the test did."""
        for pid in {*self._known, *_descendants(self.process.pid)}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()


def _descendants(parent: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_descendants(child)]
    return found


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while any(map(_is_alive, pids)):
        assert time.monotonic() < deadline, [pid for pid in pids if _is_alive(pid)]
        time.sleep(0.1)


@pytest.fixture
def site(tmp_path: Path, new_site: Callable[[Path], Path]) -> Iterator[RunningSite]:
    running = RunningSite(new_site(tmp_path))
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_answers_and_stops_every_process_on_a_signal(
    site: RunningSite, number: signal.Signals
) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/health/ready") as answer:
        assert answer.status == 200
    family = site.family()
    site.process.send_signal(number)
    _wait_until_gone(family)
    assert site.process.wait() == 0
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{site.port}/health/live")


def test_a_dead_child_stops_the_rest_and_fails(site: RunningSite) -> None:
    family = site.family()
    command_lines = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in family}
    worker = next(pid for pid in family if "\0worker\0" in command_lines[pid])
    os.kill(worker, signal.SIGKILL)
    _wait_until_gone(family)
    assert site.process.wait() == 1
    assert "The worker ended by itself" in site.output.read_text()


def test_a_killed_parent_takes_its_children_with_it(site: RunningSite) -> None:
    family = site.family()
    site.process.kill()
    _wait_until_gone(family)


def test_refuses_a_taken_port_before_it_starts_anything() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="Choose another --bind"):
            refuse_taken_port("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("bind", ["8000", "localhost:", "localhost:web", "127.0.0.1:99999"])
def test_refuses_a_bind_address_it_cannot_read(bind: str) -> None:
    with pytest.raises(CommandError, match="HOST:PORT"):
        parse_bind(bind)


def test_asks_about_health_under_a_name_the_site_accepts(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [".plant.example"]
    assert host_header("127.0.0.1") == "plant.example"
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert host_header("127.0.0.1") == "127.0.0.1"


def test_devices_are_simulated_in_a_demonstration_only(settings: Settings) -> None:
    settings.DEMO = False
    assert demonstration_programs() == []
    settings.DEMO = True
    assert [program.name for program in demonstration_programs()] == ["simulated network"]


def test_a_plan_survives_its_way_over_the_command_line() -> None:
    plan = Plan(
        programs=[Program("worker", ["a", "b"], {"X": "1"})], host="::1", port=1, host_header="x"
    )
    assert Plan.from_json(plan.to_json()) == plan


def test_serves_nothing_when_the_first_command_fails(
    tmp_path: Path, new_site: Callable[[Path], Path]
) -> None:
    command = [
        "manage.py",
        "up",
        "--bind",
        f"127.0.0.1:{_free_port()}",
        "--first",
        "no_such_command",
    ]
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={**env, **_demonstration(new_site(tmp_path))},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode != 0
    assert "no_such_command" in done.stderr
    assert "answers at" not in done.stdout
