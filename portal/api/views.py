"""`/api/portal/imports/` and `/api/portal/exports/`: the same jobs and files as the pages."""

import csv
import io
from typing import Any, BinaryIO, cast

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from common.actor import Actor
from common.api.parsers import OrjsonParser
from common.imports.exporting import FORMATS
from common.imports.kinds import kinds_in_order
from portal.access import import_job_for, import_jobs_visible_to
from portal.api.serializers import (
    ImportAnswer,
    ImportRequest,
    KindAnswer,
    import_answer,
    kind_answer,
)
from portal.services.downloads import file_response
from portal.services.exports import request_export
from portal.services.imports import apply_previewed, request_import

LAST = 50


class PortalView(APIView):
    """Who asks, and as which actor."""

    @property
    def caller(self) -> User:
        """The user behind the request."""
        return cast("User", self.request.user)

    @property
    def actor(self) -> Actor:
        """Who acts: passed into services."""
        request_id = getattr(self.request._request, "id", "")
        return self.caller.as_actor(channel="api", request_id=request_id)


class KindList(PortalView):
    """What can be imported and exported."""

    @extend_schema(operation_id="portal_import_kinds", responses={200: KindAnswer(many=True)})
    def get(self, _request: Request) -> Response:
        """Return the kinds in the order in which they are imported."""
        return Response([kind_answer(kind) for kind in kinds_in_order()])


class ImportList(PortalView):
    """Previews and imports."""

    parser_classes = [OrjsonParser, MultiPartParser]

    @extend_schema(operation_id="portal_imports_list", responses={200: ImportAnswer(many=True)})
    def get(self, _request: Request) -> Response:
        """Return the caller's last imports."""
        return Response([import_answer(job) for job in import_jobs_visible_to(self.caller)[:LAST]])

    @extend_schema(
        operation_id="portal_imports_create", request=ImportRequest, responses={202: ImportAnswer}
    )
    def post(self, request: Request) -> Response:
        """Start a preview, or an import with `apply`."""
        asked = ImportRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        file, name = _file_of(values)
        job = request_import(
            actor=self.actor,
            user=self.caller,
            kind=values["kind"],
            file=file,
            name=name,
            now=timezone.now(),
            encoding=values["encoding"],
            is_dry_run=not values["apply"],
        )
        job.refresh_from_db()
        return Response(import_answer(job), status=202)


class ImportOne(PortalView):
    """One preview or import."""

    @extend_schema(operation_id="portal_imports_retrieve", responses={200: ImportAnswer})
    def get(self, _request: Request, pk: int) -> Response:
        """Return its state and, once finished, its report."""
        return Response(import_answer(import_job_for(self.caller, pk)))


class ImportApply(PortalView):
    """Writes what a preview showed."""

    @extend_schema(operation_id="portal_imports_apply", request=None, responses={202: ImportAnswer})
    def post(self, _request: Request, pk: int) -> Response:
        """Start the import of a finished preview without errors."""
        preview = import_job_for(self.caller, pk)
        job = apply_previewed(actor=self.actor, user=self.caller, job=preview, now=timezone.now())
        job.refresh_from_db()
        return Response(import_answer(job), status=202)


class ExportOne(PortalView):
    """A kind as a file."""

    @extend_schema(
        operation_id="portal_exports_retrieve",
        parameters=[OpenApiParameter("as", str, enum=list(FORMATS), description="csv or xlsx")],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, kind: str) -> StreamingHttpResponse:
        """Stream what the caller may see; further parameters filter as on the list."""
        query = request.query_params.copy()
        chosen = (query.pop("as", None) or ["csv"])[-1]
        rows = request_export(
            kind_name=kind,
            user=self.caller,
            query=query,
            site_path="",
            actor=self.actor,
            now=timezone.now(),
        )
        return file_response(rows, kind, str(chosen) if chosen in FORMATS else "csv")


def _file_of(values: dict[str, Any]) -> tuple[BinaryIO, str]:
    """Return the rows as a file, whichever way they came."""
    if "file" in values:
        return values["file"], values["file"].name
    if "text" in values:
        return io.BytesIO(values["text"].encode()), "text.csv"
    header = list(dict.fromkeys(name for row in values["rows"] for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="")
    writer.writeheader()
    writer.writerows(values["rows"])
    return io.BytesIO(text.getvalue().encode()), "rows.csv"
