"""The scope of an audit pack, and the shape in which other floors hand over their sections.

`common.registries.EvidenceSection.collect(scope)` gets an AuditScope and returns `section(...)`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class AuditScope:
    """What the pack is about: everything at or below a location path ("" = the enterprise), and a period.

    `starts_at` belongs to the period, `ends_at` does not.
    """

    path: str
    label: str
    starts_at: datetime
    ends_at: datetime


def section(
    *,
    summary: str = "",
    facts: Mapping[str, Any] | None = None,
    tables: Sequence[Mapping[str, Any]] = (),
    parts: Sequence[Mapping[str, Any]] = (),
    records: Sequence[Mapping[str, Any]] = (),
    counted_by: str = "",
) -> dict[str, Any]:
    """Return a section: one paragraph, labelled facts, tables made by `table`, parts made by `part`.

    `records` is a population as plain rows; with `counted_by` the pack states how many there are of
    each value of that field, and the verifier counts again.
    """
    return {
        "summary": summary,
        "facts": dict(facts or {}),
        "tables": list(tables),
        "parts": list(parts),
        "records": list(records),
        "counted_by": counted_by,
    }


def part(
    title: str,
    *,
    facts: Mapping[str, Any] | None = None,
    notes: Mapping[str, str] | None = None,
    tables: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return one thing of a section (a change): short facts, longer texts by their title, tables."""
    return {
        "title": title,
        "facts": dict(facts or {}),
        "notes": dict(notes or {}),
        "tables": list(tables),
    }


def table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    numeric: Sequence[int] = (),
    empty: str = "",
) -> dict[str, Any]:
    """Return a table: rows hold plain values, `numeric` the positions of right-aligned columns.

    `empty` is the sentence to print when there are no rows.
    """
    return {
        "title": title,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "numeric": list(numeric),
        "empty": empty,
    }
