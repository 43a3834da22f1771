"""A JSON column kept as canonical text, so that the bytes a hash covers are the bytes stored."""

import orjson
from django.db import models

from evidence.rules.canonical import Json, canonical_bytes, plain


class CanonicalJSONField(models.TextField):  # type: ignore[type-arg]
    """Python values in, RFC 8785 text in the table, on every database alike.

    jsonb would reorder keys and rewrite numbers; the verifier could then not hash what it reads.
    """

    def from_db_value(self, value: str | None, *_: object) -> Json:
        """Return the Python value."""
        return None if value is None else orjson.loads(value)

    def to_python(self, value: Json) -> Json:
        """Return the value as it is: it never comes from a form."""
        return value

    def get_prep_value(self, value: Json) -> Json:
        """Return canonical text."""
        return None if value is None else canonical_bytes(plain(value)).decode()
