"""Carries a change out: only what was approved, only while it still hits what was approved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.actor import Actor
from common.errors import ConflictError
from evidence.services import update_object
from governance.choices import ChangeState, RoundState
from governance.models import ApprovalRound, ChangeRequest
from governance.queries.answers import Consequence
from governance.queries.consequence import consequence_of
from governance.queries.content import hash_of, question_of
from governance.queries.sources import UNTOUCHED
from governance.queries.together import AT_WORK, SEVERITY, together_of
from governance.rules.content import difference, impact_hash
from governance.services.rounds import lapse_round, open_round
from governance.services.steps import lock, move, require_owner, require_possible
from governance.services.submission import derived, submit_change


class NotInWindowError(ConflictError):
    """The approved window has not begun or is over."""


class NotApprovedError(ConflictError):
    """The state says approved, but no approved round stands behind it."""


@dataclass(frozen=True, slots=True)
class Execution:
    """What came of asking to execute: begun, or back to approval with what is different."""

    change: ChangeRequest
    is_started: bool
    reason: str = ""
    difference: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lapse:
    """Why an approval no longer holds, and what the change now hits otherwise (added, removed, changed)."""

    reason: str
    difference: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def execute_change(*, actor: Actor, change: ChangeRequest, now: datetime) -> Execution:
    """Begin an approved change, or lapse its approval when it is no longer what was approved.

    An emergency begins at once; its round of approval stays open and has a deadline.
    """
    current = lock(change)
    require_owner(actor, current)
    if current.is_emergency:
        return _begin_emergency(actor, current, now)
    require_possible(current, "execute")
    _require_window(current, now)
    approved = current.rounds.filter(state=RoundState.APPROVED).first()
    if approved is None:
        raise NotApprovedError(
            _("No approval stands behind %s; nothing was begun.") % current.number
        )
    consequence = consequence_of(question_of(current), at=now)
    lapse = _lapse(current, approved, consequence)
    if lapse is not None:
        return _back_to_approval(actor, current, consequence, lapse, now)
    return Execution(_begin(actor, current, now), is_started=True)


def _begin(actor: Actor, change: ChangeRequest, now: datetime) -> ChangeRequest:
    return move(actor=actor, change=change, action="execute", now=now, changes={"started_at": now})


def _begin_emergency(actor: Actor, change: ChangeRequest, now: datetime) -> Execution:
    if change.state == ChangeState.DRAFT:
        change = submit_change(actor=actor, change=change, now=now)
    return Execution(_begin(actor, change, now), is_started=True)


def _require_window(change: ChangeRequest, now: datetime) -> None:
    if change.window_start_at <= now < change.window_end_at:
        return
    raise NotInWindowError(
        _(
            "%(change)s is approved for %(start)s to %(end)s (UTC) only. "
            "Edit its window and have it approved again."
        )
        % {
            "change": change.number,
            "start": f"{change.window_start_at:%Y-%m-%d %H:%M}",
            "end": f"{change.window_end_at:%Y-%m-%d %H:%M}",
        }
    )


def _lapse(
    change: ChangeRequest, approved: ApprovalRound, consequence: Consequence
) -> Lapse | None:
    """Return why the approval no longer holds; None when it does."""
    states = dict(consequence.impact.states)
    found = impact_hash(states.items())
    if found != approved.snapshot.impact_hash:
        reason = _("The change would now hit other items than those it was approved for.")
        return Lapse(reason, difference(approved.snapshot.states, states))
    if hash_of(change, impact_hash=found) != approved.content_hash:
        return Lapse(_("The content of the change is not what was approved."))
    if harder := _harder_now(approved, consequence):
        sentence = ngettext(
            "With other changes at work it would hit %d item harder than those who approved it knew.",
            "With other changes at work it would hit %d items harder than those who approved it knew.",
            len(harder),
        )
        return Lapse(sentence % len(harder), {"changed": harder})
    return None


def _harder_now(approved: ApprovalRound, consequence: Consequence) -> list[dict[str, str]]:
    """Return the items it hits harder, with the changes now at work, than its deciders were shown."""
    alone = approved.snapshot.states
    shown = {row["code"]: row["state"] for row in approved.snapshot.facts.get("together", [])}
    rows = together_of(consequence.question, consequence.impact, states=AT_WORK)
    known = [(row, shown.get(row.code, alone.get(row.code, UNTOUCHED))) for row in rows]
    return [
        {"code": row.code, "before": before, "after": row.state}
        for row, before in known
        if SEVERITY[row.state] > SEVERITY[before]
    ]


def _back_to_approval(
    actor: Actor, change: ChangeRequest, consequence: Consequence, lapse: Lapse, now: datetime
) -> Execution:
    lapse_round(actor=actor, change=change, now=now, reason=lapse.reason)
    answer = partial(Execution, is_started=False, reason=lapse.reason, difference=lapse.difference)
    if consequence.deciders.refusal or not consequence.deciders.seats:
        cleared = {"state": ChangeState.DRAFT, "content_hash": "", "impact_hash": ""}
        return answer(
            update_object(
                actor=actor,
                instance=change,
                changes=cleared,
                now=now,
                action="lapse",
                comment=lapse.reason,
            )
        )
    opened = open_round(
        actor=actor, change=change, consequence=consequence, now=now, difference=lapse.difference
    )
    return answer(
        move(
            actor=actor,
            change=change,
            action="lapse",
            now=now,
            changes=derived(consequence, opened),
            comment=lapse.reason,
        )
    )
