"""What a pack is made of, before it is typeset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evidence.choices import PackKind
from evidence.rules.canonical import plain


@dataclass(frozen=True)
class Total:
    """A number the pack states and the verifier counts again from the embedded data.

    Counts the objects of the list `data[of]` whose fields equal `where`; with `sum_of` adds up that field.
    """

    name: str
    of: str
    where: Mapping[str, Any] = field(default_factory=dict)
    sum_of: str = ""


@dataclass(frozen=True)
class PackContent:
    """Everything a pack holds. Filled by the floor that knows the subject, without reading the clock.

    `data` is canonical-JSON-able (see evidence.rules.canonical.plain); it is embedded as `content.json`
    and given to `template` as `data`. The template extends "pdf/pack.html". `sequences` are the ledger
    entries to embed with proof. `object_type`/`object_id` name the subject's row, `scope_path` its
    location path; both decide who finds the pack in lists.
    """

    kind: PackKind
    title: str
    subject: str
    template: str
    data: Mapping[str, Any]
    sequences: Sequence[int] = ()
    totals: Sequence[Total] = ()
    scope_path: str = ""
    object_type: str = ""
    object_id: int | None = None
    limits: Sequence[str] = ()
    glossary: Mapping[str, str] = field(default_factory=dict)


def total_of(total: Mapping[str, Any], data: Mapping[str, Any]) -> int | float:
    """Return the number a total stands for, from the data.

    >>> total_of({"of": "votes", "where": {"choice": "yes"}}, {"votes": [{"choice": "yes"}, {}]})
    1
    """
    rows = [row for row in data.get(total["of"], ()) if _matches(row, total.get("where") or {})]
    if total.get("sum_of"):
        return sum(row.get(total["sum_of"]) or 0 for row in rows)
    return len(rows)


def _matches(row: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    return all(row.get(name) == plain(value) for name, value in where.items())
