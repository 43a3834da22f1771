"""`field__among=values`: one of very many, sent as one parameter.

Django's `__in` makes a parameter of every value: with thousands of them that costs ten times what the database does.
"""

from collections.abc import Callable
from typing import Any

import orjson
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Lookup

from common.compiled import Slot

Statement = tuple[str, tuple[Any, ...]]


@Field.register_lookup
class Among(Lookup):
    """True where the field has one of the values; of none, nowhere. Takes values, not a query."""

    lookup_name = "among"

    def get_prep_lookup(self) -> object:
        """Return the values as the field stores them."""
        if isinstance(self.rhs, Slot):
            return self.rhs
        column = self.lhs.output_field
        return [column.get_prep_value(value) for value in self.rhs]

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Statement:  # noqa: ANN401 - Django's own
        """Compare with an array."""
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*parameters, self._sent(_array))

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> Statement:  # noqa: ANN401 - Django's own
        """Compare with the elements of a JSON array, which is a parameter of any length."""
        left, parameters = self.process_lhs(compiler, connection)
        among = "IN (SELECT value FROM json_each(%s))"
        return f"{left} {among}", (*parameters, self._sent(_json))

    def _sent(self, adapt: Callable[[Any], Any]) -> object:
        return self.rhs.adapted(adapt) if isinstance(self.rhs, Slot) else adapt(self.rhs)


def _array(values: list[Any]) -> object:
    """Return numbers as the text of an array: as Python numbers they cost the driver more than the database."""
    if set(map(type, values)) == {int}:
        return f"{{{','.join(map(str, values))}}}"
    return list(values)


def _json(values: object) -> str:
    return orjson.dumps(values).decode()
