"""What waits for whom: votes to give, own changes to move on, what the board has before it, the calendar."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from governance.access import changes_visible_to, policies_visible_to, rounds_visible_to
from governance.choices import ChangeState, RoundState
from governance.models import BoardPolicy, ChangeRequest
from governance.queries.tally import RoundState as CountedRound
from governance.queries.tally import state_of
from governance.queries.voters import Ballot, ballots_of, seats_waiting_for


@dataclass(frozen=True, slots=True)
class OwnChange:
    """A change of one's own with the next thing to do about it."""

    change: ChangeRequest
    step: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything that waits for one person."""

    votes: list[Ballot]
    own: list[OwnChange]
    others_open: int

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self.votes and not self.own


def queue_of(user: User, *, at: datetime) -> Queue:
    """Return what waits for a user: votes first, then own changes that need a step."""
    visible = changes_visible_to(user)
    return Queue(
        votes=ballots_of(seats_waiting_for(user, at=at)),
        own=_own(user, at),
        others_open=visible.filter(state=ChangeState.SUBMITTED).count(),
    )


def count_waiting(user: User, *, at: datetime) -> int:
    """Return how many votes wait for a user."""
    return len(ballots_of(seats_waiting_for(user, at=at)))


def _own(user: User, at: datetime) -> list[OwnChange]:
    if user.person_id is None:
        return []
    mine = Q(requester=user.person_id) | Q(implementer=user.person_id)
    rows = changes_visible_to(user).filter(mine).select_related("requester", "implementer")
    steps = {
        ChangeState.EXECUTING: "close",
        ChangeState.APPROVED: "execute",
        ChangeState.REJECTED: "rework",
        ChangeState.DRAFT: "submit",
        ChangeState.SUBMITTED: "wait",
    }
    found = rows.filter(state__in=steps).order_by("window_start_at", "pk")
    order = list(steps)
    listed = [OwnChange(change, steps[ChangeState(change.state)]) for change in found]
    return sorted(listed, key=lambda one: order.index(ChangeState(one.change.state)))


@dataclass(frozen=True, slots=True)
class BoardDocket:
    """A board with its policy and the rounds before it."""

    policy: BoardPolicy
    members: list[str]
    rounds: list[CountedRound]


def dockets_for(user: User) -> list[BoardDocket]:
    """Return the boards with what is pending before each, as far as the user may see it."""
    pending = [
        state_of(one)
        for one in rounds_visible_to(user)
        .filter(state=RoundState.OPEN, quorum__gt=0)
        .select_related("change__requester", "change__implementer")
        .order_by("due_at", "pk")
    ]
    policies = policies_visible_to(user).select_related("board", "escalation_team", "scope")
    return [
        BoardDocket(
            policy=policy,
            members=[
                member.person.name
                for member in policy.board.memberships.select_related("person").order_by(
                    "person__name"
                )
            ],
            rounds=[one for one in pending if one.round.policy_id == policy.pk],
        )
        for policy in policies
    ]


def calendar_between(user: User, starts_at: datetime, ends_at: datetime) -> list[ChangeRequest]:
    """Return the changes whose window touches a span, in order of time; drafts and dead ones left out."""
    dead = (ChangeState.DRAFT, ChangeState.WITHDRAWN, ChangeState.REJECTED)
    return list(
        changes_visible_to(user)
        .in_time(starts_at, ends_at)  # type: ignore[attr-defined]
        .exclude(state__in=dead)
        .select_related("implementer")
        .order_by("window_start_at", "pk")
    )


def change_numbered(number: str) -> ChangeRequest | None:
    """Return the change of a number, for who runs the site; None when there is none."""
    rows = ChangeRequest.objects.select_related("requester", "implementer")
    return rows.filter(number=number.strip().upper()).first()
