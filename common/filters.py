"""One FilterSet for page and API: lookups declared per field, built once, repeated parameter = OR.

Built on django-filter, but without its per-request copy of every filter and form (half of a list's time).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.ids import LARGEST, id_of, ids_of

Value = str | int | bool | Decimal | date | datetime
RESERVED = frozenset(
    {
        "limit",
        "offset",
        "ordering",
        "fields",
        "omit",
        "brief",
        "cursor",
        "columns",
        "format",
        "page",
    }
    | {"count"}
)
TEXT_LOOKUPS = {
    "": ("exact", False),
    "n": ("exact", True),
    "ie": ("iexact", False),
    "ic": ("icontains", False),
    "nic": ("icontains", True),
    "isw": ("istartswith", False),
    "iew": ("iendswith", False),
}
ORDER_LOOKUPS = {
    "": ("exact", False),
    "n": ("exact", True),
    "gt": ("gt", False),
    "gte": ("gte", False),
    "lt": ("lt", False),
    "lte": ("lte", False),
}
EXACT_LOOKUPS = {"": ("exact", False), "n": ("exact", True)}


class FilterError(DomainError):
    """A filter's name or value is not one the list knows."""


def to_text(value: str) -> Value:
    """Take text as it is."""
    return value


def to_number(value: str) -> Value:
    """Read a number no database refuses; ValidationError names the value."""
    try:
        found = Decimal(value)
    except InvalidOperation:
        raise ValidationError(_("'%s' is not a number.") % value) from None
    if not found.is_finite() or abs(found) > LARGEST:
        raise ValidationError(
            _("'%(value)s' is out of range: %(most)s at most.") % {"value": value, "most": LARGEST}
        )
    return found


def to_address(value: str) -> Value:
    """Read an IP address in the one way it is stored."""
    try:
        return str(ip_address(value.strip()))
    except ValueError:
        message = _("'%s' is not an IP address such as 10.20.1.17.")
        raise ValidationError(message % value) from None


def to_bool(value: str) -> Value:
    """Read true/false."""
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if value.lower() not in known:
        raise ValidationError(_("'%s' is not true or false.") % value)
    return known[value.lower()]


def to_date(value: str) -> Value:
    """Read an ISO date."""
    try:
        parsed = parse_date(value)
    except ValueError:
        parsed = None
    if parsed is None:
        raise ValidationError(_("'%s' is not a date such as 2026-11-21.") % value)
    return parsed


def to_moment(value: str) -> Value:
    """Read an ISO date or time with zone."""
    try:
        parsed = parse_datetime(value)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise ValidationError(_("'%s' is not a time such as 2026-11-21T06:00:00Z.") % value)
    return parsed


class AnyOf(django_filters.Filter):
    """Keeps rows whose column matches any of the given values under a lookup (or none, negated)."""

    field_class = forms.CharField

    def __init__(
        self,
        column: str,
        *,
        lookup: str = "exact",
        negated: bool = False,
        read: Callable[[str], Value] = to_text,
        choices: Sequence[tuple[Any, Any]] = (),
        kind: str = "text",
        label: str = "",
    ) -> None:
        super().__init__(field_name=column, lookup_expr=lookup, label=label or None)
        self.column, self.lookup, self.negated, self.read = column, lookup, negated, read
        self.choices, self.kind = choices, kind

    def condition(self, texts: Sequence[str]) -> Q:
        """Return the condition for the parameter's values; ValidationError names a bad one."""
        allowed = {str(value) for value, _label in self.choices}
        if allowed and self.lookup == "exact" and (unknown := set(texts) - allowed):
            raise ValidationError(
                _("'%(value)s' is not one of %(allowed)s.")
                % {"value": sorted(unknown)[0], "allowed": ", ".join(sorted(allowed))}
            )
        values = [self.read(text) for text in texts]
        if self.lookup == "exact":
            found = Q(**{f"{self.column}__in": values})
        else:
            found = Q()
            for value in values:
                found |= Q(**{f"{self.column}__{self.lookup}": value})
        return ~found if self.negated else found


class Empty(AnyOf):
    """`__empty=true`: the column holds nothing (null or no text)."""

    def __init__(self, column: str, *, is_text: bool, label: str = "") -> None:
        super().__init__(column, read=to_bool, kind="boolean", label=label)
        self.is_text = is_text

    def condition(self, texts: Sequence[str]) -> Q:
        """Return the condition for true or false."""
        empty = Q(**{self.column: ""}) if self.is_text else Q(**{f"{self.column}__isnull": True})
        return empty if self.read(texts[-1]) else ~empty


class Reference(AnyOf):
    """A foreign key by id or natural key."""

    def __init__(
        self, column: str, *, natural: str, negated: bool = False, label: str = ""
    ) -> None:
        super().__init__(column, negated=negated, kind="reference", label=label)
        self.natural = natural

    def condition(self, texts: Sequence[str]) -> Q:
        """Return the condition: digits are ids, all else natural keys."""
        ids = ids_of(texts)
        found = Q(**{f"{self.column}_id__in": ids}) if ids else Q()
        if keys := [text for text in texts if id_of(text) is None]:
            found |= Q(**{f"{self.column}__{self.natural}__in": keys})
        return ~found if self.negated else found


class Custom(AnyOf):
    """A filter with its own condition: `build(texts) -> Q`."""

    def __init__(
        self, build: Callable[[Sequence[str]], Q], *, kind: str = "text", label: str = ""
    ) -> None:
        super().__init__("pk", kind=kind, label=label)
        self.build = build

    def condition(self, texts: Sequence[str]) -> Q:
        """Return what `build` says."""
        return self.build(texts)


