"""Custom attributes as columns `attr.name`: typed and checked by the JSON Schema of the item's class."""

from collections.abc import Iterator
from typing import Any

import orjson
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assets.rules import attribute_problems
from common.imports import Column, PlannedRow, Session
from common.imports.cells import (
    CellError,
    decimal_parser,
    format_value,
    integer_parser,
    parse_boolean,
    parse_list,
    text_parser,
)

PREFIX = "attr."
MISSING = object()
CLEARED = object()
_integer = integer_parser()
_number = decimal_parser(30, 12)


def column(name: str) -> Column | None:
    """Return the column of a header cell `attr.name`, None for any other."""
    if not name.startswith(PREFIX) or len(name) == len(PREFIX):
        return None
    return Column(
        name, text_parser(10_000), _("what the class's schema says"), empty=CLEARED, format=_format
    )


def name_of(known: Column) -> str:
    """Return the attribute's name."""
    return known.name.removeprefix(PREFIX)


def _format(value: Any) -> str:
    return "" if value is MISSING or value is CLEARED else format_value(value)


def columns_of(rows: QuerySet[Any]) -> Iterator[Column]:
    """Yield the columns of all attributes in use, by name."""
    used: set[str] = set()
    for held in rows.exclude(attributes={}).values_list("attributes", flat=True).iterator():
        used.update(held)
    for name in sorted(used):
        found = column(PREFIX + name)
        if found is not None:
            yield found


def read(row: PlannedRow, item_class: Any, session: Session) -> None:
    """Turn the text of attribute cells into typed values, and keep the merged attributes in the notes."""
    given = [known for known in session.columns if known.name.startswith(PREFIX)]
    present = [known for known in given if known.name in row.values]
    if not present:
        return
    held = dict(row.instance.attributes) if row.instance else {}
    properties = item_class.attribute_schema.get("properties", {}) if item_class else {}
    for known in present:
        name, text = name_of(known), row.values[known.name]
        if text is CLEARED:
            held.pop(name, None)
            row.values[known.name] = MISSING
        elif name in held and _format(held[name]) == text:
            row.values[known.name] = held[name]
        else:
            _read_one(row, known, text, properties.get(name, {}), session)
            held[name] = row.values[known.name]
    row.notes["attributes"] = held


def _read_one(
    row: PlannedRow, known: Column, text: str, schema: dict[str, Any], session: Session
) -> None:
    try:
        row.values[known.name] = _typed(text, schema.get("type"))
    except CellError as error:
        session.fail(row, str(error), column=known.name, value=text)


def _typed(text: str, kind: Any) -> Any:
    """Return the text as the JSON type that the schema names; text when it names none.

    >>> _typed("6", "integer"), _typed("7.5", "number"), _typed("a;b", "array"), _typed("6", None)
    (6, 7.5, ['a', 'b'], '6')
    """
    if kind == "integer":
        return _integer(text)
    if kind == "number":
        number = float(_number(text))
        return int(number) if number.is_integer() else number
    if kind == "boolean":
        return parse_boolean(text)
    if kind == "array":
        return _json(text) if text.startswith("[") else parse_list(text)
    return _json(text) if kind == "object" else text


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise CellError(_("is not JSON: %(error)s") % {"error": error}) from None


def check(row: PlannedRow, item_class: Any, session: Session) -> None:
    """Refuse attributes that the class's schema does not allow; a new class is checked with the old ones."""
    merged = row.notes.get("attributes")
    if merged is None and (row.is_new or "item_class" in row.changes):
        merged = row.instance.attributes if row.instance else {}
    if merged is None or item_class is None:
        return
    known = session.parked.setdefault("attribute problems", {})
    key = (item_class.pk, orjson.dumps(merged, option=orjson.OPT_SORT_KEYS))
    if key not in known:
        if len(known) > 5_000:
            known.clear()
        known[key] = attribute_problems(merged, item_class.attribute_schema)
    for problem in known[key]:
        name = problem.partition(":")[0]
        here = f"{PREFIX}{name}" if session.has(f"{PREFIX}{name}") else "item_class"
        words = {"class": item_class.slug, "problem": problem}
        session.fail(row, _("not allowed by class '%(class)s': %(problem)s") % words, column=here)
