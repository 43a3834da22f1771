"""The examples in a rule: a few variables in, attributes out. They are run as tests and before a rule is taken on."""

from collections.abc import Mapping
from typing import Any

from discovery.identification.fields import RuleError, as_mapping, known_keys
from discovery.identification.rules import Example
from discovery.identification.sources import (
    DESCRIPTION,
    OBJECT_ID,
    VARIABLES,
    identifier_of,
)
from discovery.identification.values import Attribute
from discovery.rules.readings import Oid, Value


def example_of(entry: Mapping[str, Any], origin: str, rule: str, field: str) -> Example:
    """Return an example out of YAML. Raises RuleError."""
    known_keys(entry, ("object_id", "description", "values", "expect"), origin, rule, field)
    varbinds: dict[Oid, Value] = {}
    try:
        if "object_id" in entry:
            varbinds[OBJECT_ID] = identifier_of(str(entry["object_id"]))
        if "description" in entry:
            varbinds[DESCRIPTION] = str(entry["description"]).encode()
        values = as_mapping(entry.get("values", {}), origin, rule, f"{field}.values")
        for name, value in values.items():
            varbinds[VARIABLES.get(name) or identifier_of(str(name))] = _value(value)
    except ValueError as error:
        raise RuleError(origin, rule, field, str(error)) from None
    expected = as_mapping(entry.get("expect", {}), origin, rule, f"{field}.expect")
    known_keys(expected, tuple(Attribute), origin, rule, f"{field}.expect")
    if not expected:
        raise RuleError(origin, rule, f"{field}.expect", "say what should come out")
    return Example(
        varbinds,
        {Attribute(key): None if value is None else str(value) for key, value in expected.items()},
    )


def _value(value: object) -> Value:
    """A number stays one, “oid:…” is an identifier, “hex:…” octets, the rest text."""
    if isinstance(value, int):
        return value
    text = str(value)
    if text.startswith("oid:"):
        return identifier_of(text.removeprefix("oid:"))
    if text.startswith("hex:"):
        return bytes.fromhex(text.removeprefix("hex:"))
    return text.encode()
