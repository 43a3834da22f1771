"""Brings a mapped NetBox into the inventory: the ordinary import service, kind by kind, all of it or nothing."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from assets.imports.catalogue import load_catalogue
from assets.netbox import KINDS, Mapped
from common.imports import ImportContext, ImportReport, apply
from common.imports.kinds import kind_named
from common.imports.tables import Table, table_of_rows


@dataclass(frozen=True)
class NetBoxReport:
    """The importer's reports by kind, and the account of every NetBox model."""

    reports: tuple[ImportReport, ...]
    account: tuple[dict[str, Any], ...]
    is_applied: bool

    @property
    def writes(self) -> int:
        """How many rows were added or changed."""
        return sum(report.writes for report in self.reports)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "is_applied": self.is_applied,
            "changes": self.writes,
            "reports": [report.as_dict() for report in self.reports],
            "account": list(self.account),
        }


class _DryRunError(Exception):
    """Takes a dry run back."""


def import_netbox(*, mapped: Mapped, context: ImportContext, is_dry_run: bool) -> NetBoxReport:
    """Import the rows in one transaction; a dry run does the same and takes it back.

    Raises ImportRefusedError when any row is refused.
    """
    reports: list[ImportReport] = []
    try:
        with transaction.atomic():
            reports += _run(mapped, context)
            if is_dry_run:
                raise _DryRunError
    except _DryRunError:
        pass
    return NetBoxReport(tuple(reports), tuple(mapped.account()), is_applied=not is_dry_run)


def _run(mapped: Mapped, context: ImportContext) -> list[ImportReport]:
    reports = [load_catalogue(context)]
    for name in KINDS:
        if name in mapped.rows.by_kind:
            header = mapped.rows.header(name)
            rows = [[row.get(column, "") for column in header] for row in mapped.rows.by_kind[name]]
            reports.append(_apply(name, table_of_rows(header, rows), context))
    return reports


def _apply(name: str, table: Table, context: ImportContext) -> ImportReport:
    return apply(kind=kind_named(name), table=table, context=context)
