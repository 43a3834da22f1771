"""SQL of the delta log: tables that triggers fill with every change of the dependency graph.

Database triggers and not services write it, so that bulk statements and raw SQL are caught as well.
A row is (kind, sign, first, second, relation_class, third):
    edge   1: source, target, class, group or -1
    item   2: item
    group  3: group, dependent item, '', k or -1
    reset  9: everything changed (TRUNCATE); load again
"""

POSTGRES_TABLES = """
CREATE TABLE assets_graphlog (
    id smallint PRIMARY KEY CHECK (id = 1),
    epoch uuid NOT NULL DEFAULT gen_random_uuid(),
    trimmed xid8 NOT NULL DEFAULT '0',
    trim_next xid8 NOT NULL DEFAULT '0'
);
INSERT INTO assets_graphlog (id) VALUES (1);
CREATE TABLE assets_graphdelta (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind smallint NOT NULL,
    sign smallint NOT NULL,
    first bigint NOT NULL DEFAULT -1,
    second bigint NOT NULL DEFAULT -1,
    relation_class varchar(14) NOT NULL DEFAULT '',
    third bigint NOT NULL DEFAULT -1
);
CREATE INDEX assets_graphdelta_xid ON assets_graphdelta (xid);
"""

# A counter would lose rows of transactions that commit out of order. The transaction id, compared with
# the snapshot of the last reading, says exactly which rows that reading could not see.
# STABLE: the function reads with the snapshot of the statement that calls it, which is the one it returns.
POSTGRES_READ = """
CREATE FUNCTION assets_graph_changes(since pg_snapshot, most integer)
RETURNS TABLE (epoch text, is_complete boolean, seen text, kind smallint, sign smallint,
               first bigint, second bigint, relation_class varchar, third bigint)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    seen_now pg_snapshot := pg_current_snapshot();
BEGIN
    RETURN QUERY
    SELECT log.epoch::text,
           log.trimmed <= pg_snapshot_xmin(since)
               AND pg_snapshot_xmax(seen_now) >= pg_snapshot_xmin(since),
           seen_now::text,
           delta.kind, delta.sign, delta.first, delta.second, delta.relation_class, delta.third
    FROM assets_graphlog log
    LEFT JOIN LATERAL (
        SELECT d.* FROM assets_graphdelta d
        WHERE d.xid >= pg_snapshot_xmin(since)
          AND NOT pg_visible_in_snapshot(d.xid, since)
          -- Rows restored from another cluster may bear ids this one has not reached yet.
          AND (d.xid < pg_snapshot_xmax(seen_now) OR d.xid = pg_current_xact_id_if_assigned())
        ORDER BY d.id LIMIT most
    ) delta ON true;
END $$;
"""

_EDGES = "1, {sign}, {row}source_id, {row}target_id, {row}relation_class, coalesce({row}redundancy_group_id, -1)"
_RESOLVED = "{row}source_id IS NOT NULL AND {row}target_id IS NOT NULL"
_ITEMS = "2, {sign}, {row}id, -1, '', -1"
_GROUPS = "3, {sign}, {row}id, {row}item_id, '', coalesce({row}required_count, -1)"
_INSERT = "INSERT INTO assets_graphdelta (kind, sign, first, second, relation_class, third)"

#: table: (row to log, condition, columns whose update matters)
_WATCHED = {
    "assets_relation": (
        _EDGES,
        _RESOLVED,
        ("source_id", "target_id", "relation_class", "redundancy_group_id"),
    ),
    "assets_configurationitem": (_ITEMS, "true", ()),
    "assets_redundancygroup": (_GROUPS, "true", ("item_id", "required_count")),
}


def _postgres_function(name: str, body: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN\n{body}\nRETURN NULL;\nEND $$;"
    )


def _postgres_log(row: str, condition: str, sign: int, source: str) -> str:
    columns, where = row.format(sign=sign, row="r."), condition.format(row="r.")
    return f"{_INSERT} SELECT {columns} FROM {source} WHERE {where};"  # noqa: S608


