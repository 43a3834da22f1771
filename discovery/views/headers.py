"""The heads of networks and scans, the same on every tab, with what this reader can do."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import Action, Crumb, Header, html
from discovery.access import may_discover
from discovery.models import Network, Scan
from discovery.queries.scan_results import is_over, run_title
from discovery.queries.standing import standing_of
from discovery.templatetags.discovery import scan_mode, scan_state

if TYPE_CHECKING:
    from accounts.models import User


def network_header(request: HttpRequest, network: Network) -> Header:
    """Return the head of a network's page."""
    standing = standing_of(network, at=now())
    level = (
        _("Purdue level %s") % network.purdue_level
        if network.purdue_level
        else _("no zone: counts as OT")
    )
    chips = [scan_mode(standing.mode), html.tag(level)]
    actions, more = _network_actions(request, network, is_consent_needed=standing.is_consent_needed)
    return Header(
        title=network.name,
        kind=network.location.name,
        code=network.code,
        icon="network",
        crumbs=[Crumb(_("Networks"), reverse("discovery:network-list"))],
        chips=chips,
        actions=actions,
        more=more,
    )


def _network_actions(
    request: HttpRequest, network: Network, *, is_consent_needed: bool
) -> tuple[list[Action], list[Action]]:
    dry_run = Action(_("Dry run"), reverse("discovery:dry-run", args=[network.pk]), "list-check")
    user: User = request.user  # type: ignore[assignment]
    if not may_discover(user, network):
        return [dry_run], []
    actions = [
        Action(
            _("Scan now"),
            reverse("discovery:scan-start", args=[network.pk]),
            "player-play",
            is_primary=True,
            method="post",
            confirm=_(
                "Packets are sent into %s. The dry run shows to which addresses and how many."
            )
            % network,
        ),
        dry_run,
    ]
    more = [
        Action(
            _("Import what was seen elsewhere"),
            reverse("discovery:network-import", args=[network.pk]),
            "upload",
        ),
        Action(_("Edit"), reverse("discovery:network-edit", args=[network.pk]), "edit"),
    ]
    if is_consent_needed:
        ask = reverse("discovery:consent-ask", args=[network.pk])
        actions.append(Action(_("Ask for consent"), ask, "user-question"))
    stop = f"{reverse('discovery:stop-list')}?network={network.pk}"
    more.append(Action(_("Stop discovery here"), stop, "hand-stop", is_danger=True))
    return actions, more


def scan_header(request: HttpRequest, scan: Scan) -> Header:
    """Return the head of a scan's page."""
    user: User = request.user  # type: ignore[assignment]
    actions = []
    if not is_over(scan) and may_discover(user, scan.network):
        actions.append(
            Action(
                _("Cancel"),
                reverse("discovery:scan-cancel", args=[scan.pk]),
                "ban",
                is_danger=True,
                method="post",
                confirm=_("The scan ends. What was read until now is kept."),
            )
        )
    network_url = reverse("discovery:network-detail", args=[scan.network_id])
    actions.append(Action(_("Network"), network_url, "network"))
    return Header(
        title=run_title(scan),
        kind=scan.network.location.name,
        code=f"#{scan.pk}",
        icon="radar",
        crumbs=[Crumb(_("Scans"), reverse("discovery:scan-list"))],
        chips=[scan_state(scan.state)] if is_over(scan) else [],
        actions=actions,
    )
