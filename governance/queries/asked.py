"""A question asked on the impact page: the answer for one reader, and beside it who decides and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from assets.access import REQUEST, items_visible_to, may
from assets.models import ConfigurationItem
from assets.queries.impact import ImpactAnswer, impact_of, items_named
from common.errors import DomainError
from governance.queries.answers import Consequence, Question, Seat
from governance.queries.asking import QuestionError, question_from
from governance.queries.consequence import consequence_of
from governance.queries.visible import Shown, shown_consequence, visible_items

MOST_TARGETS, MOST_HITS, MOST_HOURS = 50, 5_000, 720


class Because(NamedTuple):
    """An item that gives somebody a seat, with the steps from the item to the party."""

    name: str
    item_id: int
    steps: Sequence[str]


@dataclass(frozen=True)
class ShownSeat:
    """A party that must decide, and for which visible items; `hidden` counts the others."""

    key: str
    label: str
    person_id: int | None
    team_id: int | None
    because: tuple[Because, ...]
    hidden: int


@dataclass(frozen=True)
class ShownBoard:
    """The review board when it sits: how many of whom, and why."""

    name: str
    quorum: int
    members: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Following:
    """What follows from an impact, as one reader may see it."""

    consequence: Consequence
    shown: Shown
    seats: tuple[ShownSeat, ...]
    board: ShownBoard | None


@dataclass(frozen=True)
class AskedImpact:
    """The whole answer for one reader; without `following`, `problem` says why nobody can tell what follows."""

    question: Question
    targets: tuple[ConfigurationItem, ...]
    answer: ImpactAnswer
    following: Following | None
    problem: str
    may_request: bool


def targets_named(user: User, names: Sequence[str]) -> tuple[ConfigurationItem, ...]:
    """Return the targets by id or code, in the order given; an error names what is wrong."""
    ids = items_named(user, names)
    if len(ids) > MOST_TARGETS:
        raise QuestionError(
            _("%(given)d targets are too many for one question; at most %(most)d.")
            % {"given": len(ids), "most": MOST_TARGETS}
        )
    rows = items_visible_to(user).select_related("item_class", "location").in_bulk(ids)
    return tuple(rows[pk] for pk in ids)


def asked_question(
    user: User,
    values: Mapping[str, str],
    targets: Sequence[ConfigurationItem],
    *,
    now: datetime,
) -> Question:
    """Return the question as typed (`change_type`, `hours`, `start`); an error names what is wrong."""
    starts = values.get("start", "") or (now + timedelta(minutes=30 - now.minute % 30)).isoformat()
    given = {
        "change_type": values.get("change_type", "") or "power_off",
        "window_start_at": starts,
        "duration_minutes": str(minutes_of(values.get("hours", ""))),
        "is_back_out_tested": values.get("is_back_out_tested", ""),
    }
    return question_from(user, given, targets, now=now)


def minutes_of(text: str) -> int:
    """Return a number of hours, as typed, in minutes.

    >>> minutes_of("1,5"), minutes_of("")
    (90, 60)
    """
    try:
        hours = float(text.replace(",", ".") or 1)
    except ValueError:
        hours = 0.0
    if not 1 / 60 <= hours <= MOST_HOURS:
        raise QuestionError(
            _("Hours: '%(given)s' is not a duration; give hours up to %(most)d, such as 1.5.")
            % {"given": text, "most": MOST_HOURS}
        )
    return round(hours * 60)


def ask_impact(
    *,
    user: User,
    targets: Sequence[ConfigurationItem],
    values: Mapping[str, str],
    now: datetime,
    limit: int = MOST_HITS,
) -> AskedImpact:
    """Return impact and consequence as this reader may see them; DomainError says what is wrong."""
    question = asked_question(user, values, targets, now=now)
    answer = impact_of(
        user=user,
        target_ids=[target.pk for target in targets],
        change_type=question.change_type,
        limit=limit,
    )
    following, problem = _following(user, question, now)
    return AskedImpact(
        question=question,
        targets=tuple(targets),
        answer=answer,
        following=following,
        problem=problem,
        may_request=all(may(user, REQUEST, target) for target in targets),
    )


def _following(user: User, question: Question, now: datetime) -> tuple[Following | None, str]:
    """Return what follows, or why that cannot be told: a plant without an operating model still has an
    impact. No decision hangs on this; submitting a change asks again and refuses."""
    try:
        consequence = consequence_of(question, at=now)
    except DomainError as error:
        return None, str(error)
    shown = shown_consequence(user, consequence, limit=0)
    return Following(consequence, shown, _seats(user, consequence), _board(consequence)), ""


def _seats(user: User, consequence: Consequence) -> tuple[ShownSeat, ...]:
    required = [seat for seat in consequence.deciders.seats if seat.is_required]
    ids = [row["item_id"] for seat in required for row in seat.because]
    visible = visible_items(user, ids)
    return tuple(_seat(seat, visible) for seat in required)


def _seat(seat: Seat, visible: set[int]) -> ShownSeat:
    because = [
        Because(row["name"], row["item_id"], row["trace"])
        for row in seat.because
        if row["item_id"] in visible
    ]
    key = f"person:{seat.person_id}" if seat.person_id else f"team:{seat.team_id}"
    hidden = len(seat.because) - len(because)
    return ShownSeat(key, seat.label, seat.person_id, seat.team_id, tuple(because), hidden)


def _board(consequence: Consequence) -> ShownBoard | None:
    deciders = consequence.deciders
    if not deciders.board_sits or deciders.policy is None:
        return None
    return ShownBoard(
        name=str(deciders.policy.board),
        quorum=deciders.quorum,
        members=tuple(seat.label for seat in deciders.seats if not seat.is_required),
        reasons=tuple(deciders.board_reasons),
    )


def asked_data(asked: AskedImpact) -> dict[str, Any]:
    """Return who decides and what it costs as plain data, for the API; only a problem when nobody can tell."""
    if asked.following is None:
        return {"problem": asked.problem}
    following = asked.following
    deciders = following.consequence.deciders
    facts = following.shown.facts
    conflicts = [{"number": row["number"], "kind": row["kind"]} for row in facts["conflicts"]]
    board = following.board and {
        "name": following.board.name,
        "quorum": following.board.quorum,
        "reasons": [code for code, _value in deciders.board_reasons],
    }
    return {
        **facts,
        "conflicts": conflicts,
        "hours": asked.question.hours,
        "starts_at": asked.question.starts_at,
        "ends_at": asked.question.ends_at,
        "deciders": [
            {**asdict(seat), "because": [one._asdict() for one in seat.because]}
            for seat in following.seats
        ],
        "board": board,
        "refusal": deciders.refusal,
        "hidden_facts": dict(following.shown.hidden),
        "problem": "",
    }
