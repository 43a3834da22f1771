"""Errors a user can understand: each carries a sentence, optionally per field, and an HTTP status."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A rule was broken. `str(error)` is fit for the user.

    `fields` maps a field name to its messages; `status` is the HTTP status it becomes.
    """

    status = 400
    code = "invalid"

    def __init__(self, message: str, *, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}


class NotAllowedError(DomainError):
    """The person may see the object but not do this with it."""

    status = 403
    code = "not_allowed"


class StaleVersionError(DomainError):
    """Somebody else changed the object since it was read."""

    status = 412
    code = "stale_version"


class ConflictError(DomainError):
    """The object is in a state that does not allow this."""

    status = 409
    code = "conflict"
