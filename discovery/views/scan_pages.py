"""One scan: how it runs and what came of each address, every probe of it, one address with all it told."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.pages import Column, Crumb, EmptyState, ListPage, ObjectPage, Page, Row, html, plain
from discovery.access import (
    probes_visible_to,
    require_discovery,
    scan_target_for,
    scan_targets_visible_to,
)
from discovery.filters import ProbeFilterSet, ScanTargetFilterSet
from discovery.models import ProbeRecord, Scan, ScanTarget
from discovery.queries.scan_results import (
    ATTRIBUTES,
    is_over,
    progress_of,
    reports_of,
    told_by,
    totals_of,
)
from discovery.services import cancel_scan
from discovery.templatetags.discovery import duration, probe_outcome, probe_request, target_outcome

TOLD_A_PAGE = 200


def _attribute(name: str) -> Column:
    titles = {
        "vendor": _("Maker"),
        "model": _("Model"),
        "os": _("System"),
        "version": _("Version"),
        "serial": _("Serial number"),
    }
    return Column(
        name,
        titles[name],
        lambda row: html.text((row["identity"].get(name) or {}).get("value")),
        ("identity",),
    )


def _problem(row: Row) -> SafeString:
    first = row["reason"] or next(iter(row["problems"]), "")
    return html.text(first)


class ScanTab(ObjectPage, ListPage):
    """A tab of a scan that is a list."""

    subject = "scan"
    fragment_template = "discovery/_rows.html"

    def may_create(self) -> bool:
        """Nothing is added by hand."""
        return False


class ScanDetail(ScanTab):
    """How far the scan is, and what came of each address."""

    template_name = "discovery/scan.html"
    filterset_class = ScanTargetFilterSet
    columns = (
        Column(
            "address",
            _("Address"),
            lambda row: html.link(
                reverse("discovery:scan-address", args=[row["scan_id"], row["pk"]]),
                row["address"],
                css="main-link",
            ),
            ("pk", "scan_id", "address"),
            order="address",
        ),
        Column(
            "outcome",
            _("Outcome"),
            lambda row: target_outcome(row["outcome"]),
            ("outcome",),
            order="outcome",
        ),
        *(_attribute(name) for name in ATTRIBUTES),
        Column(
            "packets",
            _("Packets"),
            lambda row: html.number(row["packet_count"]),
            ("packet_count",),
            order="packet_count",
            is_numeric=True,
        ),
        Column(
            "seconds",
            _("Took"),
            lambda row: html.text(duration(row["seconds"])),
            ("seconds",),
            order="seconds",
            is_numeric=True,
        ),
        Column("problem", _("First problem"), _problem, ("reason", "problems")),
    )
    default_order = "outcome"
    empty = EmptyState(_("No address was looked at yet"), "", "radar")

    def queryset(self) -> QuerySet[ScanTarget]:
        """Return the scan's addresses."""
        return scan_targets_visible_to(self.user).filter(scan=self.instance)

    def content(self) -> dict[str, Any]:
        """Add the progress and the counts."""
        totals = totals_of(self.instance)
        return {
            **super().content(),
            **progress_context(self.instance, totals),
            "chosen_outcome": self.request.GET.get("outcome", ""),
        }


def progress_context(scan: Scan, totals: Any) -> dict[str, Any]:  # noqa: ANN401 - ScanTotals
    """Return what the progress shows."""
    return {
        "scan": scan,
        "totals": totals,
        "job": progress_of(scan, totals),
        "progress_url": reverse("discovery:scan-progress", args=[scan.pk]),
    }


class ScanProgressPart(ObjectPage):
    """The polled fragment; once the scan is over the page is loaded anew, with all its addresses."""

    subject = "scan"
    template_name = "discovery/_progress.html"

    def content(self) -> dict[str, Any]:
        """Return the progress."""
        return progress_context(self.instance, totals_of(self.instance))

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:  # noqa: ANN401
        """Ask the browser for the whole page at the end."""
        response = super().render_to_response(context, **kwargs)
        if is_over(self.instance):
            response["HX-Refresh"] = "true"
        return response


