"""Somebody holds the SQLite file for longer than a writer waits: who asked is told, and nothing is lost."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.db import connection

from tests.faults.processes import wait_until

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="about the file of SQLite")


ENTRIES = "SELECT count(*) FROM evidence_ledgerentry"


@contextmanager
def locked(site):
    with closing(sqlite3.connect(site.var / "raceway.sqlite3", isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        yield


def test_a_file_locked_for_too_long_says_try_again_and_readers_go_on(new_site):
    site = new_site(timeout=1)
    site.start_web()
    tag = {"slug": "locked", "name": "Locked"}
    entries = site.sql(ENTRIES)[0][0]
    with site.client() as api:
        with locked(site):
            answer = api.post("/api/assets/tags/", json=tag)
            assert api.get("/api/assets/tags/").status_code == 200
        assert answer.status_code == 503, answer.text
        assert answer.json()["type"].endswith("#database_busy")
        assert "try again" in answer.json()["detail"]
        assert api.post("/api/assets/tags/", json=tag).status_code == 201
    assert site.sql(ENTRIES) == [(entries + 1,)]


def test_a_worker_and_its_beat_started_against_a_locked_file_go_on_when_it_is_free(new_site):
    site = new_site(timeout=1)
    site.start_web()
    with site.client() as api:
        text = "code,name,item_class\nLATE-1,Late,plc\n"
        asked = {"kind": "assets", "text": text, "apply": True}
        job_id = api.post("/api/portal/imports/", json=asked).json()["id"]
    with locked(site):
        worker = site.start_worker()
        wait_until(lambda: "job_not_claimed" in site.output(), "the worker meets the lock")
        wait_until(lambda: "beat_failed" in site.output(), "so does the beat")
    wait_until(lambda: site.job(job_id)[0] == "succeeded", "the job is done all the same")
    assert site.sql("SELECT count(*) FROM assets_configurationitem") == [(1,)]
    assert worker.poll() is None
