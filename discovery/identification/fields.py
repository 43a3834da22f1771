"""Checking what stands in a rule's YAML, field by field."""

from collections.abc import Iterable, Mapping
from typing import Any


class RuleError(ValueError):
    """A mistake in a rule, with the place where it stands."""

    def __init__(self, origin: str, rule: str, field: str, message: str) -> None:
        self.origin, self.rule, self.field, self.message = origin, rule, field, message
        place = [origin, rule and f"rule “{rule}”", field and f"field “{field}”"]
        super().__init__(f"{', '.join(filter(None, place))}: {message}")


def as_mapping(value: object, origin: str, rule: str, field: str) -> Mapping[Any, Any]:
    """Return a mapping. Raises RuleError."""
    if not isinstance(value, dict):
        raise RuleError(origin, rule, field, "write “key: value” lines")
    return value


def as_list(value: object, origin: str, rule: str, field: str, kind: type) -> list[Any]:
    """Return a list of values of one type; a single value stands for a list of one. Raises RuleError."""
    values = value if isinstance(value, list) else [value]
    if any(not isinstance(one, kind) or isinstance(one, bool) for one in values):
        words = {str: "texts", int: "whole numbers", dict: "entries of “key: value” lines"}
        raise RuleError(origin, rule, field, f"a list of {words[kind]} is expected")
    return values


def as_text_field(value: object, origin: str, rule: str, field: str) -> str:
    """Return a text; numbers must be quoted, so that 1.10 does not become 1.1. Raises RuleError."""
    if not isinstance(value, str):
        raise RuleError(origin, rule, field, f"a text is expected: put {value} in quotes")
    return value


def known_keys(
    entry: Mapping[Any, Any], allowed: Iterable[str], origin: str, rule: str, field: str
) -> None:
    """Raise RuleError when an entry has a key that nobody reads."""
    unknown = [str(key) for key in entry if key not in set(allowed)]
    if unknown:
        place = ".".join(filter(None, (field, unknown[0])))
        raise RuleError(origin, rule, place, f"there is no such field; known: {', '.join(allowed)}")
