"""Networks: the list, the form, the page of one with its policy, scans, consents and history."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assets.choices import PurdueLevel
from assets.queries.items import labels_for
from common.pages import (
    Column,
    Crumb,
    EmptyState,
    Facet,
    ListPage,
    ObjectPage,
    RecordForm,
    Row,
    html,
    linked,
    plain,
)
from common.pages.history import shown_history
from discovery.access import (
    may_discover,
    may_discover_somewhere,
    network_for,
    networks_visible_to,
    require_discovery,
    require_discovery_somewhere,
)
from discovery.choices import ScanMode
from discovery.filters import NetworkFilterSet
from discovery.forms import NetworkForm
from discovery.models import Network
from discovery.queries.consents import consents_of, standings_of_consents
from discovery.queries.scan_results import scans_shown
from discovery.queries.sentences import policy_sentences
from discovery.queries.standing import standing_of, standings_of
from discovery.services import change_network, create_network
from discovery.templatetags.discovery import consent_of_network, scan_mode, scan_state
from evidence.queries.history import history_of

SHOWN = 50
HISTORY_SHOWN = 100


def _zone(row: Row) -> SafeString:
    if not row["zone__name"]:
        return html.state("degraded", words=str(_("No zone: counts as OT")))
    level = str(_("Purdue %s") % row["zone__purdue_level"])
    return html.safe(f"{html.text(row['zone__name'])} {html.tag(level)}")


def _last_scan(row: Row) -> SafeString:
    last = row["standing"].last_scan
    if last is None:
        return html.safe(f'<span class="muted">{html.text(_("never"))}</span>')
    address = reverse("discovery:scan-detail", args=[last.pk])
    shown = html.safe(f'<a href="{address}">{html.moment(last.at)}</a>')
    return html.safe(f"{shown} {scan_state(last.state)}")


class NetworkList(ListPage):
    """The networks, how discovery may treat them, whether it has consent, and when it last looked."""

    title = _("Networks")
    template_name = "discovery/list.html"
    list_name = "discovery:network-list"
    filterset_class = NetworkFilterSet
    columns = (
        linked(
            "name",
            _("Name"),
            lambda row: reverse("discovery:network-detail", args=[row["pk"]]),
            order="name",
        ),
        Column("code", _("Code"), lambda row: html.code(row["code"]), ("code",), order="code"),
        plain("place", _("Place"), field="location__name", order="location__path"),
        Column("zone", _("Zone"), _zone, ("zone__name", "zone__purdue_level"), order="zone__name"),
        Column("mode", _("Mode"), lambda row: scan_mode(row["standing"].mode), ()),
        Column(
            "addresses",
            _("Addresses allowed"),
            lambda row: html.number(row["standing"].address_count),
            (),
            is_numeric=True,
        ),
        Column("consent", _("Consent"), lambda row: consent_of_network(row["standing"]), ()),
        Column("last_scan", _("Last scan"), _last_scan, ()),
        Column(
            "answered",
            _("Answered"),
            lambda row: html.number(getattr(row["standing"].last_scan, "answered", None)),
            (),
            is_numeric=True,
        ),
    )
    facets = (
        Facet("mode", _("Mode"), choices=ScanMode.choices),
        Facet("purdue_level", _("Purdue level"), choices=PurdueLevel.choices),
    )
    create_url_name = "discovery:network-create"
    create_title = _("Add network")
    empty = EmptyState(
        _("No networks yet"),
        _(
            "A network says which addresses discovery may look at, how, and when. Nothing else is ever sent a packet."
        ),
        "network",
    )

    def queryset(self) -> QuerySet[Network]:
        """Return the visible networks."""
        return networks_visible_to(self.user)

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Return those of a site."""
        return queryset.filter(location__path__startswith=path)

    def may_create(self) -> bool:
        """Who runs discovery somewhere."""
        return may_discover_somewhere(self.user)

    def enrich(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add mode, addresses, consent and last scan, in the same few queries for any number of rows."""
        standings = standings_of([row["pk"] for row in rows], at=self.now)
        return [{**row, "standing": standings[row["pk"]]} for row in rows]


class NetworkFormPage(RecordForm):
    """Add or edit a network."""

    template_name = "discovery/record.html"
    form_class = NetworkForm
    create_title = _("Add network")

    def record(self, pk: int) -> Network:
        """Return the network, for who runs discovery there."""
        network = network_for(self.user, pk)
        require_discovery(self.user, network.location)
        return network

    def may_add(self) -> None:
        """Refuse who runs discovery nowhere; the place is checked when it is known."""
        require_discovery_somewhere(self.user)

    def form_options(self) -> dict[str, Any]:
        """Tell the form who looks."""
        return {**super().form_options(), "user": self.user}

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back."""
        found = [Crumb(_("Networks"), reverse("discovery:network-list"))]
        if self.edited is not None:
            address = reverse("discovery:network-detail", args=[self.edited.pk])
            found.append(Crumb(str(self.edited), address))
        return found

    def create(self, values: Mapping[str, Any], comment: str) -> Network:
        """Add it."""
        require_discovery(self.user, values["location"])
        return create_network(actor=self.actor, values=values, now=self.now, comment=comment)

    def change(
        self, record: Network, values: Mapping[str, Any], version: int | None, comment: str
    ) -> Network:
        """Change it; moving it takes the right at both ends."""
        require_discovery(self.user, values["location"])
        return change_network(
            actor=self.actor,
            network=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )

    def success_url(self, result: Network) -> str:
        """Go to its page."""
        return reverse("discovery:network-detail", args=[result.pk])


class NetworkOverview(ObjectPage):
    """The policy in sentences, and what keeps a scan from starting."""

    subject = "network"
    template_name = "discovery/network.html"

    def content(self) -> dict[str, Any]:
        """Return the policy."""
        network: Network = self.instance
        sentences = policy_sentences(network, at=self.now)
        return {
            "sentences": sentences,
            "obstacles": [one for one in sentences if one.is_in_the_way],
            "standing": standing_of(network, at=self.now),
            "may_discover": may_discover(self.user, network),
        }


class NetworkScans(ObjectPage):
    """The newest scans of the network."""

    subject = "network"
    template_name = "discovery/network_scans.html"

    def content(self) -> dict[str, Any]:
        """Return them."""
        return {"scans": scans_shown(self.instance, at=self.now, limit=SHOWN)}


class NetworkConsents(ObjectPage):
    """Who consented to what, or was asked."""

    subject = "network"
    template_name = "discovery/network_consents.html"

    def content(self) -> dict[str, Any]:
        """Return the newest consents."""
        rows = list(consents_of(self.user).filter(network=self.instance)[:SHOWN])
        return {"consents": standings_of_consents(rows, at=self.now)}


class NetworkHistory(ObjectPage):
    """What was done to the network, by whom."""

    subject = "network"
    template_name = "discovery/network_history.html"

    def content(self) -> dict[str, Any]:
        """Return the newest entries."""
        entries = list(history_of(self.instance)[: HISTORY_SHOWN + 1])
        shown = shown_history(
            Network, entries[:HISTORY_SHOWN], lambda model, ids: labels_for(self.user, model, ids)
        )
        return {"history": shown, "has_more": len(entries) > HISTORY_SHOWN}
