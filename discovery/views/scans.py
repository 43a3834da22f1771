"""Scans: the list, one as it runs and what came of each address, every probe of it."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.pages import (
    Column,
    EmptyState,
    ListPage,
    Row,
    html,
    plain,
)
from discovery.access import (
    scans_visible_to,
)
from discovery.choices import ScanSource
from discovery.filters import ScanFilterSet
from discovery.models import Scan
from discovery.queries.presences import verdicts_of_scans
from discovery.queries.scan_results import (
    seconds_between,
)
from discovery.queries.standing import ANSWERED
from discovery.templatetags.discovery import (
    duration,
    scan_state,
)


def _duration(row: Row) -> SafeString:
    return html.text(duration(row["seconds"]))


VERDICTS = (
    ("added", _("Added")),
    ("updated", _("Updated")),
    ("unchanged", _("Unchanged")),
    ("conflicting", _("Undecided")),
    ("failed", _("Failed")),
)


def _verdict_column(name: str, title: Any) -> Column:  # noqa: ANN401 - lazy text
    return Column(
        name,
        title,
        lambda row: html.number(row["verdicts"].get(name, 0)),
        (),
        is_numeric=True,
        is_default=name in {"added", "updated", "conflicting"},
    )


class ScanList(ListPage):
    """Every scan: where, when, how long, what came of it."""

    title = _("Scans")
    template_name = "discovery/list.html"
    list_name = "discovery:scan-list"
    filterset_class = ScanFilterSet
    columns = (
        Column(
            "network",
            _("Network"),
            lambda row: html.link(
                reverse("discovery:scan-detail", args=[row["pk"]]),
                row["network__name"],
                css="main-link",
            ),
            ("pk", "network__name"),
            order="network__name",
        ),
        Column(
            "state", _("State"), lambda row: scan_state(row["state"]), ("state",), order="state"
        ),
        Column(
            "source",
            _("Source"),
            lambda row: html.text(ScanSource(row["source"]).label),
            ("source",),
            order="source",
        ),
        Column(
            "started",
            _("Started"),
            lambda row: html.moment(row["started_at"]),
            ("started_at", "finished_at"),
            order="started_at",
        ),
        Column("duration", _("Duration"), _duration, ("started_at", "finished_at")),
        Column(
            "addresses",
            _("Addresses"),
            lambda row: html.number(row["planned_count"]),
            ("planned_count",),
            order="planned_count",
            is_numeric=True,
        ),
        Column(
            "answered",
            _("Answered"),
            lambda row: html.number(row["answered"]),
            ("answered",),
            order="answered",
            is_numeric=True,
        ),
        *(_verdict_column(name, words) for name, words in VERDICTS),
        Column(
            "packets",
            _("Packets"),
            lambda row: html.number(row["packet_count"]),
            ("packet_count",),
            order="packet_count",
            is_numeric=True,
        ),
        plain("requester", _("Asked by"), field="requester__name", order="requester__name"),
        plain("reason", _("Ended early because"), field="end_reason", is_default=False),
    )
    row_fields = ("started_at", "finished_at")
    facets = ("state",)
    default_order = "-started"
    empty = EmptyState(
        _("No scans yet"),
        _("Choose a network, look at its dry run, and start a scan from there."),
        "radar",
    )

    def queryset(self) -> QuerySet[Scan]:
        """Return the visible scans with how many addresses answered."""
        answered = Count("addresses", filter=Q(addresses__outcome__in=ANSWERED))
        return scans_visible_to(self.user).annotate(answered=answered)

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Return those of a site."""
        return queryset.filter(network__location__path__startswith=path)

    def may_create(self) -> bool:
        """A scan is started at its network."""
        return False

    def ordered(self, rows: QuerySet[Any], ordering: str) -> QuerySet[Any]:
        """Return the newest first where nothing else is asked: what waits has not started yet."""
        return rows.order_by("-pk") if ordering == "-started" else super().ordered(rows, ordering)

    def enrich(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add how long each took, and what the CMDB made of what it saw."""
        verdicts = verdicts_of_scans([row["pk"] for row in rows])
        return [
            {
                **row,
                "verdicts": verdicts.get(row["pk"], {}),
                "seconds": seconds_between(row["started_at"], row["finished_at"], at=self.now),
            }
            for row in rows
        ]

    def row_label(self, row: Row) -> Any:  # noqa: ANN401
        """Return what a row is called."""
        return row.get("network__name") or row["pk"]
