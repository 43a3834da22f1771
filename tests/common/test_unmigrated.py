"""A command on a site whose database is empty or old says what to do; on a good one a bug stays a bug."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, ProgrammingError

from common import unmigrated
from common.unmigrated import unmigrated_of


def run(var: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the site in a folder."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env={**env, "RACEWAY_VAR": str(var)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        ("who", "filler", "operate"),
        ("export_decision", "CHG-2026-0001", "--out", "record.pdf"),
        ("createsuperuser", "--noinput", "--username", "a", "--email", "a@b.example"),
    ],
    ids=lambda command: command[0],
)
def test_a_command_on_an_empty_site_says_in_a_sentence_what_to_do(
    tmp_path: Path, command: tuple[str, ...]
):
    done = run(tmp_path, *command)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert "Run 'manage.py migrate' first" in line


def test_a_command_on_a_migrated_site_runs(tmp_path: Path, new_site: Callable[[Path], Path]):
    done = run(new_site(tmp_path), "verify_ledger")

    assert done.returncode == 0, done.stderr


def test_no_fault_of_the_database_means_nothing():
    assert unmigrated_of(ZeroDivisionError()) is None


def test_a_missing_column_on_a_migrated_site_is_a_bug(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unmigrated, "missing_migrations", lambda: 0)

    assert unmigrated_of(ProgrammingError("no such column")) is None


def test_one_missing_migration_is_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unmigrated, "missing_migrations", lambda: 1)

    said = str(unmigrated_of(OperationalError("no such table: x")))

    assert "1 migration is not applied" in said


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "help", "--commands"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "RACEWAY_VAR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    told = process.stderr.read()

    assert process.wait(60) == 128 + 13
    assert told == b""
