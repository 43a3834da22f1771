"""Django's PostgreSQL backend; its pool throws away everything a restart of the server has cut.

The pool's own check finds dead connections one by one and pauses between them, 0, 1, 2, 4 s: with a few of them a
request gives up before it reaches a good one. One dead connection means here that all may be dead.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that was asked for a sign of life before it is used."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        """Return a connection that answers. Raises psycopg.OperationalError when the server is away."""
        connection: psycopg.Connection[Any] = super().get_new_connection(conn_params)
        pool: ConnectionPool[Any] | None = self.pool
        if pool is not None and not _answers(connection):
            pool.putconn(connection)
            pool.drain()
            connection = super().get_new_connection(conn_params)
        return connection


def _answers(connection: psycopg.Connection[Any]) -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return False
    return True
