"""Everything the page of a change shows to one reader, in one call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from assets.access import REQUEST, may
from governance.choices import ChangeState, SeatBasis
from governance.models import Approval, ApprovalRound, ChangeRequest
from governance.queries.content import hash_of
from governance.queries.tally import RoundState as CountedRound
from governance.queries.tally import state_of
from governance.queries.visible import (
    Shown,
    shown_snapshot,
    visible_difference,
    visible_items,
    visible_targets,
)
from governance.queries.voters import Ballot, WaitingSeat, ballots_of, seats_waiting_for
from governance.rules.lifecycle import is_possible


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat as listed: who, why (as far as visible), what was said, and whether the reader may vote."""

    seat: Approval
    because: Sequence[Mapping[str, Any]]
    hidden: int
    mine: WaitingSeat | None


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round with its seats, required ones and the board apart."""

    counted: CountedRound
    required: Sequence[SeatLine]
    board: Sequence[SeatLine]
    is_current: bool
    is_overdue: bool

    @property
    def round(self) -> ApprovalRound:
        """Return the round itself."""
        return self.counted.round


@dataclass(frozen=True, slots=True)
class ChangeView:
    """The page's content. `action` is the one thing this reader can do now, empty when nothing."""

    change: ChangeRequest
    targets: Sequence[Any]
    hidden_targets: int
    rounds: Sequence[RoundView]
    shown: Shown | None
    ballots: Sequence[Ballot]
    difference: Sequence[Mapping[str, str]]
    hidden_difference: int
    action: str
    further: Sequence[str]
    is_intact: bool


def change_view(user: User, change: ChangeRequest, *, at: datetime) -> ChangeView:
    """Return the page of a change for a reader."""
    targets, hidden_targets = visible_targets(user, change)
    rounds = list(change.rounds.select_related("change", "snapshot", "policy__board"))
    mine = seats_waiting_for(user, at=at, change=change)
    steps = own_steps(user, change, at)
    newest = rounds[0] if rounds else None
    difference, hidden_difference = visible_difference(
        user, newest.impact_difference if newest else {}
    )
    return ChangeView(
        change=change,
        targets=targets,
        hidden_targets=hidden_targets,
        rounds=[_round(user, one, mine, is_current=one is newest, at=at) for one in rounds],
        shown=shown_snapshot(user, newest.snapshot, limit=12) if newest else None,
        ballots=ballots_of(mine),
        difference=difference,
        hidden_difference=hidden_difference,
        action="vote" if mine else (steps[0] if steps else ""),
        further=steps if mine else steps[1:],
        is_intact=not change.content_hash
        or hash_of(change, impact_hash=change.impact_hash) == change.content_hash,
    )


def own_steps(user: User, change: ChangeRequest, at: datetime) -> list[str]:
    """Return what the requester or implementer can do now, the most pressing first."""
    person_id = user.person_id
    if person_id is None or person_id not in {change.requester_id, change.implementer_id}:
        return []
    possible = {
        "submit": person_id == change.requester_id and is_possible("submit", change.state),
        "execute": _may_begin(change, at)
        and (person_id == change.requester_id or change.state != ChangeState.DRAFT),
        "complete": change.state == ChangeState.EXECUTING,
        "fail": change.state == ChangeState.EXECUTING,
        "edit": is_possible("edit", change.state) and _may_edit(user, change),
        "withdraw": is_possible("withdraw", change.state),
    }
    steps = [name for name, is_open in possible.items() if is_open]
    if change.is_emergency and "execute" in steps and "submit" in steps:
        steps.remove("submit")
    return steps


def _may_begin(change: ChangeRequest, at: datetime) -> bool:
    if change.is_emergency:
        return change.state in {ChangeState.DRAFT, ChangeState.SUBMITTED, ChangeState.APPROVED}
    in_window = change.window_start_at <= at < change.window_end_at
    return change.state == ChangeState.APPROVED and in_window


def _may_edit(user: User, change: ChangeRequest) -> bool:
    return all(may(user, REQUEST, item) for item in change.targets.select_related("location"))


def _round(
    user: User,
    approval_round: ApprovalRound,
    mine: Sequence[WaitingSeat],
    *,
    is_current: bool,
    at: datetime,
) -> RoundView:
    counted = state_of(approval_round)
    votable = {waiting.approval.pk: waiting for waiting in mine}
    named = {
        reason["item_id"]
        for seat in counted.seats
        for reason in seat.because
        if "item_id" in reason
    }
    visible = visible_items(user, sorted(named))
    lines = [_line(seat, visible, votable.get(seat.pk)) for seat in counted.seats]
    return RoundView(
        counted=counted,
        required=[line for line in lines if line.seat.basis == SeatBasis.ACCOUNTABLE],
        board=[line for line in lines if line.seat.basis != SeatBasis.ACCOUNTABLE],
        is_current=is_current,
        is_overdue=approval_round.is_overdue(at),
    )


def _line(seat: Approval, visible: set[int], mine: WaitingSeat | None) -> SeatLine:
    named = [reason for reason in seat.because if "item_id" in reason]
    shown = [reason for reason in named if reason["item_id"] in visible]
    return SeatLine(seat, shown, len(named) - len(shown), mine)


def seat_line(user: User, seat: Approval) -> SeatLine:
    """Return one seat with the reasons the reader may see."""
    named = [reason["item_id"] for reason in seat.because if "item_id" in reason]
    return _line(seat, visible_items(user, named), None)
