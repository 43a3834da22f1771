"""Django's PostgreSQL backend; its pool throws away everything a restart of the server has cut.

The pool's own check finds dead connections one by one and pauses between them, 0, 1, 2, 4 s: with a few of them a
request gives up before it reaches a good one. One dead connection means here that all may be dead.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format
from psycopg_pool import ConnectionPool


class DatabaseOperations(operations.DatabaseOperations):
    """Knows what a prepared statement was, too."""

    def last_executed_query(self, cursor: object, sql: str, params: Sequence[object] | None) -> str:
        """Return the statement with its values, for logs and tests."""
        if isinstance(cursor, base.ServerBindingCursor):
            return str(self.compose_sql(sql, params))
        return str(super().last_executed_query(cursor, sql, params))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that was asked for a sign of life before it is used."""

    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        """Return a connection that answers. Raises psycopg.OperationalError when the server is away."""
        connection: psycopg.Connection[Any] = super().get_new_connection(conn_params)
        pool: ConnectionPool[Any] | None = self.pool
        if pool is not None and not _answers(connection):
            pool.putconn(connection)
            pool.drain()
            connection = super().get_new_connection(conn_params)
        return connection

    def prepared_cursor(self, *, binary: bool = False) -> CursorWrapper:
        """Return a cursor for a statement that comes again: the server keeps its plan (`prepare_threshold`).

        Django's own cursors send every statement as new text, and the server plans it anew each time.
        `binary`: results come in the server's own form, not as text, which Django's cursors cannot have.
        """
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor: Any = base.ServerBindingCursor(self.connection)  # type: ignore[call-arg]
            cursor.format = Format.BINARY if binary else Format.TEXT
        wrapped: CursorWrapper = self._prepare_cursor(cursor)  # type: ignore[attr-defined]
        return wrapped


def _answers(connection: psycopg.Connection[Any]) -> bool:
    # Asking costs a round trip. A look at the socket would cost nothing, but a server that was told to end this
    # connection may not have closed it yet.
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return False
    return True
