"""A column of an import kind: its name, how its cells are read, and what a reader may put in.

`column_for` takes the rules (length, choices, type, validators) from the model field, so they exist once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone

from common.imports import cells


@dataclass(frozen=True)
class Column:
    """`field` names the model field, "" when the kind itself knows where the value lives.

    `refers_to` names the lookup that turns the text into an object. `empty` is what the cell `-` sets.
    """

    name: str
    parse: cells.Parser
    allowed: str
    help: str = ""
    field: str = ""
    empty: Any = ""
    is_key: bool = False
    is_required: bool = False
    refers_to: str = ""
    format: Callable[[Any], str] = cells.format_value

    def read(self, text: str) -> Any:
        """Return the value of a cell that is not empty; `-` clears."""
        if text == cells.CLEAR_WORD:
            if self.is_key or self.is_required:
                raise cells.CellError("cannot be cleared")
            return self.empty
        return self.parse(cells.restored(text))


def column_for(
    model: type[models.Model],
    field_name: str,
    *,
    name: str = "",
    refers_to: str = "",
    parse: cells.Parser | None = None,
    **flags: Any,
) -> Column:
    """Return the column for a model field; keyword flags are those of Column."""
    model_field = model._meta.get_field(field_name)
    assert isinstance(model_field, models.Field)  # noqa: S101 -- a programming error, not input
    if refers_to:
        parser, allowed = cells.text_parser(250), _referring(refers_to)
    else:
        parser, allowed = _parser(model_field)
    column = Column(
        name=name or field_name,
        parse=_validated(parse or parser, model_field),
        allowed=allowed,
        help=str(model_field.help_text),
        field=field_name,
        empty=_empty(model_field),
        refers_to=refers_to,
    )
    return replace(column, **flags)


def reference_column(name: str, refers_to: str, **flags: Any) -> Column:
    """Return a column that names an object but is not a field of the model."""
    return Column(
        name=name,
        parse=cells.text_parser(250),
        allowed=_referring(refers_to),
        refers_to=refers_to,
        empty=None,
        **flags,
    )


def _referring(refers_to: str) -> str:
    if refers_to == "self":
        return "a key of this kind, in this file or known"
    return f"a known key of {refers_to.replace('_', ' ')}"


def _empty(model_field: "models.Field[Any, Any]") -> Any:
    if model_field.null:
        return None
    if isinstance(model_field, models.BooleanField):
        return False
    return model_field.get_default() if model_field.has_default() else ""


def _validated(parser: cells.Parser, model_field: "models.Field[Any, Any]") -> cells.Parser:
    """Add the validators people wrote on the field; the length is in the parser already."""
    own = [
        validator
        for validator in model_field._validators  # type: ignore[attr-defined]
        if not isinstance(validator, MaxLengthValidator)
    ]
    if not own:
        return parser

    def parse(text: str) -> Any:
        value = parser(text)
        for validator in own:
            try:
                validator(value)
            except ValidationError as error:
                raise cells.CellError(" ".join(error.messages)) from None
        return value

    return parse


def _parser(model_field: "models.Field[Any, Any]") -> tuple[cells.Parser, str]:
    """Return how cells of a field are read, and that in words."""
    if model_field.choices:
        values = [value for value, _label in model_field.flatchoices]
        return cells.choice_parser(values), "one of " + ", ".join(str(value) for value in values)
    for kinds, build in _BY_TYPE:
        if isinstance(model_field, kinds):
            return build(model_field)
    raise TypeError(f"no cell type for {model_field!r}")


def _decimal(model_field: Any) -> tuple[cells.Parser, str]:
    digits, places = model_field.max_digits, model_field.decimal_places
    largest = Decimal(10) ** (digits - places)
    return cells.decimal_parser(digits, places), f"a number below {largest} with {places} decimals"


def _text(model_field: Any) -> tuple[cells.Parser, str]:
    length = model_field.max_length
    return cells.text_parser(length), f"text up to {length} characters" if length else "text"


def _json(model_field: Any) -> tuple[cells.Parser, str]:
    if model_field.default is list:
        return cells.parse_list, "a list separated by ;"
    return cells.parse_object, "a JSON object"


def _integer(model_field: Any) -> tuple[cells.Parser, str]:
    positive = isinstance(
        model_field, (models.PositiveIntegerField, models.PositiveSmallIntegerField)
    )
    small = isinstance(model_field, (models.SmallIntegerField, models.PositiveSmallIntegerField))
    top = 32_767 if small else 2_147_483_647
    bottom = 0 if positive else -top
    return cells.integer_parser(bottom, top), f"a whole number from {bottom} to {top}"


_BY_TYPE: tuple[tuple[Any, Callable[[Any], tuple[cells.Parser, str]]], ...] = (
    (models.BooleanField, lambda _field: (cells.parse_boolean, "true or false")),
    (
        models.DateTimeField,
        lambda _field: (
            cells.moment_parser(timezone.get_default_timezone()),
            "a time such as 2026-11-21T08:00+01:00",
        ),
    ),
    (models.DateField, lambda _field: (cells.parse_date, "a date such as 2026-11-21")),
    (models.DecimalField, _decimal),
    (models.IntegerField, _integer),
    (models.GenericIPAddressField, lambda _field: (cells.parse_address, "an IP address")),
    (models.JSONField, _json),
    (models.EmailField, lambda _field: (cells.parse_email, "an e-mail address")),
    (
        models.SlugField,
        lambda field: (
            cells.slug_parser(field.max_length),
            "letters, digits, hyphens and underscores",
        ),
    ),
    ((models.CharField, models.TextField), _text),
)
