"""What lists of changes and seats can be filtered by, on pages and over the API."""

from collections.abc import Sequence

from django.db.models import Q

from common.filters import FilterSet, boolean, choice, custom, moment, number, reference, text
from common.ids import ids_of
from governance.choices import (
    ChangeModel,
    ChangeState,
    ChangeType,
    RoundState,
    SeatBasis,
)
from governance.models import Approval, ApprovalRound, BoardPolicy, ChangeRequest


def on_target(texts: Sequence[str]) -> Q:
    """Return the condition for changes of given items (id or code)."""
    return Q(targets__in=ids_of(texts)) | Q(targets__code__in=texts)


class ChangeFilterSet(FilterSet):
    """Changes."""

    searched = ("number", "title")
    panel = ("state", "change_model", "change_type", "is_safety_relevant", "window_start_at__gte")
    lookups = {
        "id": number("id", "Id"),
        "number": text("number", "Number"),
        "title": text("title", "Title"),
        "state": choice("state", ChangeState.choices, "State"),
        "change_model": choice("change_model", ChangeModel.choices, "Model"),
        "change_type": choice("change_type", ChangeType.choices, "Type"),
        "requester": reference("requester", "employee_number", "Requester"),
        "implementer": reference("implementer", "employee_number", "Implementer"),
        "target": custom(on_target, kind="reference", label="Target"),
        "window_start_at": moment("window_start_at", "Window starts"),
        "window_end_at": moment("window_end_at", "Window ends"),
        "is_safety_relevant": boolean("is_safety_relevant", "Touches safety"),
        "expected_loss": number("expected_loss", "Expected loss"),
        "submitted_at": moment("submitted_at", "Submitted"),
        "updated_at": moment("updated_at", "Updated"),
    }

    class Meta:
        model = ChangeRequest
        fields: list[str] = []


class ApprovalFilterSet(FilterSet):
    """Seats."""

    searched = ("person__name", "team__name", "round__change__number")
    panel = ("basis", "round_state")
    lookups = {
        "id": number("id", "Id"),
        "change": reference("round__change", "number", "Change"),
        "basis": choice("basis", SeatBasis.choices, "Basis"),
        "round_state": choice("round__state", RoundState.choices, "Round"),
        "person": reference("person", "employee_number", "Person"),
        "team": reference("team", "code", "Team"),
        "is_pending": custom(
            lambda texts: Q(vote__isnull=texts[-1] == "true"), kind="boolean", label="Not voted"
        ),
    }

    class Meta:
        model = Approval
        fields: list[str] = []


class ApprovalRoundFilterSet(FilterSet):
    """Rounds of approval."""

    searched = ("change__number", "change__title")
    lookups = {
        "id": number("id", "Id"),
        "change": reference("change", "number", "Change"),
        "state": choice("state", RoundState.choices, "State"),
        "is_retrospective": boolean("is_retrospective", "In retrospect"),
        "due_at": moment("due_at", "Due"),
    }

    class Meta:
        model = ApprovalRound
        fields: list[str] = []


class BoardPolicyFilterSet(FilterSet):
    """Boards and their rules."""

    searched = ("name", "code", "board__name")
    lookups = {
        "code": text("code", "Code"),
        "name": text("name", "Name"),
        "board": reference("board", "code", "Board"),
        "scope": reference("scope", "code", "Scope"),
        "is_active": boolean("is_active", "Active"),
    }

    class Meta:
        model = BoardPolicy
        fields: list[str] = []
