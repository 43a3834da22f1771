"""In what capacity somebody may vote on a seat: as its holder, for their team, as the recorded deputy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Person, User
from common.errors import NotAllowedError
from governance.access import stands_in_for, team_ids_of
from governance.choices import RoundState, SeatBasis
from governance.models import Approval, ChangeRequest


class NotYourSeatError(NotAllowedError):
    """Somebody votes on a seat that is not theirs to vote on."""


@dataclass(frozen=True, slots=True)
class Voter:
    """Who casts the vote, and the absent holder they stand in for."""

    person: Person
    acting_for: Person | None = None


@dataclass(frozen=True, slots=True)
class WaitingSeat:
    """A seat on which somebody can vote now."""

    approval: Approval
    change: ChangeRequest
    acting_for: Person | None = None

    @property
    def due_at(self) -> datetime:
        """Return until when a vote is asked for."""
        return self.approval.round.due_at


@dataclass(frozen=True, slots=True)
class Ballot:
    """Seats of one change that somebody answers with one decision: the own ones, or those of one absent."""

    change: ChangeRequest
    seats: tuple[WaitingSeat, ...]

    @property
    def acting_for(self) -> Person | None:
        """Return the absent holder, if these are not the own seats."""
        return self.seats[0].acting_for

    @property
    def due_at(self) -> datetime:
        """Return until when a vote is asked for."""
        return self.seats[0].due_at


def ballots_of(seats: Iterable[WaitingSeat]) -> list[Ballot]:
    """Return the seats as decisions to make, in their order."""
    found: dict[tuple[int, int | None], list[WaitingSeat]] = {}
    for seat in seats:
        holder = seat.acting_for.pk if seat.acting_for else None
        found.setdefault((seat.change.pk, holder), []).append(seat)
    return [Ballot(group[0].change, tuple(group)) for group in found.values()]


def voter_on(seat: Approval, *, person: Person, change: ChangeRequest, now: datetime) -> Voter:
    """Return in what capacity a person may vote on a seat; NotYourSeatError when in none."""
    if person.pk == change.requester_id:
        raise NotYourSeatError(_("You ask for %s, so you cannot decide it.") % change.number)
    if seat.person_id == person.pk:
        return Voter(person)
    if person.pk == change.implementer_id:
        raise NotYourSeatError(
            _("You carry %s out; you may only decide it as the accountable person yourself.")
            % change.number
        )
    if seat.team_id is not None and seat.team_id in team_ids_of(person):
        return Voter(person)
    absent = stands_in_for(person, now).get(seat.person_id or 0)
    if absent is not None:
        return Voter(person, absent)
    raise NotYourSeatError(
        _("This seat belongs to %(party)s; only they or their recorded deputy may vote on it.")
        % {"party": seat.party}
    )


def seats_waiting_for(
    user: User, *, at: datetime, change: ChangeRequest | None = None
) -> list[WaitingSeat]:
    """Return the open seats the user may vote on at a moment, the most urgent first, in five queries."""
    person = user.person
    if person is None or not person.is_active:
        return []
    absent, teams = stands_in_for(person, at), team_ids_of(person)
    mine = Q(person=person) | Q(team__in=teams) | Q(person__in=absent)
    rows = Approval.objects.filter(
        mine, round__state=RoundState.OPEN, vote__isnull=True
    ).select_related("round__change__requester", "round__change__implementer", "person", "team")
    if change is not None:
        rows = rows.filter(round__change=change)
    votable = [
        WaitingSeat(seat, seat.round.change, absent.get(seat.person_id or 0))
        for seat in rows.order_by("round__due_at", "pk")
        if _may_vote(seat, person)
    ]
    return _one_board_seat_each(votable, person)


def _may_vote(seat: Approval, person: Person) -> bool:
    change = seat.round.change
    if person.pk == change.requester_id:
        return False
    return seat.person_id == person.pk or person.pk != change.implementer_id


def _one_board_seat_each(seats: Iterable[WaitingSeat], person: Person) -> list[WaitingSeat]:
    """Leave out board seats of others once the person has a board vote of their own in the round."""
    listed = list(seats)
    own = {
        seat.approval.round_id
        for seat in listed
        if seat.approval.person_id == person.pk and seat.approval.basis != SeatBasis.ACCOUNTABLE
    }
    voted = set(
        Approval.objects.filter(
            vote__person=person, round__in={seat.approval.round_id for seat in listed}
        )
        .exclude(basis=SeatBasis.ACCOUNTABLE)
        .values_list("round_id", flat=True)
    )
    return [
        seat
        for seat in listed
        if seat.approval.basis == SeatBasis.ACCOUNTABLE
        or (
            seat.approval.round_id not in voted
            and (seat.approval.person_id == person.pk or seat.approval.round_id not in own)
        )
    ]
