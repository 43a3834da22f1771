"""Natural keys to objects and back, in bulk: one query for a batch of keys, whatever the number of rows.

The queryset decides what a user may refer to: what is not in it does not exist for the import.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.db.models import Model, QuerySet


class Lookup:
    """Objects of a queryset by one or two key fields (`code`, or `vendor__slug` and `model`)."""

    def __init__(
        self, title: str, rows: QuerySet[Any], key_of: Callable[[Any], Any], *fields: str
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
