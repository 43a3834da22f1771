"""A list's table as HTML: built in one go in Python, because template loops cost most of a list's time."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.pages import html
from common.pages.columns import Column, Row


def body(
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    can_tick: bool,
    label: Callable[[Row], Any],
) -> SafeString:
    """Return the <tr> elements; `label(row)` is what the tick box is called for a screen reader."""
    opening = [_opening(column) for column in columns]
    cells = list(zip(opening, (column.cell for column in columns), strict=True))
    select = escape(_("Select"))
    parts: list[str] = []
    for row in rows:
        parts.append("<tr>")
        if can_tick:
            parts.append(
                f'<td class="tick"><input type="checkbox" class="form-check-input" name="pk" '
                f'value="{row["pk"]}" aria-label="{select} {escape(label(row))}"></td>'
            )
        for start, cell in cells:
            parts.extend((start, cell(row), "</td>"))
        parts.append("</tr>")
    return html.safe("".join(parts))


def _opening(column: Column) -> str:
    """Return a cell's tag; a bare number keeps its title for the phone, where no heading stands above it."""
    css = f' class="{_css(column)}"' if _css(column) else ""
    label = f' data-label="{escape(column.title)}"' if column.is_numeric else ""
    return f"<td{css}{label}>"


def head(
    columns: Sequence[Column], query: QueryDict, ordering: str, *, can_tick: bool
) -> SafeString:
    """Return the <th> elements; a sortable one links to the list in that order."""
    parts = []
    if can_tick:
        words = escape(_("Select every row of this page"))
        parts.append(
            '<th class="tick"><input type="checkbox" class="form-check-input" data-tick-all '
            f'aria-label="{words}"></th>'
        )
    parts.extend(_heading(column, query, ordering) for column in columns)
    return html.safe("".join(parts))


def _heading(column: Column, query: QueryDict, ordering: str) -> str:
    css = f' class="{_css(column)}"' if _css(column) else ""
    if not column.order:
        return f'<th scope="col"{css}>{escape(column.title)}</th>'
    is_up, is_down = ordering == column.name, ordering == f"-{column.name}"
    following = f"-{column.name}" if is_up else column.name
    address = with_query(query, ordering=following)
    arrow = html.icon("chevron-up" if is_up else "chevron-down") if is_up or is_down else ""
    direction = ' aria-sort="ascending"' if is_up else ' aria-sort="descending"' if is_down else ""
    title = escape(column.title)
    return f'<th scope="col"{css}{direction}><a href="{escape(address)}">{title}{arrow}</a></th>'


def _css(column: Column) -> str:
    return " ".join(part for part in ("num" if column.is_numeric else "", column.css) if part)


def with_query(query: QueryDict, **changes: Any) -> str:
    """Return the query string with some parameters replaced (None or "" removes one); page starts anew."""
    changed = query.copy()
    changed.pop("page", None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value not in (None, ""):
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


def without_value(query: QueryDict, name: str, value: str) -> str:
    """Return the query string without one value of a repeated parameter."""
    changed = query.copy()
    changed.pop("page", None)
    changed.setlist(name, [kept for kept in changed.getlist(name) if kept != value])
    return f"?{changed.urlencode()}"
