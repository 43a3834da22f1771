"""Writes of assignments: only in a draft, and never a second A for the same thing at the same time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import DomainError
from evidence.services import create_object, delete_object, update_object
from raci.choices import Effect, Letter
from raci.models import Assignment, Matrix
from raci.models.assignments import COVERAGE
from raci.services.matrices import locked_draft


class AssignmentError(DomainError):
    """The assignment contradicts another one of its matrix."""


def add_assignment(
    *, actor: Actor, matrix: Matrix, values: Mapping[str, Any], now: datetime, comment: str = ""
) -> Assignment:
    """Add one assignment to a draft."""
    rows = add_assignments(actor=actor, matrix=matrix, rows=[values], now=now, comment=comment)
    return rows[0]


@transaction.atomic
def add_assignments(
    *,
    actor: Actor,
    matrix: Matrix,
    rows: Sequence[Mapping[str, Any]],
    now: datetime,
    comment: str = "",
) -> list[Assignment]:
    """Add assignments to a draft, all or none."""
    draft = locked_draft(matrix)
    added = []
    for values in rows:
        assignment = Assignment(matrix=draft, **values)
        refuse_second_accountable(assignment)
        added.append(create_object(actor=actor, instance=assignment, now=now, comment=comment))
    return added


@transaction.atomic
def change_assignment(
    *,
    actor: Actor,
    assignment: Assignment,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> Assignment:
    """Change an assignment of a draft."""
    locked_draft(assignment.matrix)
    intended = Assignment.objects.get(pk=assignment.pk)
    for name, value in values.items():
        setattr(intended, name, value)
    refuse_second_accountable(intended)
    return update_object(
        actor=actor,
        instance=assignment,
        changes=values,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )


@transaction.atomic
def remove_assignment(
    *, actor: Actor, assignment: Assignment, now: datetime, comment: str = ""
) -> None:
    """Remove an assignment from a draft."""
    locked_draft(assignment.matrix)
    delete_object(actor=actor, instance=assignment, now=now, comment=comment)


def refuse_second_accountable(assignment: Assignment) -> None:
    """Refuse an A where another one of the matrix covers the same activity, scope, selector and day.

    The database refuses it as well; this says which one it is.
    """
    if assignment.letter != Letter.ACCOUNTABLE or assignment.effect == Effect.BLOCK:
        return
    if other := _same_accountability(assignment).first():
        raise AssignmentError(
            _(
                "%(other)s is accountable for “%(activity)s” at %(scope)s from %(start)s already; "
                "there is one A at a time. End that one first, or choose another scope or selector."
            )
            % {
                "other": other.party,
                "activity": other.activity,
                "scope": other.scope_label,
                "start": other.valid_from,
            },
            fields={"letter": [_("A second A for the same thing.")]},
        )


def _same_accountability(assignment: Assignment) -> Any:  # noqa: ANN401 - a queryset
    conditions = Q()
    for name in COVERAGE:
        value = getattr(assignment, name)
        conditions &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    rows = (
        Assignment.objects.filter(
            conditions,
            matrix_id=assignment.matrix_id,
            activity_id=assignment.activity_id,
            scope_kind=assignment.scope_kind,
            letter=Letter.ACCOUNTABLE,
        )
        .exclude(effect=Effect.BLOCK)
        .exclude(pk=assignment.pk)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=assignment.valid_from))
    )
    if assignment.valid_until:
        rows = rows.filter(valid_from__lte=assignment.valid_until)
    return rows.order_by("valid_from")
