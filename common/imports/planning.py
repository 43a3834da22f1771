"""From rows of text to planned rows: read, resolve, match, compare. Reads the database in bulk, writes nothing."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from common.imports.cells import CellError
from common.imports.columns import Column
from common.imports.findings import ADDED, CHANGED, FAILED, UNCHANGED, FieldChange, RowChange
from common.imports.kinds import ImportKind, Pending, PlannedRow, Session
from common.imports.lookups import Kinded
from common.imports.tables import NumberedRow

MEMO_LIMIT = 5_000


def plan(kind: ImportKind, rows: Sequence[NumberedRow], session: Session) -> list[PlannedRow]:
    """Return the rows with what they would change; errors and counts go to the session's tally."""
    planned = [_parsed(number, cells, session) for number, cells in rows]
    _resolve(planned, session)
    for row in planned:
        _identify(kind, row, session)
    _match(kind, planned, session)
    kind.prepare([row for row in planned if not row.is_failed], session)
    for row in planned:
        if not row.is_failed:
            _compare(kind, row, session)
    kind.check([row for row in planned if not row.is_failed and row.changes], session)
    for row in planned:
        _count(row, session)
    return planned


def _parsed(number: int, cells: Sequence[str], session: Session) -> PlannedRow:
    row = PlannedRow(number=number)
    if any(cells[len(session.columns) :]):
        extra = next(cell for cell in cells[len(session.columns) :] if cell)
        session.fail(row, _("stands right of the last named column"), value=extra)
    for column, text in zip(session.columns, cells, strict=False):
        if text:
            _read_cell(row, column, text, session)
    for column in session.columns:
        if column.is_key and column.name not in row.values and not row.is_failed:
            if column.is_required:
                empty = _("is empty; it must be %(allowed)s") % {"allowed": column.allowed}
                session.fail(row, empty, column=column.name)
            row.values[column.name] = column.empty
    return row


def _read_cell(row: PlannedRow, column: Column, text: str, session: Session) -> None:
    memo = session.memo.setdefault(column.name, {})
    value = memo.get(text, memo)
    if value is memo:
        try:
            value = column.read(text)
        except CellError as error:
            value = error
        if len(memo) >= MEMO_LIMIT:
            memo.clear()
        memo[text] = value
    if isinstance(value, CellError):
        session.fail(row, _told(value, column), column=column.name, value=text)
    else:
        row.values[column.name] = value


def _told(error: CellError, column: Column) -> str:
    """Return what is wrong, with what is allowed unless the message says so itself."""
    if error.names_allowed:
        return str(error)
    words = {"message": error, "allowed": column.allowed}
    return _("%(message)s (allowed: %(allowed)s)") % words


def _resolve(rows: list[PlannedRow], session: Session) -> None:
    """Turn the text of references into objects, one query for each column."""
    for column in session.columns:
        if not column.refers_to:
            continue
        lookup = session.lookups[column.refers_to]
        lookup.prime({row.values[column.name] for row in rows if row.values.get(column.name)})
        for row in rows:
            text = row.values.get(column.name)
            if not text:
                continue
            found = lookup.get(text)
            if found is None and column.refers_to == "self" and text in session.pending:
                found = Pending(text)
            if found is None:
                unknown = _("there is no such %(kind)s") % {"kind": lookup.title}
                session.fail(row, unknown, column=column.name, value=text)
            row.values[column.name] = found


def _identify(kind: ImportKind, row: PlannedRow, session: Session) -> None:
    """Set the row's key and refuse a second row of the same key."""
    parts = [row.values.get(column.name, column.empty) for column in kind.key_columns]
    row.key = tuple(_identity(part) for part in parts)
    row.label = " / ".join(
        text_of(column, part, session) for column, part in zip(kind.key_columns, parts, strict=True)
    )
    if row.is_failed:
        return
    first = session.file_keys.setdefault(row.key, row.number)
    if first != row.number:
        names = ", ".join(column.name for column in kind.key_columns)
        session.fail(
            row,
            _("stands in row %(row)s as well; each %(columns)s may stand in the file once")
            % {"row": first, "columns": names},
            column=names,
            value=row.label,
        )


