"""How pages of changes say things: reasons of the board, kinds of conflict, votes, durations, money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assets.choices import ItemKind
from common.pages import html
from governance.choices import ChangeState, VoteChoice
from governance.models import Approval, ChangeRequest, Vote

register = template.Library()

REASONS = {
    "loss": gettext_lazy("expected loss above the threshold"),
    "safety": gettext_lazy("a safety zone is touched"),
    "back_out": gettext_lazy("the back-out is untested"),
    "window": gettext_lazy("outside the agreed change window"),
    "independence": gettext_lazy("nobody but the implementer would decide"),
    "escalation": gettext_lazy("an accountable party recused itself"),
}
CONFLICTS = {
    "item": gettext_lazy("same item"),
    "neighbour": gettext_lazy("a neighbouring item"),
    "redundancy": gettext_lazy("same redundancy group"),
    "conduit": gettext_lazy("same conduit"),
    "person": gettext_lazy("same implementer"),
}
NEXT_STEPS = {
    "submit": gettext_lazy("submit it"),
    "wait": gettext_lazy("waits for approval"),
    "rework": gettext_lazy("rework or withdraw"),
    "execute": gettext_lazy("start in its window"),
    "close": gettext_lazy("close it"),
}
LOOKS = {
    ChangeState.SUBMITTED: "waiting",
    ChangeState.APPROVED: "verified",
    ChangeState.COMPLETED: "verified",
    ChangeState.REJECTED: "denied",
    ChangeState.FAILED: "denied",
}


@register.filter
def board_reason(reason: Sequence[str]) -> str:
    """Return why the board sits, as a phrase."""
    code, value = reason[0], reason[1]
    if code == "unowned":
        count = int(value)
        return (
            ngettext(
                "%d system whose accountable party is missing or may not decide",
                "%d systems whose accountable party is missing or may not decide",
                count,
            )
            % count
        )
    return str(REASONS.get(code, code))


@register.filter
def conflict_kind(kind: str) -> str:
    """Return the kind of conflict in words."""
    return str(CONFLICTS.get(kind, kind))


@register.filter
def next_step(step: str) -> str:
    """Return what to do next in words."""
    return str(NEXT_STEPS.get(step, step))


@register.filter("change_state")
def state_chip(state: str) -> SafeString:
    """Return a change's state with icon and word."""
    words = ChangeState(state).label
    look = LOOKS.get(ChangeState(state))
    return html.state(look, words=str(words)) if look else html.status(state, words)


@register.filter
def party_key(seat: Approval) -> str:
    """Return the key a seat's colour hangs on."""
    return f"person:{seat.person_id}" if seat.person_id else f"team:{seat.team_id}"


@register.filter
def minutes(count: int | None) -> str:
    """Return minutes as people say them.

    >>> minutes(45), minutes(150)
    ('45 min', '2 h 30 min')
    """
    if count is None:
        return ""
    hours, rest = divmod(int(count), 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else ""]
    return " ".join(part for part in parts if part)


@register.filter
def money(amount: float | Decimal | None, currency: str) -> SafeString:
    """Return an amount in whole units with its currency."""
    return html.money(amount, currency)


@register.filter
def iso_moment(text: str) -> str:
    """Return an ISO time in the plant's zone, for paper: no hover there to ask.

    >>> iso_moment("")
    '–'
    """  # noqa: RUF002
    parsed = parse_datetime(text) if text else None
    return date_format(localtime(parsed), "j M Y H:i T") if parsed else "–"  # noqa: RUF001


@register.filter
def percent(share: float) -> str:
    """Return a share as a percentage.

    >>> percent(0.0834)
    '8.3 %'
    """
    return f"{100 * share:.1f} %"


@register.simple_tag
def item_url(item: Any) -> str:  # noqa: ANN401 - an item or a hit
    """Return the page of an asset or system."""
    kind = "system" if item.kind == ItemKind.SYSTEM else "asset"
    pk = getattr(item, "pk", None) or item.id
    return reverse(f"assets:{kind}-detail", args=[pk])


@register.simple_tag
def vote_chip(vote: Vote) -> SafeString:
    """Return a vote with icon and word."""
    looks = {VoteChoice.APPROVE: "verified", VoteChoice.REJECT: "denied"}
    words = {
        VoteChoice.APPROVE: _("Approved"),
        VoteChoice.REJECT: _("Rejected"),
        VoteChoice.RECUSE: _("Recused"),
    }
    choice = VoteChoice(vote.choice)
    return html.state(looks.get(choice, "unknown"), words=words[choice])


@dataclass(frozen=True)
class Step:
    """A state on the way of a change."""

    title: str
    icon: str
    look: str
    at: datetime | None = None
    is_current: bool = False


PATH = (
    (ChangeState.DRAFT, "edit", "created_at"),
    (ChangeState.SUBMITTED, "hourglass", "submitted_at"),
    (ChangeState.APPROVED, "checklist", "decided_at"),
    (ChangeState.EXECUTING, "player-play", "started_at"),
    (ChangeState.COMPLETED, "flag", "finished_at"),
)
ENDS = {
    ChangeState.REJECTED: (ChangeState.APPROVED, "circle-x"),
    ChangeState.FAILED: (ChangeState.COMPLETED, "circle-x"),
}


@register.simple_tag
def change_steps(change: ChangeRequest) -> list[Step]:
    """Return the way of a change with where it stands; a bad end replaces the state it stands for."""
    state = ChangeState(change.state)
    stands_for = ENDS.get(state, (state, ""))[0]
    names = [name for name, _icon, _field in PATH]
    reached = names.index(stands_for) if stands_for in names else -1
    steps = []
    for position, (name, icon, field) in enumerate(PATH):
        shown, sign = (
            (state, ENDS[state][1]) if position == reached and state in ENDS else (name, icon)
        )
        look = "done" if position < reached else "now" if position == reached else "ahead"
        bad = "bad" if shown != name else look
        at = getattr(change, field) if position <= reached or name == ChangeState.DRAFT else None
        steps.append(Step(str(shown.label), sign, bad, at, position == reached))
    if state == ChangeState.WITHDRAWN:
        steps = [steps[0], Step(str(state.label), "arrow-back-up", "bad", change.updated_at, True)]
    return steps
