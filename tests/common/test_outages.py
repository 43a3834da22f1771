"""Which faults are the site's own, told in a sentence with 503 or 507, and which are bugs."""

import errno
import os
import sqlite3

import psycopg
import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory
from psycopg import errors as postgresql
from psycopg_pool import PoolTimeout

from common.errors import DomainError
from common.files import FileNotWrittenError, write_file
from common.outages import outage_of
from common.server_errors import server_error


def from_sqlite(code):
    cause = sqlite3.OperationalError("whatever SQLite says")
    cause.sqlite_errorcode = code
    return raised_from(cause)


def raised_from(cause):
    try:
        raise OperationalError("wrapped by Django") from cause
    except OperationalError as error:
        return error


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (from_sqlite(sqlite3.SQLITE_BUSY), "database_busy", 503),
        (from_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), "database_busy", 503),
        (from_sqlite(sqlite3.SQLITE_CANTOPEN), "database_away", 503),
        (from_sqlite(sqlite3.SQLITE_IOERR_WRITE), "database_away", 503),
        (from_sqlite(sqlite3.SQLITE_FULL), "disk_full", 507),
        (raised_from(PoolTimeout()), "database_away", 503),
        (raised_from(postgresql.AdminShutdown()), "database_away", 503),
        (raised_from(postgresql.CannotConnectNow()), "database_away", 503),
        (raised_from(psycopg.OperationalError("the connection is closed")), "database_away", 503),
        (raised_from(postgresql.DeadlockDetected()), "database_busy", 503),
        (raised_from(postgresql.TooManyConnections()), "database_busy", 503),
        (raised_from(postgresql.DiskFull()), "disk_full", 507),
        (InterfaceError("connection already closed"), "database_away", 503),
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full", 507),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk_full", 507),
    ],
    ids=str,
)
def test_an_outage_is_told_by_its_name(error, code, status):
    outage = outage_of(error)
    assert (outage.code, outage.status) == (code, status)
    assert "try again" in str(outage)


@pytest.mark.parametrize(
    "error",
    [
        from_sqlite(sqlite3.SQLITE_ERROR),
        raised_from(postgresql.InvalidPassword()),
        OSError(errno.ENOENT, "No such file"),
        ZeroDivisionError(),
        DomainError("A rule was broken."),
        None,
    ],
    ids=str,
)
def test_everything_else_is_not(error):
    assert outage_of(error) is None


def test_an_error_with_a_sentence_of_its_own_keeps_it(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileNotWrittenError, match=r"plan\.csv was not written") as caught:
        write_file(tmp_path / "plan.csv", b"code")
    assert outage_of(caught.value) is None
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def lost_database(monkeypatch):
    """The user cannot be read any more: what fails first in a page, and before a view of the API."""

    def lost(*_args, **_options):
        raise raised_from(postgresql.AdminShutdown("terminating connection"))

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", lost)


def test_a_page_without_database_says_so_without_asking_it(client: Client, lost_database):
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/plant/assets/?q=pump")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    page = answer.content.decode()
    assert "The database does not answer" in page
    assert 'href="/plant/assets/?q=pump"' in page
    assert "terminating" not in page


def test_the_api_without_database_answers_a_problem(client: Client, lost_database):
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/api/assets/tags/")
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "about:blank#database_away"


def test_a_failure_outside_of_every_view_is_answered_too(monkeypatch: pytest.MonkeyPatch):
    """As when the session is stored after the view."""

    def lost(*_args, **_options):
        raise raised_from(PoolTimeout("couldn't get a connection after 5.00 sec"))

    store = "django.contrib.messages.middleware.MessageMiddleware.process_response"
    monkeypatch.setattr(store, lost)
    answer = Client(raise_request_exception=False).get("/login/")
    assert answer.status_code == 503
    assert b"The database does not answer" in answer.content


def test_a_bug_is_a_problem_for_programs_and_a_page_for_people(rf: RequestFactory):
    def fail(request):
        try:
            raise ZeroDivisionError("secret")
        except ZeroDivisionError:
            return server_error(request)

    program = fail(rf.get("/api/assets/tags/"))
    assert program.status_code == 500
    assert program["Content-Type"] == "application/problem+json"
    page = fail(rf.get("/plant/assets/"))
    assert page.status_code == 500
    assert b"Something went wrong on our side" in page.content
    assert b"secret" not in page.content + program.content


def test_an_unknown_address_of_the_api_is_a_problem(client: Client):
    answer = client.get("/api/nowhere/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert b"There is no such page" in client.get("/nowhere/").content
