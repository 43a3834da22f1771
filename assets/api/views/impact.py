"""`/api/assets/impact/`: what does a change hit."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.queries.impact import CHANGE_TYPES, ImpactError, impact_of, items_named
from assets.queries.impact_data import impact_data

MOST = 5000


class ImpactView(APIView):
    """The impact of a change on one or several items, worst first."""

    @extend_schema(
        parameters=[
            OpenApiParameter("item", str, many=True, required=True, description="Id or code."),
            OpenApiParameter("change_type", str, enum=list(CHANGE_TYPES), required=True),
            OpenApiParameter("limit", int, description="At most this many items (2000; max 5000)."),
            OpenApiParameter("paths", bool, description="Add to each item the path it is hit by."),
        ],
        responses={200: dict},
    )
    def get(self, request: Request) -> Response:
        """Answer the question; hidden items are counted, not named."""
        user: Any = request.user
        answer = impact_of(
            user=user,
            target_ids=items_named(user, request.GET.getlist("item")),
            change_type=request.GET.get("change_type", ""),
            limit=_limit(request.GET.get("limit", "2000")),
        )
        return Response(impact_data(answer, with_paths=request.GET.get("paths") in {"true", "1"}))


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise ImpactError(
            _("limit: '%(given)s' is not a number from 1 to %(most)s.")
            % {"given": text, "most": MOST}
        )
    return int(text)
