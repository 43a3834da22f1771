"""Fields that know how to be read in bulk: references to other objects, and derived values."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.compiled import compiled

Door = Callable[[Any], QuerySet[Any]]
Guard = Callable[[Any, Collection[int]], Collection[int]]
REF_SCHEMA = {
    "type": "object",
    "nullable": True,
    "properties": {
        "id": {"type": "integer", "nullable": True},
        "label": {"type": "string"},
        "url": {"type": "string", "nullable": True},
    },
}
HIDDEN = {"id": None, "label": "(hidden)", "url": None}


@extend_schema_field(REF_SCHEMA)
class RefField(serializers.Field[Any, Any, Any, Any]):
    """A foreign key: read as {id, label, url}, written as an id or natural key.

    `door(user)` are the objects a user may name, and `scope(user)` is all that this depends on, where that can be said
    (the SQL is kept then); `guard(user, ids)` returns the ids that may be shown (None: all). A hidden one is read as
    {"id": null, "label": "(hidden)"}.
    """

    def __init__(
        self,
        *,
        door: Door,
        path: str,
        natural: str = "code",
        label: str = "name",
        guard: Guard | None = None,
        scope: Callable[[Any], Hashable] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.door, self.path, self.natural, self.shown_as = door, path, natural, label
        self.guard, self.scope = guard, scope

    def to_internal_value(self, data: object) -> Any:
        """Return the object; the error names what was given."""
        known: Mapping[object, Model] = self.context.get("references", {}).get(self.field_name, {})
        key = reference_key(data)
        if key in known:
            return known[key]
        found = lookup(self, [key], self.context["request"].user).get(key)
        if found is None:
            raise serializers.ValidationError(
                _("There is no '%(value)s' here: give the id or %(natural)s of an existing one.")
                % {"value": key, "natural": self.natural}
            )
        return found

    def to_representation(self, value: Any) -> Any:
        """Return {id, label, url} of one object (lists are read in bulk instead)."""
        return ref(value.pk, getattr(value, self.shown_as), self.path)


def ref(pk: int, label: str, path: str) -> dict[str, Any]:
    """Return the one form in which an object names another.

    >>> ref(3, "Northfield", "/api/assets/locations/")
    {'id': 3, 'label': 'Northfield', 'url': '/api/assets/locations/3/'}
    """
    return {"id": pk, "label": label, "url": f"{path}{pk}/"}


def reference_key(data: object) -> int | str:
    """Return an id (int) or natural key (str) out of 7, "7", "NF" or {"id": 7}."""
    if isinstance(data, dict):
        data = data.get("id")
    if isinstance(data, bool) or not isinstance(data, (int, str)):
        raise serializers.ValidationError(_("'%s' is neither an id nor a natural key.") % (data,))
    if isinstance(data, str) and data.isascii() and data.isdigit():
        return int(data)
    return data


def lookup(field: RefField, keys: Sequence[int | str], user: object) -> dict[int | str, Any]:
    """Return the objects the user may name, by each of the keys that exist: one query."""
    wanted = set(keys)
    rows = _named(
        field,
        user,
        ids=[key for key in wanted if isinstance(key, int)],
        texts=[str(key) for key in wanted],
    )
    found: dict[int | str, Any] = {}
    for row in rows:
        found[row.pk] = row
    for row in rows:
        found[getattr(row, field.natural)] = row
    return found


def _named(field: RefField, user: object, *, ids: list[int], texts: list[str]) -> list[Any]:
    def chosen(texts: list[str], ids: list[int] | None = None) -> QuerySet[Any]:
        named = Q(**{f"{field.natural}__among": texts})
        either = named if ids is None else Q(pk__among=ids) | named
        return field.door(user).filter(either).order_by()

    given = {"ids": ids, "texts": texts} if ids else {"texts": texts}
    if field.scope is None:
        return list(chosen(**given))
    return compiled(chosen, key=(field.door, field.natural, field.scope(user)), **given)


class ManyRefField(RefField):
    """A many-to-many: read as a list of references, written as a list of ids or natural keys."""

    def __init__(self, *, through: str, **options: Any) -> None:
        super().__init__(**options)
        self.through = through

    def to_internal_value(self, data: object) -> list[Any]:
        """Return the objects in the order given."""
        if not isinstance(data, list):
            raise serializers.ValidationError(_("Give a list of ids or natural keys."))
        return [super(ManyRefField, self).to_internal_value(one) for one in data]

    def to_representation(self, value: Any) -> Any:
        """Return the references of a related manager."""
        return [ref(row.pk, getattr(row, self.shown_as), self.path) for row in value.all()]


@extend_schema_field({})
class Derived(serializers.ReadOnlyField):
    """A value computed from columns: `build(*columns)`."""

    def __init__(
        self,
        columns: Sequence[str],
        build: Callable[..., Any],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.columns, self.build = columns, build
