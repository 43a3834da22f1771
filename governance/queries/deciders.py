"""Derives who must decide a change: accountable parties, the board above the threshold. Nobody types one in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Membership, Person, Team
from governance.choices import SeatBasis
from governance.models import BoardPolicy
from governance.queries.answers import Deciders, Finding, Owner, Question, Seat
from governance.rules.risk import RiskFacts, board_reasons

NO_LIMIT = float("inf")


@dataclass(frozen=True, slots=True)
class Stakes:
    """What the derivation weighs beside ownership."""

    expected_loss: float
    touches_safety: bool
    is_in_window: bool


def policy_for_paths(paths: Sequence[str]) -> BoardPolicy | None:
    """Return the most specific active policy that covers every path; None when there is none."""
    covering: list[list[BoardPolicy]] = [
        list(BoardPolicy.objects.for_path(path).select_related("board", "escalation_team", "scope"))
        for path in set(paths)
    ]
    if not covering:
        return None
    shared = set(covering[0]).intersection(*covering[1:])
    return next((policy for policy in covering[0] if policy in shared), None)


def derive(
    *,
    question: Question,
    owners: Sequence[Owner],
    stakes: Stakes,
    policy: BoardPolicy | None,
) -> Deciders:
    """Return the seats for a question. A gap never waves a change through: it goes to the board."""
    parties, unowned = _split(question, owners)
    facts = RiskFacts(
        expected_loss=stakes.expected_loss,
        loss_threshold=float(policy.loss_threshold) if policy else NO_LIMIT,
        touches_safety=stakes.touches_safety,
        is_back_out_tested=question.is_back_out_tested,
        is_in_window=stakes.is_in_window,
        unowned=len(unowned),
    )
    reasons = board_reasons(facts)
    required = _required_seats(parties)
    if not any(_is_independent(seat, question) for seat in required):
        reasons.append(("independence", ""))
    findings = tuple(Finding("unowned", why, item_id=owner.item_id) for owner, why in unowned)
    if not reasons:
        return Deciders(required, policy, 0, (), findings)
    return _with_board(question, policy, required, reasons, findings)


def _split(
    question: Question, owners: Sequence[Owner]
) -> tuple[list[Owner], list[tuple[Owner, str]]]:
    """Part the owners into those who may decide and those whose item goes to the board, with why."""
    voters = _voters_of({owner.team_id for owner in owners if owner.team_id}, question)
    active = set(
        Person.objects.filter(
            pk__in=[owner.person_id for owner in owners if owner.person_id], is_active=True
        ).values_list("pk", flat=True)
    )
    deciding, passed_on = [], []
    for owner in owners:
        why = _why_not(owner, question, active, voters)
        if why:
            passed_on.append((owner, why))
        else:
            deciding.append(owner)
    return deciding, passed_on


def _why_not(
    owner: Owner, question: Question, active: set[int], voters: dict[int, set[int]]
) -> str:
    names = {"item": owner.item_name, "who": owner.label}
    if not owner.is_known:
        why = owner.problem or _("nobody is accountable")
        return _("%(item)s: %(why)s; the board decides.") % {**names, "why": why}
    if owner.person_id is not None and owner.person_id == question.requester_id:
        return _("%(item)s: %(who)s asks for the change; the board decides.") % names
    if owner.person_id is not None and owner.person_id not in active:
        return _("%(item)s: %(who)s is no longer active; the board decides.") % names
    if owner.team_id is not None and not voters.get(owner.team_id):
        return _("%(item)s: nobody in %(who)s may decide; the board decides.") % names
    return ""


def _voters_of(team_ids: Iterable[int], question: Question) -> dict[int, set[int]]:
    """Return the people by team who may vote: active, not the requester, not the implementer."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.filter(team__in=team_ids, person__is_active=True).exclude(
        person__in=[pk for pk in (question.requester_id, question.implementer_id) if pk]
    )
    for team_id, person_id in rows.values_list("team_id", "person_id"):
        found[team_id].add(person_id)
    return found


def _required_seats(owners: Sequence[Owner]) -> tuple[Seat, ...]:
    by_party: dict[tuple[int | None, int | None], list[Owner]] = defaultdict(list)
    for owner in owners:
        by_party[owner.person_id, owner.team_id].append(owner)
    return tuple(
        Seat(
            basis=SeatBasis.ACCOUNTABLE,
            label=owned[0].label,
            is_required=True,
            person_id=person_id,
            team_id=team_id,
            because=tuple(_because(owner) for owner in owned),
        )
        for (person_id, team_id), owned in by_party.items()
    )


def _because(owner: Owner) -> dict[str, Any]:
    return {
        "item_id": owner.item_id,
        "code": owner.item_code,
        "name": owner.item_name,
        "trace": list(owner.trace),
    }


def _is_independent(seat: Seat, question: Question) -> bool:
    return seat.team_id is not None or seat.person_id != question.implementer_id


def _with_board(
    question: Question,
    policy: BoardPolicy | None,
    required: tuple[Seat, ...],
    reasons: list[tuple[str, str]],
    findings: tuple[Finding, ...],
) -> Deciders:
    if policy is None:
        refusal = _(
            "The review board has to decide this change, but no board policy covers its targets. "
            "An administrator sets one under Changes, Board."
        )
        return Deciders(required, None, 0, tuple(reasons), findings, refusal)
    seats = board_seats(policy, question, basis=SeatBasis.BOARD, reasons=reasons)
    if len(seats) < policy.quorum:
        seats += board_seats(policy, question, basis=SeatBasis.ESCALATION, reasons=reasons)
    refusal = "" if len(seats) >= policy.quorum else too_few(policy, len(seats))
    return Deciders(required + seats, policy, policy.quorum, tuple(reasons), findings, refusal)


def too_few(policy: BoardPolicy, count: int) -> str:
    """Return the sentence for a board that cannot reach its quorum."""
    return _(
        "%(board)s needs %(quorum)d yes votes, but only %(count)d of its people may vote on this "
        "change (requester and implementer may not), and no escalation team fills the gap."
    ) % {"board": policy.board, "quorum": policy.quorum, "count": count}


def board_seats(
    policy: BoardPolicy,
    question: Question,
    *,
    basis: str,
    reasons: Sequence[tuple[str, str]],
) -> tuple[Seat, ...]:
    """Return a seat for each member of the board, or of its escalation team, who may vote."""
    team: Team | None = policy.board if basis == SeatBasis.BOARD else policy.escalation_team
    if team is None:
        return ()
    members = Person.objects.filter(pk__in=_voters_of([team.pk], question)[team.pk])
    if basis == SeatBasis.ESCALATION:
        members = members.exclude(memberships__team=policy.board)
    because = tuple({"reason": code, "value": value} for code, value in reasons)
    return tuple(
        Seat(basis, member.name, is_required=False, person_id=member.pk, because=because)
        for member in members
    )
