"""Keeps a few processes together: all run or none does, and nothing is left behind when this one ends.

Run by `manage.py up` in its own place (exec), so it imports little and only of the standard library: http.client and
dataclasses would add half of what it weighs.
"""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType, MappingProxyType
from typing import NamedTuple

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.1
ASK_EVERY_SECONDS = 0.5
ANSWER_SECONDS = 10
SAY_SO_AFTER_SECONDS = 20
_libc = ctypes.CDLL(None, use_errno=True)


class Program(NamedTuple):
    """A command to keep running, with what its environment has beyond ours."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = MappingProxyType({})


class Plan(NamedTuple):
    """What to run, and where it will answer."""

    programs: Sequence[Program]
    host: str
    port: int
    host_header: str
    grace_seconds: float = 5.0

    def to_json(self) -> str:
        """Return the form `main` takes on its command line."""
        programs = [{**one._asdict(), "env": dict(one.env)} for one in self.programs]
        return json.dumps({**self._asdict(), "programs": programs})

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """Read what `to_json` wrote."""
        values = json.loads(text)
        values["programs"] = [Program(**program) for program in values["programs"]]
        return cls(**values)


class Child:
    """One running program, the leader of a session of its own: one killpg reaches its descendants too."""

    def __init__(self, program: Program) -> None:
        self.program = program
        parent = os.getpid()
        self._process = subprocess.Popen(  # noqa: S603 -- our own command lines
            program.command,
            env={**os.environ, **program.env},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: _die_with(parent),  # noqa: PLW1509 -- this process has one thread
        )

    def has_ended(self) -> bool:
        """Whether it ended; its process id stays ours until `finish`, so the group can be killed safely."""
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._process.pid, options) is not None

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the program itself; it stops its own children."""
        if not self.has_ended():
            self._process.send_signal(signal.SIGTERM)

    def finish(self) -> int:
        """Kill whatever is left of its process group, and return its exit code."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()


def _die_with(parent: int) -> None:
    """Ask the kernel to stop this process when its parent dies, however that happens."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


class Supervisor:
    """Runs programs until a signal arrives or one of them ends; then stops all of them."""

    def __init__(self, *, grace_seconds: float) -> None:
        self._grace_seconds = grace_seconds
        self._signals = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def run(self, programs: Sequence[Program], *, on_tick: Callable[[], None]) -> str | None:
        """Return None after a requested stop, else the name of the program that ended by itself."""
        children: list[Child] = []
        try:
            children.extend(Child(program) for program in programs)
            return self._watch(children, on_tick)
        finally:
            self._stop(children)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _watch(self, children: list[Child], on_tick: Callable[[], None]) -> str | None:
        while not self._signals:
            for child in children:
                if child.has_ended():
                    return child.program.name
            on_tick()
            time.sleep(POLL_SECONDS)
        return None

    def _stop(self, children: list[Child]) -> None:
        """Ask, wait a little (a second signal ends the wait), kill the rest."""
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + self._grace_seconds
        while time.monotonic() < deadline and self._signals < 2:
            if all(child.has_ended() for child in children):
                break
            time.sleep(POLL_SECONDS)
        for child in children:
            child.finish()


class Announcer:
    """Asks the site whether it is ready, and prints its address once it is."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._started = self._asked = time.monotonic()
        self._is_done = False
        self._has_complained = False

    def tick(self) -> None:
        """Ask every now and then until the answer is yes."""
        now = time.monotonic()
        if self._is_done or now - self._asked < ASK_EVERY_SECONDS:
            return
        self._asked = now
        problem = self._problem()
        if problem is None:
            self._is_done = True
            self._announce()
        elif now - self._started > SAY_SO_AFTER_SECONDS and not self._has_complained:
            self._has_complained = True
            _say(f"Still not ready: {problem}")

    def _problem(self) -> str | None:
        """Return what is missing, or None when the site is ready."""
        host = self._plan.host_header
        request = f"GET /health/ready HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        try:
            address = (self._plan.host, self._plan.port)
            with socket.create_connection(address, timeout=ANSWER_SECONDS) as caller:
                caller.sendall(request.encode())
                answer = b"".join(iter(lambda: caller.recv(1 << 16), b""))
        except OSError as error:
            return str(error)
        head, _, body = answer.decode(errors="replace").partition("\r\n\r\n")
        return None if head.split(" ", 2)[1:2] == ["200"] else body[:500]

    def _announce(self) -> None:
        host = f"[{self._plan.host}]" if ":" in self._plan.host else self._plan.host
        seconds = time.monotonic() - self._started
        _say(f"\nRaceway answers at http://{host}:{self._plan.port}/ (after {seconds:.1f} s)")
        _say("Ctrl-C stops everything.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Run the plan given as the one argument; 1 when a program ended by itself."""
    plan = Plan.from_json(sys.argv[1])
    announcer = Announcer(plan)
    ended = Supervisor(grace_seconds=plan.grace_seconds).run(plan.programs, on_tick=announcer.tick)
    if ended is not None:
        _say(f"The {ended} ended by itself, so everything was stopped. Its last words are above.")
        return 1
    _say("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
