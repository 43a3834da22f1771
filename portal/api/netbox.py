"""`/api/portal/netbox/`: the same previews and imports of a NetBox as the pages."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from common.api.parsers import OrjsonParser
from common.models import Job
from portal.access import (
    netbox_job_for,
    netbox_jobs_visible_to,
    require_import_of_everything,
)
from portal.api.views import LAST, PortalView
from portal.services.netbox import (
    apply_netbox_preview,
    request_from_file,
    request_from_server,
)


class NetBoxRequest(serializers.Serializer[Any]):
    """A dump (multipart), or the address and token of a running NetBox."""

    file = serializers.FileField(
        required=False, help_text="JSON of NetBox's own 'manage.py dumpdata', as multipart."
    )
    url = serializers.CharField(required=False, help_text="http or https; use https.")
    token = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        write_only=True,
        help_text="One that may only read is enough; deleted as soon as NetBox was read.",
    )
    apply = serializers.BooleanField(
        required=False, default=False, help_text="Write at once when there is no error."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one source."""
        if ("file" in attrs) == ("url" in attrs):
            raise serializers.ValidationError("Give one of 'file' and 'url'.")
        if attrs["token"] and "url" not in attrs:
            raise serializers.ValidationError("A 'token' belongs to a 'url'.")
        return attrs


class NetBoxAnswer(serializers.Serializer[Any]):
    """A preview or import of a NetBox and, once finished, its report."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="The address, or the name of the file.")
    is_preview = serializers.BooleanField()
    state = serializers.CharField()
    percent = serializers.IntegerField()
    progress = serializers.CharField(help_text="What is being read or written just now.")
    error = serializers.CharField()
    report = serializers.DictField(
        help_text="reports: counts and examples by kind; account: found, became and not_mapped by "
        "NetBox model; errors and warnings with kind, key, column, value and message."
    )
    url = serializers.CharField()


def netbox_answer(job: Job) -> dict[str, Any]:
    """Return a job as the API shows an import of a NetBox."""
    return {
        "id": job.pk,
        "name": job.arguments.get("name", ""),
        "is_preview": bool(job.arguments.get("is_dry_run")),
        "state": job.state,
        "percent": job.percent,
        "progress": job.progress_message,
        "error": job.error,
        "report": job.result,
        "url": reverse("portal-netbox-detail", args=[job.pk]),
    }


class NetBoxList(PortalView):
    """Previews and imports of a NetBox; administrators only."""

    parser_classes = [OrjsonParser, MultiPartParser]

    @extend_schema(operation_id="portal_netbox_list", responses={200: NetBoxAnswer(many=True)})
    def get(self, _request: Request) -> Response:
        """Return the last ones."""
        require_import_of_everything(self.caller)
        return Response([netbox_answer(job) for job in netbox_jobs_visible_to(self.caller)[:LAST]])

    @extend_schema(
        operation_id="portal_netbox_create", request=NetBoxRequest, responses={202: NetBoxAnswer}
    )
    def post(self, request: Request) -> Response:
        """Start a preview, or an import with `apply`."""
        require_import_of_everything(self.caller)
        asked = NetBoxRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        job = self._start(asked.validated_data)
        job.refresh_from_db()
        return Response(netbox_answer(job), status=202)

    def _start(self, values: dict[str, Any]) -> Job:
        is_dry_run = not values["apply"]
        if "file" in values:
            return request_from_file(
                actor=self.actor,
                user=self.caller,
                file=values["file"],
                name=values["file"].name,
                now=timezone.now(),
                is_dry_run=is_dry_run,
            )
        return request_from_server(
            actor=self.actor,
            user=self.caller,
            url=values["url"],
            token=values["token"],
            now=timezone.now(),
            is_dry_run=is_dry_run,
        )


class NetBoxOne(PortalView):
    """One preview or import of a NetBox."""

    @extend_schema(operation_id="portal_netbox_retrieve", responses={200: NetBoxAnswer})
    def get(self, _request: Request, pk: int) -> Response:
        """Return its state and, once finished, its report."""
        return Response(netbox_answer(netbox_job_for(self.caller, pk)))


class NetBoxApply(PortalView):
    """Writes what a preview of a NetBox showed."""

    @extend_schema(operation_id="portal_netbox_apply", request=None, responses={202: NetBoxAnswer})
    def post(self, _request: Request, pk: int) -> Response:
        """Start the import of a finished preview without errors."""
        preview = netbox_job_for(self.caller, pk)
        job = apply_netbox_preview(
            actor=self.actor, user=self.caller, job=preview, now=timezone.now()
        )
        job.refresh_from_db()
        return Response(netbox_answer(job), status=202)
