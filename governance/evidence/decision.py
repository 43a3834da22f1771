"""The decision record: a change, its impact, who had to decide and why, the votes and their ledger entries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.models import User
from evidence.choices import PackKind
from evidence.models import LedgerEntry
from evidence.packs import PackContent, Total
from evidence.services import object_type
from governance.choices import VoteChoice
from governance.models import (
    Approval,
    ApprovalRound,
    ChangeRequest,
    ChangeTarget,
    ImpactSnapshot,
    Vote,
)
from governance.queries.content import content_of
from governance.queries.tally import RoundState, state_of
from governance.queries.visible import shown_rows, visible_facts, visible_items

if TYPE_CHECKING:
    from django.db.models import Model

TEMPLATE = "governance/pdf/decision.html"
GLOSSARY = {
    "Impact set": "Every item the change reaches on the dependency graph, with its state, frozen at submission.",
    "Decided content": "SHA-256 of everything that was voted on, the impact hash included. A vote counts for one content only.",
    "Lapsed": "A round whose content or impact set changed afterwards. Its votes are kept and count no longer.",
    "Quorum": "Approved when yes reaches the quorum; rejected when yes and pending together no longer can.",
}


def decision_content(change: ChangeRequest, *, user: User | None) -> PackContent:
    """Return the decision record of a change: for a user with what is hidden counted, for None whole."""
    rounds = list(change.rounds.select_related("change", "snapshot", "policy__board"))
    newest = rounds[0] if rounds else None
    data = {
        "change": _change(change),
        "content": content_of(change, impact_hash=change.impact_hash),
        "content_hash": change.content_hash,
        "rounds": [_round(state_of(one)) for one in rounds],
        "seats": [seat for one in rounds for seat in _seats(user, one)],
        "votes": [vote for one in rounds for vote in _votes(one)],
        **_impact(user, newest),
    }
    return PackContent(
        kind=PackKind.DECISION,
        title=_("Decision on %s") % change.number,
        subject=change.title,
        template=TEMPLATE,
        data=data,
        sequences=ledger_sequences(change),
        totals=_totals(newest),
        scope_path=change.scope_path,
        object_type=object_type(ChangeRequest),
        object_id=change.pk,
        limits=_limits(data, newest),
        glossary=GLOSSARY,
    )


def ledger_sequences(change: ChangeRequest) -> list[int]:
    """Return the numbers of every ledger entry about a change and what belongs to it."""
    rounds = change.rounds.values("pk")
    seats = Approval.objects.filter(round__in=rounds).values("pk")
    parts: Sequence[tuple[type[Model], Any]] = (
        (ChangeRequest, [change.pk]),
        (ChangeTarget, change.change_targets.values("pk")),
        (ImpactSnapshot, change.snapshots.values("pk")),
        (ApprovalRound, rounds),
        (Approval, seats),
        (Vote, Vote.objects.filter(approval__in=seats).values("pk")),
    )
    found: list[int] = []
    for model, ids in parts:
        entries = LedgerEntry.objects.filter(object_type=object_type(model), object_id__in=ids)
        found.extend(entries.values_list("sequence", flat=True))
    return sorted(found)


def history_of_change(change: ChangeRequest, *, limit: int) -> list[LedgerEntry]:
    """Return the newest ledger entries about a change, its rounds, seats and votes."""
    numbers = ledger_sequences(change)[-limit:]
    return list(LedgerEntry.objects.filter(sequence__in=numbers).order_by("-sequence"))


def _change(change: ChangeRequest) -> dict[str, Any]:
    return {
        "number": change.number,
        "title": change.title,
        "state": change.state,
        "state_label": str(change.get_state_display()),
        "model": str(change.get_change_model_display()),
        "type": str(change.get_change_type_display()),
        "requester": change.requester.name,
        "implementer": change.implementer.name,
        "window_start": _time(change.window_start_at),
        "window_end": _time(change.window_end_at),
        "submitted_at": _time(change.submitted_at),
        "decided_at": _time(change.decided_at),
        "started_at": _time(change.started_at),
        "finished_at": _time(change.finished_at),
        "review_due_at": _time(change.review_due_at),
        "outcome_note": change.outcome_note,
        "failure_probability": change.failure_probability,
        "expected_loss": str(change.expected_loss) if change.expected_loss is not None else None,
        "currency": change.currency,
        "is_safety_relevant": change.is_safety_relevant,
    }


def _round(counted: RoundState) -> dict[str, Any]:
    one, tally = counted.round, counted.tally
    board = tally.board
    return {
        "round": one.sequence,
        "state": one.state,
        "content_hash": one.content_hash,
        "impact_hash": one.snapshot.impact_hash,
        "facts_hash": one.snapshot.facts_hash,
        "board": str(one.policy.board) if one.policy and one.quorum else "",
        "board_reasons": [list(reason) for reason in one.board_reasons],
        "is_retrospective": one.is_retrospective,
        "opened_at": _time(one.opened_at),
        "due_at": _time(one.due_at),
        "closed_at": _time(one.closed_at),
        "lapse_reason": one.lapse_reason,
        "required": _count(tally.required),
        "quorum": one.quorum,
        "board_votes": _count(board) if board is not None else None,
        "verdict": str(counted.verdict),
        "changed_items": len([row for rows in one.impact_difference.values() for row in rows]),
    }


def _count(tally: Any) -> dict[str, int]:  # noqa: ANN401 - rules.quorum.Tally
    return {
        "seats": tally.seats,
        "electorate": tally.electorate,
        "approve": tally.approved,
        "reject": tally.rejected,
        "recuse": tally.recused,
        "pending": tally.pending,
    }


def _seats(user: User | None, one: ApprovalRound) -> list[dict[str, Any]]:
    seats = one.approvals.select_related("person", "team")
    named = [reason["item_id"] for seat in seats for reason in seat.because if "item_id" in reason]
    visible = set(named) if user is None else visible_items(user, named)
    return [
        {
            "round": one.sequence,
            "party": seat.party,
            "basis": seat.basis,
            "basis_label": str(seat.get_basis_display()),
            "is_required": seat.is_required,
            "because": [
                {"code": reason["code"], "name": reason["name"], "trace": reason["trace"]}
                for reason in seat.because
                if reason.get("item_id") in visible
            ],
            "hidden": sum(
                "item_id" in reason and reason["item_id"] not in visible for reason in seat.because
            ),
        }
        for seat in seats
    ]


def _votes(one: ApprovalRound) -> list[dict[str, Any]]:
    votes = Vote.objects.filter(approval__round=one).select_related(
        "person", "acting_for", "approval__person", "approval__team"
    )
    return [
        {
            "round": one.sequence,
            "seat": vote.approval.party,
            "basis": vote.approval.basis,
            "choice": vote.choice,
            "choice_label": str(vote.get_choice_display()),
            "reason": vote.reason,
            "person": vote.person.name,
            "acting_for": str(vote.acting_for or ""),
            "cast_at": _time(vote.cast_at),
            "content_hash": vote.content_hash,
            "counts": vote.content_hash == one.content_hash,
        }
        for vote in votes.order_by("cast_at", "pk")
    ]


def _impact(user: User | None, one: ApprovalRound | None) -> dict[str, Any]:
    if one is None:
        return {"impact": [], "hidden_items": 0, "facts": {}}
    rows = shown_rows(user, one.snapshot)
    facts = one.snapshot.facts if user is None else visible_facts(user, one.snapshot)
    return {
        "impact": rows,
        "hidden_items": len(one.snapshot.rows) - len(rows),
        "facts": facts,
    }


def _totals(newest: ApprovalRound | None) -> list[Total]:
    if newest is None:
        return []
    votes = [
        Total(
            f"{choice.label} in round {newest.sequence}",
            "votes",
            {"round": newest.sequence, "choice": choice.value},
        )
        for choice in VoteChoice
    ]
    states = ("down", "unknown", "degraded", "redundancy_lost")
    hits = [
        Total(f"Items {state.replace('_', ' ')}", "impact", {"state": state}) for state in states
    ]
    return [*votes, *hits]


def _limits(data: Mapping[str, Any], newest: ApprovalRound | None) -> list[str]:
    found = []
    if data["hidden_items"]:
        found.append(
            _("%d impacted items lie outside the requester's view: counted, not named.")
            % data["hidden_items"]
        )
    if newest is not None and newest.snapshot.unresolved_count:
        found.append(
            _(
                "%d relations led to items unknown to the inventory; what lies behind was not judged."
            )
            % newest.snapshot.unresolved_count
        )
    return found


def _time(value: datetime | None) -> str:
    return value.isoformat() if value else ""
