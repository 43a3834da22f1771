"""Collects rows of import kinds, and the account of what became of every NetBox object."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, str]


@dataclass
class Rows:
    """Rows by kind; `into` counts mapped objects by model and kind, `left` those that are not, with the reason."""

    by_kind: dict[str, list[Row]] = field(default_factory=dict)
    into: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, kind: str, /, **values: str) -> Row:
        """Append a row; empty values are left out, and the character no database keeps."""
        row = {name: str(value).replace("\0", "") for name, value in values.items() if value}
        self.by_kind.setdefault(kind, []).append(row)
        return row

    def take(self, model: str, kind: str, /, **values: str) -> Row:
        """Append a row that stands for one NetBox object."""
        self.into[model, kind] += 1
        return self.add(kind, **values)

    def leave(self, model: str, reason: str, count: int = 1) -> None:
        """Note that an object has no counterpart here, and why."""
        self.left[model, reason] += count

    def header(self, kind: str) -> list[str]:
        """Return the columns in use, in the order of their first use."""
        return list(dict.fromkeys(name for row in self.by_kind[kind] for name in row))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "by_kind": self.by_kind,
            "into": [[*key, count] for key, count in self.into.items()],
            "left": [[*key, count] for key, count in self.left.items()],
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Rows":
        """Return what `as_dict` wrote down."""
        into = {(model, kind): count for model, kind, count in kept["into"]}
        left = {(model, reason): count for model, reason, count in kept["left"]}
        return cls(kept["by_kind"], Counter(into), Counter(left))
