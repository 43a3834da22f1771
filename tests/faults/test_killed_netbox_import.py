"""A worker is killed while it reads a NetBox, and while it writes one: nothing is half loaded, it runs again, nothing is left lying.

test --HTTP--> web server --> database <-- worker --HTTP--> a NetBox of our own
"""

import sqlite3
import threading

import pytest
from django.db import connection

from tests.faults.processes import wait_until
from tests.netbox.dumps import row, small_dump
from tests.netbox.server import TOKEN, FakeNetBox, serving

pytestmark = [pytest.mark.alone("own-postgresql"), pytest.mark.each_database]
DEVICES = 6_000
API = "/api/portal/netbox/"
ITEMS = "SELECT count(*) FROM assets_configurationitem"
WRITTEN = (ITEMS, "SELECT count(*) FROM assets_location")


def large_dump() -> bytes:
    fields = {"device_type": 1, "site": 1, "status": "active"}
    numbers = range(100, 100 + DEVICES)
    return small_dump(*[row("dcim.device", n, name=f"d{n}", **fields) for n in numbers])


def is_being_written(site) -> bool:
    """Whether a writer stands in the middle of its transaction."""
    if connection.vendor != "sqlite":
        waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(site.sql(waiting))
    database = sqlite3.connect(site.var / "raceway.sqlite3", timeout=0.5, isolation_level=None)
    try:
        database.execute("BEGIN IMMEDIATE")
        database.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        database.close()
    return False


def kill_while_writing(site, worker):
    if connection.vendor == "sqlite":
        wait_until(lambda: is_being_written(site), "the worker writes")
        site.kill(worker)
        return
    with site.ledger_held():
        wait_until(lambda: is_being_written(site), "the worker waits for the ledger")
        site.kill(worker)


def kept(site) -> list[str]:
    return sorted(path.suffix for path in (site.var / "netbox").iterdir())


def counts(site) -> list[object]:
    return [site.sql(query)[0][0] for query in WRITTEN]


def ended(site, job_id):
    return lambda: site.job(job_id)[0] in {"succeeded", "failed"}


@pytest.fixture
def site(new_site):
    made = new_site()
    made.start_web()
    return made


def test_killed_while_writing_leaves_nothing_behind_and_runs_again(site):
    with site.client() as client:
        answer = client.post(API, files={"file": ("n.json", large_dump())}, data={"apply": "true"})
    assert answer.status_code == 202, answer.text
    job_id = answer.json()["id"]
    kill_while_writing(site, site.start_worker())

    assert counts(site) == [0, 0]
    assert site.job(job_id)[0] == "running"

    site.start_worker()
    wait_until(ended(site, job_id), "the second worker is done")
    assert site.job(job_id)[:2] == ("succeeded", 2)
    assert site.sql(ITEMS)[0][0] == DEVICES + 2
    assert kept(site) == [".rows"]


def test_killed_while_reading_keeps_the_token_for_the_second_try_and_no_longer(site):
    entered, released = threading.Event(), threading.Event()

    class Slow(FakeNetBox):
        def do_GET(self):  # noqa: N802 -- the name http.server calls
            entered.set()
            released.wait(60)
            super().do_GET()

    with serving(Slow) as address, site.client() as client:
        answer = client.post(API, json={"url": address, "token": TOKEN})
        job_id = answer.json()["id"]
        worker = site.start_worker()
        assert entered.wait(60)
        site.kill(worker)
        assert kept(site) == [".token"]

        released.set()
        site.start_worker()
        wait_until(ended(site, job_id), "the second worker is done")

    assert site.job(job_id)[:2] == ("succeeded", 2)
    assert kept(site) == [".rows"]
    assert counts(site) == [0, 0]
    assert TOKEN not in site.output()
