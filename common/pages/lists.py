"""The declarative list page: columns, filters, saved filters, sort, paging, bulk bar, export.

A subclass declares what it shows; see docs/development/pages.md. The number of queries does not depend on the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.pages import tables
from common.pages.base import Action, Page
from common.pages.columns import Column, Row, visible
from common.pages.counting import Total, total_of
from common.pages.facets import Facet, FilledFacet, facet_of, fill

# Parameters that shape the list but do not narrow it.
SHAPING = frozenset({"page", "ordering", "columns"})


@dataclass(frozen=True)
class BulkAction:
    """A button of the bulk bar: sends the ticked `pk`s (or `all=1` with the filters) to a URL."""

    title: Any
    url_name: str
    icon: str = "edit"
    is_danger: bool = False


@dataclass(frozen=True)
class EmptyState:
    """What an empty list says: what it is for, and the first step."""

    title: Any
    text: Any = ""
    icon: str = "list-search"


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force, with the address of the list without it."""

    title: Any
    value: Any
    remove: str


class ListPage(Page):
    """A list of rows; `list_name` is its URL name and the key of its saved filters."""

    template_name = "ui/list.html"
    fragment_template = "ui/list_body.html"
    list_name = ""
    columns: Sequence[Column] = ()
    facets: Sequence[Facet | str] = ()
    filterset_class: Any = None
    default_order = "name"
    row_fields: tuple[str, ...] = ()
    bulk_actions: Sequence[BulkAction] = ()
    create_url_name = ""
    create_title: Any = _("Add")
    export_kind = ""
    import_kind = ""
    has_search = True
    page_size = 50
    empty = EmptyState(_("Nothing here yet"))

    def queryset(self) -> QuerySet[Any]:
        """Return the rows this user may see, through access.py."""
        raise NotImplementedError

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Narrow the rows to the site chosen in the top bar (a location path)."""
        return queryset

    def may_create(self) -> bool:
        """Tell whether the add and import buttons are shown."""
        return True

    def may_tick(self) -> bool:
        """Tell whether rows can be ticked."""
        return bool(self.bulk_actions)

    def row_label(self, row: Row) -> Any:
        """Return what a row is called in its tick box."""
        return row.get("name") or row["pk"]

    def enrich(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add values a join cannot give (tags, owners): at most one query for the page."""
        return rows

    def actions(self) -> Sequence[Action]:
        """Return the add and import buttons."""
        if not self.may_create():
            return ()
        found = []
        if self.create_url_name:
            url = reverse(self.create_url_name)
            found.append(Action(self.create_title, url, "plus", is_primary=True))
        if self.import_kind:
            found.append(Action(_("Import"), f"/import/?kind={self.import_kind}", "upload"))
        return found

    # --- From the query string to rows ---------------------------------------------------------
    def filtered(self, query: QueryDict) -> tuple[QuerySet[Any], dict[str, Any]]:
        """Return the rows that match the query, and what was wrong with it by field."""
        rows = self.queryset()
        if path := self.site.get("path"):
            rows = self.in_site(rows, path)
        if self.filterset_class is None:
            return rows, {}
        try:
            return self.filterset_class(query, rows).qs, {}
        except DomainError as error:
            return rows.none(), error.fields or {"": [str(error)]}

    def ordered(self, rows: QuerySet[Any], ordering: str) -> QuerySet[Any]:
        """Return the rows in the order of a column ("name", "-name")."""
        orders = {column.name: column.order for column in self.columns if column.order}
        descending, name = ordering.startswith("-"), ordering.lstrip("-")
        field = orders.get(name)
        if field is None:
            return rows
        return rows.order_by(f"-{field}" if descending else field, "pk")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the page, or only its table when htmx asks for it."""
        if self.wants_fragment("list-body"):
            self.template_name = self.fragment_template
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def content(self) -> dict[str, Any]:
        """Return the table, the panel and the pager."""
        query = self.request.GET
        matching, errors = self.filtered(query)
        ordering = query.get("ordering") or self.default_order
        chosen = query.get("columns", "")
        columns = visible(self.columns, chosen.split(",") if chosen else ())
        number = _page_number(query)
        rows, has_next = self._slice(self.ordered(matching, ordering), columns, number)
        total = self._total(matching, len(rows), number, has_next=has_next)
        facets = self._facets(query)
        return {
            "list": self,
            "list_url": self.request.path,
            "errors": errors,
            "head": tables.head(columns, query, ordering, can_tick=self.may_tick()),
            "rows": tables.body(columns, rows, can_tick=self.may_tick(), label=self.row_label),
            "row_count": len(rows),
            "all_columns": [(column, column in columns) for column in self.columns],
            "total": total,
            "pager": _pager(query, number, self.page_size, len(rows), has_next),
            "facets": facets,
            "active_filters": _active(facets, query),
            "is_narrowed": any(value for name, value in query.items() if name not in SHAPING),
            "query": query,
            "shaping": {"ordering": query.get("ordering", ""), "columns": chosen},
            "export_url": self.export_url(query),
            "bulk": [(action, reverse(action.url_name)) for action in self.bulk_actions],
            "filter_query": self.bulk_filters(query),
        }

    def export_url(self, query: QueryDict) -> str:
        """Return the address that exports what is seen ("" when the list has no export)."""
        if not self.export_kind:
            return ""
        return f"/plant/export/{self.export_kind}/?{_filters_only(query)}"

    def bulk_filters(self, query: QueryDict) -> str:
        """Return the filters that "all that match" stands for in a bulk action."""
        return _filters_only(query)

    def _slice(
        self, rows: QuerySet[Any], columns: Sequence[Column], number: int
    ) -> tuple[list[dict[str, Any]], bool]:
        fields = {"pk": None, **dict.fromkeys(self.row_fields)}
        for column in columns:
            fields.update(dict.fromkeys(column.fields))
        start = (number - 1) * self.page_size
        found = list(rows.values(*fields)[start : start + self.page_size + 1])
        return self.enrich(found[: self.page_size]), len(found) > self.page_size

    def _total(self, rows: QuerySet[Any], shown: int, number: int, *, has_next: bool) -> Total:
        if not has_next and (shown or number == 1):
            return Total((number - 1) * self.page_size + shown)
        return total_of(rows)

    def _facets(self, query: QueryDict) -> list[FilledFacet]:
        facets = [self._facet(facet) for facet in self.facets]
        if self.template_name == self.fragment_template:
            facets = [facet for facet in facets if query.get(facet.name)]
        return [fill(facet, query, self.user) for facet in facets]

    def _facet(self, facet: Facet | str) -> Facet:
        if isinstance(facet, Facet):
            return facet
        return facet_of(facet, self.filterset_class.base_filters[facet])


def _page_number(query: QueryDict) -> int:
    given = query.get("page", "1")
    return max(1, int(given)) if given.isdecimal() and len(given) < 7 else 1


def _filters_only(query: QueryDict) -> str:
    kept = query.copy()
    for name in SHAPING:
        kept.pop(name, None)
    return kept.urlencode()


def _pager(query: QueryDict, number: int, size: int, shown: int, has_next: bool) -> dict[str, Any]:
    start = (number - 1) * size
    base = tables.with_query(query)
    joint = "&" if len(base) > 1 else ""
    return {
        "first": start + 1 if shown else 0,
        "last": start + shown,
        "number": number,
        "previous": f"{base}{joint}page={number - 1}" if number > 1 else "",
        "next": f"{base}{joint}page={number + 1}" if has_next else "",
    }


def _active(facets: Sequence[FilledFacet], query: QueryDict) -> list[ActiveFilter]:
    found = []
    for filled in facets:
        words = {option.value: option.label for option in filled.options}
        for value in filled.values:
            shown = words.get(value) or filled.label or value
            remove = tables.without_value(query, filled.facet.name, value)
            found.append(ActiveFilter(filled.facet.title, shown, remove))
    return found
