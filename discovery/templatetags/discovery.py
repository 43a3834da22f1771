"""How pages of discovery say things: modes, states of scans and consents, durations, and that all is stopped."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.pages import html
from discovery.access import stop_orders_visible_to
from discovery.choices import ScanMode, ScanState, TargetOutcome
from discovery.queries.consents import WORDS
from discovery.queries.standing import NetworkStanding
from discovery.rules.probes import Outcome, Request
from discovery.rules.safety import SENTENCES, Refusal

register = template.Library()

MODE_ICONS = {
    ScanMode.PASSIVE: "eye",
    ScanMode.SNMP_ONLY: "list-search",
    ScanMode.GENTLE: "shield-check",
    ScanMode.IT: "radar",
}
SHORT_MODES = {
    ScanMode.PASSIVE: gettext_lazy("Passive"),
    ScanMode.SNMP_ONLY: gettext_lazy("SNMP only"),
    ScanMode.GENTLE: gettext_lazy("Gentle"),
    ScanMode.IT: gettext_lazy("IT"),
}
LOOKS: Mapping[str, str] = {
    ScanState.QUEUED: "waiting",
    ScanState.RUNNING: "waiting",
    ScanState.COMPLETED: "verified",
    ScanState.STOPPED: "degraded",
    ScanState.FAILED: "denied",
    TargetOutcome.READ: "verified",
    TargetOutcome.PARTIAL: "degraded",
    TargetOutcome.SILENT: "unknown",
    "requested": "waiting",
    "approved": "verified",
    "rejected": "denied",
    "outdated": "degraded",
}
PROBE_WORDS: Mapping[str, Any] = {
    Outcome.ANSWERED: gettext_lazy("Answered"),
    Outcome.TIMED_OUT: gettext_lazy("No answer in time"),
    Outcome.RESET: gettext_lazy("Connection reset"),
    Outcome.REFUSED_BY_HOST: gettext_lazy("Refused by the host"),
    Outcome.NONSENSE: gettext_lazy("Answer that makes no sense"),
    Outcome.FILTERED: gettext_lazy("Dropped by a firewall"),
    Outcome.BROKEN_OFF: gettext_lazy("Broken off"),
}
REQUEST_WORDS: Mapping[str, Any] = {
    Request.SNMP_READ: gettext_lazy("SNMP read"),
    Request.HOST_ALIVE: gettext_lazy("Ping"),
    Request.TCP_CONNECT: gettext_lazy("TCP connection"),
    Request.MODBUS_IDENTIFY: gettext_lazy("Modbus device identification"),
    Request.S7_READ_SZL: gettext_lazy("S7 system status list"),
    Request.ENIP_LIST_IDENTITY: gettext_lazy("EtherNet/IP identity"),
    Request.BACNET_WHO_IS: gettext_lazy("BACnet Who-Is"),
    Request.OPCUA_GET_ENDPOINTS: gettext_lazy("OPC UA endpoints"),
    Request.SERVICE_VERSION: gettext_lazy("Version of a service"),
}
HOUR, MINUTE = 3600, 60


@register.filter
def scan_mode(mode: str) -> SafeString:
    """Return a mode as icon and word."""
    words = SHORT_MODES[ScanMode(mode)]
    return html.safe(
        f'<span class="scan-mode">{html.icon(MODE_ICONS[ScanMode(mode)])}{escape(words)}</span>'
    )


@register.filter
def scan_state(state: str) -> SafeString:
    """Return where a scan stands."""
    return html.state(LOOKS.get(state, "fine"), words=str(ScanState(state).label))


@register.filter
def target_outcome(outcome: str) -> SafeString:
    """Return what came of an address."""
    look = "denied" if outcome == TargetOutcome.FAILED else LOOKS.get(outcome, "fine")
    return html.state(look, words=str(TargetOutcome(outcome).label))


@register.filter
def consent_state(standing: str) -> SafeString:
    """Return where a consent stands."""
    return html.state(LOOKS.get(standing, "fine"), words=str(WORDS[standing]))


@register.filter
def consent_of_network(standing: NetworkStanding) -> SafeString:
    """Return until when a network's active scans have consent, or that they need none, or lack it."""
    if not standing.is_consent_needed:
        words = _("none needed") if not standing.is_ot else _("none needed: nothing is sent")
        return html.safe(f'<span class="muted">{escape(words)}</span>')
    if standing.consent is None:
        return html.state("degraded", words=_("Missing"))
    until = html.moment(standing.consent.expires_at)
    return html.safe(f"{html.state('verified', words=_('In force'))} {escape(_('until'))} {until}")


@register.filter
def probe_outcome(outcome: str) -> str:
    """Return how a probe ended, or why it was not sent, in words."""
    if outcome in set(Refusal):
        return str(SENTENCES[Refusal(outcome)])
    return str(PROBE_WORDS.get(outcome, outcome))


@register.filter
def probe_request(request: str) -> str:
    """Return what was asked, in words."""
    return str(REQUEST_WORDS.get(request, request))


@register.filter
def duration(seconds: float | None) -> str:
    """Return seconds as people say them.

    >>> duration(75), duration(0.42), duration(7322)
    ('1 min 15 s', '0.4 s', '2 h 2 min')
    """
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    whole = round(seconds)
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


@register.simple_tag
def querystring_of(**given: object) -> str:
    """{% querystring_of show="asked" targets=typed %}: a query string of what is not empty."""
    return urlencode({name: value for name, value in given.items() if value not in (None, "")})


@register.filter
def unlocal_int(value: int) -> str:
    """{{ page.number|unlocal_int }}: a number for an address, whatever the language."""
    return str(int(value))


@register.inclusion_tag("discovery/_stopped.html", takes_context=True)
def stop_banner(context: template.Context) -> dict[str, Any]:
    """{% stop_banner %}: that discovery is stopped, of what and why; nothing when it is not."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"orders": []}
    orders = list(stop_orders_visible_to(user).filter(lifted_at=None).select_related("network")[:5])
    return {"orders": orders}
