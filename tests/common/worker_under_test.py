"""A real worker in a process of its own, with two tasks made for tests; started by test_jobs through `python -m`.

`python -m tests.common.worker_under_test work` runs worker and beat, `... enqueue NAME JSON` prints a job's id.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from common.actor import Actor  # noqa: E402 -- the app registry has to be ready
from common.errors import DomainError  # noqa: E402
from common.jobs import JobRun, enqueue, job_task  # noqa: E402
from config import celery_app  # noqa: E402


@job_task(name="tests.write_lines")
def write_lines(run: JobRun, *, path: str, count: int) -> dict[str, Any]:
    """Append a line per attempt and step; the first attempt gets stuck in the middle, to be killed there."""
    for step in range(count):
        with Path(path).open("a") as lines:
            lines.write(f"{run.attempt}:{step}\n")
        run.progress(step + 1, count, f"step {step + 1}")
        if run.attempt == 1 and step == count // 2:
            time.sleep(3600)
    return {"lines": count}


@job_task(name="tests.refuse")
def refuse(run: JobRun) -> None:
    """Break a rule."""
    raise DomainError("Line 4 names no site; give one of FIL, MET.")


def main() -> None:
    """Work until stopped, or enqueue one job."""
    if sys.argv[1] == "work":
        celery_app.worker_main(
            [
                "worker",
                "--with-beat",
                "-P",
                "threads",
                "-c",
                "2",
                "-l",
                "WARNING",
                "--without-gossip",
            ]
        )
    else:
        name, arguments = sys.argv[2], json.loads(sys.argv[3])
        job = enqueue(name=name, kwargs=arguments, actor=Actor(label="Rosa Delgado"))
        sys.stdout.write(f"{job.pk}\n")


if __name__ == "__main__":
    main()
