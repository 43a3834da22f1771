"""`/api/discovery/map/`: the signs and lines of a map, the drawing itself, and its PDF."""

from dataclasses import asdict
from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.models import Location
from discovery.access import map_job_for, map_subject
from discovery.choices import MapView
from discovery.models import Network
from discovery.services.map_files import export_svg, map_file, map_of, request_map

ASKED = [
    OpenApiParameter("place", str, description="Id or code of a place."),
    OpenApiParameter("network", str, description="Id or code of a network: its topology."),
    OpenApiParameter("view", str, enum=MapView.values, description="Default: topology."),
]


class Mapped(APIView):
    """Base of what answers about the map of a place or of a network."""

    def subject(self, request: Request) -> Location | Network:
        """Return what is asked about; 404 when it is not visible."""
        user: Any = request.user
        place, network = request.GET.get("place", ""), request.GET.get("network", "")
        return map_subject(user, place=place, network=network)

    def asked_view(self, request: Request) -> str:
        """Return the view asked for."""
        view = request.GET.get("view", "")
        return view if view in MapView.values else MapView.TOPOLOGY


class MapApi(Mapped):
    """A map as data: what the picture draws and the table says."""

    @extend_schema(parameters=ASKED, responses={200: dict})
    def get(self, request: Request) -> Response:
        """Answer nodes, links with who says so, and what is left out."""
        user: Any = request.user
        view = self.asked_view(request)
        found = map_of(user, self.subject(request), view=view, at=timezone.now())
        return Response(
            {
                "title": found.title,
                "view": found.view,
                "nodes": [asdict(one) for one in found.chart.signs],
                "links": [
                    {
                        "source": row.tie.source,
                        "target": row.tie.target,
                        "told": row.tie.told,
                        "amount": row.tie.amount,
                        "label": row.tie.label,
                        "warning": row.tie.warning,
                        "is_directed": row.tie.is_directed,
                        "is_mutual": row.tie.is_mutual,
                        "relations": row.relations,
                        "evidence": row.evidence,
                        "last_seen_at": row.last_seen_at,
                    }
                    for row in found.rows
                ],
                "layers": [asdict(one) for one in found.chart.bands],
                "items": found.items,
                "hidden": found.hidden,
                "hidden_links": found.hidden_links,
                "beside": found.beside,
            }
        )


class MapSvgApi(Mapped):
    """A map as SVG."""

    @extend_schema(parameters=ASKED, responses={(200, "image/svg+xml"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        """Answer the drawing; the ledger keeps who took it."""
        user: Any = request.user
        text = export_svg(
            user=user,
            actor=user.as_actor(channel="api", request_id=getattr(request, "id", "")),
            subject=self.subject(request),
            view=self.asked_view(request),
            now=timezone.now(),
        )
        return HttpResponse(text, content_type="image/svg+xml")


class MapPdfApi(Mapped):
    """A map as PDF, written by a worker."""

    @extend_schema(parameters=ASKED, request=None, responses={202: dict})
    def post(self, request: Request) -> Response:
        """Ask for it; the answer names the job and where its file will be."""
        user: Any = request.user
        job = request_map(
            actor=user.as_actor(channel="api", request_id=getattr(request, "id", "")),
            subject=self.subject(request),
            view=self.asked_view(request),
        )
        where = f"{request.path}{job.pk}/"
        return Response({"job": job.pk, "state": job.state, "url": where}, status=202)


class MapPdfFileApi(APIView):
    """The PDF a job has written."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY, 202: dict})
    def get(self, request: Request, pk: int) -> Response | FileResponse:
        """Answer the file, or how far the job is."""
        user: Any = request.user
        job = map_job_for(user, pk)
        if not job.is_finished:
            return Response({"job": job.pk, "state": job.state, "percent": job.percent}, status=202)
        path = map_file(user, job)
        return FileResponse(path.open("rb"), filename=path.name, content_type="application/pdf")
