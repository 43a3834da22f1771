"""A column of an import kind: its name, how its cells are read, and what a reader may put in.

`column_for` takes the rules (length, choices, type, validators) from the model field, so they exist once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.imports import cells

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Column:
    """`field` names the model field, "" when the kind itself knows where the value lives.

    `refers_to` names the lookup that turns the text into an object. `empty` is what the cell `-` sets.
    """

    name: str
    parse: cells.Parser
    allowed: "StrOrPromise"
    help: "StrOrPromise" = ""
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
                raise cells.CellError(_("cannot be cleared"))
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
        parser: cells.Parser = cells.text_parser(250)
        allowed = _referring(refers_to)
    else:
        parser, allowed = _parser(model_field)
    column = Column(
        name=name or field_name,
        parse=_validated(parse or parser, model_field),
        allowed=allowed,
        help=model_field.help_text,
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


def _referring(refers_to: str) -> "StrOrPromise":
    if refers_to == "self":
        return gettext_lazy("a key of this kind, in this file or known")
    return format_lazy(gettext_lazy("a known key of {kind}"), kind=refers_to.replace("_", " "))


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


def _parser(model_field: "models.Field[Any, Any]") -> "tuple[cells.Parser, StrOrPromise]":
    """Return how cells of a field are read, and that in words."""
    if model_field.choices:
        values = [value for value, _label in model_field.flatchoices]
        listed = ", ".join(str(value) for value in values)
        return cells.choice_parser(values), format_lazy(
            gettext_lazy("one of {values}"), values=listed
        )
    for kinds, build in _BY_TYPE:
        if isinstance(model_field, kinds):
            return build(model_field)
    raise TypeError(f"no cell type for {model_field!r}")


def _decimal(model_field: Any) -> "tuple[cells.Parser, StrOrPromise]":
    digits, places = model_field.max_digits, model_field.decimal_places
    largest = Decimal(10) ** (digits - places)
    words = gettext_lazy("a number below {largest} with {places} decimals")
    allowed = format_lazy(words, largest=largest, places=places)
    return cells.decimal_parser(digits, places), allowed


def _text(model_field: Any) -> "tuple[cells.Parser, StrOrPromise]":
    length = model_field.max_length
    if not length:
        return cells.text_parser(length), gettext_lazy("text")
    allowed = format_lazy(gettext_lazy("text up to {length} characters"), length=length)
    return cells.text_parser(length), allowed


def _json(model_field: Any) -> "tuple[cells.Parser, StrOrPromise]":
    if model_field.default is list:
        return cells.parse_list, gettext_lazy("a list separated by ;")
    return cells.parse_object, gettext_lazy("a JSON object")


def _integer(model_field: Any) -> "tuple[cells.Parser, StrOrPromise]":
    positive = isinstance(
        model_field, (models.PositiveIntegerField, models.PositiveSmallIntegerField)
    )
    small = isinstance(model_field, (models.SmallIntegerField, models.PositiveSmallIntegerField))
    top = 32_767 if small else 2_147_483_647
    bottom = 0 if positive else -top
    words = gettext_lazy("a whole number from {bottom} to {top}")
    return cells.integer_parser(bottom, top), format_lazy(words, bottom=bottom, top=top)


_BY_TYPE: "tuple[tuple[Any, Callable[[Any], tuple[cells.Parser, StrOrPromise]]], ...]" = (
    (models.BooleanField, lambda _field: (cells.parse_boolean, gettext_lazy("true or false"))),
    (
        models.DateTimeField,
        lambda _field: (
            cells.moment_parser(timezone.get_default_timezone()),
            gettext_lazy("a time such as 2026-11-21T08:00+01:00"),
        ),
    ),
    (
        models.DateField,
        lambda _field: (cells.parse_date, gettext_lazy("a date such as 2026-11-21")),
    ),
    (models.DecimalField, _decimal),
    (models.IntegerField, _integer),
    (
        models.GenericIPAddressField,
        lambda _field: (cells.parse_address, gettext_lazy("an IP address")),
    ),
    (models.JSONField, _json),
    (models.EmailField, lambda _field: (cells.parse_email, gettext_lazy("an e-mail address"))),
    (
        models.SlugField,
        lambda field: (
            cells.slug_parser(field.max_length),
            gettext_lazy("letters, digits, hyphens and underscores"),
        ),
    ),
    ((models.CharField, models.TextField), _text),
)
