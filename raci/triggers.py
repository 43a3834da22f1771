"""Guards the database keeps itself: published matrices never change, one A per activity, scope and day.

PostgreSQL: triggers and an exclusion constraint (btree_gist is a trusted extension, the owner of the
database may create it; where that is refused a trigger that locks the matrix does the same).
SQLite: triggers. A later migration that rebuilds a table on SQLite drops its triggers: install again there.
"""

from django.db import Error, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

ONE_A_COLUMNS = (
    "matrix_id",
    "activity_id",
    "scope_kind",
    "location_id",
    "zone_id",
    "item_id",
    "item_class_id",
    "selector_class_id",
    "selector_purdue",
    "selector_criticality",
    "selector_tag_id",
)
IS_TEXT = {"scope_kind", "selector_purdue"}
FROZEN = "A published matrix does not change; draft its next revision."
TWO_A = "There is an accountable party for this activity and scope in that time already."
MATRIX_COLUMNS = (
    "id",
    "code",
    "revision",
    "name",
    "description",
    "effective_at",
    "escalation_role_id",
    "created_at",
)
EQUAL_COLUMNS = ", ".join(
    f"COALESCE({name}, {chr(39) * 2 if name in IS_TEXT else 0}) WITH =" for name in ONE_A_COLUMNS
)

POSTGRES_FREEZE = f"""
CREATE FUNCTION raci_assignment_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    SELECT status INTO state FROM raci_matrix WHERE id = OLD.matrix_id FOR SHARE;
    IF state <> 'draft' THEN RAISE EXCEPTION '{FROZEN}' USING ERRCODE = 'check_violation'; END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  SELECT status INTO state FROM raci_matrix WHERE id = NEW.matrix_id FOR SHARE;
  IF state <> 'draft' THEN RAISE EXCEPTION '{FROZEN}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER raci_assignment_frozen BEFORE INSERT OR UPDATE OR DELETE ON raci_assignment
FOR EACH ROW EXECUTE FUNCTION raci_assignment_frozen();

CREATE FUNCTION raci_matrix_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.status = 'draft' THEN RETURN OLD; END IF;
  ELSIF OLD.status = 'draft' AND NEW.status IN ('draft', 'published') THEN RETURN NEW;
  ELSIF OLD.status = 'published' AND NEW.status = 'superseded'
    AND ({", ".join(f"NEW.{name}" for name in MATRIX_COLUMNS)})
    IS NOT DISTINCT FROM ({", ".join(f"OLD.{name}" for name in MATRIX_COLUMNS)}) THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION '{FROZEN}' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER raci_matrix_frozen BEFORE UPDATE OR DELETE ON raci_matrix
FOR EACH ROW EXECUTE FUNCTION raci_matrix_frozen();
"""  # noqa: S608 -- only constants of this module

POSTGRES_ONE_A = f"""
ALTER TABLE raci_assignment ADD CONSTRAINT raci_one_accountable EXCLUDE USING gist (
  {EQUAL_COLUMNS},
  daterange(valid_from, valid_until, '[]') WITH &&
) WHERE (letter = 'A' AND effect <> 'block');
"""


def _other_a(same: str) -> str:
    """Return the condition that another A covers a day of the new row; `same` compares two columns."""
    return (
        "EXISTS (SELECT 1 FROM raci_assignment AS other WHERE other.letter = 'A' "  # noqa: S608
        "AND other.effect <> 'block' AND other.id <> COALESCE(NEW.id, 0) AND "
        + " AND ".join(f"other.{name} {same} NEW.{name}" for name in ONE_A_COLUMNS)
        + " AND (NEW.valid_until IS NULL OR other.valid_from <= NEW.valid_until)"
        " AND (other.valid_until IS NULL OR other.valid_until >= NEW.valid_from))"
    )


POSTGRES_ONE_A_TRIGGER = f"""
CREATE FUNCTION raci_one_accountable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM raci_matrix WHERE id = NEW.matrix_id FOR UPDATE;
  IF NEW.letter = 'A' AND NEW.effect <> 'block' AND {_other_a("IS NOT DISTINCT FROM")} THEN
    RAISE EXCEPTION '{TWO_A}' USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER raci_one_accountable BEFORE INSERT OR UPDATE ON raci_assignment
FOR EACH ROW EXECUTE FUNCTION raci_one_accountable();
"""

POSTGRES_REMOVE = """
ALTER TABLE raci_assignment DROP CONSTRAINT IF EXISTS raci_one_accountable;
DROP TRIGGER IF EXISTS raci_one_accountable ON raci_assignment;
DROP TRIGGER IF EXISTS raci_assignment_frozen ON raci_assignment;
DROP TRIGGER IF EXISTS raci_matrix_frozen ON raci_matrix;
DROP FUNCTION IF EXISTS raci_one_accountable();
DROP FUNCTION IF EXISTS raci_assignment_frozen();
DROP FUNCTION IF EXISTS raci_matrix_frozen();
"""


def _frozen_assignment(event: str, row: str) -> tuple[str, str]:
    condition = f"(SELECT status FROM raci_matrix WHERE id = {row}.matrix_id) <> 'draft'"  # noqa: S608
    return (
        f"{event} ON raci_assignment",
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END",
    )


def sqlite_triggers() -> dict[str, str]:
    """Return each trigger of SQLite by name."""
    unchanged = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in MATRIX_COLUMNS)
    is_a = "NEW.letter = 'A' AND NEW.effect <> 'block'"
    two_a = f"WHEN {is_a} AND {_other_a('IS')} BEGIN SELECT RAISE(ABORT, '{TWO_A}'); END"
    bodies = {
        "raci_assignment_frozen_insert": _frozen_assignment("INSERT", "NEW"),
        "raci_assignment_frozen_update": _frozen_assignment("UPDATE", "OLD"),
        "raci_assignment_frozen_move": _frozen_assignment("UPDATE OF matrix_id", "NEW"),
        "raci_assignment_frozen_delete": _frozen_assignment("DELETE", "OLD"),
        "raci_matrix_frozen_update": (
            "UPDATE ON raci_matrix",
            "WHEN NOT (OLD.status = 'draft' AND NEW.status IN ('draft', 'published')) AND NOT "
            f"(OLD.status = 'published' AND NEW.status = 'superseded' AND {unchanged}) "
            f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END",
        ),
        "raci_matrix_frozen_delete": (
            "DELETE ON raci_matrix",
            f"WHEN OLD.status <> 'draft' BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END",
        ),
        "raci_one_accountable_insert": ("INSERT ON raci_assignment", two_a),
        "raci_one_accountable_update": ("UPDATE ON raci_assignment", two_a),
    }
    return {
        name: f"CREATE TRIGGER {name} BEFORE {event} {body}"
        for name, (event, body) in bodies.items()
    }


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the guards; replaces those of the same name."""
    remove(connection)
    if connection.vendor == "sqlite":
        _run(connection, *sqlite_triggers().values())
        return
    _run(connection, POSTGRES_FREEZE)
    try:
        with transaction.atomic(using=connection.alias):
            _run(connection, "CREATE EXTENSION IF NOT EXISTS btree_gist", POSTGRES_ONE_A)
    except Error:
        _run(connection, POSTGRES_ONE_A_TRIGGER)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the guards: for reversing the migration and for emptying a test database."""
    if connection.vendor == "sqlite":
        _run(connection, *[f"DROP TRIGGER IF EXISTS {name}" for name in sqlite_triggers()])
        return
    _run(connection, POSTGRES_REMOVE)


def _run(connection: BaseDatabaseWrapper, *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
