"""`/api/assets/graph/`, `/causes/`, `/single-points/`: neighbours for a drawing, and looking upstream."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.choices import RelationClass
from assets.queries.drawing import as_data
from assets.queries.impact import ImpactError, items_named
from assets.queries.neighbourhood import neighbourhood_of, relation_words
from assets.queries.upstream import causes_of, single_points_of

ITEM = OpenApiParameter("item", str, required=True, description="Id or code.")


class GraphView(APIView):
    """The surroundings of an item with positions; hidden neighbours are counted, not named."""

    @extend_schema(
        parameters=[
            ITEM,
            OpenApiParameter("open", str, many=True, description="What nodes say under `grow`."),
            OpenApiParameter("relation_class", str, many=True, enum=list(RelationClass.values)),
        ],
        responses={200: dict},
    )
    def get(self, request: Request) -> Response:
        """Answer nodes, boxes and edges."""
        user: Any = request.user
        found = neighbourhood_of(
            user=user,
            item_id=_one(user, request),
            opened=request.GET.getlist("open"),
            classes=request.GET.getlist("relation_class"),
        )
        drawing = as_data(found.nodes, found.edges, relation_words())
        return Response(
            {
                **drawing,
                "hidden": found.hidden,
                "unresolved": found.unknown,
                "left_out": found.left_out,
            }
        )


class CausesView(APIView):
    """Single failures that would explain that some items are down, best first."""

    @extend_schema(
        parameters=[
            OpenApiParameter("item", str, many=True, required=True, description="What is down."),
            OpenApiParameter("up", str, many=True, description="What is known to run."),
        ],
        responses={200: dict},
    )
    def get(self, request: Request) -> Response:
        """Answer the candidates."""
        user: Any = request.user
        up = request.GET.getlist("up")
        answer = causes_of(
            user=user,
            symptom_ids=items_named(user, request.GET.getlist("item")),
            known_up=items_named(user, up) if up else (),
        )
        return Response(
            {
                "symptoms": [item._asdict() for item in answer.symptoms],
                "causes": [{**asdict(one), "item": one.item._asdict()} for one in answer.causes],
                "hidden": answer.hidden,
                "unexamined": answer.unexamined,
            }
        )


class SinglePointsView(APIView):
    """What alone takes an item down, or may."""

    @extend_schema(parameters=[ITEM], responses={200: dict})
    def get(self, request: Request) -> Response:
        """Answer the weak points, certain ones first."""
        user: Any = request.user
        answer = single_points_of(user=user, item_id=_one(user, request))
        return Response(
            {
                "item": answer.item._asdict(),
                "points": [{**asdict(one), "item": one.item._asdict()} for one in answer.points],
                "hidden": answer.hidden,
                "unexamined": answer.unexamined,
            }
        )


def _one(user: Any, request: Request) -> int:
    names = request.GET.getlist("item")
    if len(names) != 1:
        message = "item: name exactly one item by id or code."
        raise ImpactError(message)
    return items_named(user, names)[0]
