"""Django's flush, refused on a site: it would empty the ledger. Tests use it between transactional tests."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from evidence import triggers
from evidence.models import LedgerHead


class Command(flush.Command):
    """Empty the tables of a test database, triggers lifted for that moment."""

    def handle(self, **options: Any) -> None:
        """Refuse outside of tests; there, lift the triggers, flush, put back triggers and head."""
        if not settings.TESTING:
            raise CommandError(
                "flush would empty the ledger, which nobody may. To start anew, create a new database."
            )
        connection = connections[options["database"]]
        triggers.remove(connection)
        others = _lift_sqlite(connection)
        try:
            super().handle(**options)
        finally:
            with connection.cursor() as cursor:
                for statement in others:
                    cursor.execute(statement)
            triggers.install(connection)
        LedgerHead.objects.get_or_create(pk=1)


def _lift_sqlite(connection: BaseDatabaseWrapper) -> list[str]:
    """Drop the triggers other apps keep on SQLite, where emptying is a DELETE; returns how to make them."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"DROP TRIGGER {name}")
    return [sql for _, sql in found]
