"""A site's current state over the API: findings with their reasons, and how every link stands."""

from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.access import locations_visible_to
from common.api.paging import BadRequestError, Window, link_with
from common.ids import id_of
from discovery.queries.current_state import current_state
from discovery.queries.link_standing import LinkStanding, links_at
from discovery.queries.state_words import shown_findings
from discovery.rules.current_state import Kind
from discovery.rules.link_standing import Standing

if TYPE_CHECKING:
    from accounts.models import User

ITEMS = "/api/assets/items/"
PAGED = [
    OpenApiParameter("site", OpenApiTypes.STR, description="A location, by id or code."),
    OpenApiParameter("limit", OpenApiTypes.INT),
    OpenApiParameter("offset", OpenApiTypes.INT),
]


class SiteView(APIView):
    """Base: a page of what is computed about a site."""

    def path(self, request: Request) -> str:
        """Return the location path asked for; BadRequestError names one the caller may not see."""
        given = request.GET.get("site", "")
        if not given:
            return ""
        user: User = request.user  # type: ignore[assignment]
        pk = id_of(given)
        places = locations_visible_to(user)
        found = (places.filter(code=given) if pk is None else places.filter(pk=pk)).first()
        if found is None:
            raise BadRequestError(f"site: there is no location '{given}' here.")
        return found.path

    def chosen(self, request: Request, name: str, allowed: type[Kind] | type[Standing]) -> set[str]:
        """Return the values of a filter; BadRequestError names one that is none."""
        given = set(request.GET.getlist(name))
        known = [one.value for one in allowed]
        if unknown := sorted(given - set(known)):
            raise BadRequestError(f"{name}: '{unknown[0]}' is not one of {', '.join(known)}.")
        return given

    def page(self, request: Request, rows: list[Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return the rows of the page asked for, and the envelope around them."""
        window = Window(request)
        end = window.offset + window.limit
        back = str(max(0, window.offset - window.limit))
        return rows[window.offset : end], {
            "count": len(rows),
            "next": link_with(request, offset=str(end)) if end < len(rows) else None,
            "previous": link_with(request, offset=back) if window.offset else None,
        }


class CurrentStateView(SiteView):
    """What is wrong with a site as it stands."""

    @extend_schema(
        parameters=[
            *PAGED,
            OpenApiParameter("kind", OpenApiTypes.STR, enum=[one.value for one in Kind], many=True),
        ],
        responses={200: dict},
    )
    def get(self, request: Request) -> Response:
        """Return the findings, gravest first; without `kind` those nobody has looked at are only counted."""
        user: User = request.user  # type: ignore[assignment]
        kinds = self.chosen(request, "kind", Kind)
        state = current_state(user, self.path(request))
        part, envelope = self.page(request, state.of_kinds(kinds))
        results = [
            {
                "kind": one.kind,
                "items": [
                    {"id": item.id, "label": item.name, "url": f"{ITEMS}{item.id}/"}
                    for item in one.items
                ],
                "sentence": one.sentence,
                "why": one.why,
                "since": one.since,
                "relation": one.relation,
            }
            for one in shown_findings(state, part, user=user)
        ]
        counts = {kind.value: state.counts.get(kind, 0) for kind in Kind}
        links = {one.value: state.links.get(one.value, 0) for one in Standing}
        extra = {"counts": counts, "links": links, "hidden": state.hidden}
        return Response({**envelope, **extra, "results": results})


class LinkStandingView(SiteView):
    """How the links of a site stand: declared by people, seen on the wire, or both."""

    @extend_schema(
        parameters=[
            *PAGED,
            OpenApiParameter(
                "standing", OpenApiTypes.STR, enum=[one.value for one in Standing], many=True
            ),
        ],
        responses={200: dict},
    )
    def get(self, request: Request) -> Response:
        """Return the links with evidence and confidence."""
        user: User = request.user  # type: ignore[assignment]
        wanted = self.chosen(request, "standing", Standing) or {one.value for one in Standing}
        found = links_at(user, self.path(request))
        part, envelope = self.page(request, [one for one in found.links if one.standing in wanted])
        return Response({**envelope, "hidden": found.hidden, "results": [_link(o) for o in part]})


def _link(one: LinkStanding) -> dict[str, Any]:
    return {
        "relation": one.relation,
        "source": one.source,
        "target": one.target,
        "unresolved": one.unresolved,
        "relation_class": one.relation_class,
        "protocol": one.protocol,
        "standing": one.standing.value,
        "evidence": [list(piece) for piece in one.evidence],
        "confidence": one.confidence,
        "last_seen_at": one.last_seen_at,
        "is_disputed": one.is_disputed,
    }
