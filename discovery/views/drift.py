"""What changed on a network between two looks, and saying what it was."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assets.access import DISCOVER, scope_of
from common.pages import Column, Crumb, EmptyState, FormPage, ListPage, Row, html
from discovery.access import drift_for, drifts_visible_to, require_discovery
from discovery.choices import DriftKind, DriftState
from discovery.filters import DriftFilterSet
from discovery.forms import SettleForm
from discovery.models import Drift
from discovery.services import settle_drift
from governance.access import changes_visible_to

ICONS = {
    DriftKind.ITEM_NEW: "plus",
    DriftKind.ITEM_SILENT: "circle-off",
    DriftKind.VALUE: "pencil",
    DriftKind.LINK_NEW: "link",
    DriftKind.LINK_GONE: "unlink",
    DriftKind.LINK_MOVED: "route",
}
FIELDS = {
    "serial_number": _("serial number"),
    "firmware_version": _("firmware"),
    "hostname": _("host name"),
    "network_address": _("address"),
    "mac_address": _("MAC address"),
    "product": _("product"),
}


STATE_FIELDS = ("state", "change_id", "change__number", "is_change_visible")


def _item(row: Row) -> SafeString:
    url = reverse("assets:item-detail", args=[row["item_id"]])
    return html.link(url, row["item__name"], css="main-link")


def _kind(row: Row) -> SafeString:
    kind = DriftKind(row["kind"])
    return html.safe(f"{html.icon(ICONS[kind], css='icon-sm')} {html.text(kind.label)}")


def _what(row: Row) -> SafeString:
    """Return the field or port with what was and what is."""
    field = FIELDS.get(row["field"], row["field"])
    before, after = html.text(row["before"]) or html.DASH, html.text(row["after"]) or html.DASH
    name = html.text(f"{field}: ") if row["kind"] == DriftKind.VALUE else ""
    if row["before"] and row["after"]:
        return html.safe(f"{name}{before} → {after}")
    return html.safe(f"{name}{after if row['after'] else before}")


def _state(row: Row) -> SafeString:
    if row["state"] == DriftState.UNEXPLAINED:
        return html.state("degraded", words=str(DriftState.UNEXPLAINED.label))
    if row["is_change_visible"]:
        url = reverse("governance:changerequest-detail", args=[row["change_id"]])
        return html.link(url, row["change__number"])
    return html.state("verified", words=str(DriftState(row["state"]).label))


def _settle(row: Row) -> SafeString:
    if row["state"] != DriftState.UNEXPLAINED:
        return html.text(row["note"]) if row["note"] else html.DASH
    if not row["may_settle"]:
        return html.DASH
    return html.link(reverse("discovery:drift-settle", args=[row["pk"]]), _("Say what it was"))


class DriftList(ListPage):
    """Differences between looks, the unexplained ones first in mind."""

    title = _("Drift")
    template_name = "discovery/list.html"
    list_name = "discovery:drift-list"
    filterset_class = DriftFilterSet
    columns = (
        Column("item", _("Item"), _item, ("item_id", "item__name"), order="item__name"),
        Column("kind", _("What"), _kind, ("kind",), order="kind"),
        Column(
            "difference",
            _("Was and is"),
            _what,
            ("kind", "field", "before", "after"),
        ),
        Column(
            "seen_at",
            _("Seen"),
            lambda row: html.moment(row["seen_at"]),
            ("seen_at",),
            order="seen_at",
        ),
        Column("state", _("Explained"), _state, STATE_FIELDS, order="state"),
        Column("settle", _("What it was"), _settle, ("pk", "state", "note")),
        Column(
            "network",
            _("Network"),
            lambda row: html.text(row["network__name"]),
            ("network__name",),
            order="network__name",
            is_default=False,
        ),
        Column(
            "since",
            _("Since the look of"),
            lambda row: html.moment(row["since"]),
            ("since",),
            order="since",
            is_default=False,
        ),
    )
    facets = ("state", "kind", "network")
    row_fields = ("network__location__path",)
    default_order = "-seen_at"
    empty = EmptyState(
        _("Nothing has changed"),
        _(
            "What a scan sees otherwise than the one before stands here, with the change that explains it."
        ),
        "history",
    )

    def queryset(self) -> QuerySet[Any]:
        """Return the visible differences, with whether the change that explains one is."""
        seen = changes_visible_to(self.user).filter(pk=OuterRef("change_id"))
        return drifts_visible_to(self.user).annotate(is_change_visible=Exists(seen))

    def enrich(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add whether the reader runs discovery there, so that what it was is theirs to say."""
        scope = scope_of(self.user, DISCOVER)
        return [
            {**row, "may_settle": scope.covers_path(row["network__location__path"])} for row in rows
        ]

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Keep those of the site."""
        return queryset.filter(network__location__path__startswith=path)

    def row_label(self, row: Row) -> object:
        """Return what it is about."""
        return row.get("item__name")


class SettleDrift(FormPage):
    """Say what an unexplained difference was."""

    title = _("Say what it was")
    template_name = "discovery/form.html"
    form_class = SettleForm
    success_message = _("Noted.")

    @property
    def drift(self) -> Drift:
        """The difference, with the right to run discovery there."""
        found = drift_for(self.user, self.kwargs["pk"])
        require_discovery(self.user, found.network.location)
        return found

    @property
    def intro(self) -> str:
        """What it is about."""
        one = self.drift
        words = " → ".join(part for part in (one.before, one.after) if part)
        return f"{one.get_kind_display()}: {one.item.name}. {words}"

    def crumbs(self) -> list[Crumb]:
        """Lead back to the list."""
        return [Crumb(_("Drift"), reverse("discovery:drift-list"))]

    def save(self, form: Any) -> Drift:  # noqa: ANN401
        """Note it."""
        return settle_drift(
            actor=self.actor,
            person=self.user.person,
            drift=self.drift,
            note=form.cleaned_data["note"],
            now=self.now,
        )

    def success_url(self, result: Drift) -> str:
        """Go back to the list."""
        return reverse("discovery:drift-list")
