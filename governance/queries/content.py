"""A change as the plain values its hash covers, and as the question it asks of the plant."""

from datetime import UTC, datetime
from typing import Any

from governance.models import ChangeRequest
from governance.queries.answers import Question
from governance.rules.content import content_hash


def target_codes(change: ChangeRequest) -> list[str]:
    """Return the codes of the targets, sorted."""
    return sorted(change.change_targets.values_list("item__code", flat=True))


def content_of(change: ChangeRequest, *, impact_hash: str) -> dict[str, Any]:
    """Return everything somebody votes on, as plain values."""
    return {
        "number": change.number,
        "title": change.title,
        "change_model": change.change_model,
        "change_type": change.change_type,
        "reason": change.reason,
        "requester": change.requester.employee_number,
        "implementer": change.implementer.employee_number,
        "targets": target_codes(change),
        "window_start": _moment(change.window_start_at),
        "window_end": _moment(change.window_end_at),
        "duration_minutes": change.duration_minutes,
        "plan": change.plan,
        "back_out_plan": change.back_out_plan,
        "is_back_out_tested": change.is_back_out_tested,
        "impact_hash": impact_hash,
    }


def hash_of(change: ChangeRequest, *, impact_hash: str) -> str:
    """Return the content hash a vote on this change binds to."""
    return content_hash(content_of(change, impact_hash=impact_hash))


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def question_of(change: ChangeRequest) -> Question:
    """Return the question a stored change asks."""
    targets = change.change_targets.order_by("item_id").values_list("item_id", flat=True)
    return Question(
        target_ids=tuple(targets),
        change_type=change.change_type,
        change_model=change.change_model,
        starts_at=change.window_start_at,
        ends_at=change.window_end_at,
        duration_minutes=change.duration_minutes,
        is_back_out_tested=change.is_back_out_tested,
        requester_id=change.requester_id,
        implementer_id=change.implementer_id,
        change_id=change.pk,
    )
