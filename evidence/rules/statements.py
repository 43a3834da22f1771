"""A checkpoint as text: what it states, and its signature beside it."""

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson

FORMAT = "raceway-checkpoint-1"
FIELDS = {"certificate", "created_at", "first", "format", "head_hash", "last", "previous", "root"}


@dataclass(frozen=True)
class Signed:
    """A checkpoint as it is shipped: the signed text and its signature."""

    statement: str
    signature: str

    @property
    def digest(self) -> str:
        """SHA-256 of the statement: what the next checkpoint names as `previous`."""
        return hashlib.sha256(self.statement.encode()).hexdigest()

    def read(self) -> dict[str, Any] | None:
        """Return the statement's fields; None when it is not a checkpoint."""
        try:
            fields = orjson.loads(self.statement)
        except orjson.JSONDecodeError:
            return None
        whole = isinstance(fields, dict) and set(fields) == FIELDS
        return fields if whole and fields["format"] == FORMAT else None
