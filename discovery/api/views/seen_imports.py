"""Imports of what was seen elsewhere over the API: the same previews and runs as the pages."""

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.models import User
from common.actor import Actor
from common.models import Job
from discovery.access import require_discovery, seen_preview_for, seen_previews_visible_to
from discovery.api.fields import network_ref
from discovery.services.seen_imports import start_import
from discovery.services.seen_previews import request_preview

LAST = 50


class SeenImportRequest(serializers.Serializer[Any]):
    """A file for a network, as multipart."""

    network = network_ref()
    file = serializers.FileField(
        help_text="nmap's XML (nmap -oX), or an ARP or MAC table as CSV or .xlsx."
    )
    switch = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=253,
        help_text="Whose MAC table it is, where the file does not say: code, hostname or name.",
    )


class SeenPreviewAnswer(serializers.Serializer[Any]):
    """A preview and, once finished, its report."""

    id = serializers.IntegerField()
    network = serializers.IntegerField()
    file = serializers.CharField()
    state = serializers.CharField()
    percent = serializers.IntegerField()
    error = serializers.CharField()
    report = serializers.DictField(
        help_text="counts by verdict, rows, left_out with reasons, errors with row, column and value."
    )
    url = serializers.CharField()


class SeenImportAnswer(serializers.Serializer[Any]):
    """The run that takes a file over: a scan of another source."""

    scan = serializers.IntegerField()
    url = serializers.CharField()


def preview_answer(job: Job) -> dict[str, Any]:
    """Return a preview as the API shows it."""
    return {
        "id": job.pk,
        "network": job.arguments["network_id"],
        "file": job.arguments["name"],
        "state": job.state,
        "percent": job.percent,
        "error": job.error,
        "report": job.result,
        "url": reverse("discovery-seen-import", args=[job.pk]),
    }


class SeenView(APIView):
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


class SeenImportList(SeenView):
    """Previews of files of what was seen elsewhere."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="discovery_seen_imports_list", responses={200: SeenPreviewAnswer(many=True)}
    )
    def get(self, _request: Request) -> Response:
        """Return the caller's last previews."""
        jobs = seen_previews_visible_to(self.caller).order_by("-pk")[:LAST]
        return Response([preview_answer(job) for job in jobs])

    @extend_schema(
        operation_id="discovery_seen_imports_create",
        request=SeenImportRequest,
        responses={202: SeenPreviewAnswer},
    )
    def post(self, request: Request) -> Response:
        """Start the preview of a file; nothing is written."""
        asked = SeenImportRequest(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        require_discovery(self.caller, values["network"].location)
        job = request_preview(
            actor=self.actor,
            user=self.caller,
            network=values["network"],
            file=values["file"],
            name=values["file"].name,
            switch=values["switch"],
        )
        job.refresh_from_db()
        return Response(preview_answer(job), status=202)


class SeenImportOne(SeenView):
    """One preview."""

    @extend_schema(
        operation_id="discovery_seen_imports_retrieve", responses={200: SeenPreviewAnswer}
    )
    def get(self, _request: Request, pk: int) -> Response:
        """Return its state and, once finished, its report."""
        return Response(preview_answer(seen_preview_for(self.caller, pk)))


class SeenImportApply(SeenView):
    """Takes over what a preview showed."""

    @extend_schema(
        operation_id="discovery_seen_imports_apply", request=None, responses={202: SeenImportAnswer}
    )
    def post(self, _request: Request, pk: int) -> Response:
        """Start the import of a finished preview without errors."""
        preview = seen_preview_for(self.caller, pk)
        scan = start_import(actor=self.actor, user=self.caller, preview=preview, now=timezone.now())
        url = reverse("discovery-scan-detail", args=[scan.pk])
        return Response({"scan": scan.pk, "url": url}, status=202)
