"""Items that are no longer seen, and new ones nobody answers for: proposals to people."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.choices import ItemStatus
from common.pages import Column, EmptyState, Facet, ListPage, Row, html
from discovery.access import owner_gaps_visible_to, presences_visible_to
from discovery.choices import OwnerGapKind
from discovery.filters import OwnerGapFilterSet, PresenceFilterSet
from discovery.models import OwnerGap, Presence
from discovery.queries.owners import owners_of
from discovery.templatetags.schedules import item_owner

YES_NO = (("true", gettext_lazy("Yes")), ("false", gettext_lazy("No")))


def _item(row: Row) -> SafeString:
    url = reverse("discovery:item-discovery", args=[row["item_id"]])
    return html.link(url, row["item__name"], css="main-link")


def _network(row: Row) -> SafeString:
    url = reverse("discovery:network-detail", args=[row["network_id"]])
    return html.link(url, row["network__name"])


def _place(row: Row) -> SafeString:
    return html.text(row["item__location__name"])


def _seen(row: Row) -> SafeString:
    shown = html.moment(row["seen_at"])
    if row["observer_id"]:
        words = html.text(_("told by a neighbour"))
        return html.safe(f'{shown} <small class="muted">{words}</small>')
    return shown


def _stale(row: Row) -> SafeString:
    if row["stale_since"] is None:
        words = _("Missed") if row["missed_looks"] else _("Seen")
        return html.state("fine", words=words)
    state = html.state("degraded", words=_("Stale"))
    return html.safe(f"{state} {html.text(_('since'))} {html.moment(row['stale_since'])}")


ITEM = Column("item", gettext_lazy("Item"), _item, ("item_id", "item__name"), order="item__name")
PLACE = Column(
    "place",
    gettext_lazy("Place"),
    _place,
    ("item__location__name",),
    order="item__location__path",
)
NETWORK = Column(
    "network",
    gettext_lazy("Network"),
    _network,
    ("network_id", "network__name"),
    order="network__name",
)


class StaleList(ListPage):
    """Items in service that were looked for and not seen, the stale ones first."""

    title = gettext_lazy("No longer seen")
    template_name = "discovery/list.html"
    list_name = "discovery:stale-list"
    filterset_class = PresenceFilterSet
    columns = (
        ITEM,
        PLACE,
        Column("state", gettext_lazy("State"), _stale, ("stale_since", "missed_looks")),
        Column(
            "seen_at",
            gettext_lazy("Last seen"),
            _seen,
            ("seen_at", "observer_id"),
            order="seen_at",
        ),
        Column(
            "address",
            gettext_lazy("At"),
            lambda row: html.code(row["address"] or ""),
            ("address",),
            order="address",
        ),
        NETWORK,
        Column(
            "missed",
            gettext_lazy("Looks missed"),
            lambda row: html.number(row["missed_looks"]),
            ("missed_looks",),
            order="missed_looks",
            is_numeric=True,
        ),
        Column(
            "last_missed",
            gettext_lazy("Last looked"),
            lambda row: html.moment(row["last_missed_at"]),
            ("last_missed_at",),
            order="last_missed_at",
            is_default=False,
        ),
    )
    facets = (Facet("is_stale", gettext_lazy("Stale"), choices=YES_NO), "network")
    default_order = "seen_at"
    empty = EmptyState(
        gettext_lazy("Everything was seen"),
        gettext_lazy(
            "An item that scans looked for and did not see stands here. Only scans that were completed, and neighbours "
            "that answered, count as a look. Nothing retires by itself: you do that on the item."
        ),
        "circle-check",
    )

    def queryset(self) -> QuerySet[Presence]:
        """Return the visible items in service that were missed since they were seen."""
        rows = presences_visible_to(self.user).filter(missed_looks__gt=0)
        return rows.exclude(item__status=ItemStatus.RETIRED)

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Return those of a site."""
        return queryset.filter(item__location__path__startswith=path)

    def may_create(self) -> bool:
        """It is noted by scans."""
        return False

    def row_label(self, row: Row) -> object:
        """Return the item's name."""
        return row.get("item__name")


class OwnerGapList(ListPage):
    """New items that nobody in particular answers for."""

    title = gettext_lazy("New without owner")
    template_name = "discovery/list.html"
    list_name = "discovery:owner-gap-list"
    filterset_class = OwnerGapFilterSet
    columns = (
        Column(
            "item",
            gettext_lazy("Item"),
            lambda row: html.link(
                reverse("raci:item-ownership", args=[row["item_id"]]),
                row["item__name"],
                css="main-link",
            ),
            ("item_id", "item__name"),
            order="item__name",
        ),
        PLACE,
        Column(
            "kind",
            gettext_lazy("Accountable now"),
            lambda row: item_owner(row["owner"]),
            ("kind",),
            order="kind",
        ),
        NETWORK,
        Column(
            "scan",
            gettext_lazy("Found by"),
            lambda row: (
                html.link(
                    reverse("discovery:scan-seen", args=[row["scan_id"]]),
                    _("scan %d") % row["scan_id"],
                )
                if row["scan_id"]
                else html.DASH
            ),
            ("scan_id",),
        ),
        Column(
            "found_at",
            gettext_lazy("Found"),
            lambda row: html.moment(row["found_at"]),
            ("found_at",),
            order="found_at",
        ),
    )
    facets = (
        Facet("kind", gettext_lazy("What was missing"), choices=OwnerGapKind.choices),
        "network",
    )
    default_order = "-found_at"
    empty = EmptyState(
        gettext_lazy("Everything new has an owner"),
        gettext_lazy(
            "A new item for which the operating model makes nobody accountable, or several with equal right, stands "
            "here until that is settled."
        ),
        "user-question",
    )

    def queryset(self) -> QuerySet[OwnerGap]:
        """Return the open gaps of visible items."""
        return owner_gaps_visible_to(self.user).filter(closed_at=None)

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Return those of a site."""
        return queryset.filter(item__location__path__startswith=path)

    def may_create(self) -> bool:
        """They are found by scans."""
        return False

    def enrich(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add who is accountable as things stand."""
        owners = owners_of([row["item_id"] for row in rows], at=self.now)
        return [{**row, "owner": owners.get(row["item_id"])} for row in rows]

    def row_label(self, row: Row) -> object:
        """Return the item's name."""
        return row.get("item__name")
