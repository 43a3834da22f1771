"""Brings a mapped NetBox into the inventory: the ordinary import service, kind by kind, all of it or nothing.

Rows that are refused are set aside and the rest goes on, so that one report names every error; then all is taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.db import transaction

from assets.imports.catalogue import load_catalogue
from assets.imports.netbox.mapping import KINDS, Mapped
from assets.imports.netbox.reporting import Named, NetBoxReport, named
from assets.imports.netbox.rows import Row
from common.imports import ImportContext, ImportKind, ImportRefusedError, ImportReport, apply
from common.imports.findings import FAILED
from common.imports.kinds import kind_named
from common.imports.tables import Table, table_of_rows

ROUNDS = 8
PASSES = 2
Told = Callable[[int, int, str], None]


class _TakenBackError(Exception):
    """Ends a dry run, or an import with errors: nothing of it stays."""


def import_netbox(
    *,
    mapped: Mapped,
    context: ImportContext,
    is_dry_run: bool,
    told: Told = lambda _done, _total, _kind: None,
) -> NetBoxReport:
    """Import the rows in one transaction; a dry run does the same and takes it back.

    With any error nothing is written, and the report names all of them.
    """
    run = _Run(mapped, context, told)
    try:
        with transaction.atomic():
            run.load()
            if is_dry_run or run.errors:
                raise _TakenBackError
    except _TakenBackError:
        pass
    return NetBoxReport(
        reports=tuple(run.reports),
        account=tuple(mapped.account()),
        is_applied=not is_dry_run and not run.errors,
        errors=tuple(run.errors),
        warnings=tuple(run.warnings),
        is_complete=run.is_complete,
    )


@dataclass
class _Run:
    """The state of one pass over all kinds."""

    mapped: Mapped
    context: ImportContext
    told: Told
    reports: list[ImportReport] = field(default_factory=list)
    errors: list[Named] = field(default_factory=list)
    warnings: list[Named] = field(default_factory=list)
    is_complete: bool = True
    _before: int = 0

    def load(self) -> None:
        """Import kind after kind."""
        self.reports.append(load_catalogue(self.context))
        by_kind = self.mapped.rows.by_kind
        for name in KINDS:
            if name not in by_kind:
                continue
            report = self._load_kind(kind_named(name), list(by_kind[name]))
            if report is None:
                self.is_complete = False
                return
            self.reports.append(report)
            self._before += PASSES * len(by_kind[name])

    def _load_kind(self, kind: ImportKind, rows: list[Row]) -> ImportReport | None:
        """Import what can be imported of a kind; None when the errors name no rows to set aside."""
        dropped = 0
        for _round in range(ROUNDS):
            try:
                report = self._apply(kind, rows)
            except ImportRefusedError as refusal:
                left = self._without_refused(kind, rows, refusal.report)
                dropped, some = dropped + len(rows) - len(left), len(left) < len(rows)
                rows = left
                if not some:
                    return None
            else:
                self._note(kind, rows, report)
                return replace(report, counts={**report.counts, FAILED: dropped})
        return None

    def _without_refused(
        self, kind: ImportKind, rows: list[Row], report: ImportReport
    ) -> list[Row]:
        self.errors += [
            named(kind.name, _key(kind, rows, error.row), error) for error in report.errors
        ]
        refused = {error.row for error in report.errors}
        return [row for number, row in enumerate(rows, start=2) if number not in refused]

    def _note(self, kind: ImportKind, rows: list[Row], report: ImportReport) -> None:
        self.warnings += [
            named(kind.name, _key(kind, rows, warning.row), warning) for warning in report.warnings
        ]

    def _apply(self, kind: ImportKind, rows: list[Row]) -> ImportReport:
        total = PASSES * sum(len(rows) for rows in self.mapped.rows.by_kind.values())

        def told(done: int, of: int) -> None:
            self.told(self._before + done + (len(rows) if of else 0), total, str(kind.title))

        return apply(
            kind=kind, table=_table(self.mapped, kind, rows), context=self.context, progress=told
        )


def _table(mapped: Mapped, kind: ImportKind, rows: list[Row]) -> Table:
    header = mapped.rows.header(kind.name)
    return table_of_rows(header, [[row.get(column, "") for column in header] for row in rows])


def _key(kind: ImportKind, rows: list[Row], number: int) -> str:
    """Return the key of a row by its number in the table, 1 being the header."""
    if number < 2:
        return ""
    row = rows[number - 2]
    return " / ".join(row[column.name] for column in kind.key_columns if column.name in row)
