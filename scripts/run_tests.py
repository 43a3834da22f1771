"""Runs every test: on SQLite, on PostgreSQL where one answers, then in the browser; says what it skipped and why.

With CI set, a missing PostgreSQL or Redis is installed and started for the run, and doing without fails it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from bootstrap import ROOT
from services import Unavailable, postgresql, redis

PYTEST = [sys.executable, "-m", "pytest", "-q"]
IN_PARALLEL = ["-n", "2"]


@dataclass
class Outcome:
    """How one run of pytest ended, with its closing line."""

    title: str
    closing_line: str
    is_good: bool


def pytest(title: str, arguments: list[str], env: Mapping[str, str]) -> Outcome:
    """Run pytest, showing its output as it comes."""
    print(f"\n=== {title} ===", flush=True)
    start = time.monotonic()
    process = subprocess.Popen(
        [*PYTEST, *arguments], cwd=ROOT, env=dict(env), stdout=subprocess.PIPE, text=True
    )
    closing_line = "no output"
    for line in process.stdout or ():
        print(line, end="", flush=True)
        closing_line = line.strip() or closing_line
    code = process.wait()
    seconds = f"[{time.monotonic() - start:.0f} s]"
    return Outcome(title, f"{closing_line} {seconds}", is_good=code == 0)


def services(stack: ExitStack, env: dict[str, str]) -> tuple[str | None, list[Outcome]]:
    """Find or start PostgreSQL and Redis; return the database's URL and what is missing."""
    missing: list[Outcome] = []
    database = None
    try:
        env["TEST_REDIS_URL"] = stack.enter_context(redis())
    except Unavailable as reason:
        missing.append(Outcome("Redis", f"skipped: {reason}", is_good="CI" not in env))
    try:
        database = stack.enter_context(postgresql())
    except Unavailable as reason:
        missing.append(Outcome("PostgreSQL", f"skipped: {reason}", is_good="CI" not in env))
    return database, missing


def run_all() -> list[Outcome]:
    """Run the suites one after the other."""
    env = dict(os.environ)
    env.pop("TASK_BROKER_URL", None)
    with ExitStack() as stack:
        database, outcomes = services(stack, env)
        on_sqlite = {name: value for name, value in env.items() if name != "DATABASE_URL"}
        outcomes.append(pytest("SQLite", IN_PARALLEL, on_sqlite))
        if database:
            on_postgresql = {**env, "DATABASE_URL": database}
            # What needs no database has just passed.
            arguments = [*IN_PARALLEL, "--another-database"]
            outcomes.append(pytest("PostgreSQL", arguments, on_postgresql))
        if (ROOT / "tests" / "e2e").is_dir():
            browser = [
                *IN_PARALLEL,
                "-o",
                "addopts=--strict-markers --import-mode=importlib",
                "tests/e2e",
            ]
            outcomes.append(pytest("Browser", browser, on_sqlite))
    return outcomes


def main() -> int:
    """Run everything, then repeat the closing lines."""
    outcomes = run_all()
    print("\n=== Closing lines ===")
    for outcome in outcomes:
        print(f"{'ok  ' if outcome.is_good else 'FAIL'} {outcome.title}: {outcome.closing_line}")
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
