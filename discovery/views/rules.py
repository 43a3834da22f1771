"""How devices are identified: every rule with what it gave, one rule with its text, examples and devices."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assets.queries.items import labels_for
from common.pages import Action, Column, Crumb, EmptyState, Facet, ListPage, Page, Row, html, plain
from common.pages.counting import Total
from common.pages.history import shown_history
from discovery.access import may_discover_somewhere, may_edit_rules, require_rule_reading
from discovery.models import SiteRule
from discovery.queries.rule_detail import RuleView, devices_of, given_to, rule_view
from discovery.queries.rule_list import ORIGINS, Asked, rule_lines
from evidence.queries.history import history_of

DEVICES_A_PAGE = 50
HISTORY_SHOWN = 20
YES_NO = {"true": True, "false": False}


class RuleRows(list[dict[str, Any]]):
    """Rules as the list page takes rows: they are no table, so they are narrowed and ordered here."""

    def values(self, *_fields: str) -> "RuleRows":
        """Return the rows, which have all their values already."""
        return self

    def none(self) -> "RuleRows":
        """Return no rows."""
        return RuleRows()


def _name(row: Row) -> SafeString:
    return html.link(
        reverse("discovery:rule-detail", args=[row["name"]]), row["name"], css="main-link"
    )


def _origin(row: Row) -> SafeString:
    if row["origin"] == "shipped":
        return html.text(_("Shipped"))
    if not row["is_active"]:
        return html.status("retired", _("This site, switched off"))
    if row["obstacle"]:
        return html.state("degraded", words=str(_("This site, cannot be used")))
    return html.tag(str(_("This site")))


def _conditions(row: Row) -> SafeString:
    return html.safe("<br>".join(html.text(one) for one in row["conditions"]))


def _tells(row: Row) -> SafeString:
    return html.text(", ".join(dict.fromkeys(title for title, _source in row["tells"])))


def _devices(row: Row) -> SafeString:
    if not row["devices"]:
        return html.number(0)
    address = reverse("discovery:rule-detail", args=[row["name"]])
    return html.link(f"{address}#devices", html.number(row["devices"]))


class RuleList(ListPage):
    """Every rule, when it applies, what it tells, and of how many devices it told something."""

    title = _("Rules")
    subtitle = _("What a device is, is told by rules. Those of this site are asked first.")
    template_name = "discovery/list.html"
    list_name = "discovery:rule-list"
    columns = (
        Column("name", _("Name"), _name, (), order="name"),
        Column("origin", _("From"), _origin, (), order="origin"),
        plain("vendor", _("Maker"), order="vendor"),
        Column("conditions", _("Applies when"), _conditions, (), css="rule-words"),
        Column("tells", _("Tells"), _tells, (), css="rule-tells"),
        plain("precedence", _("For"), is_default=False),
        plain("file", _("File"), is_default=False),
        Column("devices", _("Devices"), _devices, (), order="devices", is_numeric=True),
    )
    facets = (
        Facet("origin", _("From"), choices=ORIGINS),
        Facet("has_devices", _("Told something of a device"), kind="flag"),
        Facet("vendor", _("Maker"), kind="text"),
        Facet("prefix", _("sysObjectID"), kind="text", placeholder="enterprises.9"),
    )
    default_order = "-devices"
    create_url_name = "discovery:site-rule-create"
    create_title = _("Add rule")
    empty = EmptyState(_("No rules"), "", "list-search")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Show them to who discovers anywhere, or edits rules."""
        require_rule_reading(self.user)
        return super().get(request, *args, **kwargs)

    def may_create(self) -> bool:
        """Who edits rules."""
        return may_edit_rules(self.user)

    def actions(self) -> Sequence[Action]:
        """Lead to what no rule knows."""
        unknown = Action(_("Unknown devices"), reverse("discovery:unknown-list"), "help-circle")
        return [*super().actions(), unknown]

    def filtered(self, query: QueryDict) -> tuple[Any, dict[str, Any]]:
        """Return the rules that match."""
        asked = Asked(
            text=query.get("q", ""),
            vendor=query.get("vendor", ""),
            prefix=query.get("prefix", ""),
            origins=[one for one in query.getlist("origin") if one],
            has_devices=YES_NO.get(query.get("has_devices", "")),
        )
        lines = rule_lines(self.user, asked)
        return RuleRows({**asdict(line), "pk": line.name} for line in lines), {}

    def ordered(self, rows: Any, ordering: str) -> Any:  # noqa: ANN401 - RuleRows
        """Return the rules in the order of a column, by name among equals."""
        field = ordering.lstrip("-")
        if field not in {column.order for column in self.columns if column.order}:
            field = "name"
        by_name = sorted(rows, key=lambda row: row["name"])
        return RuleRows(
            sorted(by_name, key=lambda row: row[field], reverse=ordering.startswith("-"))
        )

    def _total(self, rows: Any, shown: int, number: int, *, has_next: bool) -> Total:  # noqa: ANN401
        return Total(len(rows))


class RuleDetail(Page):
    """One rule: its text, what comes out of its examples, the devices it told something of."""

    template_name = "discovery/rule.html"

    @property
    def view(self) -> RuleView:
        """The rule, loaded once."""
        if not hasattr(self, "_view"):
            require_rule_reading(self.user)
            self._view = rule_view(self.user, self.kwargs["name"])
        return self._view

    def get_title(self) -> str:
        """Return its name."""
        return self.view.line.name

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return [Crumb(_("Rules"), reverse("discovery:rule-list"))]

    def actions(self) -> Sequence[Action]:
        """Offer to edit a rule of this site, and to identify devices by the rules as they are now."""
        row = self.view.row
        if row is None or not may_edit_rules(self.user):
            return ()
        edit = Action(
            _("Edit"), reverse("discovery:site-rule-edit", args=[row.pk]), "edit", is_primary=True
        )
        again = Action(
            _("Identify again"),
            reverse("discovery:identify-again"),
            "refresh",
            method="post",
            confirm=_(
                "All devices of your networks are identified again from what they told last. "
                "Nothing is sent to them; what differs is compared with the inventory as after a scan."
            ),
        )
        return [edit, again] if may_discover_somewhere(self.user) else [edit]

    def content(self) -> dict[str, Any]:
        """Return the rule with a page of its devices."""
        view = self.view
        page = Paginator(
            devices_of(self.user, view.line.name).select_related("network", "target"),
            DEVICES_A_PAGE,
        ).get_page(self.request.GET.get("page"))
        return {
            "view": view,
            "line": view.line,
            "page": page,
            "devices": given_to(list(page.object_list), view.line.name),
            "history": self._history(view.row),
        }

    def _history(self, row: SiteRule | None) -> Any:  # noqa: ANN401 - what the timeline shows
        if row is None:
            return ()
        entries = list(history_of(row)[:HISTORY_SHOWN])
        return shown_history(
            SiteRule, entries, lambda model, ids: labels_for(self.user, model, ids)
        )
