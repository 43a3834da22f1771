"""Seats and boards over the API, and the consequence of a question nobody has saved."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.resources import Resource
from governance.access import (
    approvals_visible_to,
    policies_visible_to,
    require_board_manager,
    rounds_visible_to,
)
from governance.api.serializers import (
    ApprovalRoundSerializer,
    ApprovalSerializer,
    BoardPolicySerializer,
)
from governance.choices import ChangeModel, ChangeType
from governance.filters import ApprovalFilterSet, ApprovalRoundFilterSet, BoardPolicyFilterSet
from governance.models import BoardPolicy
from governance.queries.asked import targets_named
from governance.queries.asking import question_from
from governance.queries.plain import plain_preview
from governance.queries.visible import preview_of
from governance.services import change_policy, create_policy


class ApprovalResource(Resource):
    """Seats: who must decide which change, why, and what was said. Derived, so read-only."""

    serializer_class = ApprovalSerializer
    filterset = ApprovalFilterSet
    orderings = ("id", "round__due_at")
    default_ordering = ("-id",)
    is_writable = False

    def rows(self) -> QuerySet[Any]:
        """Return the seats on visible changes."""
        return approvals_visible_to(self.caller)


class ApprovalRoundResource(Resource):
    """Rounds of approval, lapsed ones included."""

    serializer_class = ApprovalRoundSerializer
    filterset = ApprovalRoundFilterSet
    orderings = ("id", "due_at", "opened_at")
    default_ordering = ("-id",)
    is_writable = False

    def rows(self) -> QuerySet[Any]:
        """Return the rounds of visible changes."""
        return rounds_visible_to(self.caller)


class BoardPolicyResource(Resource):
    """Boards with their quorum and thresholds."""

    serializer_class = BoardPolicySerializer
    filterset = BoardPolicyFilterSet
    orderings = ("id", "code", "name")
    default_ordering = ("code",)

    def rows(self) -> QuerySet[Any]:
        """Return the policies."""
        return policies_visible_to(self.caller)

    def create_rows(self, values: Sequence[Mapping[str, Any]]) -> Sequence[BoardPolicy]:
        """Put boards in place."""
        require_board_manager(self.caller)
        now = timezone.now()
        return [create_policy(actor=self.actor, values=one, now=now) for one in values]

    def change_row(
        self, row: BoardPolicy, values: Mapping[str, Any], expected_version: int | None
    ) -> BoardPolicy:
        """Change a board's rules."""
        require_board_manager(self.caller)
        return change_policy(
            actor=self.actor,
            policy=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )


class ConsequenceView(APIView):
    """What a change would hit, cost and stop, and who would have to decide: before it is written down."""

    @extend_schema(
        parameters=[
            OpenApiParameter("item", str, many=True, required=True, description="Id or code."),
            OpenApiParameter("change_type", str, enum=ChangeType.values, required=True),
            OpenApiParameter("change_model", str, enum=ChangeModel.values),
            OpenApiParameter("window_start_at", str, description="ISO 8601; now when left out."),
            OpenApiParameter("window_end_at", str, description="ISO 8601."),
            OpenApiParameter("duration_minutes", int, description="60 when left out."),
            OpenApiParameter("implementer", int, description="Id of a person; the caller's own."),
            OpenApiParameter("is_back_out_tested", bool),
        ],
        responses={200: dict},
    )
    def get(self, request: Request) -> Response:
        """Answer the question; hidden items are counted, not named."""
        user: Any = request.user
        now = timezone.now()
        targets = targets_named(user, request.GET.getlist("item"))
        question = question_from(user, request.GET, targets, now=now)
        return Response(plain_preview(preview_of(user, question, at=now)))
