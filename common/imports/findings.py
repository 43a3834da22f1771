"""What an import found: differences per row, errors and warnings with row, column and value.

Frozen and made of plain values, so that a page, the API, a job's result and the console show the same.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from common.errors import DomainError

ADDED, CHANGED, UNCHANGED, FAILED = "added", "changed", "unchanged", "failed"
SAMPLE_SIZE = 500
MOST_FINDINGS = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong or worth knowing. `row` is the line of the file, 1 being the header."""

    message: str
    row: int = 0
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        where = _("row %(row)s") % {"row": self.row} if self.row else _("file")
        if self.column:
            where += _(", column %(column)s") % {"column": self.column}
        what = f"'{self.value[:80]}' " if self.value else ""
        return f"{where}: {what}{self.message}"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, as the file would write it."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a row of the file does."""

    row: int
    key: str
    outcome: str
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """The answer to "what would this file do" and "what did it do".

    `counts` is complete; `rows` holds the first rows that are not unchanged, `errors` and `warnings` the
    first thousand each, with the full numbers in `error_count` and `warning_count`.
    """

    kind: str
    counts: Mapping[str, int]
    rows: tuple[RowChange, ...] = ()
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    error_count: int = 0
    warning_count: int = 0
    notes: tuple[str, ...] = ()
    is_applied: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether nothing stands against applying it."""
        return self.error_count == 0

    @property
    def writes(self) -> int:
        """How many rows are added or changed."""
        return self.counts.get(ADDED, 0) + self.counts.get(CHANGED, 0)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self) | {"is_clean": self.is_clean, "counts": dict(self.counts)}


@dataclass
class Tally:
    """Collects a report while an import runs, within bounds."""

    kind: str
    counts: dict[str, int] = field(
        default_factory=lambda: {ADDED: 0, CHANGED: 0, UNCHANGED: 0, FAILED: 0}
    )
    rows: list[RowChange] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    error_count: int = 0
    warning_count: int = 0

    def error(self, finding: Finding) -> None:
        """Keep an error."""
        self.error_count += 1
        if len(self.errors) < MOST_FINDINGS:
            self.errors.append(finding)

    def warn(self, finding: Finding) -> None:
        """Keep a warning."""
        self.warning_count += 1
        if len(self.warnings) < MOST_FINDINGS:
            self.warnings.append(finding)

    def wants_row(self, outcome: str) -> bool:
        """Whether the difference of another row is still kept."""
        return outcome != UNCHANGED and len(self.rows) < SAMPLE_SIZE

    def report(self, *, notes: tuple[str, ...] = (), is_applied: bool = False) -> ImportReport:
        """Return the finished report, findings in the order of the file."""
        return ImportReport(
            kind=self.kind,
            counts=dict(self.counts),
            rows=tuple(sorted(self.rows, key=lambda row: row.row)),
            errors=tuple(sorted(self.errors, key=lambda finding: finding.row)),
            warnings=tuple(sorted(self.warnings, key=lambda finding: finding.row)),
            error_count=self.error_count,
            warning_count=self.warning_count,
            notes=notes,
            is_applied=is_applied,
        )


class ImportRefusedError(DomainError):
    """The file has errors, so nothing of it was written; `report` holds all of them."""

    code = "import_refused"

    def __init__(self, report: ImportReport) -> None:
        shown = "; ".join(str(finding) for finding in report.errors[:3])
        rest = report.error_count - min(3, len(report.errors))
        more = _("; and %(count)s more") % {"count": rest} if rest > 0 else ""
        super().__init__(
            _("Nothing was imported: %(count)s error(s) in '%(kind)s': %(shown)s%(more)s.")
            % {"count": report.error_count, "kind": report.kind, "shown": shown, "more": more}
        )
        self.report = report
