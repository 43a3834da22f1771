"""How pages say what came of a schedule's moments, and how long an item was not seen."""

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.pages import html
from discovery.choices import OwnerGapKind, ScheduleOutcome
from discovery.models import ScheduledRun
from discovery.queries.owners import ItemOwner
from discovery.templatetags.discovery import scan_state

register = template.Library()


@register.filter
def run_outcome(run: ScheduledRun | None) -> SafeString:
    """Return what came of a moment: the scan and its state, or the reason why there is none."""
    if run is None:
        return html.safe(f'<span class="muted">{escape(_("nothing yet"))}</span>')
    if run.outcome == ScheduleOutcome.SKIPPED:
        state = html.state("degraded", words=str(ScheduleOutcome.SKIPPED.label))
        return html.safe(f'{state} <small class="muted">{escape(run.reason)}</small>')
    if run.scan is None:
        return html.text(str(ScheduleOutcome.STARTED.label))
    address = reverse("discovery:scan-detail", args=[run.scan_id])
    shown = html.moment(run.scan.started_at or run.scan.created_at)
    return html.safe(f'<a href="{address}">{shown}</a> {scan_state(run.scan.state)}')


@register.filter
def item_owner(owner: ItemOwner | None) -> SafeString:
    """Return who is accountable for an item, or what is missing."""
    if owner is None:
        return html.DASH
    if owner.party is not None:
        return html.text(owner.party.name)
    look = "degraded" if owner.gap == OwnerGapKind.UNOWNED else "denied"
    return html.state(look, words=owner.words)
