"""The database goes away under a running site and comes back: web server, worker and beat go on by themselves.

test --HTTP--> web server --+
                            +--> PostgreSQL of our own (cut, stopped, started)
               worker+beat -+
"""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest
from django.db import connection

from tests.faults.processes import wait_until

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="part of the PostgreSQL suite"),
    pytest.mark.alone("own-postgresql"),
    pytest.mark.each_database,
]
ROWS = "code,name,item_class\n" + "".join(f"{{prefix}}-{n},Pump {n},plc\n" for n in range(300))
AT_ONCE = 12
QUICK_SECONDS = 3


@pytest.fixture
def cluster(prepared):
    return prepared.cluster


@pytest.fixture
def api(running_site):
    with running_site.client() as client:
        yield client


def waiting_backends(site):
    query = (
        "SELECT pid FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return [pid for (pid,) in site.sql(query)]


def cut_who_waits(site):
    wait_until(lambda: waiting_backends(site), "a writer waits for the ledger")
    for pid in waiting_backends(site):
        site.sql("SELECT pg_terminate_backend(%s)", pid)


def in_background(function, *args, **kwargs) -> "Future[httpx.Response]":
    pool = ThreadPoolExecutor(1)
    future = pool.submit(function, *args, **kwargs)
    pool.shutdown(wait=False)
    return future


def widen_pool(site):
    """Let the web server open as many connections as it has threads."""
    threads = [
        threading.Thread(
            target=httpx.get, args=(f"{site.url}/health/ready",), kwargs={"timeout": 60}
        )
        for _ in range(AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def import_rows(api, prefix):
    text = ROWS.replace("{prefix}", prefix)
    answer = api.post("/api/portal/imports/", json={"kind": "assets", "text": text, "apply": True})
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def count(site, prefix):
    query = "SELECT count(*) FROM assets_configurationitem WHERE code LIKE %s"
    return site.sql(query, f"{prefix}-%")[0][0]


def entries(site):
    return site.sql("SELECT count(*) FROM evidence_ledgerentry")[0][0]


def test_the_next_request_succeeds_when_every_connection_was_cut(cluster, running_site, api):
    for _ in range(3):
        widen_pool(running_site)
        assert cluster.cut_all(running_site.sql("SELECT current_database()")[0][0]) > 2
        started = time.monotonic()
        assert api.get("/api/assets/tags/").status_code == 200
        assert time.monotonic() - started < QUICK_SECONDS


def test_a_write_cut_in_the_middle_says_try_again_and_leaves_nothing(running_site, api):
    before = entries(running_site)
    tag = {"slug": "cut", "name": "Cut"}
    with running_site.ledger_held():
        asked = in_background(api.post, "/api/assets/tags/", json=tag)
        cut_who_waits(running_site)
        answer = asked.result(timeout=60)
    assert answer.status_code == 503, answer.text
    assert answer.headers["Retry-After"]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("#database_away")
    assert "try again" in answer.json()["detail"]
    assert running_site.sql("SELECT count(*) FROM assets_tag WHERE slug = 'cut'") == [(0,)]
    assert entries(running_site) == before

    assert api.post("/api/assets/tags/", json=tag).status_code == 201
    assert entries(running_site) == before + 1


def test_a_form_cut_in_the_middle_gets_a_page_that_says_so(running_site):
    with running_site.browser() as browser:
        form = {
            "name": "Form",
            "slug": "form",
            "csrfmiddlewaretoken": browser.cookies["csrftoken"],
        }
        with running_site.ledger_held():
            asked = in_background(browser.post, "/plant/tags/add/", data=form)
            cut_who_waits(running_site)
            answer = asked.result(timeout=60)
        assert answer.status_code == 503
        assert "Please try again in a moment" in answer.text
        assert "Nothing was left half saved" in answer.text
        assert running_site.sql("SELECT count(*) FROM assets_tag WHERE slug = 'form'") == [(0,)]

        assert browser.post("/plant/tags/add/", data=form).status_code == 200
        assert running_site.sql("SELECT count(*) FROM assets_tag WHERE slug = 'form'") == [(1,)]


def test_a_job_cut_in_the_middle_runs_again_and_loads_everything_once(running_site, api):
    before = entries(running_site)
    with running_site.ledger_held():
        job_id = import_rows(api, "AGAIN")
        cut_who_waits(running_site)
        wait_until(
            lambda: running_site.job(job_id)[1] == 2, "the worker takes the job a second time"
        )
        assert count(running_site, "AGAIN") == 0
    wait_until(lambda: running_site.job(job_id)[0] != "running", "the job ends")
    assert running_site.job(job_id) == ("succeeded", 2, "")
    assert count(running_site, "AGAIN") == 300
    assert entries(running_site) == before + 300


def test_the_site_says_no_while_the_database_is_stopped_and_goes_on_when_it_is_back(
    cluster, running_site, api
):
    with running_site.browser() as browser:
        cluster.stop()
        try:
            asked = [
                in_background(client.get, path)
                for client, path in (
                    (api, "/health/ready"),
                    (browser, "/plant/assets/"),
                    (api, "/api/assets/tags/"),
                )
            ]
            assert api.get("/health/live").status_code == 200
            ready, page, program = (answer.result(timeout=60) for answer in asked)
        finally:
            cluster.start()
        assert ready.status_code == page.status_code == program.status_code == 503
        assert not ready.json()["checks"]["database"]["ok"]
        assert "The database does not answer" in page.text
        assert program.json()["type"].endswith("#database_away")
        assert running_site.is_ready()
        assert browser.get("/plant/assets/").status_code == 200
    job_id = import_rows(api, "AFTER")
    wait_until(lambda: running_site.job(job_id)[0] == "succeeded", "the worker goes on by itself")
    # No message was ever sent for this one: only a living beat lets the reaper find it.
    waiting = "UPDATE common_job SET state = 'queued', sent_at = NULL, attempts = 0 WHERE id = %s"
    running_site.sql(waiting, job_id)
    wait_until(lambda: running_site.job(job_id)[:2] == ("succeeded", 1), "the beat goes on")
    assert count(running_site, "AFTER") == 300
    assert all(process.poll() is None for process in running_site.processes)
