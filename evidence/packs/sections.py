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
) -> dict[str, Any]:
    """Return a section: one paragraph, labelled facts, and tables made by `table`."""
    return {"summary": summary, "facts": dict(facts or {}), "tables": list(tables)}


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
