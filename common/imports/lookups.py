"""Natural keys to objects and back, in bulk: one query for a batch of keys, whatever the number of rows.

The queryset decides what a user may refer to: what is not in it does not exist for the import.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Lookup:
    """Objects of a queryset by one or two key fields (`code`, or `vendor__slug` and `model`)."""

    def __init__(
        self, title: "StrOrPromise", rows: QuerySet[Any], key_of: Callable[[Any], Any], *fields: str
    ) -> None:
        self.title = title
        self._rows = rows
        self._key_of = key_of
        self._fields = fields
        self._by_key: dict[Any, Model | None] = {}
        self._by_id: dict[int, Model | None] = {}

    def prime(self, keys: Iterable[Hashable]) -> None:
        """Fetch the objects of these keys that are not known yet."""
        missing = {key for key in keys if key not in self._by_key}
        if not missing:
            return
        firsts = {key[0] if isinstance(key, tuple) else key for key in missing}
        condition: dict[str, Any] = {f"{self._fields[0]}__in": firsts}
        if len(self._fields) > 1:
            condition[f"{self._fields[1]}__in"] = {key[1] for key in missing}  # type: ignore[index]
        self._by_key.update(dict.fromkeys(missing))
        for row in self._rows.filter(**condition):
            self.add(row)

    def prime_ids(self, ids: Iterable[int | None]) -> None:
        """Fetch the objects of these ids that are not known yet."""
        missing = {pk for pk in ids if pk is not None and pk not in self._by_id}
        if not missing:
            return
        self._by_id.update(dict.fromkeys(missing))
        for row in self._rows.filter(pk__in=missing):
            self.add(row)

    def add(self, row: Model) -> None:
        """Remember an object, such as one written a moment ago."""
        self._by_key[self._key_of(row)] = row
        self._by_id[row.pk] = row

    def get(self, key: Hashable) -> Any:
        """Return the primed object of a key, or None."""
        return self._by_key.get(key)

    def by_id(self, pk: int | None) -> Any:
        """Return the primed object of an id, or None."""
        return None if pk is None else self._by_id.get(pk)

    def text(self, pk: int | None) -> str:
        """Return the key text of a primed id; empty when there is none or it is out of reach."""
        row = self.by_id(pk)
        return "" if row is None else str(self._key_of(row))

    def forget(self) -> None:
        """Drop what was primed: a long import stays small."""
        self._by_key.clear()
        self._by_id.clear()

    def shrink(self, limit: int = 20_000) -> None:
        """Forget what was primed once it is much: a long import stays small."""
        if len(self._by_key) > limit or len(self._by_id) > limit:
            self.forget()


@dataclass(frozen=True)
class Kinded:
    """An object with the word that says what it is, such as `item` for an asset or system."""

    kind: str
    row: Any

    @property
    def pk(self) -> tuple[str, int]:
        """Return what identifies it."""
        return self.kind, self.row.pk if self.row is not None else 0


class KindedLookup(Lookup):
    """Objects of several lookups, written `kind:key` (`location:NF`), or a bare word (`enterprise`)."""

    def __init__(
        self, title: "StrOrPromise", parts: Mapping[str, Lookup], *, bare: str = ""
    ) -> None:
        self.title = title
        self._parts = parts
        self._bare = bare

    def prime(self, keys: Iterable[Hashable]) -> None:
        """Fetch the objects of these texts."""
        pairs = [str(key).partition(":") for key in keys]
        for kind, part in self._parts.items():
            part.prime({key for word, _colon, key in pairs if word == kind and key})

    def prime_ids(self, ids: Iterable[Any]) -> None:
        """Fetch the objects of these (kind, id) pairs."""
        pairs = [pair for pair in ids if pair]
        for kind, part in self._parts.items():
            part.prime_ids(pk for word, pk in pairs if word == kind)

    def get(self, key: Hashable) -> Kinded | None:
        """Return the primed object of a text, or None."""
        kind, _colon, code = str(key).partition(":")
        if self._bare and key == self._bare:
            return Kinded(kind, None)
        part = self._parts.get(kind)
        row = part.get(code) if part else None
        return None if row is None else Kinded(kind, row)

    def text(self, pk: Any) -> str:
        """Return the text of a primed (kind, id) pair."""
        if not pk:
            return ""
        kind, row_id = str(pk[0]), pk[1]
        if kind == self._bare:
            return kind
        text = self._parts[kind].text(row_id)
        return f"{kind}:{text}" if text else ""

    def add(self, row: Any) -> None:
        """Nothing to remember: the parts do."""

    def forget(self) -> None:
        """Drop what was primed."""
        for part in self._parts.values():
            part.forget()

    def shrink(self, limit: int = 20_000) -> None:
        """Drop what was primed once it is much."""
        for part in self._parts.values():
            part.shrink(limit)