def _postgres_triggers(table: str) -> list[str]:
    row, condition, columns = _WATCHED[table]
    changed = " OR ".join(f"o.{column} IS DISTINCT FROM n.{column}" for column in columns)
    moved = f"(SELECT {{side}}.* FROM gone o JOIN fresh n USING (id) WHERE {changed}) r"  # noqa: S608
    bodies = {
        "INSERT": _postgres_log(row, condition, 1, "fresh r"),
        "DELETE": _postgres_log(row, condition, -1, "gone r"),
        "UPDATE": "\n".join(
            # A changed group is told once, with its new values: they replace the old ones.
            _postgres_log(row, condition, sign, moved.format(side=side))
            for sign, side in ((-1, "o"), (1, "n"))
            if sign > 0 or table == "assets_relation"
        ),
        "TRUNCATE": "INSERT INTO assets_graphdelta (kind, sign) VALUES (9, 1);",
    }
    if not columns:
        del bodies["UPDATE"]
    images = {
        "INSERT": "REFERENCING NEW TABLE AS fresh",
        "DELETE": "REFERENCING OLD TABLE AS gone",
        "UPDATE": "REFERENCING OLD TABLE AS gone NEW TABLE AS fresh",
        "TRUNCATE": "",
    }
    statements = []
    for event, body in bodies.items():
        name = f"{table}_graph_{event.lower()}"
        statements += [
            _postgres_function(name, body),
            f"CREATE TRIGGER {name} AFTER {event} ON {table} {images[event]}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();",
        ]
    return statements


def _sqlite_log(table: str, sign: int, side: str) -> str:
    row, condition, _ = _WATCHED[table]
    columns, where = row.format(sign=sign, row=f"{side}."), condition.format(row=f"{side}.")
    return f"{_INSERT} SELECT {columns} WHERE {where};"


def _sqlite_triggers(table: str) -> list[str]:
    columns = _WATCHED[table][2]
    bodies = {
        "INSERT": _sqlite_log(table, 1, "NEW"),
        "DELETE": _sqlite_log(table, -1, "OLD"),
    }
    if columns:
        taken = _sqlite_log(table, -1, "OLD") if table == "assets_relation" else ""
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        bodies[f"UPDATE OF {', '.join(columns)}"] = taken + _sqlite_log(table, 1, "NEW")
    return [
        f"CREATE TRIGGER {table}_graph_{event.split()[0].lower()} AFTER {event} ON {table} FOR EACH ROW"
        + (f" WHEN {changed}" if event.startswith("UPDATE") else "")
        + f" BEGIN {body} END;"
        for event, body in bodies.items()
    ]


SQLITE_TABLES = [
    """CREATE TABLE assets_graphlog (
    id integer PRIMARY KEY CHECK (id = 1),
    epoch text NOT NULL,
    trimmed integer NOT NULL DEFAULT 0,
    trim_next integer NOT NULL DEFAULT 0
)""",
    "INSERT INTO assets_graphlog (id, epoch) VALUES (1, lower(hex(randomblob(16))))",
    """CREATE TABLE assets_graphdelta (
    id integer PRIMARY KEY AUTOINCREMENT,
    kind integer NOT NULL,
    sign integer NOT NULL,
    first integer NOT NULL DEFAULT -1,
    second integer NOT NULL DEFAULT -1,
    relation_class text NOT NULL DEFAULT '',
    third integer NOT NULL DEFAULT -1
)""",
]


def create_statements(vendor: str) -> list[str]:
    """Return the statements that create the log, its reader and the triggers."""
    if vendor == "postgresql":
        triggers = [sql for table in _WATCHED for sql in _postgres_triggers(table)]
        return [POSTGRES_TABLES, POSTGRES_READ, *triggers]
    return [*SQLITE_TABLES, *(sql for table in _WATCHED for sql in _sqlite_triggers(table))]


def drop_statements(vendor: str) -> list[str]:
    """Return the statements that remove them."""
    events = ("insert", "update", "delete", "truncate")
    names = [(table, f"{table}_graph_{event}") for table in _WATCHED for event in events]
    tables = ["DROP TABLE assets_graphdelta", "DROP TABLE assets_graphlog"]
    if vendor == "postgresql":
        functions = [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for _, name in names]
        return [*functions, "DROP FUNCTION assets_graph_changes", *tables]
    return [*(f"DROP TRIGGER IF EXISTS {name}" for _, name in names), *tables]