def _match(kind: ImportKind, rows: list[PlannedRow], session: Session) -> None:
    sound = [row for row in rows if not row.is_failed]
    stored = kind.find([row.key for row in sound], session) if sound else {}
    for row in sound:
        row.instance = stored.get(row.key)
        row.is_new = row.instance is None
    kept = [row.instance for row in sound if row.instance is not None]
    kind.load(kept, session)
    prime_references(kept, session)


def prime_references(stored: Sequence[Any], session: Session) -> None:
    """Fetch the objects that stored rows refer to, one query for each column."""
    for column in session.columns:
        if column.refers_to and column.field and stored:
            attname = stored[0]._meta.get_field(column.field).attname
            session.lookups[column.refers_to].prime_ids(getattr(row, attname) for row in stored)


def _compare(kind: ImportKind, row: PlannedRow, session: Session) -> None:
    if row.is_new:
        _add(kind, row, session)
        return
    for column in session.columns:
        if column.name in row.values:
            value = row.values[column.name]
            if _identity(value) != _current(kind, row, column, session):
                row.changes[column.name] = value
                row.before[column.name] = _before(kind, row, column, session)


def _add(kind: ImportKind, row: PlannedRow, session: Session) -> None:
    for column in session.columns:
        _require_value(row, column, session)
        if column.name in row.values:
            row.changes[column.name] = row.values[column.name]
    for missing in kind.columns:
        if missing.is_required and not session.has(missing.name):
            needed = _("a new row needs the column '%(column)s'") % {"column": missing.name}
            session.fail(row, needed, column=missing.name)


def _require_value(row: PlannedRow, column: Column, session: Session) -> None:
    if column.is_required and row.values.get(column.name) in (None, ""):
        session.fail(
            row,
            _("is empty, and '%(key)s' does not exist yet; it must be %(allowed)s")
            % {"key": row.label, "allowed": column.allowed},
            column=column.name,
        )


def _current(kind: ImportKind, row: PlannedRow, column: Column, session: Session) -> Any:
    if not column.field:
        return kind.current(row, column, session)
    return getattr(row.instance, row.instance._meta.get_field(column.field).attname)


def _identity(value: Any) -> Any:
    return value.pk if isinstance(value, (Model, Kinded)) else value


def _before(kind: ImportKind, row: PlannedRow, column: Column, session: Session) -> str:
    if not column.field:
        return kind.shown(row.instance, column, session)
    value = _current(kind, row, column, session)
    if column.refers_to:
        return session.lookups[column.refers_to].text(value)
    return column.format(value)


def text_of(column: Column, value: Any, session: Session) -> str:
    """Return a planned value as the file writes it."""
    if isinstance(value, Pending):
        return value.text
    if isinstance(value, (Model, Kinded)):
        pk: Any = value.pk
        return session.lookups[column.refers_to].text(pk)
    return column.format(value)


def _count(row: PlannedRow, session: Session) -> None:
    outcome = _outcome(row)
    tally = session.tally
    tally.counts[outcome] += 1
    if tally.wants_row(outcome):
        tally.rows.append(
            RowChange(
                row=row.number, key=row.label, outcome=outcome, changes=_differences(row, session)
            )
        )


def _outcome(row: PlannedRow) -> str:
    if row.is_failed:
        return FAILED
    if row.is_new:
        return ADDED
    return CHANGED if row.changes else UNCHANGED


def _differences(row: PlannedRow, session: Session) -> tuple[FieldChange, ...]:
    if row.is_failed:
        return ()
    return tuple(
        FieldChange(
            column=column.name,
            before=row.before.get(column.name, ""),
            after=text_of(column, row.changes[column.name], session),
        )
        for column in session.columns
        if column.name in row.changes
    )
