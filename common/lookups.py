"""`field__among=values`: one of very many, sent as one parameter.

Django's `__in` makes a parameter of every value: with thousands of them that costs ten times what the database does.
"""

from typing import Any

import orjson
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Lookup

Statement = tuple[str, tuple[Any, ...]]


@Field.register_lookup
class Among(Lookup):
    """True where the field has one of the values; of none, nowhere. Takes values, not a query."""

    lookup_name = "among"

    def get_prep_lookup(self) -> list[Any]:
        """Return the values as the field stores them."""
        column = self.lhs.output_field
        return [column.get_prep_value(value) for value in self.rhs]

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Statement:  # noqa: ANN401 - Django's own
        """Compare with an array."""
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*parameters, self.rhs)

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> Statement:  # noqa: ANN401 - Django's own
        """Compare with the elements of a JSON array, which is a parameter of any length."""
        left, parameters = self.process_lhs(compiler, connection)
        wanted = orjson.dumps(self.rhs).decode()
        among = "IN (SELECT value FROM json_each(%s))"
        return f"{left} {among}", (*parameters, wanted)
