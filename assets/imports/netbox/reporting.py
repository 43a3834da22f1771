"""What an import of a NetBox did, or would do: counts by kind, what stands against it, the account of every model."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from common.imports import Finding, ImportReport
from common.imports.findings import MOST_FINDINGS


@dataclass(frozen=True, slots=True)
class Named:
    """A finding about one of our rows, by the key under which we keep the object (`NB-DEV-12`)."""

    kind: str
    key: str
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        where = " ".join(part for part in (self.kind, self.key, self.column) if part)
        what = f"'{self.value[:80]}' " if self.value else ""
        return f"{where}: {what}{self.message}"


def named(kind: str, key: str, finding: Finding) -> Named:
    """Return a finding with the key of its row: the numbers of rows we made ourselves help nobody."""
    return Named(kind, key, finding.column, finding.value, finding.message)


@dataclass(frozen=True)
class NetBoxReport:
    """The importer's reports by kind, all errors, and the account of every NetBox model.

    `is_complete` is False when a kind could not be tried because of errors in one before it.
    """

    reports: tuple[ImportReport, ...]
    account: tuple[dict[str, Any], ...]
    is_applied: bool
    errors: tuple[Named, ...] = ()
    warnings: tuple[Named, ...] = ()
    is_complete: bool = True

    @property
    def is_clean(self) -> bool:
        """Whether nothing stands against applying it."""
        return not self.errors

    @property
    def writes(self) -> int:
        """How many rows were added or changed."""
        return sum(report.writes for report in self.reports)

    def as_dict(self, *, sample: int | None = None) -> dict[str, Any]:
        """Return plain values for JSON; `sample` is how many changed rows of each kind are shown."""
        return {
            "is_applied": self.is_applied,
            "is_clean": self.is_clean,
            "is_complete": self.is_complete,
            "changes": self.writes,
            "reports": [_plain(report, sample) for report in self.reports],
            "account": list(self.account),
            "error_count": len(self.errors),
            "errors": _first(self.errors),
            "warning_count": len(self.warnings),
            "warnings": _first(self.warnings),
        }


def _plain(report: ImportReport, sample: int | None) -> dict[str, Any]:
    """Return a kind's counts and changed rows; its findings stand by name in the whole report."""
    values = report.as_dict()
    return {
        "kind": values["kind"],
        "counts": values["counts"],
        "rows": values["rows"][:sample],
    }


def _first(findings: Iterable[Named]) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in list(findings)[:MOST_FINDINGS]]
