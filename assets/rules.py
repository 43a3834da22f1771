"""Pure decisions of the CMDB: the shape of the location tree, who depends on whom, custom attributes."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

LEVEL_ORDER = ("enterprise", "site", "area", "line", "cell")
DEPENDENT_IS_TARGET = frozenset({"feeds_data", "controls", "member_of"})


def level_fits(level: str, parent_level: str | None) -> bool:
    """Tell whether a location of one ISA-95 level may stand below another.

    Enterprises may hold enterprises (companies, regions of a group) and areas areas (rooms of a building);
    all else goes strictly down.

    >>> level_fits("line", "area"), level_fits("site", "line"), level_fits("area", "area")
    (True, False, True)
    """
    if parent_level is None:
        return True
    if level == parent_level and level in {"enterprise", "area"}:
        return True
    return LEVEL_ORDER.index(level) > LEVEL_ORDER.index(parent_level)


def child_path(parent_path: str, pk: int) -> str:
    """Return the materialised path of a node under a parent.

    >>> child_path("1/4/", 17)
    '1/4/17/'
    """
    return f"{parent_path}{pk}/"


def makes_cycle(path: str, new_parent_path: str) -> bool:
    """Tell whether a node would become its own ancestor.

    >>> makes_cycle("1/4/", "1/4/9/"), makes_cycle("1/4/", "1/5/")
    (True, False)
    """
    return new_parent_path.startswith(path)


def dependent_end(relation_class: str) -> str:
    """Return which end of a relation depends on the other: `source` or `target`.

    >>> dependent_end("runs_on"), dependent_end("feeds_data")
    ('source', 'target')
    """
    return "target" if relation_class in DEPENDENT_IS_TARGET else "source"


@cache
def _json_schema() -> ModuleType:
    """Return jsonschema, loaded with the first schema: it brings what many processes never need."""
    return import_module("jsonschema")


def schema_problem(schema: object) -> str | None:
    """Return what keeps a value from being a JSON Schema of an object (draft 2020-12), None when it is one.

    >>> schema_problem({"type": "sting"}), schema_problem({"type": "object"})
    ("'sting' is not valid under any of the given schemas", None)
    >>> schema_problem([])
    '[] is not an object'
    """
    if not isinstance(schema, Mapping):
        return f"{schema!r} is not an object"
    try:
        _json_schema().Draft202012Validator.check_schema(schema)
    except _json_schema().SchemaError as error:
        return str(error.message)
    return None


def attribute_problems(attributes: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with custom attributes under a class's JSON Schema, one sentence each.

    >>> attribute_problems({"ports": "x"}, {"properties": {"ports": {"type": "integer"}}})
    ["ports: 'x' is not of type 'integer'"]
    """
    if not schema:
        return []
    validator = _json_schema().Draft202012Validator(dict(schema))
    problems = sorted(validator.iter_errors(dict(attributes)), key=lambda e: list(map(str, e.path)))
    return [": ".join([*map(str, error.path), error.message]) for error in problems]
