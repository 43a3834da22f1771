"""Life of a matrix: drafted, published as a whole, superseded by its next revision."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import ConflictError
from evidence.services import create_many, create_object, delete_object, update_object
from raci.choices import MatrixStatus
from raci.models import Assignment, Matrix
from raci.models.assignments import SCOPE_FIELDS

COPIED = [
    field.name
    for field in Assignment._meta.concrete_fields
    if field.name not in {"id", "created_at", "updated_at", "version", "matrix"}
]


class MatrixStateError(ConflictError):
    """The matrix is in a state in which this cannot be done."""


@transaction.atomic
def create_matrix(
    *, actor: Actor, values: Mapping[str, Any], now: datetime, comment: str = ""
) -> Matrix:
    """Start a new matrix as a draft."""
    return create_object(actor=actor, instance=Matrix(**values), now=now, comment=comment)


def change_matrix(
    *,
    actor: Actor,
    matrix: Matrix,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> Matrix:
    """Change the name, description or escalation role of a draft."""
    with transaction.atomic():
        locked_draft(matrix)
        return update_object(
            actor=actor,
            instance=matrix,
            changes=values,
            now=now,
            expected_version=expected_version,
            comment=comment,
        )


def locked_draft(matrix: Matrix) -> Matrix:
    """Return the matrix as it is now, locked; refuses one that is not a draft any more."""
    current = Matrix.objects.select_for_update(of=("self",)).get(pk=matrix.pk)
    if not current.is_draft:
        raise MatrixStateError(
            _("'%(matrix)s' is %(status)s and never changes; draft its next revision instead.")
            % {"matrix": current, "status": current.get_status_display().lower()}
        )
    return current


@transaction.atomic
def draft_next_revision(
    *, actor: Actor, matrix: Matrix, now: datetime, comment: str = ""
) -> Matrix:
    """Copy a published matrix into the draft of its next revision."""
    family = Matrix.objects.select_for_update(of=("self",)).filter(code=matrix.code)
    if draft := family.filter(status=MatrixStatus.DRAFT).first():
        raise MatrixStateError(
            _("'%s' is being drafted already; publish or discard that first.") % draft
        )
    latest = family.aggregate(latest=Max("revision"))["latest"] or 0
    draft = Matrix(
        code=matrix.code,
        revision=latest + 1,
        name=matrix.name,
        description=matrix.description,
        escalation_role_id=matrix.escalation_role_id,
    )
    create_object(actor=actor, instance=draft, now=now, comment=comment)
    copies = [
        Assignment(matrix=draft, **{name: getattr(row, name) for name in COPIED})
        for row in matrix.assignments.select_related(
            "activity", "role", "person", "team", *SCOPE_FIELDS
        ).order_by("pk")
    ]
    create_many(actor=actor, instances=copies, now=now, comment=comment)
    return draft


@transaction.atomic
def open_draft(
    *, actor: Actor, code: str, now: datetime, name: str = "", comment: str = ""
) -> Matrix:
    """Return the draft of a matrix: the one there is, the next revision, or a new matrix."""
    family = Matrix.objects.filter(code=code).order_by("-revision")
    if draft := family.filter(status=MatrixStatus.DRAFT).first():
        return draft
    if latest := family.first():
        return draft_next_revision(actor=actor, matrix=latest, now=now, comment=comment)
    return create_matrix(
        actor=actor, values={"code": code, "name": name or code}, now=now, comment=comment
    )


@transaction.atomic
def publish_matrix(
    *,
    actor: Actor,
    matrix: Matrix,
    now: datetime,
    effective_at: datetime | None = None,
    expected_version: int | None = None,
    comment: str = "",
) -> Matrix:
    """Put a draft in force; the revision before it is superseded at the same moment.

    A first revision writes down what held already: unless told otherwise it is effective from the first
    day of its assignments, so that questions about the past are answered. Later ones start now.
    """
    draft = locked_draft(matrix)
    if not draft.assignments.exists():
        raise MatrixStateError(_("'%s' has no assignments; add one before publishing.") % draft)
    before = Matrix.objects.filter(code=draft.code, status=MatrixStatus.PUBLISHED).first()
    start = effective_at or (now if before else min(now, _first_day(draft)))
    if start > now or (before and start < now):
        raise MatrixStateError(
            _("A revision takes effect when it is published; only a first one may reach back.")
        )
    if before:
        changes = {"status": MatrixStatus.SUPERSEDED, "superseded_at": now}
        update_object(actor=actor, instance=before, changes=changes, now=now, action="supersede")
    return update_object(
        actor=actor,
        instance=draft,
        changes={"status": MatrixStatus.PUBLISHED, "effective_at": start},
        now=now,
        expected_version=expected_version,
        comment=comment,
        action="publish",
    )


def _first_day(matrix: Matrix) -> datetime:
    first = matrix.assignments.aggregate(first=Min("valid_from"))["first"]
    return timezone.make_aware(datetime.combine(first, time.min))


@transaction.atomic
def discard_draft(*, actor: Actor, matrix: Matrix, now: datetime, comment: str = "") -> None:
    """Throw a draft away; the ledger keeps what it held."""
    draft = locked_draft(matrix)
    for assignment in draft.assignments.order_by("pk"):
        delete_object(actor=actor, instance=assignment, now=now, comment=comment)
    delete_object(actor=actor, instance=draft, now=now, comment=comment)
