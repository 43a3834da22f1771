"""`/api/evidence/packs/` and `/api/evidence/jobs/`: packs written, asking for one, its file."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.resources import Resource, ResourceSerializer
from common.models import Job
from evidence.access import (
    evidence_job_for,
    pack_for,
    packs_visible_to,
    require_export,
    sections_for,
)
from evidence.choices import PackKind
from evidence.filters import PackFilterSet
from evidence.models import EvidencePack
from evidence.services.packs import pack_file
from evidence.services.requests import request_audit_pack


class PackSerializer(ResourceSerializer):
    """A pack as it was registered."""

    identifier = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=PackKind.choices, read_only=True)
    title = serializers.CharField(read_only=True)
    subject = serializers.CharField(read_only=True)
    scope_path = serializers.CharField(read_only=True)
    object_type = serializers.CharField(read_only=True)
    object_id = serializers.IntegerField(read_only=True)
    requested_by_label = serializers.CharField(read_only=True)
    file_name = serializers.CharField(read_only=True)
    size = serializers.IntegerField(read_only=True)
    sha256 = serializers.CharField(read_only=True)
    content_sha256 = serializers.CharField(read_only=True)
    entry_count = serializers.IntegerField(read_only=True)
    first_sequence = serializers.IntegerField(read_only=True)
    last_sequence = serializers.IntegerField(read_only=True)


class PackRequest(serializers.Serializer[Any]):
    """What an audit pack is to be about."""

    scope_path = serializers.CharField(allow_blank=True, max_length=120)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(help_text="Not included.")
    sections = serializers.ListField(child=serializers.CharField(), required=False)


class JobAnswer(serializers.Serializer[Any]):
    """A job in the background."""

    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    state = serializers.CharField()
    percent = serializers.IntegerField()
    message = serializers.CharField()
    error = serializers.CharField()
    result = serializers.DictField()
    url = serializers.CharField()


class PackResource(Resource):
    """Packs; POST asks for an audit pack and answers with the job that writes it."""

    serializer_class = PackSerializer
    filterset = PackFilterSet
    orderings = ("id", "identifier", "title", "created_at")
    default_ordering = ("-id",)
    http_method_names = ["get", "post", "head", "options"]

    def rows(self) -> QuerySet[EvidencePack]:
        """Return the packs this caller may open."""
        return packs_visible_to(self.caller)

    @extend_schema(request=PackRequest, responses={202: JobAnswer})
    def create(self, request: Request) -> Response:
        """Ask for the pack of a scope and period."""
        asked = PackRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        offered = [section.name for section in sections_for(self.caller)]
        job = request_audit_pack(
            actor=self.actor,
            path=values["scope_path"],
            label=require_export(self.caller, values["scope_path"]),
            starts_at=values["since"],
            ends_at=values["until"],
            sections=values.get("sections", offered),
            offered=offered,
        )
        return job_answer(job)


def job_answer(job: Job, *, status: int = 202) -> Response:
    """Return a job as the API shows it."""
    url = f"/api/evidence/jobs/{job.pk}/"
    answer = {
        "id": job.pk,
        "label": job.label,
        "state": job.state,
        "percent": job.percent,
        "message": job.progress_message,
        "error": job.error,
        "result": job.result,
        "url": url,
    }
    return Response(answer, status=status, headers={"Location": url} if status == 202 else None)


class JobDetail(APIView):
    """How far a job is, and what came of it."""

    @extend_schema(operation_id="evidence_jobs_retrieve", responses={200: JobAnswer})
    def get(self, request: Request, pk: int) -> Response:
        """Return the job."""
        return job_answer(evidence_job_for(request.user, pk), status=200)


class PackFileView(APIView):
    """The PDF of a pack."""

    @extend_schema(
        operation_id="evidence_packs_file",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> FileResponse:
        """Send the file."""
        pack = pack_for(request.user, pk)
        path = pack_file(pack)
        if path is None:
            raise Http404
        return FileResponse(path.open("rb"), as_attachment=True, filename=pack.file_name)
