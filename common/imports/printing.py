"""A report for a person at a console, line by line."""

from collections.abc import Iterator

from common.imports.findings import ADDED, CHANGED, FAILED, UNCHANGED, ImportReport

MOST_SHOWN = 40


def report_lines(report: ImportReport, *, verbose: bool = False) -> Iterator[str]:
    """Yield what a report says; differences row by row only when `verbose`."""
    counts = ", ".join(
        f"{report.counts[name]} {name}" for name in (ADDED, CHANGED, UNCHANGED, FAILED)
    )
    yield f"{report.kind}: {counts}{'' if report.is_applied else ' (nothing written)'}"
    yield from (f"  note: {note}" for note in report.notes)
    for title, findings, total in (
        ("error", report.errors, report.error_count),
        ("warning", report.warnings, report.warning_count),
    ):
        yield from (f"  {title}: {finding}" for finding in findings[:MOST_SHOWN])
        if total > MOST_SHOWN:
            yield f"  ... and {total - min(MOST_SHOWN, len(findings))} more {title}s"
    if verbose:
        yield from _difference_lines(report)


def _difference_lines(report: ImportReport) -> Iterator[str]:
    for row in report.rows[:MOST_SHOWN]:
        yield f"  row {row.row} {row.outcome}: {row.key}"
        if row.outcome == CHANGED:
            for change in row.changes:
                yield f"      {change.column}: '{change.before}' -> '{change.after}'"
