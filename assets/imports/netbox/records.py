"""NetBox objects in one shape, whichever way they came: model -> id -> fields, references as ids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Fields = Mapping[str, Any]
Termination = tuple[str, int]


@dataclass(frozen=True)
class Cable:
    """A cable with what is plugged in at both ends, as (model, id)."""

    pk: int
    a: tuple[Termination, ...]
    b: tuple[Termination, ...]
    status: str = "connected"
    type: str = ""


@dataclass
class Records:
    """All objects of a NetBox; `counts` also knows models whose objects were not fetched."""

    by_model: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    cables: dict[int, Cable] = field(default_factory=dict)
    tags: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, model: str, pk: int, fields: dict[str, Any]) -> None:
        """Keep an object."""
        self.by_model.setdefault(model, {})[pk] = fields

    def all(self, model: str) -> Iterator[tuple[int, Fields]]:
        """Yield id and fields of a model's objects by id."""
        yield from sorted(self.by_model.get(model, {}).items())

    def get(self, model: str, pk: int | None) -> Fields:
        """Return an object's fields; nothing when it is not there."""
        return {} if pk is None else self.by_model.get(model, {}).get(pk, {})

    def found(self) -> dict[str, int]:
        """Return how many objects there are by model."""
        counted = {model: len(rows) for model, rows in self.by_model.items()}
        return {
            **self.counts,
            **counted,
            **({"dcim.cable": len(self.cables)} if self.cables else {}),
        }


def clip(value: Any, length: int) -> str:
    """Return one line of text of at most so many characters.

    >>> clip("two\\nlines", 20), clip(None, 5), clip("abcdef", 4)
    ('two lines', '', 'abc…')
    """
    text = " ".join(str(value or "").split())
    return text if len(text) <= length else text[: length - 1] + "…"


def code(kind: str, pk: int | None) -> str:
    """Return the code under which we keep a NetBox object.

    >>> code("DEV", 12), code("SITE", None)
    ('NB-DEV-12', '')
    """
    return "" if pk is None else f"NB-{kind}-{pk}"
