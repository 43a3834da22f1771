"""Reads the plant's graph and its delta log: one implementation a database, the same answers.

A position says which changes a reading has seen. It means something to the log that gave it only.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

from assets.graph.changes import Change, EdgeChange, GroupChange, ItemChange
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.loading import NARROW_BELOW, PackedTables, graph_of_packed, graph_of_union
from assets.graph.relation_effects import CLASS_CODE

#: More changes than this are not applied one by one; the graph is loaded again.
MOST_CHANGES = 50_000
_EDGE, _ITEM, _GROUP = 1, 2, 3


class Loaded(NamedTuple):
    """A graph read from the tables, with the log's position of that very moment."""

    epoch: str
    position: str
    graph: DependencyGraph


class News(NamedTuple):
    """What the log holds beyond a position. `changes` is None when it cannot be told: load again."""

    epoch: str
    position: str
    changes: list[Change] | None


class GraphLog(Protocol):
    """What the live graph needs of a database."""

    def epoch(self) -> str:
        """Return the identity of the log."""

    def load(self) -> Loaded:
        """Read the whole graph in one statement."""

    def news(self, position: str) -> News:
        """Read what changed since a position, in one statement."""

    def shows_committed_only(self) -> bool:
        """Say whether the connection sees nothing that might still be rolled back."""

    def trim(self, position: str) -> None:
        """Forget what every reader of the last snapshot but one has seen; note where to trim next."""

    def renew(self) -> None:
        """Start a new epoch with an empty log: for a database that was copied or restored."""


def log_of(connection: BaseDatabaseWrapper) -> GraphLog:
    """Return the log of a connection's database."""
    return PostgresLog(connection) if connection.vendor == "postgresql" else SqliteLog(connection)


def change_of(
    kind: int, sign: int, first: int, second: int, relation_class: str, third: int
) -> Change | None:
    """Return a row of the log as a change, None when it asks for a reload."""
    if kind == _EDGE:
        return EdgeChange(sign, first, second, CLASS_CODE[relation_class], third)
    if kind == _ITEM:
        return ItemChange(sign, first)
    if kind == _GROUP:
        return GroupChange(sign, first, second, third)
    return None


def _changes(rows: Sequence[Sequence[Any]]) -> list[Change] | None:
    if len(rows) > MOST_CHANGES:
        return None
    changes = [change_of(*row) for row in rows]
    known = [change for change in changes if change is not None]
    return known if len(known) == len(changes) else None


class _Log:
    """What both logs share: a connection."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def _rows(self, sql: str, params: Sequence[str | int] | None = None) -> list[Any]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())

    def _run(self, sql: str, params: Sequence[str | int] | None = None) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)

    def epoch(self) -> str:
        """Return the identity of the log."""
        return str(self._rows("SELECT epoch FROM assets_graphlog")[0][0]).replace("-", "")

    def shows_committed_only(self) -> bool:
        """Outside of a transaction there is nothing uncommitted to see."""
        return not self.connection.in_atomic_block and self.connection.get_autocommit()


_CODE_CASES = " ".join(f"WHEN '{name}' THEN {code}" for name, code in CLASS_CODE.items())
#: In pieces of so many ids: the server reads them side by side, and the client library keeps a buffer as large
#: as the largest row it ever read.
_PIECE = 1 << 17


def _packed_load(highest: Sequence[int]) -> str:
    """Return the statement that reads items, relations and groups as few long byte strings.

    Aggregates are nearly all of the time, so a relation is one number where it fits and its group, which
    few have, another only where there is one.
    """
    is_narrow = _is_narrow(highest)
    send, cast = ("int4send", "::int") if is_narrow else ("int8send", "")
    # SQL's bit operators all bind alike, from the left.
    code = f"(CASE relation_class {_CODE_CASES} ELSE 15 END)"
    end = f"(target_id << 5) | ({code} << 1) | (redundancy_group_id IS NOT NULL)::int"
    edge = (
        f"int8send((source_id << 32) | {end})"
        if is_narrow
        else f"int8send(source_id) || int8send({end})"
    )
    group = (
        f"{send}(id{cast}) || {send}(item_id{cast}) || {send}(coalesce(required_count, -1){cast})"
    )
    tables = (
        ("assets_configurationitem", f"string_agg({send}(id{cast}), NULL), NULL::bytea", "true"),
        (
            "assets_relation",
            f"string_agg({edge}, NULL), string_agg({send}(redundancy_group_id{cast}), NULL)",
            "source_id IS NOT NULL AND target_id IS NOT NULL",
        ),
        ("assets_redundancygroup", f"string_agg({group}, NULL), NULL::bytea", "true"),
    )
    pieces = [
        f"SELECT {number}, NULL, {columns} FROM {table} WHERE {condition} AND {piece}"  # noqa: S608
        for number, (table, columns, condition) in enumerate(tables, start=1)
        for piece in _pieces(highest[number - 1])
    ]
    stamp = "epoch::text || ' ' || pg_current_snapshot()::text"
    return " UNION ALL ".join([f"SELECT 0, {stamp}, NULL, NULL FROM assets_graphlog", *pieces])  # noqa: S608


def _is_narrow(highest: Sequence[int]) -> bool:
    return max(highest[0], highest[2]) < NARROW_BELOW


def _pieces(highest: int) -> list[str]:
    """Return conditions that cut a table by id; the last is open, for rows that come meanwhile."""
    starts = range(0, highest + 1, _PIECE)
    closed = [f"id >= {start} AND id < {start + _PIECE}" for start in starts[:-1]]
    return [*closed, f"id >= {starts[-1]}" if closed else "true"]


_HIGHEST_IDS = """
SELECT coalesce((SELECT max(id) FROM assets_configurationitem), 0),
       coalesce((SELECT max(id) FROM assets_relation), 0),
       coalesce((SELECT max(id) FROM assets_redundancygroup), 0)
