"""The database away, busy or full, and a full disk: faults of the site, told in a sentence and worth another try.

Django wraps what the drivers raise; the driver's own error, its cause, says which fault it is. Anything else is a bug.
"""

import sqlite3
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.files import FULL

RETRY_AFTER_SECONDS = 5
SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
SQLITE_AWAY = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
POSTGRESQL_FULL = "53100"
#: Serialization failure, deadlock, lock not available, query cancelled, too many connections, out of memory.
POSTGRESQL_BUSY = {"40001", "40P01", "55P03", "57014", "53300", "53200"}
#: Connection exceptions; shutdown, crash, start-up under way, database dropped, idle session.
POSTGRESQL_AWAY = ("08", "57P")


class OutageError(DomainError):
    """The site cannot do its work at the moment; the same request may succeed later."""

    status = 503
    code = "not_available"

    @property
    def headers(self) -> dict[str, str]:
        """What the answer tells a program: when to come again."""
        return {"Retry-After": str(RETRY_AFTER_SECONDS)} if self.status == 503 else {}


class DatabaseAwayError(OutageError):
    """The database does not answer, or stopped in the middle."""

    code = "database_away"


class DatabaseBusyError(OutageError):
    """Somebody else held what the request needed for too long."""

    code = "database_busy"


class DiskFullError(OutageError):
    """There is no room to write."""

    status = 507
    code = "disk_full"


def outage_of(error: BaseException | None) -> OutageError | None:
    """Return the outage behind an exception; None for everything that is not one."""
    for cause in _causes(error):
        if isinstance(cause, DomainError):  # has its own sentence, and says more
            return cause if isinstance(cause, OutageError) else None
        if found := _outage(cause):
            return found
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the exception and what it was explicitly raised from."""
    while error is not None:
        yield error
        error = error.__cause__


def _outage(error: BaseException) -> OutageError | None:
    if isinstance(error, OSError):
        return _disk_full() if error.errno in FULL else None
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    driver = error.__cause__
    if driver is None:  # Django itself says that it has no connection
        return _away()
    if isinstance(driver, sqlite3.Error):
        return _outage_of_sqlite(getattr(driver, "sqlite_errorcode", 0) & 0xFF)
    return _outage_of_postgresql(getattr(driver, "sqlstate", None))


def _outage_of_sqlite(code: int) -> OutageError | None:
    if code == sqlite3.SQLITE_FULL:
        return _database_full()
    if code in SQLITE_BUSY:
        return _busy()
    return _away() if code in SQLITE_AWAY else None


def _outage_of_postgresql(state: str | None) -> OutageError | None:
    if state == POSTGRESQL_FULL:
        return _database_full()
    if state in POSTGRESQL_BUSY:
        return _busy()
    return _away() if state is None or state.startswith(POSTGRESQL_AWAY) else None


def _away() -> OutageError:
    return DatabaseAwayError(
        _(
            "The database does not answer at the moment. Nothing was left half saved."
            " Wait a little and try again; look first whether your last change is there."
        )
    )


def _busy() -> OutageError:
    return DatabaseBusyError(
        _("The database is busy with other work. Nothing was saved. Wait a little and try again.")
    )


def _database_full() -> OutageError:
    return DiskFullError(
        _(
            "The disk of the database is full. Nothing was saved."
            " Tell the operator of this site to free some space, then try again."
        )
    )


def _disk_full() -> OutageError:
    return DiskFullError(
        _(
            "The disk of this site is full. Nothing was saved."
            " Tell the operator of this site to free some space, then try again."
        )
    )
