"""How changes stand as a whole: how many in each state of late, and at whom decisions stick."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from accounts.models import User
from governance.access import approvals_visible_to, changes_visible_to
from governance.choices import ChangeState, RoundState
from governance.models import Approval


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many changes are in one state; the share is that of the most frequent state, 0 to 100."""

    state: str
    title: str
    count: int
    percent: float


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody whose vote is awaited: on how many changes, since when, how many of them overdue."""

    key: str
    name: str
    changes: int
    since_at: datetime
    overdue: int


def counted_by_state(user: User, *, since: datetime) -> list[StateCount]:
    """Return the visible changes made since a moment by state, in the order of a change's life."""
    rows = changes_visible_to(user).filter(created_at__gte=since)
    found = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    most = max(found.values(), default=0)
    return [
        StateCount(state.value, str(state.label), found[state], 100 * found[state] / most)
        for state in ChangeState
        if state in found
    ]


def awaited_voters(user: User, *, at: datetime) -> list[Awaited]:
    """Return at whom visible changes wait for a vote: the longest wait first."""
    open_seats = (
        approvals_visible_to(user)
        .filter(round__state=RoundState.OPEN, vote__isnull=True)
        .select_related("round", "person", "team")
    )
    by_party: dict[str, list[Approval]] = {}
    for seat in open_seats:
        key = f"person:{seat.person_id}" if seat.person_id else f"team:{seat.team_id}"
        by_party.setdefault(key, []).append(seat)
    found = [_awaited(key, seats, at) for key, seats in by_party.items()]
    return sorted(found, key=lambda one: (one.since_at, -one.changes, one.name))


def _awaited(key: str, seats: list[Approval], at: datetime) -> Awaited:
    rounds = {seat.round_id: seat.round for seat in seats}
    return Awaited(
        key=key,
        name=str(seats[0].party),
        changes=len({one.change_id for one in rounds.values()}),
        since_at=min(one.opened_at for one in rounds.values()),
        overdue=sum(one.due_at < at for one in rounds.values()),
    )
