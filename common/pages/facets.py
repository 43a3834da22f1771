"""The filter panel of a list: each facet is one query parameter with a way to enter it.

Filtering itself is the FilterSet's business; a facet only knows how its parameter is typed in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

Choices = Iterable[tuple[Any, Any]]


@dataclass(frozen=True)
class Facet:
    """A filter in the panel.

    kind: `checks` (a few choices, several at once), `select` (one of many), `text`, `date`, `flag` (yes/no) or
    `lookup` (a search box fed by `lookup_url`, with `label_of(user, value)` for the value in the URL).
    `choices` may be a callable taking the user; it is asked once per page.
    """

    name: str
    title: Any
    kind: str = "checks"
    choices: Choices | Callable[[Any], Choices] = ()
    lookup_url: str = ""
    label_of: Callable[[Any, str], str] | None = None
    placeholder: Any = ""
    is_open: bool = True


@dataclass(frozen=True)
class Option:
    """A choice in the panel."""

    value: str
    label: Any
    is_chosen: bool


@dataclass(frozen=True)
class FilledFacet:
    """A facet with what the URL says."""

    facet: Facet
    values: list[str]
    options: list[Option]
    label: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it narrows the list."""
        return bool(self.values)

    @property
    def shown(self) -> bool:
        """Whether it starts unfolded."""
        return self.facet.is_open or self.is_active


def facet_of(name: str, given: Any) -> Facet:
    """Return the facet of a filter (common.filters.AnyOf): choices as checks, yes/no, dates, else text."""
    if given.choices:
        return Facet(name, given.label, choices=given.choices)
    kind = {"boolean": "flag", "date": "date"}.get(given.kind, "text")
    return Facet(name, given.label, kind=kind)


YES_NO = (("true", _("Yes")), ("false", _("No")))


def fill(facet: Facet, query: QueryDict, user: Any) -> FilledFacet:
    """Return the facet as the panel shows it for this query."""
    values = [value for value in query.getlist(facet.name) if value != ""]
    choices = facet.choices(user) if callable(facet.choices) else facet.choices
    if facet.kind == "flag" and not choices:
        choices = YES_NO
    options = [Option(str(value), label, str(value) in values) for value, label in choices]
    label = values[0] if values else ""
    if facet.label_of and values:
        label = facet.label_of(user, values[0])
    return FilledFacet(facet, values, options, label)
