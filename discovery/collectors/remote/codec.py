"""Orders and events as plain JSON values, and back: whatever dataclasses they are made of.

A value is read by the type it is declared with and by nothing it says of itself, so that a message can only ever make
the objects that its receiver expects.
"""

import base64
import binascii
import hashlib
import types
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import datetime, time
from enum import Enum
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, Union, get_args, get_origin, get_type_hints

Read = Callable[[Any], Any]

NAME = "@"
OCTETS = "octets"
LARGE = "large"
#: JSON of others ends at 64 bits; a device may answer with more.
LEAST, MOST = -(2**63), 2**64 - 1


class ShapeError(ValueError):
    """A value that is not of the type it should be; the message names both."""


class RemoteError(Exception):
    """What broke at the other end, in words."""


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of a message
    """Return a value as JSON has it: dataclasses with their name, mappings as pairs, octets in base64.

    >>> plain({(1, 3): b"\\xff"})
    [[[1, 3], {'octets': '/w=='}]]
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | float):
        return value
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    if is_dataclass(value) and not isinstance(value, type):
        written = {one.name: plain(getattr(value, one.name)) for one in fields(value) if one.init}
        return {NAME: type(value).__name__, **written}
    raise TypeError(f"{type(value).__name__} cannot be sent.")


def _text(value: str) -> str:
    return value if value.isascii() else value.encode(errors="replace").decode()


def _number(value: int) -> int | dict[str, str]:
    return value if LEAST <= value <= MOST else {LARGE: hex(value)}


def _items(values: Iterable[Any]) -> list[Any]:
    return [plain(one) for one in values]


_WRITERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (str, _text),
    (int, _number),
    (bytes, lambda value: {OCTETS: base64.b64encode(value).decode()}),
    (Mapping, lambda value: [[plain(key), plain(one)] for key, one in value.items()]),
    (Sequence | Set, _items),
    (datetime | time, lambda value: value.isoformat()),
    (IPv4Address | IPv6Address | IPv4Network | IPv6Network, str),
    (BaseException, lambda value: f"{type(value).__name__}: {value}"),
)


def typed(kind: Any, data: Any) -> Any:  # noqa: ANN401 - the type says what comes
    """Return the value of a type that plain JSON stands for. Raises ShapeError.

    >>> typed(Mapping[tuple[int, ...], int | bytes], [[[1, 3], {'octets': '/w=='}]])
    {(1, 3): b'\\xff'}
    >>> typed(int, "7")
    Traceback (most recent call last):
    discovery.collectors.remote.codec.ShapeError: '7' is no int.
    """
    return reader_of(kind)(data)


@cache
def reader_of(kind: Any) -> Read:  # noqa: ANN401 - any type
    """Return what reads values of a type. Raises TypeError for a type that cannot be sent."""
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _union(get_args(kind))
    if origin is not None:
        return _container(origin, get_args(kind))
    if kind is None or kind is types.NoneType:
        return _exactly(types.NoneType)
    if is_dataclass(kind):
        return _dataclass(kind)
    if issubclass(kind, Enum):
        return _by_text(kind, kind)
    if issubclass(kind, BaseException):
        return _by_text(kind, RemoteError)
    return _simple(kind)


def _simple(kind: Any) -> Read:  # noqa: ANN401
    if kind is float:
        return _float
    if kind is int:
        return _int
    if kind is bytes:
        return _octets
    if kind in {str, bool}:
        return _exactly(kind)
    if kind in {datetime, time}:
        return _by_text(kind, kind.fromisoformat)
    if kind in {IPv4Address, IPv6Address, IPv4Network, IPv6Network}:
        return _by_text(kind, kind)
    raise TypeError(f"{kind} cannot be sent.")


def _wrong(data: object, kind: Any) -> ShapeError:  # noqa: ANN401
    return ShapeError(f"{str(data)[:60]!r} is no {getattr(kind, '__name__', kind)}.")


def _exactly(kind: type) -> Read:
    def read(data: object) -> object:
        if type(data) is not kind:
            raise _wrong(data, kind)
        return data

    return read


def _int(data: object) -> int:
    if isinstance(data, dict) and set(data) == {LARGE}:
        return int(data[LARGE], 16)
    if type(data) is not int:
        raise _wrong(data, int)
    return data


def _float(data: object) -> float:
    if type(data) not in {int, float}:
        raise _wrong(data, float)
    return float(data)  # type: ignore[arg-type] # one of the two


def _octets(data: object) -> bytes:
    if not isinstance(data, dict) or set(data) != {OCTETS}:
        raise _wrong(data, bytes)
    try:
        return base64.b64decode(data[OCTETS], validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise _wrong(data, bytes) from error


def _by_text(kind: Any, make: Callable[[str], Any]) -> Read:  # noqa: ANN401
    def read(data: object) -> object:
        if not isinstance(data, str):
            raise _wrong(data, kind)
        try:
            return make(data)
        except ValueError as error:
            raise _wrong(data, kind) from error

    return read


def _union(kinds: Sequence[Any]) -> Read:
    readers = [reader_of(kind) for kind in kinds]

    def read(data: object) -> object:
        for one in readers:
            try:
                return one(data)
            except ShapeError:
                continue
        raise _wrong(data, " or ".join(getattr(kind, "__name__", str(kind)) for kind in kinds))

    return read


def _container(origin: Any, kinds: Sequence[Any]) -> Read:  # noqa: ANN401
    if issubclass(origin, Mapping):
        key, value = map(reader_of, kinds)
        return lambda data: {key(pair[0]): value(pair[1]) for pair in _pairs(data)}
    if issubclass(origin, tuple) and (len(kinds) != 2 or kinds[1] is not ...):
        return _record([reader_of(kind) for kind in kinds])
    one = reader_of(kinds[0])
    make = frozenset if issubclass(origin, Set) else tuple
    return lambda data: make(one(part) for part in _list(data))


def _record(readers: Sequence[Read]) -> Read:
    def read(data: object) -> tuple[Any, ...]:
        if len(_list(data)) != len(readers):
            raise _wrong(data, tuple)
        return tuple(read(part) for read, part in zip(readers, _list(data), strict=True))

    return read


def _list(data: object) -> list[Any]:
    if not isinstance(data, list):
        raise _wrong(data, list)
    return data


def _pairs(data: object) -> list[Any]:
    rows = _list(data)
    if not all(isinstance(row, list) and len(row) == 2 for row in rows):
        raise _wrong(data, dict)
    return rows


def _dataclass(kind: Any) -> Read:  # noqa: ANN401
    hints = get_type_hints(kind)
    readers = {one.name: reader_of(hints[one.name]) for one in fields(kind) if one.init}

    def read(data: object) -> object:
        if not isinstance(data, dict) or data.get(NAME) != kind.__name__:
            raise _wrong(data, kind)
        if set(data) - {NAME} != set(readers):
            raise ShapeError(f"A {kind.__name__} has {', '.join(readers)}.")
        try:
            return kind(**{name: one(data[name]) for name, one in readers.items()})
        except ShapeError:
            raise
        except ValueError as error:
            raise ShapeError(str(error)) from error

    return read


def shape_of(*kinds: Any) -> str:  # noqa: ANN401 - types
    """Return a short name of what types are made of: two builds that differ in it do not understand each other."""
    seen: dict[str, str] = {}
    for kind in kinds:
        _describe(kind, seen)
    text = "\n".join(f"{name}: {told}" for name, told in sorted(seen.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _describe(kind: Any, seen: dict[str, str]) -> None:  # noqa: ANN401
    for inner in get_args(kind):
        _describe(inner, seen)
    if not isinstance(kind, type) or kind.__name__ in seen:
        return
    if issubclass(kind, Enum):
        seen[kind.__name__] = " ".join(str(one.value) for one in kind)
    elif is_dataclass(kind):
        hints = get_type_hints(kind)
        named = [(one.name, hints[one.name]) for one in fields(kind) if one.init]
        seen[kind.__name__] = " ".join(f"{name}={hint}" for name, hint in named)
        for _name, hint in named:
            _describe(hint, seen)
