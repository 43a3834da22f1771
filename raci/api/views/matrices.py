"""Matrices, their life, and their assignments."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.paging import BadRequestError
from common.api.preconditions import etag, expected_version
from common.api.resources import Resource
from raci.access import (
    assignments_visible_to,
    matrices_visible_to,
    require_assignment,
    require_manage,
)
from raci.api.serializers import AssignmentSerializer, MatrixSerializer
from raci.filters import AssignmentFilterSet, MatrixFilterSet
from raci.models import Assignment, Matrix
from raci.services import (
    add_assignment,
    change_assignment,
    change_matrix,
    create_matrix,
    discard_draft,
    draft_next_revision,
    publish_matrix,
    remove_assignment,
)

Values = Mapping[str, Any]


class MatrixResource(Resource):
    """Revisions of matrices: drafted, published, superseded."""

    serializer_class = MatrixSerializer
    filterset = MatrixFilterSet
    orderings = ("id", "code", "name", "revision", "status", "effective_at")
    default_ordering = ("code", "-revision")

    def rows(self) -> QuerySet[Matrix]:
        """Return the matrices."""
        return matrices_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[Matrix]:
        """Start matrices as drafts."""
        require_manage(self.caller)
        now = timezone.now()
        return [create_matrix(actor=self.actor, values=one, now=now) for one in values]

    def change_row(self, row: Matrix, values: Values, expected_version: int | None) -> Matrix:
        """Change a draft's own fields."""
        require_manage(self.caller)
        return change_matrix(
            actor=self.actor,
            matrix=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )

    def remove_row(self, row: Matrix) -> None:
        """Discard a draft."""
        require_manage(self.caller)
        discard_draft(actor=self.actor, matrix=row, now=timezone.now())

    @extend_schema(request=None, responses={200: MatrixSerializer})
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Put the draft in force; the revision before it is superseded."""
        require_manage(self.caller)
        row = self._row(pk)
        matrix = publish_matrix(
            actor=self.actor,
            matrix=row,
            now=timezone.now(),
            expected_version=expected_version(request, row),
        )
        return Response(self.one(matrix.pk), headers={"ETag": etag(matrix.version)})

    @extend_schema(request=None, responses={201: MatrixSerializer})
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, pk: str) -> Response:
        """Draft the next revision from this one."""
        require_manage(self.caller)
        row = self._row(pk)
        matrix = draft_next_revision(actor=self.actor, matrix=row, now=timezone.now())
        return Response(self.one(matrix.pk), status=201, headers={"ETag": etag(matrix.version)})


class AssignmentResource(Resource):
    """Assignments; written in drafts only."""

    serializer_class = AssignmentSerializer
    filterset = AssignmentFilterSet
    orderings = ("id", "letter", "valid_from", "activity__path")
    default_ordering = ("id",)

    def rows(self) -> QuerySet[Assignment]:
        """Return the visible assignments."""
        return assignments_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[Assignment]:
        """Add assignments to drafts."""
        now = timezone.now()
        rows = []
        for one in values:
            require_assignment(self.caller, Assignment(**one))
            given = {name: value for name, value in one.items() if name != "matrix"}
            rows.append(
                add_assignment(actor=self.actor, matrix=one["matrix"], values=given, now=now)
            )
        return rows

    def change_row(
        self, row: Assignment, values: Values, expected_version: int | None
    ) -> Assignment:
        """Change an assignment of a draft; moving it takes the right at both ends."""
        if "matrix" in values and values["matrix"] != row.matrix:
            raise BadRequestError(_("An assignment stays in its matrix; add it to the other one."))
        require_assignment(self.caller, row)
        scope = ("location", "zone", "item", "item_class")
        moved = {name: values.get(name, getattr(row, name)) for name in scope}
        require_assignment(self.caller, Assignment(**moved))
        return change_assignment(
            actor=self.actor,
            assignment=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )

    def remove_row(self, row: Assignment) -> None:
        """Remove an assignment from a draft."""
        require_assignment(self.caller, row)
        remove_assignment(actor=self.actor, assignment=row, now=timezone.now())
