"""The quorum arithmetic of a round, counted from its seats and votes."""

from collections.abc import Iterable
from dataclasses import dataclass

from governance.choices import SeatBasis, VoteChoice
from governance.models import Approval, ApprovalRound
from governance.rules.quorum import RoundTally, Tally, Verdict, round_verdict


@dataclass(frozen=True, slots=True)
class RoundState:
    """A round with its seats, its count and what the count amounts to."""

    round: ApprovalRound
    seats: tuple[Approval, ...]
    tally: RoundTally
    verdict: Verdict

    @property
    def pending(self) -> list[Approval]:
        """Return the seats that have not voted."""
        return [seat for seat in self.seats if seat.cast is None]


def state_of(approval_round: ApprovalRound) -> RoundState:
    """Return a round's seats and count, in one query."""
    seats = tuple(
        approval_round.approvals.select_related(
            "person", "team", "vote__person", "vote__acting_for"
        )
    )
    tally = tally_of(approval_round, seats)
    return RoundState(approval_round, seats, tally, round_verdict(tally))


def tally_of(approval_round: ApprovalRound, seats: Iterable[Approval]) -> RoundTally:
    """Count the seats of a round."""
    listed = list(seats)
    board = [seat for seat in listed if seat.basis != SeatBasis.ACCOUNTABLE]
    implementer_id = approval_round.change.implementer_id
    return RoundTally(
        required=_count(seat for seat in listed if seat.basis == SeatBasis.ACCOUNTABLE),
        board=_count(board) if approval_round.quorum else None,
        quorum=approval_round.quorum,
        independent_yes=sum(
            seat.cast is not None
            and seat.cast.choice == VoteChoice.APPROVE
            and seat.cast.person_id != implementer_id
            for seat in listed
        ),
    )


def _count(seats: Iterable[Approval]) -> Tally:
    choices = [seat.cast.choice if seat.cast else "" for seat in seats]
    return Tally(
        seats=len(choices),
        approved=choices.count(VoteChoice.APPROVE),
        rejected=choices.count(VoteChoice.REJECT),
        recused=choices.count(VoteChoice.RECUSE),
    )
