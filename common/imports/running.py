"""The import service: preview a table, or apply it whole or not at all.

Two passes over the file keep memory small: the first reads everything and collects every error, the second
plans again batch by batch under lock, inside one transaction, and writes.
"""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import NotAllowedError
from common.imports.columns import Column
from common.imports.findings import Finding, ImportRefusedError, ImportReport, Tally
from common.imports.kinds import ImportContext, ImportKind, PlannedRow, Session
from common.imports.ordering import waves
from common.imports.planning import plan
from common.imports.tables import NumberedRow, Table
from common.registries import words_of_right

Progress = Callable[[int, int], None]


def preview(
    *, kind: ImportKind, table: Table, context: ImportContext, progress: Progress | None = None
) -> ImportReport:
    """Return what the table would do, with every error; nothing is written."""
    _require_permission(kind, context)
    tally = Tally(kind.name)
    columns = _columns(kind, table, tally)
    if columns is not None:
        _walk(kind, table, _session(kind, columns, context, tally), progress, total=0)
    return tally.report(notes=table.notes)


def apply(
    *, kind: ImportKind, table: Table, context: ImportContext, progress: Progress | None = None
) -> ImportReport:
    """Write the table, all or nothing, and return what it did.

    Raises ImportRefusedError with the full report when anything is wrong with any row.
    """
    first = preview(kind=kind, table=table, context=context, progress=progress)
    if not first.is_clean:
        raise ImportRefusedError(first)
    if not first.writes:
        return first
    tally = Tally(kind.name)
    columns = _columns(kind, table, tally)
    assert columns is not None  # noqa: S101 -- the preview read the same header
    total = sum(first.counts.values())
    try:
        with transaction.atomic():
            session = _session(kind, columns, context, tally, is_writing=True)
            _walk(kind, table, session, progress, total=total)
            if tally.error_count:
                raise ImportRefusedError(tally.report(notes=table.notes))
    except IntegrityError as error:
        refused = _("the database refused the rows, so none was written (%(error)s)")
        tally.error(Finding(refused % {"error": error}))
        raise ImportRefusedError(tally.report(notes=table.notes)) from error
    return tally.report(notes=table.notes, is_applied=True)


def _require_permission(kind: ImportKind, context: ImportContext) -> None:
    if not kind.is_permitted(context):
        words = {"kind": kind.name, "right": words_of_right(kind.permission)}
        if kind.permission:
            raise NotAllowedError(
                _("You may not import '%(kind)s'. It takes the right %(right)s.") % words
            )
        raise NotAllowedError(_("You may not import '%(kind)s'.") % words)


def _session(
    kind: ImportKind,
    columns: tuple[Column, ...],
    context: ImportContext,
    tally: Tally,
    *,
    is_writing: bool = False,
) -> Session:
    return Session(
        context=context,
        columns=columns,
        lookups=kind.lookups(context),
        tally=tally,
        is_writing=is_writing,
    )


def _columns(kind: ImportKind, table: Table, tally: Tally) -> tuple[Column, ...] | None:
    """Return the columns of the header; None, with errors, when any is unknown, double or missing."""
    found: list[Column] = []
    for position, name in enumerate(table.header, start=1):
        column = kind.column(name)
        if column is None:
            tally.error(Finding(_unknown(kind, name, position), row=1, column=name))
        elif table.header.count(name) > 1:
            tally.error(Finding(_("stands in the header more than once"), row=1, column=name))
        else:
            found.append(column)
    present = {column.name for column in found}
    for column in kind.key_columns:
        if column.is_required and column.name not in present:
            missing = _("is missing; rows are recognised by it")
            tally.error(Finding(missing, row=1, column=column.name))
    return None if tally.error_count else tuple(found)


def _unknown(kind: ImportKind, name: str, position: int) -> str:
    if not name:
        return _("column %(position)s has no name") % {"position": position}
    known = [column.name for column in kind.columns]
    near = get_close_matches(name, known, n=1)
    words = {"near": near[0] if near else "", "known": ", ".join(known)}
    if near:
        return _("there is no such column; did you mean '%(near)s'? Known: %(known)s") % words
    return _("there is no such column. Known: %(known)s") % words


def _walk(
    kind: ImportKind, table: Table, session: Session, progress: Progress | None, *, total: int
) -> None:
    done = 0
    batches = _tree_batches if kind.parent else _batches
    for batch in batches(kind, table, session):
        planned = plan(kind, batch, session)
        if session.is_writing and not session.tally.error_count:
            _write(kind, planned, session)
        done += len(batch)
        if progress:
            progress(done, total)


def _batches(kind: ImportKind, table: Table, session: Session) -> Iterator[list[NumberedRow]]:
    rows = table.rows()
    while batch := list(islice(rows, kind.batch_size)):
        yield batch
        for lookup in session.lookups.values():
            lookup.shrink()


def _tree_batches(kind: ImportKind, table: Table, session: Session) -> Iterator[list[NumberedRow]]:
    """Yield the rows parents first; a cycle is reported by name and left out."""
    names = [column.name for column in session.columns]
    key_at = names.index(kind.key_columns[0].name)
    parent_at = names.index(kind.parent) if kind.parent in names else None
    by_key: dict[str, list[NumberedRow]] = {}
    parents: dict[str, str | None] = {}
    for number, cells in table.rows():
        key = _cell(cells, key_at)
        by_key.setdefault(key, []).append((number, cells))
        parents.setdefault(key, None if parent_at is None else _cell(cells, parent_at) or None)
    session.pending = frozenset(by_key)
    levels, cycles = waves(parents)
    placed = {key for level in levels for key in level}
    for cycle in cycles:
        number = by_key[cycle[0]][0][0]
        trail = " > ".join([*cycle, cycle[0]])
        found = _("a cycle: %(trail)s; nothing can stand above itself") % {"trail": trail}
        session.tally.error(Finding(found, number, kind.parent))
    lost = [key for key in by_key if key not in placed]
    session.tally.counts["failed"] += sum(len(by_key[key]) for key in lost)
    for level in levels:
        yield [row for key in level for row in by_key[key]]


def _cell(cells: object, position: int) -> str:
    assert isinstance(cells, (list, tuple))  # noqa: S101 -- rows are lists
    return cells[position] if position < len(cells) else ""


def _write(kind: ImportKind, planned: list[PlannedRow], session: Session) -> None:
    added = [row for row in planned if row.is_new]
    changed = [row for row in planned if row.changes and not row.is_new]
    if added:
        kind.create(added, session)
    if changed:
        kind.update(changed, session)
    if added or changed:
        kind.after(added + changed, session)
    if kind.parent:
        for row in added:
            session.lookups["self"].add(row.instance)