class ScanProbes(ScanTab):
    """The log: every probe as it was sent, or refused and why."""

    template_name = "discovery/scan_probes.html"
    filterset_class = ProbeFilterSet
    page_size = 200
    columns = (
        Column("at", _("At"), lambda row: exact_moment(row["at"]), ("at",), order="id"),
        plain("address", _("Address"), order="address"),
        Column(
            "request",
            _("Request"),
            lambda row: html.text(probe_request(row["request"])),
            ("request",),
        ),
        Column("port", _("Port"), lambda row: html.code(row["port"]), ("port",), is_numeric=True),
        Column(
            "packets",
            _("Packets"),
            lambda row: html.number(row["packets"] if row["was_sent"] else 0),
            ("packets", "was_sent"),
            is_numeric=True,
        ),
        Column("sent", _("Sent"), lambda row: sent_chip(row["was_sent"]), ("was_sent",)),
        Column(
            "outcome",
            _("Outcome"),
            lambda row: html.text(probe_outcome(row["outcome"])),
            ("outcome",),
            order="outcome",
        ),
    )
    default_order = "at"
    empty = EmptyState(_("No probe was sent or refused yet"), "", "radar")

    def queryset(self) -> QuerySet[ProbeRecord]:
        """Return the scan's probes."""
        return probes_visible_to(self.user).filter(scan=self.instance)

    def content(self) -> dict[str, Any]:
        """Add which half is chosen."""
        return {**super().content(), "chosen_sent": self.request.GET.get("was_sent", "")}


def exact_moment(value: Any) -> SafeString:  # noqa: ANN401 - a moment
    """Return a time to the millisecond, as a log needs it."""
    return html.safe(
        f'<span class="code">{html.text(value.astimezone().isoformat(" ", "milliseconds")[:23])}</span>'
    )


def sent_chip(was_sent: bool) -> SafeString:
    """Return whether a probe went out."""
    if was_sent:
        return html.text(_("Sent"))
    return html.state("denied", words=str(_("Refused")))


class ScanAddress(Page):
    """One address: what it is and by which rule, problems, its probes, all it told."""

    template_name = "discovery/scan_address.html"

    @property
    def target(self) -> ScanTarget:
        """The address, loaded once."""
        if not hasattr(self, "_target"):
            self._target = scan_target_for(self.user, self.kwargs["pk"], self.kwargs["target"])
        return self._target

    def get_title(self) -> str:
        """Return the address."""
        return self.target.address

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the scan."""
        scan = self.target.scan
        return [
            Crumb(_("Scans"), reverse("discovery:scan-list")),
            Crumb(_("Scan of %s") % scan.network, reverse("discovery:scan-detail", args=[scan.pk])),
        ]

    def content(self) -> dict[str, Any]:
        """Return what is kept of the address."""
        target = self.target
        probes = probes_visible_to(self.user).filter(scan=target.scan_id, address=target.address)
        told = Paginator(told_by(target), TOLD_A_PAGE)
        return {
            "target": target,
            "identity": sorted(target.identity.items()),
            "probes": probes.order_by("pk")[:TOLD_A_PAGE],
            "probe_count": probes.count(),
            "page": told.get_page(self.request.GET.get("page")),
            "reports": reports_of(target),
        }


class CancelScan(ObjectPage):
    """The cancel button."""

    subject = "scan"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lead back: a scan is cancelled by its button."""
        return HttpResponseRedirect(reverse("discovery:scan-detail", args=[self.instance.pk]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Cancel, or say why not."""
        require_discovery(self.user, self.instance.network.location)
        try:
            cancel_scan(actor=self.actor, scan=self.instance, now=self.now)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Cancelled. It ends within a second."))
        return HttpResponseRedirect(reverse("discovery:scan-detail", args=[self.instance.pk]))
