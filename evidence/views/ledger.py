"""The ledger: a list that pages by number, and one entry with what it changed and what went with it."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.pages import Column, Crumb, EmptyState, Facet, ListPage, Page, html, plain
from common.pages.columns import Row
from common.pages.history import channel_in_words
from evidence.access import entries_visible_to, ledger_entry_for
from evidence.filters import LedgerFilterSet
from evidence.models import LedgerEntry
from evidence.queries import changes_of, of_same_request
from evidence.queries.shown import Shown, kind_in_words, shown_changes


def _number(row: Row) -> str:
    address = reverse("evidence:entry-detail", args=[row["pk"]])
    return html.link(address, row["pk"], css="main-link num")


def _who(row: Row) -> str:
    shown = html.text(row["actor_label"])
    if not row["acting_for"]:
        return shown
    return html.safe(f'{shown} <span class="muted">({html.text(row["acting_for"])})</span>')


def _kind(row: Row) -> str:
    return html.text(kind_in_words(row["object_type"]))


def _request(row: Row) -> str:
    if not row["request_id"]:
        return html.DASH
    address = f"{reverse('evidence:entry-list')}?request_id={row['request_id']}"
    return html.link(address, row["request_id"][:8], css="code")


class LedgerList(ListPage):
    """Everything recorded, newest first. Older entries are reached by number, so depth costs nothing."""

    title = _("Ledger")
    subtitle = _(
        "Everything that was done, by whom and to what. Nothing here is ever changed or removed."
    )
    list_name = "evidence:entry-list"
    filterset_class = LedgerFilterSet
    columns = (
        Column("sequence", _("Entry"), _number, ("sequence",), is_numeric=True),
        Column("at", _("When"), lambda row: html.moment(row["at"]), ("at",)),
        Column("actor", _("Who"), _who, ("actor_label", "acting_for"), css="nowrap"),
        plain("action", _("Did")),
        plain("object_label", _("To what")),
        Column("object_type", _("Kind"), _kind, ("object_type",)),
        Column(
            "channel",
            _("Through"),
            lambda row: html.text(channel_in_words(row["channel"])),
            ("channel",),
        ),
        Column("request", _("Request"), _request, ("request_id",), is_default=False),
        plain("comment", _("Comment"), is_default=False),
    )
    facets = (
        Facet("actor__ic", _("Who"), kind="text"),
        "channel",
        Facet("action", _("Act"), kind="text"),
        Facet("object_type__ic", _("Kind of object"), kind="text"),
        "since",
        "until",
        Facet("request_id", _("Request"), kind="text"),
    )
    default_order = ""
    empty = EmptyState(
        _("Nothing recorded here"),
        _("Every write leaves an entry. If you expected some, your scope may not include them."),
        "history",
    )

    def queryset(self) -> QuerySet[LedgerEntry]:
        """Return the entries this user may read."""
        return entries_visible_to(self.user)

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Narrow to the chosen site."""
        return queryset.filter(scope_path__startswith=path)

    def row_label(self, row: Row) -> str:
        """Return what a row is called."""
        return str(row["pk"])

    def content(self) -> dict[str, Any]:
        """Return the list with links to older entries by their number."""
        found = super().content()
        rows, pager = found["rows"], found["pager"]
        if pager["next"]:
            query = self.request.GET.copy()
            query.pop("page", None)
            query["sequence__lt"] = str(self._oldest)
            pager["next"] = f"?{query.urlencode()}"
        if "sequence__lt" in self.request.GET:
            query = self.request.GET.copy()
            query.pop("sequence__lt")
            pager["previous"] = f"?{query.urlencode()}"
        return {**found, "rows": rows, "pager": pager}

    def enrich(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Remember where the page ends."""
        self._oldest = rows[-1]["pk"] if rows else 0
        return rows


class LedgerEntryPage(Page):
    """One entry: who, what, before and after, its hashes, and what else the request did."""

    template_name = "evidence/entry.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Find the entry, or answer 404."""
        self.entry = ledger_entry_for(self.user, kwargs["pk"])
        return super().get(request, *args, **kwargs)

    def get_title(self) -> str:
        """Return what happened."""
        return f"{self.entry.object_label}: {self.entry.action}"

    def crumbs(self) -> list[Crumb]:
        """Return the way back."""
        return [
            Crumb(_("Ledger"), reverse("evidence:entry-list")),
            Crumb(_("Entry %s") % self.entry.sequence),
        ]

    def content(self) -> dict[str, Any]:
        """Return the entry with what it changed."""
        changes: list[Shown] = shown_changes(changes_of(self.entry))
        siblings = of_same_request(self.entry, entries_visible_to(self.user))
        return {
            "entry": self.entry,
            "changes": changes,
            "siblings": siblings,
            "kind": kind_in_words(self.entry.object_type),
            "channel": channel_in_words(self.entry.channel),
        }
