"""When a round of approval is decided: required seats, the board's quorum, recusal and escalation."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What the votes so far amount to."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes of one electorate: `seats` in all, of which some approved, rejected or recused."""

    seats: int
    approved: int = 0
    rejected: int = 0
    recused: int = 0

    @property
    def electorate(self) -> int:
        """Return how many may still count: recusal shrinks the electorate."""
        return self.seats - self.recused

    @property
    def pending(self) -> int:
        """Return how many have not voted."""
        return self.electorate - self.approved - self.rejected


def board_verdict(tally: Tally, quorum: int) -> Verdict:
    """Decide a quorum of `quorum` yes votes: approve at yes >= q, reject when yes + pending < q.

    An electorate below the quorum can decide nothing and escalates.

    >>> board_verdict(Tally(seats=5, approved=3), 3)
    <Verdict.APPROVED: 'approved'>
    >>> board_verdict(Tally(seats=5, approved=1, rejected=3), 3)
    <Verdict.REJECTED: 'rejected'>
    >>> board_verdict(Tally(seats=3, recused=1), 3)
    <Verdict.ESCALATE: 'escalate'>
    >>> board_verdict(Tally(seats=5, approved=2, rejected=1), 3)
    <Verdict.PENDING: 'pending'>
    """
    if tally.electorate < max(quorum, 1):
        return Verdict.ESCALATE
    if tally.approved >= quorum:
        return Verdict.APPROVED
    if tally.approved + tally.pending < quorum:
        return Verdict.REJECTED
    return Verdict.PENDING


def required_verdict(tally: Tally) -> Verdict:
    """Decide the seats that must all say yes; one no rejects, a recusal hands the seat on.

    >>> required_verdict(Tally(seats=2, approved=2))
    <Verdict.APPROVED: 'approved'>
    >>> required_verdict(Tally(seats=2, approved=1, rejected=1))
    <Verdict.REJECTED: 'rejected'>
    >>> required_verdict(Tally(seats=2, approved=1, recused=1))
    <Verdict.ESCALATE: 'escalate'>
    """
    if tally.rejected:
        return Verdict.REJECTED
    if tally.recused:
        return Verdict.ESCALATE
    return Verdict.PENDING if tally.pending else Verdict.APPROVED


@dataclass(frozen=True, slots=True)
class RoundTally:
    """Everything a round's verdict rests on. `board` is None when no board sits.

    `independent_yes` counts approvals by somebody who does not carry the change out.
    """

    required: Tally
    board: Tally | None
    quorum: int
    independent_yes: int


def round_verdict(tally: RoundTally) -> Verdict:
    """Decide a whole round: both halves must approve, and somebody besides the implementer.

    A recused required seat is taken over by the board when one sits; otherwise it escalates.
    Nobody to decide never means yes.

    >>> nobody = RoundTally(Tally(0), None, quorum=0, independent_yes=0)
    >>> round_verdict(nobody)
    <Verdict.ESCALATE: 'escalate'>
    >>> round_verdict(RoundTally(Tally(1, approved=1), None, quorum=0, independent_yes=0))
    <Verdict.ESCALATE: 'escalate'>
    >>> round_verdict(RoundTally(Tally(1, approved=1), Tally(3, approved=2), 2, 3))
    <Verdict.APPROVED: 'approved'>
    >>> round_verdict(RoundTally(Tally(1, recused=1), Tally(3, approved=2), 2, 2))
    <Verdict.APPROVED: 'approved'>
    """
    halves = [*_required(tally), *_board(tally)]
    if not halves:
        return Verdict.ESCALATE
    for decisive in (Verdict.REJECTED, Verdict.ESCALATE, Verdict.PENDING):
        if decisive in halves:
            return decisive
    return Verdict.APPROVED if tally.independent_yes else Verdict.ESCALATE


def _required(tally: RoundTally) -> Iterable[Verdict]:
    if not tally.required.seats:
        return
    verdict = required_verdict(tally.required)
    if verdict is Verdict.ESCALATE and tally.board is not None:
        rest = Tally(tally.required.electorate, tally.required.approved, tally.required.rejected)
        yield required_verdict(rest)
        return
    yield verdict


def _board(tally: RoundTally) -> Iterable[Verdict]:
    if tally.board is not None:
        yield board_verdict(tally.board, tally.quorum)
