"""Several writers at once: one order, no gaps, nothing lost; on SQLite by processes, on PostgreSQL by threads too."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from evidence.models import LedgerEntry
from evidence.queries.verification import verify_ledger
from evidence.services import record_many, update_object
from tests.evidence.conftest import NOW, ROSA, entries
from tests.factories.assets import LocationFactory

WRITERS, ROUNDS = 4, 15
SCRIPT = """
import django; django.setup()
from tests.evidence.conftest import NOW, ROSA, entries
from evidence.services import record_many
for _ in range({rounds}):
    record_many(actor=ROSA, entries=entries(3), now=NOW)
"""


def test_processes_share_one_sqlite_file(tmp_path: Path):
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'shared.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    run([sys.executable, "manage.py", "migrate", "evidence", "-v0"], environment)
    writers = [
        subprocess.Popen([sys.executable, "-c", SCRIPT.format(rounds=ROUNDS)], env=environment)
        for _ in range(3)
    ]
    assert [one.wait(120) for one in writers] == [0, 0, 0]
    done = run([sys.executable, "manage.py", "verify_ledger"], environment)
    assert f"entries: {3 * ROUNDS * 3}" in done.stdout


def run(command, environment):
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True)


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("threads of one test cannot share SQLite in memory")
    site = LocationFactory()

    def write(number: int) -> None:
        try:
            for turn in range(ROUNDS):
                record_many(actor=ROSA, entries=entries(7), now=NOW)
                changes = {"name": f"{number} {turn}"}
                update_object(actor=ROSA, instance=site, changes=changes, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    assert LedgerEntry.objects.count() == WRITERS * ROUNDS * 8
    assert all(verdict.holds for verdict in verify_ledger())
    site.refresh_from_db()
    assert site.version == 1 + WRITERS * ROUNDS
