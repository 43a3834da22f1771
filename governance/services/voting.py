"""Takes a vote: only from the derived approver or the recorded deputy, only on the content it names."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import ConflictError, DomainError
from evidence.services import create_object
from governance.access import person_of
from governance.choices import RoundState, SeatBasis, VoteChoice
from governance.models import Approval, ApprovalRound, ChangeRequest, Vote
from governance.queries.content import hash_of
from governance.queries.tally import state_of
from governance.queries.voters import NotYourSeatError, Voter, voter_on
from governance.rules.quorum import Verdict
from governance.services.rounds import end_round, escalate
from governance.services.steps import lock, move


class LapsedError(ConflictError):
    """What the vote is about is no longer what is asked."""


class AlreadyVotedError(ConflictError):
    """A seat votes once; a form sent twice changes nothing."""


class NotOneRoundError(DomainError):
    """Seats of different rounds are voted on one round at a time."""


class ReasonMissingError(DomainError):
    """A no needs a reason."""


@transaction.atomic
def vote(
    *,
    actor: Actor,
    approval: Approval,
    choice: str,
    content_hash: str,
    now: datetime,
    reason: str = "",
) -> Vote:
    """Record a vote on one seat; see `vote_on_seats`."""
    (cast,) = vote_on_seats(
        actor=actor,
        approvals=[approval],
        choice=choice,
        content_hash=content_hash,
        now=now,
        reason=reason,
    )
    return cast


@transaction.atomic
def vote_on_seats(
    *,
    actor: Actor,
    approvals: Sequence[Approval],
    choice: str,
    content_hash: str,
    now: datetime,
    reason: str = "",
) -> list[Vote]:
    """Say the same on several seats of one round, and decide it when the votes now amount to a decision.

    `content_hash` is the content the voter has read; anything else than what is asked is refused. All or none.
    """
    if not approvals or len({seat.round_id for seat in approvals}) != 1:
        raise NotOneRoundError(_("A vote is about the seats of one round of approval."))
    change = lock(approvals[0].round.change)
    person = person_of(actor)
    seats = Approval.objects.select_related("round__change", "person", "team")
    votes = []
    for seat in seats.filter(pk__in=[approval.pk for approval in approvals]):
        _require_current(change, seat.round, content_hash)
        voter = voter_on(seat, person=person, change=change, now=now)
        _require_unused(seat, voter)
        _require_reason(choice, reason)
        votes.append(_cast(actor, seat, voter, choice, reason.strip(), now))
    settle(actor=actor, approval_round=approvals[0].round, now=now)
    return votes


def _cast(
    actor: Actor, seat: Approval, voter: Voter, choice: str, reason: str, now: datetime
) -> Vote:
    acting = actor.on_behalf_of(voter.acting_for.name) if voter.acting_for else actor
    return create_object(
        actor=acting,
        instance=Vote(
            approval=seat,
            choice=choice,
            reason=reason,
            content_hash=seat.round.content_hash,
            person=voter.person,
            acting_for=voter.acting_for,
            cast_at=now,
        ),
        now=now,
        action=f"vote: {choice}",
        comment=reason,
    )


def _require_current(
    change: ChangeRequest, approval_round: ApprovalRound, content_hash: str
) -> None:
    if approval_round.state != RoundState.OPEN:
        raise LapsedError(
            _("Round %(round)d of %(change)s is %(state)s; no vote was recorded.")
            % {
                "round": approval_round.sequence,
                "change": change.number,
                "state": approval_round.get_state_display().lower(),
            }
        )
    asked = hash_of(change, impact_hash=change.impact_hash)
    if not content_hash == approval_round.content_hash == change.content_hash == asked:
        raise LapsedError(
            _("%s is no longer what you have read; no vote was recorded. Reload the page.")
            % change.number
        )


def _require_unused(seat: Approval, voter: Voter) -> None:
    if Vote.objects.filter(approval=seat).exists():
        raise AlreadyVotedError(_("%s has voted already; a vote is final.") % seat.party)
    if seat.basis == SeatBasis.ACCOUNTABLE:
        return
    on_board = Vote.objects.filter(approval__round=seat.round, person=voter.person).exclude(
        approval__basis=SeatBasis.ACCOUNTABLE
    )
    if on_board.exists():
        raise AlreadyVotedError(_("You have voted on this board already; one person, one vote."))


def _require_reason(choice: str, reason: str) -> None:
    if choice == VoteChoice.REJECT and not reason.strip():
        message = _("A rejection needs a reason: what would have to be different?")
        raise ReasonMissingError(message, fields={"reason": [message]})


def settle(*, actor: Actor, approval_round: ApprovalRound, now: datetime) -> None:
    """End the round when its votes decide it; hand it up when too few may vote."""
    current = state_of(approval_round)
    if current.verdict is Verdict.ESCALATE:
        escalated = escalate(actor=actor, approval_round=approval_round, now=now)
        if escalated is not None:
            settle(actor=actor, approval_round=escalated, now=now)
        return
    if current.verdict is Verdict.PENDING:
        return
    is_yes = current.verdict is Verdict.APPROVED
    state = RoundState.APPROVED if is_yes else RoundState.REJECTED
    end_round(actor=actor, approval_round=approval_round, state=state, now=now)
    change = lock(approval_round.change)
    if approval_round.is_retrospective:
        return
    move(
        actor=actor,
        change=change,
        action="approve" if is_yes else "reject",
        now=now,
        changes={"decided_at": now},
    )


__all__ = [
    "AlreadyVotedError",
    "LapsedError",
    "NotOneRoundError",
    "NotYourSeatError",
    "ReasonMissingError",
    "vote",
    "vote_on_seats",
]
