"""A round of approval counted again, seat by seat, without the product's own arithmetic."""

from governance.choices import SeatBasis, VoteChoice
from governance.models import ApprovalRound, ChangeRequest


def assert_decided(approved: ApprovalRound, change: ChangeRequest) -> None:
    """Count again, seat by seat: every required yes, the board's quorum, somebody independent."""
    seats = list(approved.approvals.select_related("vote"))
    cast = {seat: seat.cast for seat in seats}
    board = [seat for seat in seats if seat.basis != SeatBasis.ACCOUNTABLE]
    for seat in seats:
        if not seat.is_required:
            continue
        given = cast[seat]
        assert given is not None, "a required seat has not voted"
        assert given.choice == VoteChoice.APPROVE or (given.choice == VoteChoice.RECUSE and board)
    yes = [vote for vote in cast.values() if vote and vote.choice == VoteChoice.APPROVE]
    assert all(vote.content_hash == approved.content_hash for vote in yes)
    on_board = {vote.person_id for vote in yes if vote.approval in board}
    if board:
        assert len(on_board) >= max(approved.quorum, 1)
    assert {vote.person_id for vote in yes} - {change.implementer_id, change.requester_id}
