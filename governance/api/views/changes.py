"""Changes over the API: draft, edit, and every step the page has."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from common.api.fields import HIDDEN
from common.api.preconditions import etag, expected_version
from common.api.resources import Records, Resource
from common.jobs import jobs_visible_to
from governance.access import approval_for, changes_visible_to
from governance.api.serializers import (
    ChangeSerializer,
    NoteSerializer,
    ReasonSerializer,
    VoteSerializer,
)
from governance.filters import ChangeFilterSet
from governance.models import ChangeRequest
from governance.queries.plain import plain_snapshot
from governance.queries.visible import visible_difference, visible_items
from governance.services import (
    complete_change,
    draft_change,
    edit_change,
    execute_change,
    fail_change,
    submit_change,
    vote,
    withdraw_change,
)
from governance.services.records import record_file, request_record


class ChangeResource(Resource):
    """Changes the user may see or has to decide. A change is withdrawn, never deleted."""

    serializer_class = ChangeSerializer
    filterset = ChangeFilterSet
    orderings = ("id", "number", "title", "state", "window_start_at", "expected_loss", "updated_at")
    default_ordering = ("-id",)

    def rows(self) -> QuerySet[Any]:
        """Return the visible changes."""
        return changes_visible_to(self.caller)

    def completed(self, results: Records) -> Records:
        """Return the rows; targets the user may not see have no name."""
        results = super().completed(results)
        named = {one["id"] for row in results for one in row.get("targets", ())}
        shown = visible_items(self.caller, sorted(named))
        for row in results:
            if "targets" in row:
                row["targets"] = [
                    one if one["id"] in shown else dict(HIDDEN) for one in row["targets"]
                ]
        return results

    def create_rows(self, values: Sequence[Mapping[str, Any]]) -> Sequence[ChangeRequest]:
        """Draft changes, all or none."""
        with transaction.atomic():
            return [self._draft(dict(one)) for one in values]

    def _draft(self, values: dict[str, Any]) -> ChangeRequest:
        targets = values.pop("targets")
        return draft_change(
            actor=self.actor,
            targets=targets,
            values=values,  # type: ignore[arg-type]
            now=timezone.now(),
        )

    def change_row(
        self, row: ChangeRequest, values: Mapping[str, Any], expected_version: int | None
    ) -> ChangeRequest:
        """Edit a change; what was approved lapses."""
        given = dict(values)
        targets = given.pop("targets", None)
        return edit_change(
            actor=self.actor,
            change=row,
            values=given,  # type: ignore[arg-type]
            targets=targets,
            now=timezone.now(),
            expected_version=expected_version,
        )

    # --- steps ---

    @extend_schema(request=None, responses={200: ChangeSerializer})
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Submit a draft; the deciders are derived."""
        row = self._row(pk)
        version = expected_version(request, row)
        now = timezone.now()
        return self._answer(
            submit_change(actor=self.actor, change=row, now=now, expected_version=version)
        )

    @extend_schema(request=VoteSerializer, responses={200: ChangeSerializer})
    @action(detail=True, methods=["post"])
    def vote(self, request: Request, pk: str) -> Response:
        """Vote on a seat that is yours or that you stand in for."""
        row, sent = self._row(pk), self._sent(VoteSerializer)
        seat = approval_for(self.caller, sent.pop("approval"))
        vote(actor=self.actor, approval=seat, now=timezone.now(), **sent)
        return self._answer(row)

    @extend_schema(request=ReasonSerializer, responses={200: ChangeSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a change back before it is begun."""
        row, sent = self._row(pk), self._sent(ReasonSerializer)
        found = withdraw_change(actor=self.actor, change=row, now=timezone.now(), **sent)
        return self._answer(found)

    @extend_schema(request=None, responses={200: ChangeSerializer, 409: dict})
    @action(detail=True, methods=["post"])
    def execute(self, request: Request, pk: str) -> Response:
        """Begin; 409 with the difference when the approval no longer holds."""
        found = execute_change(actor=self.actor, change=self._row(pk), now=timezone.now())
        if found.is_started:
            return self._answer(found.change)
        body = {"type": "about:blank", "title": "lapsed", "status": 409, "detail": found.reason}
        rows, hidden = visible_difference(self.caller, found.difference)
        body |= {"difference": rows, "hidden": hidden}
        return Response(body, status=409, content_type="application/problem+json")

    @extend_schema(request=NoteSerializer, responses={200: ChangeSerializer})
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """Close a change that worked."""
        row, sent = self._row(pk), self._sent(NoteSerializer)
        now = timezone.now()
        return self._answer(complete_change(actor=self.actor, change=row, now=now, **sent))

    @extend_schema(request=NoteSerializer, responses={200: ChangeSerializer})
    @action(detail=True, methods=["post"])
    def fail(self, request: Request, pk: str) -> Response:
        """Close a change that failed or was backed out."""
        row, sent = self._row(pk), self._sent(NoteSerializer)
        return self._answer(fail_change(actor=self.actor, change=row, now=timezone.now(), **sent))

    # --- what hangs on a change ---

    @extend_schema(responses={200: dict})
    @action(detail=True, methods=["get"])
    def impact(self, request: Request, pk: str) -> Response:
        """Return the newest frozen impact set and its facts; hidden items are counted."""
        newest = self._row(pk).rounds.select_related("snapshot").first()
        return Response(plain_snapshot(self.caller, newest.snapshot) if newest else {})

    @extend_schema(
        parameters=[OpenApiParameter("job", int, description="The job that wrote the record.")],
        request=None,
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 202: dict},
    )
    @action(detail=True, methods=["post", "get"])
    def record(self, request: Request, pk: str) -> Response | FileResponse:
        """POST asks for the decision record (202 with the job); GET with ?job= fetches the PDF."""
        row = self._row(pk)
        if request.method == "POST":
            job = request_record(actor=self.actor, change=row)
            where = f"{request.path}?job={job.pk}"
            return Response({"job": job.pk, "state": job.state, "url": where}, status=202)
        given = request.GET.get("job", "")
        job = get_object_or_404(
            jobs_visible_to(self.caller), pk=int(given) if given.isdecimal() else -1
        )
        if not job.is_finished:
            return Response({"job": job.pk, "state": job.state, "percent": job.percent}, status=202)
        name = f"{row.number}.pdf"
        return FileResponse(
            record_file(row, job).open("rb"), filename=name, content_type="application/pdf"
        )

    def _sent(self, shape: type[Serializer[Any]]) -> dict[str, Any]:
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _answer(self, row: ChangeRequest) -> Response:
        found = self.one(row.pk)
        found["url"] = f"/api/governance/changes/{row.pk}/"
        return Response(found, headers={"ETag": etag(found["version"])})
