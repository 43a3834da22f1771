"""How pages say questions, verdicts and comparisons: always an icon and a word."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.pages import html
from discovery.choices import CaseDecision, CaseKind, CaseState, ObservationVerdict
from discovery.queries.cases import Candidates
from discovery.queries.comparison import field_title
from discovery.rules.comparing import Likeness

register = template.Library()

KIND_ICONS: Mapping[str, str] = {
    CaseKind.AMBIGUOUS: "layers-intersect",
    CaseKind.REPLACED: "refresh",
    CaseKind.WEAK: "question-mark",
    CaseKind.DELETED: "trash",
    CaseKind.RETIRED: "history",
    CaseKind.VALUE: "scale",
}
VERDICT_LOOKS: Mapping[str, str] = {
    ObservationVerdict.STAGED: "waiting",
    ObservationVerdict.ADDED: "verified",
    ObservationVerdict.CONFLICTING: "degraded",
    ObservationVerdict.UNIDENTIFIED: "unknown",
    ObservationVerdict.FAILED: "denied",
}
LIKENESS = {
    Likeness.SAME: ("check", gettext_lazy("Same")),
    Likeness.DIFFERS: ("alert-triangle", gettext_lazy("Differs")),
}


@register.filter
def case_kind(kind: str) -> SafeString:
    """Return what is asked as icon and words."""
    icon = html.icon(KIND_ICONS[kind], css="icon-sm")
    return html.safe(f'<span class="case-kind">{icon}{escape(CaseKind(kind).label)}</span>')


@register.filter
def case_icon(kind: str) -> str:
    """Return the icon of a kind of question."""
    return KIND_ICONS[kind]


@register.filter
def case_state(state: str) -> SafeString:
    """Return whether a question is answered."""
    look = "waiting" if state == CaseState.OPEN else "fine"
    return html.state(look, words=str(CaseState(state).label))


@register.filter
def case_decision(decision: str) -> str:
    """Return an answer in words."""
    return str(CaseDecision(decision).label) if decision else ""


@register.filter
def verdict(value: str) -> SafeString:
    """Return what was made of an observed device."""
    words = str(ObservationVerdict(value).label)
    if value == ObservationVerdict.UPDATED:
        return html.safe(
            f'<span class="state state-fine">{html.icon("refresh")}{escape(words)}</span>'
        )
    return html.state(VERDICT_LOOKS.get(value, "fine"), words=words)


@register.filter
def likeness_sign(value: str) -> SafeString:
    """Return how a value compares, as icon and word; nothing when there is nothing to compare."""
    if value not in LIKENESS:
        return SafeString("")
    icon, words = LIKENESS[Likeness(value)]
    return html.safe(
        f'<span class="likeness likeness-{escape(value)}">{html.icon(icon, css="icon-sm")}{escape(words)}</span>'
    )


@register.filter
def candidates_cell(found: Candidates | None) -> SafeString:
    """Return the items a question is about; those the reader may not see are counted, not named."""
    if found is None or not (found.shown or found.hidden):
        return html.DASH
    named = [html.link(reverse("assets:item-detail", args=[pk]), name) for pk, name in found.shown]
    if found.hidden:
        words = escape(_("%d hidden") % found.hidden)
        named.append(
            html.safe(f'<span class="muted">{html.icon("eye-off", css="icon-sm")} {words}</span>')
        )
    return html.safe(", ".join(named))


@register.filter
def age_of(then: datetime, now: datetime) -> str:
    """Return how long ago something was, in its largest unit."""
    return timesince(then, now, depth=1)


@register.filter
def followed_title(name: str) -> str:
    """Return what a field of items is called."""
    return field_title(name)


@register.filter
def changes_cell(changes: Mapping[str, tuple[str, str]]) -> SafeString:
    """Return changed fields as before and after."""
    if not changes:
        return html.DASH
    lines = []
    for name, (before, after) in changes.items():
        old = escape(before) if before else f'<span class="muted">{escape(_("nothing"))}</span>'
        arrow = html.icon("arrow-narrow-right", css="icon-sm", label=_("becomes"))
        lines.append(
            f'<span class="change-line"><span class="muted">{escape(field_title(name))}</span> '
            f"{old} {arrow} <strong>{escape(after)}</strong></span>"
        )
    return html.safe("".join(lines))
