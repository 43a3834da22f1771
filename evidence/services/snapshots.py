"""What a row holds, as plain values that compare by value: 99.9 and '99.90' are one price."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from evidence.rules.canonical import Json, plain

HOUSEKEEPING = frozenset({"id", "created_at", "updated_at", "version"})
Reader = Callable[[Any], Any]


def snapshot(instance: models.Model) -> dict[str, Any]:
    """Return the concrete fields of a row, without housekeeping, as plain values."""
    held = instance.__dict__
    values = {}
    for name, read in _readers(type(instance)):
        value = held[name] if name in held else getattr(instance, name)
        values[name] = None if value is None else read(value)
    return values


def set_fields(instance: models.Model) -> dict[str, Any]:
    """Return the snapshot without what is empty."""
    return {name: value for name, value in snapshot(instance).items() if value or value == 0}


@cache
def _readers(model: type[models.Model]) -> tuple[tuple[str, Reader], ...]:
    return tuple(
        (column.attname, _reader(column))
        for column in model._meta.concrete_fields
        if column.attname not in HOUSEKEEPING
    )


def assign(instance: models.Model, changes: Mapping[str, Any]) -> None:
    """Set fields; a float for a decimal column becomes the decimal people mean by it (99.9)."""
    decimals = _decimals(type(instance))
    for name, value in changes.items():
        exact = Decimal(str(value)) if type(value) is float and name in decimals else value
        setattr(instance, name, exact)


@cache
def _decimals(model: type[models.Model]) -> frozenset[str]:
    columns = model._meta.concrete_fields
    return frozenset(one.name for one in columns if isinstance(one, models.DecimalField))


def _reader(column: "models.Field[Any, Any]") -> Reader:
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    if isinstance(target, models.DecimalField):
        return _decimal_reader(target)
    if isinstance(target, (models.DateField, models.IntegerField)):
        return _typed_reader(target)
    return plain


def _typed_reader(column: "models.Field[Any, Any]") -> Reader:
    def read(value: Json) -> Json:
        if type(value) is str:
            try:
                value = column.to_python(value)
            except ValidationError:
                return value
        return plain(value)

    return read


def _decimal_reader(column: "models.DecimalField[Any, Any]") -> Reader:
    def read(value: Json) -> Json:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return str(value)
        return f"{number:.{column.decimal_places}f}" if number.is_finite() else str(number)

    return read