def text(column: str, label: str = "") -> dict[str, AnyOf]:
    """Return the filters of a text column: exact, __n, __ie, __ic, __nic, __isw, __iew, __empty."""
    found: dict[str, AnyOf] = {
        suffix: AnyOf(column, lookup=lookup, negated=negated, label=label)
        for suffix, (lookup, negated) in TEXT_LOOKUPS.items()
    }
    return found | {"empty": Empty(column, is_text=True, label=label)}


def address(column: str, label: str = "") -> dict[str, AnyOf]:
    """Return the filters of an IP address: a whole one for exact and __n, any piece for __ic, __isw and so on."""
    return text(column, label) | {
        "": AnyOf(column, read=to_address, label=label),
        "n": AnyOf(column, negated=True, read=to_address, label=label),
        "empty": Empty(column, is_text=False, label=label),
    }


def choice(column: str, choices: Sequence[tuple[Any, Any]], label: str = "") -> dict[str, AnyOf]:
    """Return the filters of a column with a closed set of values."""
    return {
        suffix: AnyOf(
            column, lookup=lookup, negated=negated, choices=choices, kind="choice", label=label
        )
        for suffix, (lookup, negated) in EXACT_LOOKUPS.items()
    }


def number(column: str, label: str = "") -> dict[str, AnyOf]:
    """Return the filters of a number: exact, __n, __gt, __gte, __lt, __lte, __empty."""
    return _ordered(column, to_number, "number", label)


def day(column: str, label: str = "") -> dict[str, AnyOf]:
    """Return the filters of a date."""
    return _ordered(column, to_date, "date", label)


def moment(column: str, label: str = "") -> dict[str, AnyOf]:
    """Return the filters of a time."""
    return _ordered(column, to_moment, "datetime", label)


def _ordered(column: str, read: Callable[[str], Value], kind: str, label: str) -> dict[str, AnyOf]:
    found: dict[str, AnyOf] = {
        suffix: AnyOf(column, lookup=lookup, negated=negated, read=read, kind=kind, label=label)
        for suffix, (lookup, negated) in ORDER_LOOKUPS.items()
    }
    return found | {"empty": Empty(column, is_text=False, label=label)}


def boolean(column: str, label: str = "") -> dict[str, AnyOf]:
    """Return the filter of a yes/no column."""
    return {"": AnyOf(column, read=to_bool, kind="boolean", label=label)}


def reference(column: str, natural: str, label: str = "") -> dict[str, AnyOf]:
    """Return the filters of a foreign key: id or natural key, __n, __empty."""
    return {
        "": Reference(column, natural=natural, label=label),
        "n": Reference(column, natural=natural, negated=True, label=label),
        "empty": Empty(column, is_text=False, label=label),
    }


def custom(
    build: Callable[[Sequence[str]], Q], *, kind: str = "text", label: str = ""
) -> dict[str, AnyOf]:
    """Return a single filter with its own condition."""
    return {"": Custom(build, kind=kind, label=label)}


class FilterSet(django_filters.FilterSet):
    """Base of every list's filters.

    A subclass sets `lookups = {"name": text("name"), ...}` and may name the ones its panel shows in
    `panel`, and the columns `q` searches (case-insensitive contains) in `searched`.
    """

    lookups: Mapping[str, Mapping[str, AnyOf]] = {}
    panel: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()

    @classmethod
    def get_filters(cls) -> dict[str, AnyOf]:  # type: ignore[override]
        """Return every filter by parameter name (called once, when the class is made)."""
        found: dict[str, AnyOf] = {}
        if cls.searched:
            found["q"] = Custom(cls._search, label=str(_("Search")))
        for name, by_suffix in cls.lookups.items():
            for suffix, one in by_suffix.items():
                found[f"{name}__{suffix}" if suffix else name] = one
        return found

    @classmethod
    def known_filters(cls) -> Mapping[str, AnyOf]:
        """Return the filters by parameter name."""
        return cast("Mapping[str, AnyOf]", cls.base_filters)

    @classmethod
    def _search(cls, texts: Sequence[str]) -> Q:
        found = Q()
        for word in " ".join(texts).split():
            anywhere = Q()
            for column in cls.searched:
                anywhere |= Q(**{f"{column}__icontains": word})
            found &= anywhere
        return found

    def __init__(self, data: QueryDict | None, queryset: QuerySet[Any]) -> None:
        self.given = data if data is not None else QueryDict()
        self.rows = queryset

    @property
    def qs(self) -> QuerySet[Any]:
        """Return the filtered rows; FilterError names every unknown parameter and bad value."""
        rows, problems = self.rows, {}
        for name, values in self.given.lists():
            texts = [text for text in values if text != ""]
            if name in RESERVED or not texts:
                continue
            one = self.known_filters().get(name)
            if one is None:
                problems[name] = [self._unknown(name)]
                continue
            try:
                rows = rows.filter(one.condition(texts))
            except ValidationError as error:
                problems[name] = error.messages
        if problems:
            sentence = " ".join(f"{name}: {' '.join(found)}" for name, found in problems.items())
            raise FilterError(sentence, fields=problems)
        return rows

    @classmethod
    def _unknown(cls, name: str) -> str:
        names = sorted(cls.lookups)
        return _("'%(name)s' is not a filter of this list; there is: %(names)s.") % {
            "name": name,
            "names": ", ".join((["q"] if cls.searched else []) + names),
        }

    def active(self) -> list[tuple[str, AnyOf, list[str]]]:
        """Return the filters in force as (parameter, filter, values), for chips and panels."""
        known = self.known_filters()
        return [
            (name, known[name], [text for text in values if text])
            for name, values in self.given.lists()
            if name in known and any(values)
        ]
