"""The report of a NetBox import as people read it: by kind of ours, by model of NetBox, what is left and why."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from common.imports.findings import ADDED, CHANGED, FAILED, UNCHANGED
from common.imports.kinds import import_kinds

SHOWN = 300


@dataclass(frozen=True)
class KindLine:
    """What happens to one kind. `found` counts NetBox objects; rows may be more, a host is also a relation."""

    name: str
    title: str
    found: int
    added: int
    changed: int
    unchanged: int
    failed: int
    rows: tuple[dict[str, Any], ...]

    @property
    def is_touched(self) -> bool:
        """Whether there is anything of this kind."""
        return bool(self.found or self.writes or self.unchanged or self.failed)

    @property
    def writes(self) -> int:
        """How many rows are added or changed."""
        return self.added + self.changed

    @property
    def more_rows(self) -> int:
        """How many added or changed rows are not among the examples."""
        return max(0, self.writes - len(self.rows))


@dataclass(frozen=True)
class ModelLine:
    """What a model of NetBox became: (title of our kind, count), and what of it is left: (reason, count)."""

    model: str
    found: int
    became: tuple[tuple[str, int], ...]
    left: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Reason:
    """Why objects became nothing: the models, the most numerous first."""

    text: str
    count: int
    models: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class NetBoxSummary:
    """All numbers of a report, and the first errors and warnings with the title of their kind."""

    kinds: tuple[KindLine, ...]
    errors: tuple[dict[str, Any], ...]
    warnings: tuple[dict[str, Any], ...]
    models: tuple[ModelLine, ...]
    reasons: tuple[Reason, ...]
    found: int
    mapped: int

    @property
    def left(self) -> int:
        """How many objects became nothing here."""
        return self.found - self.mapped

    @property
    def changes(self) -> int:
        """How many rows are added or changed."""
        return sum(kind.writes for kind in self.kinds)

    @property
    def unchanged(self) -> int:
        """How many rows say what is known already."""
        return sum(kind.unchanged for kind in self.kinds)


def summary_of(report: dict[str, Any]) -> NetBoxSummary:
    """Return the numbers of a finished job's report; all zero while there is none."""
    account = report.get("account", [])
    found = _found_by_kind(account)
    kinds = (_kind(line, found) for line in report.get("reports", []))
    return NetBoxSummary(
        kinds=tuple(kind for kind in kinds if kind.is_touched),
        errors=_findings(report.get("errors", [])),
        warnings=_findings(report.get("warnings", [])),
        models=tuple(_model(line) for line in account if line["mapped"]),
        reasons=_reasons(account),
        found=sum(line["found"] for line in account),
        mapped=sum(line["mapped"] for line in account),
    )


def _findings(found: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    return tuple({**finding, "title": _title(finding["kind"])} for finding in found[:SHOWN])


def _found_by_kind(account: list[dict[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in account:
        found.update(line["became"])
    return found


def _kind(line: dict[str, Any], found: Counter[str]) -> KindLine:
    counts = line["counts"]
    return KindLine(
        name=line["kind"],
        title=_title(line["kind"]),
        found=found[line["kind"]],
        added=counts[ADDED],
        changed=counts[CHANGED],
        unchanged=counts[UNCHANGED],
        failed=counts[FAILED],
        rows=tuple(row for row in line["rows"] if row["outcome"] in {ADDED, CHANGED}),
    )


def _model(line: dict[str, Any]) -> ModelLine:
    became = tuple((_title(kind), count) for kind, count in line["became"].items())
    return ModelLine(line["model"], line["found"], became, tuple(line["not_mapped"].items()))


def _title(kind: str) -> str:
    return str(import_kinds.get(kind).title) if kind in import_kinds else kind


def _reasons(account: list[dict[str, Any]]) -> tuple[Reason, ...]:
    by_reason: dict[str, list[tuple[str, int]]] = {}
    for line in account:
        for text, count in line["not_mapped"].items():
            by_reason.setdefault(text, []).append((line["model"], count))
    reasons = [
        Reason(text, sum(n for _model, n in models), tuple(sorted(models, key=lambda m: -m[1])))
        for text, models in by_reason.items()
    ]
    return tuple(sorted(reasons, key=lambda reason: -reason.count))
