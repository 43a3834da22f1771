"""Opens, escalates and ends rounds of approval. A lapsed round keeps its votes; they count no longer."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from common.actor import Actor
from evidence.services import create_object, entry_for, record, record_many, update_object
from governance.choices import RoundState, SeatBasis
from governance.models import (
    Approval,
    ApprovalRound,
    BoardPolicy,
    ChangeRequest,
    ImpactSnapshot,
)
from governance.queries.answers import Consequence, Seat
from governance.queries.consequence import paths_of
from governance.queries.content import hash_of, question_of
from governance.queries.deciders import board_seats, policy_for_paths
from governance.rules.content import content_hash, impact_hash

DEFAULT_HOURS = 72


def open_round(
    *,
    actor: Actor,
    change: ChangeRequest,
    consequence: Consequence,
    now: datetime,
    difference: Mapping[str, Any] | None = None,
) -> ApprovalRound:
    """Freeze the impact set and open a round on the change's content with its derived seats."""
    snapshot = _freeze(actor, change, consequence, now)
    deciders = consequence.deciders
    last = change.rounds.first()
    approval_round = create_object(
        actor=actor,
        instance=ApprovalRound(
            change=change,
            sequence=last.sequence + 1 if last else 1,
            content_hash=hash_of(change, impact_hash=snapshot.impact_hash),
            snapshot=snapshot,
            policy=deciders.policy,
            quorum=deciders.quorum,
            board_reasons=[list(reason) for reason in deciders.board_reasons],
            is_retrospective=change.is_emergency,
            opened_at=now,
            due_at=_due(change, deciders.policy, now),
            impact_difference=dict(difference or {}),
        ),
        now=now,
        action="open round",
    )
    _seat(actor, approval_round, deciders.seats, now)
    return approval_round


def _freeze(
    actor: Actor, change: ChangeRequest, consequence: Consequence, now: datetime
) -> ImpactSnapshot:
    impact, facts = consequence.impact, consequence.facts()
    snapshot = ImpactSnapshot(
        change=change,
        taken_at=now,
        impact_hash=impact_hash(impact.states),
        rows=[[hit.id, hit.code, hit.state, hit.depth] for hit in impact.hits],
        facts=facts,
        facts_hash=content_hash(facts),
        unresolved_count=impact.unresolved_count,
        graph_version=impact.graph_version,
        created_at=now,
        updated_at=now,
    )
    snapshot.save(force_insert=True)
    after = {
        "change_id": change.pk,
        "impact_hash": snapshot.impact_hash,
        "facts_hash": snapshot.facts_hash,
        "items": len(snapshot.rows),
    }
    record(actor=actor, action="freeze impact", instance=snapshot, now=now, after=after)
    return snapshot


def _due(change: ChangeRequest, policy: BoardPolicy | None, now: datetime) -> datetime:
    if change.is_emergency:
        return now + timedelta(hours=policy.review_hours if policy else DEFAULT_HOURS)
    latest = now + timedelta(hours=policy.decision_hours if policy else DEFAULT_HOURS)
    return min(latest, change.window_start_at) if change.window_start_at > now else latest


def _seat(
    actor: Actor, approval_round: ApprovalRound, seats: Iterable[Seat], now: datetime
) -> None:
    """Seat the deciders; the ledger says who sits and why, without the names of impacted items."""
    rows = Approval.objects.bulk_create(
        Approval(
            round=approval_round,
            basis=seat.basis,
            person_id=seat.person_id,
            team_id=seat.team_id,
            is_required=seat.is_required,
            because=[dict(reason) for reason in seat.because],
            created_at=now,
            updated_at=now,
        )
        for seat in seats
    )
    entries = [entry_for(row, action="seat", before={}, after=_seated(row)) for row in rows]
    record_many(actor=actor, entries=entries, now=now)


def _seated(seat: Approval) -> dict[str, Any]:
    return {
        "round_id": seat.round_id,
        "basis": seat.basis,
        "person_id": seat.person_id,
        "team_id": seat.team_id,
        "is_required": seat.is_required,
        "item_ids": [reason["item_id"] for reason in seat.because if "item_id" in reason],
    }


def end_round(
    *,
    actor: Actor,
    approval_round: ApprovalRound,
    state: str,
    now: datetime,
    reason: str = "",
) -> ApprovalRound:
    """End a round as approved, rejected or lapsed."""
    return update_object(
        actor=actor,
        instance=approval_round,
        changes={"state": state, "closed_at": now, "lapse_reason": reason},
        now=now,
        action=f"{state} round",
        comment=reason,
    )


def lapse_round(*, actor: Actor, change: ChangeRequest, now: datetime, reason: str) -> None:
    """Lapse the change's open or approved round, if it has one."""
    standing = change.rounds.filter(state__in=[RoundState.OPEN, RoundState.APPROVED]).first()
    if standing is not None:
        end_round(
            actor=actor, approval_round=standing, state=RoundState.LAPSED, now=now, reason=reason
        )


def escalate(*, actor: Actor, approval_round: ApprovalRound, now: datetime) -> ApprovalRound | None:
    """Add the next seats when too few may vote: the board, then its escalation team; None: no more."""
    question = question_of(approval_round.change)
    policy = approval_round.policy or policy_for_paths(paths_of(question.target_ids))
    if policy is None:
        return None
    bases = set(approval_round.approvals.values_list("basis", flat=True))
    for basis in (SeatBasis.BOARD, SeatBasis.ESCALATION):
        if basis in bases:
            continue
        if seats := board_seats(policy, question, basis=basis, reasons=[("escalation", "")]):
            _seat(actor, approval_round, seats, now)
            return update_object(
                actor=actor,
                instance=approval_round,
                changes={"policy": policy, "quorum": policy.quorum},
                now=now,
                action="escalate round",
            )
    return None
