"""`/api/raci/who/` and `/api/raci/ownership/`: who answers for an item, and for all of a site."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.paging import BadRequestError, Window, link_with
from raci.access import item_named, place_named
from raci.queries import resolve
from raci.queries.concealment import concealed
from raci.queries.moments import moment_of
from raci.queries.ownership import ownership_rows
from raci.queries.plain import plain_party, plain_promise, plain_resolution

ACTIVITY = OpenApiParameter("activity", str, required=True, description="Code of the activity.")
AT = OpenApiParameter("at", str, description="A day or moment (ISO 8601); now when left out.")


class WhoView(APIView):
    """Who is accountable, responsible, consulted and informed, and why."""

    @extend_schema(
        parameters=[
            OpenApiParameter("item", str, required=True, description="Id or code."),
            ACTIVITY,
            AT,
        ],
        responses={200: dict},
    )
    def get(self, request: Request) -> Response:
        """Return the resolution with its trace."""
        user: Any = request.user
        item = item_named(user, _required(request, "item"))
        found = resolve(
            item,
            activity_code=_required(request, "activity"),
            at=moment_of(request.GET.get("at", ""), now=timezone.now()),
        )
        (shown,) = concealed(user, [found])
        label = {"id": item.pk, "label": item.name, "url": f"/api/assets/items/{item.pk}/"}
        return Response({**plain_resolution(shown), "item": label})


class OwnershipView(APIView):
    """Who is accountable for every visible item at a place, page by page."""

    @extend_schema(
        parameters=[
            OpenApiParameter("site", str, required=True, description="A location's id or code."),
            ACTIVITY,
            AT,
            OpenApiParameter("limit", int),
            OpenApiParameter("offset", int),
        ],
        responses={200: dict},
    )
    def get(self, request: Request) -> Response:
        """Return accountable party, findings and service level per item."""
        user: Any = request.user
        window = Window(request)
        total, rows = ownership_rows(
            user,
            place_named(user, _required(request, "site")),
            activity_code=_required(request, "activity"),
            at=moment_of(request.GET.get("at", ""), now=timezone.now()),
            offset=window.offset,
            limit=window.limit,
        )
        results = [
            {
                "item": {"id": row.id, "label": row.name, "url": f"/api/assets/items/{row.id}/"},
                "code": row.code,
                "accountable": plain_party(row.owner),
                "acting": plain_party(row.acting),
                "findings": [str(finding.kind) for finding in row.findings],
                "service_level": plain_promise(row.promise),
            }
            for row in rows
        ]
        more = window.offset + window.limit < total
        following = link_with(request, offset=str(window.offset + window.limit)) if more else None
        back = str(max(0, window.offset - window.limit))
        previous = link_with(request, offset=back) if window.offset else None
        return Response(
            {"count": total, "next": following, "previous": previous, "results": results}
        )


def _required(request: Request, name: str) -> str:
    if value := request.GET.get(name, ""):
        return value
    raise BadRequestError(_("%s: this parameter is needed.") % name)
