"""What a list shows: a column names the row values it needs and turns them into a cell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.pages import html

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of a list.

    `fields` are the names given to `QuerySet.values()`; `cell(row)` returns escaped HTML; `order` is the
    field (or annotation) to sort by, "" when the column cannot be sorted; `is_default` is shown until chosen.
    """

    name: str
    title: Any
    cell: Callable[[Row], str]
    fields: tuple[str, ...]
    order: str = ""
    is_numeric: bool = False
    is_default: bool = True
    css: str = ""


def plain(name: str, title: Any, *, field: str = "", **options: Any) -> Column:
    """Return a column that shows one value, escaped."""
    source = field or name
    return Column(name, title, lambda row: html.text(row[source]), (source,), **options)


def chosen(name: str, title: Any, choices: Sequence[tuple[Any, Any]], **options: Any) -> Column:
    """Return a column that shows the word of a choice."""
    words = dict(choices)
    return Column(name, title, lambda row: html.text(words.get(row[name])), (name,), **options)


def linked(
    name: str,
    title: Any,
    address: Callable[[Row], str],
    *,
    field: str = "",
    needs: Iterable[str] = (),
    **options: Any,
) -> Column:
    """Return the column that opens the row's page."""
    source = field or name
    return Column(
        name,
        title,
        lambda row: html.link(address(row), row[source] or "–", css="main-link"),  # noqa: RUF001
        ("pk", source, *needs),
        **options,
    )


def visible(columns: Sequence[Column], wanted: Sequence[str]) -> list[Column]:
    """Return the columns asked for, in their declared order; the defaults when none is known."""
    names = set(wanted)
    picked = [column for column in columns if column.name in names]
    return picked or [column for column in columns if column.is_default]
