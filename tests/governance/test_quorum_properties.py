"""Properties of the quorum that hold for every count of votes."""

from hypothesis import given
from hypothesis import strategies as st

from governance.rules.quorum import RoundTally, Tally, Verdict, board_verdict, round_verdict


@st.composite
def tallies(draw) -> Tally:
    seats = draw(st.integers(0, 12))
    approved = draw(st.integers(0, seats))
    rejected = draw(st.integers(0, seats - approved))
    recused = draw(st.integers(0, seats - approved - rejected))
    return Tally(seats, approved, rejected, recused)


quorums = st.integers(1, 12)


@given(tallies(), quorums)
def test_approval_takes_at_least_the_quorum_of_yes_votes(tally, quorum):
    if board_verdict(tally, quorum) is Verdict.APPROVED:
        assert tally.approved >= quorum


@given(tallies(), quorums)
def test_rejection_means_the_quorum_cannot_be_reached_any_more(tally, quorum):
    if board_verdict(tally, quorum) is Verdict.REJECTED:
        assert tally.approved + tally.pending < quorum <= tally.electorate


@given(tallies(), quorums)
def test_an_electorate_below_the_quorum_decides_nothing(tally, quorum):
    if tally.electorate < quorum:
        assert board_verdict(tally, quorum) is Verdict.ESCALATE


@given(tallies(), quorums)
def test_a_decision_is_not_undone_by_a_further_vote(tally, quorum):
    verdict = board_verdict(tally, quorum)
    if verdict in {Verdict.PENDING, Verdict.ESCALATE} or not tally.pending:
        return
    yes = Tally(tally.seats, tally.approved + 1, tally.rejected, tally.recused)
    no = Tally(tally.seats, tally.approved, tally.rejected + 1, tally.recused)
    assert board_verdict(yes, quorum) is verdict
    assert board_verdict(no, quorum) is verdict


@given(tallies(), st.none() | tallies(), quorums)
def test_a_round_is_never_approved_without_an_independent_yes(required, board, quorum):
    tally = RoundTally(required, board, quorum if board else 0, independent_yes=0)
    assert round_verdict(tally) is not Verdict.APPROVED


@given(tallies(), st.none() | tallies(), quorums, st.integers(0, 5))
def test_a_round_is_never_approved_against_a_required_no(required, board, quorum, independent):
    if required.rejected:
        tally = RoundTally(required, board, quorum if board else 0, independent)
        assert round_verdict(tally) is not Verdict.APPROVED
