"""The triggers that make ledger and checkpoints append-only, for PostgreSQL and SQLite.

They stop the application, its bugs and a hand at the SQL prompt. Who owns the database can drop them; the hash
chain and the checkpoints shipped elsewhere show what such a person did.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

LEDGER, CHECKPOINT, HEAD = "evidence_ledgerentry", "evidence_checkpoint", "evidence_ledgerhead"
APPEND_ONLY = (LEDGER, CHECKPOINT)

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION evidence_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers; replaces those of the same name."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for reversing the migration and for emptying a test database."""
    with connection.cursor() as cursor:
        for table, name, _event in _guards(connection.vendor):
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def _statements(vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [POSTGRES_FUNCTION, *(_postgres(*guard) for guard in _guards(vendor))]
    return [_sqlite(*guard) for guard in _guards(vendor)]


def _guards(vendor: str) -> list[tuple[str, str, str]]:
    """Return (table, trigger, event) for every guard."""
    events = ["update", "delete", "truncate" if vendor == "postgresql" else "insert"]
    guards = [(table, f"{table}_no_{event}", event) for table in APPEND_ONLY for event in events]
    return [*guards, (HEAD, f"{HEAD}_no_delete", "delete")]


def _postgres(table: str, name: str, event: str) -> str:
    each = "STATEMENT" if event == "truncate" else "ROW"
    return (
        f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION evidence_refuse()"
    )


def _sqlite(table: str, name: str, event: str) -> str:
    """Guard an event; for INSERT only where it would replace a row, which fires no DELETE trigger."""
    key = "sequence" if table == LEDGER else "id"
    when = ""
    if event == "insert":
        when = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608
    return (
        f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {event.upper()} refused'); END"
    )
