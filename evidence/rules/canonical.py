"""Canonical JSON (RFC 8785): the one byte string a value has, whoever writes it down.

Values without floats and with plain keys, nearly all of ours, take a path through orjson that is ten times faster.
"""

import math
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import orjson
import rfc8785

from common.errors import DomainError

Json: TypeAlias = Any
KEYS = frozenset({str})
FLAT = frozenset({str, int, bool, type(None)})
FAST = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
LARGEST_INTEGER = 2**53 - 1


class NotRecordableError(DomainError):
    """A value has no canonical form."""


def canonical_bytes(value: Json) -> bytes:
    """Return the canonical JSON of a plain value.

    >>> canonical_bytes({"b": 1.0, "a": "é"}).decode()
    '{"a":"é","b":1}'
    """
    try:
        if _is_simple(value):
            return orjson.dumps(value, option=FAST)
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, orjson.JSONEncodeError, UnicodeError) as error:
        raise NotRecordableError(f"A value cannot be recorded: {error}.") from error


def plain_bytes(value: Json) -> bytes:
    """Return the canonical JSON of the plain form of any value.

    >>> plain_bytes({"price": Decimal("9.90"), 7: 2**60}).decode()
    '{"7":"1152921504606846976","price":"9.90"}'
    >>> plain_bytes({7: True}).decode()
    '{"7":true}'
    """
    if _is_simple(value):
        with suppress(orjson.JSONEncodeError):  # an integer that is too large: written as text
            return orjson.dumps(value, option=FAST)
    return canonical_bytes(plain(value))


def _is_simple(value: Json) -> bool:
    """Whether orjson writes the value as RFC 8785 would: no floats, keys that sort alike."""
    kind = type(value)
    if kind in FLAT:
        return True
    if kind is dict:
        return (
            KEYS.issuperset(map(type, value))
            and "".join(value).isascii()
            and (FLAT.issuperset(map(type, value.values())) or all(map(_is_simple, value.values())))
        )
    return kind is list and all(map(_is_simple, value))


def plain(value: Json) -> Json:
    """Return a value as canonical JSON holds it: times in UTC, decimals as text.

    >>> plain({1: Decimal("9.90"), "when": datetime(2026, 11, 16, 8, tzinfo=UTC)})
    {'1': '9.90', 'when': '2026-11-16T08:00:00+00:00'}
    """
    kind = type(value)
    if kind in FLAT:
        return value if kind is not int or abs(value) <= LARGEST_INTEGER else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=canonical_bytes)
    return _plain_scalar(value)


def _plain_scalar(value: object) -> Json:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotRecordableError(f"{value} is not a number that can be recorded.")
        return float(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return plain(int(value))
    if isinstance(value, (date, Decimal, UUID, timedelta)):
        return str(value)
    return str(value)
