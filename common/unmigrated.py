"""A database whose tables are not those of this version: told in a sentence to who started a command on it."""

from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import ngettext

from common.errors import DomainError


class NotMigratedError(DomainError):
    """The database has to be brought to this version first."""

    code = "not_migrated"


def unmigrated_of(error: BaseException) -> NotMigratedError | None:
    """Return what to do when a command failed in a database that lacks migrations; None for everything else."""
    if not isinstance(error, DatabaseError):
        return None
    missing = missing_migrations()
    if not missing:
        return None
    sentence = ngettext(
        "The database of this site is not ready: %(count)s migration is not applied."
        " Run 'manage.py migrate' first, or start the site with 'manage.py up', which does it.",
        "The database of this site is not ready: %(count)s migrations are not applied."
        " Run 'manage.py migrate' first, or start the site with 'manage.py up', which does it.",
        missing,
    )
    return NotMigratedError(sentence % {"count": missing})


def missing_migrations() -> int:
    """Return how many migrations are not applied; 0 when the database cannot say."""
    connections.close_all()  # one that failed in a transaction answers nothing any more
    try:
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return 0
