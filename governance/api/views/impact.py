"""`/api/governance/impact/`: what a change hits, who owns and decides, what it costs, in one request."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.queries.impact_data import impact_data
from governance.choices import ChangeType
from governance.queries.asked import MOST_HITS, ask_impact, asked_data, targets_named
from governance.queries.asking import QuestionError


class AskedImpactView(APIView):
    """The same answer as the impact page: items as in `/api/assets/impact/`, and the consequence."""

    @extend_schema(
        parameters=[
            OpenApiParameter("item", str, many=True, required=True, description="Id or code."),
            OpenApiParameter("change_type", str, enum=ChangeType.values),
            OpenApiParameter("hours", float, description="Expected outage; 1 when left out."),
            OpenApiParameter("start", str, description="ISO 8601; the next half hour by default."),
            OpenApiParameter("is_back_out_tested", bool),
        ],
        responses={200: dict},
    )
    def get(self, request: Request) -> Response:
        """Answer the question; hidden items, lines, owners are counted, not named."""
        user: Any = request.user
        names = request.GET.getlist("item")
        if not names:
            message = "item: name at least one item by id or code."
            raise QuestionError(message)
        asked = ask_impact(
            user=user,
            targets=targets_named(user, names),
            values={name: request.GET.get(name, "") for name in request.GET},
            now=timezone.now(),
            limit=MOST_HITS,
        )
        return Response({**impact_data(asked.answer), "consequence": asked_data(asked)})