"""


def _joined(pieces: Sequence[Sequence[bytes | None]], column: int) -> bytes:
    """Return a column of all pieces as one run of bytes (an empty piece is None)."""
    return b"".join(piece[column] or b"" for piece in pieces)


class PostgresLog(_Log):
    """Position: a `pg_snapshot`. Rows that it could not see are news, in whatever order they commit."""

    def load(self) -> Loaded:
        """Read the whole graph in one statement."""
        highest = self._rows(_HIGHEST_IDS)[0]
        tables: dict[int, list[Sequence[Any]]] = {1: [], 2: [], 3: []}
        for table, stamp, *columns in self._packed_rows(_packed_load(highest)):
            if table:
                tables[table].append(columns)
            else:
                epoch, position = stamp.split()
        items, edges, groups = tables.values()
        columns = (_joined(items, 0), _joined(edges, 0), _joined(edges, 1), _joined(groups, 0))
        graph = graph_of_packed(PackedTables(_is_narrow(highest), *columns))
        return Loaded(epoch.replace("-", ""), position, graph)

    def _packed_rows(self, sql: str) -> list[Any]:
        """Fetch bytes as bytes: as text they are twice as long and take a fifth of the load to decode."""
        with self.connection.prepared_cursor(binary=True) as cursor:  # type: ignore[attr-defined]
            cursor.execute(sql)
            return list(cursor.fetchall())

    def news(self, position: str) -> News:
        """Read what changed since a position, in one statement."""
        rows = self._rows(
            "SELECT * FROM assets_graph_changes(%s::pg_snapshot, %s)", (position, MOST_CHANGES + 1)
        )
        epoch, is_complete, seen = rows[0][:3]
        changes = _changes([row[3:] for row in rows if row[3] is not None])
        return News(epoch.replace("-", ""), seen, changes if is_complete else None)

    def shows_committed_only(self) -> bool:
        """A transaction that has not written has no id yet."""
        if super().shows_committed_only():
            return True
        return bool(self._rows("SELECT pg_current_xact_id_if_assigned() IS NULL")[0][0])

    def trim(self, position: str) -> None:
        """Forget what is older than the position handed in last time."""
        self._run(
            "WITH log AS (UPDATE assets_graphlog SET trimmed = trim_next,"
            " trim_next = greatest(trim_next, pg_snapshot_xmin(%s::pg_snapshot)) RETURNING trimmed)"
            " DELETE FROM assets_graphdelta USING log WHERE xid < log.trimmed",
            (position,),
        )

    def renew(self) -> None:
        """Start a new epoch with an empty log."""
        self._run("DELETE FROM assets_graphdelta")
        self._run(
            "UPDATE assets_graphlog SET epoch = gen_random_uuid(), trimmed = '0', trim_next = '0'"
        )


_LAST_DELTA = "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'assets_graphdelta'), 0)"
_SQLITE_LOAD = f"""
SELECT 0, id, 0, 0, 0 FROM assets_configurationitem
UNION ALL
SELECT 1, source_id, target_id, CASE relation_class {_CODE_CASES} ELSE 255 END,
       coalesce(redundancy_group_id, -1)
FROM assets_relation WHERE source_id IS NOT NULL AND target_id IS NOT NULL
UNION ALL
SELECT 2, id, item_id, coalesce(required_count, -1), 0 FROM assets_redundancygroup
UNION ALL
SELECT 3, {_LAST_DELTA}, 0, 0, 0
"""  # noqa: S608
_SQLITE_NEWS = f"""
SELECT log.epoch, log.trimmed <= %s AND {_LAST_DELTA} >= %s, delta.id,
       delta.kind, delta.sign, delta.first, delta.second, delta.relation_class, delta.third
FROM assets_graphlog log
LEFT JOIN (SELECT * FROM assets_graphdelta WHERE id > %s ORDER BY id LIMIT %s) delta ON true
ORDER BY delta.id
"""  # noqa: S608


class SqliteLog(_Log):
    """Position: the last row's number. Writers take turns, so numbers follow commits."""

    def load(self) -> Loaded:
        """Read the whole graph in one statement."""
        epoch = self.epoch()
        with self.connection.cursor() as cursor:
            cursor.execute(_SQLITE_LOAD)
            graph, position = graph_of_union(cursor.fetchall())
        return Loaded(epoch, str(position), graph)

    def news(self, position: str) -> News:
        """Read what changed since a position, in one statement."""
        seen = int(position)
        rows = self._rows(_SQLITE_NEWS, (seen, seen, seen, MOST_CHANGES + 1))
        changes = _changes([row[3:] for row in rows if row[2] is not None])
        last = rows[-1][2]
        return News(
            rows[0][0], str(seen if last is None else last), changes if rows[0][1] else None
        )

    def trim(self, position: str) -> None:
        """Forget what is older than the position handed in last time."""
        self._run(
            "DELETE FROM assets_graphdelta WHERE id <= (SELECT trim_next FROM assets_graphlog)"
        )
        self._run(
            "UPDATE assets_graphlog SET trimmed = trim_next, trim_next = max(trim_next, %s)",
            (int(position),),
        )

    def renew(self) -> None:
        """Start a new epoch with an empty log."""
        self._run("DELETE FROM assets_graphdelta")
        self._run(
            "UPDATE assets_graphlog SET epoch = lower(hex(randomblob(16))), trimmed = 0, trim_next = 0"
        )
