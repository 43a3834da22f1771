"""Writes of absences: who is away, and who acts meanwhile."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.actor import Actor
from common.errors import DomainError
from evidence.services import create_object, delete_object, update_object
from raci.models import Absence
from raci.rules import DelegationError, check_delegation


class AbsenceError(DomainError):
    """The deputy cannot stand in."""


@transaction.atomic
def record_absence(
    *, actor: Actor, values: Mapping[str, Any], now: datetime, comment: str = ""
) -> Absence:
    """Note that a person is away and who deputises."""
    absence = Absence(**values)
    check_deputy(absence)
    return create_object(actor=actor, instance=absence, now=now, comment=comment)


@transaction.atomic
def change_absence(
    *,
    actor: Actor,
    absence: Absence,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> Absence:
    """Change an absence: its end, its deputy."""
    intended = Absence.objects.get(pk=absence.pk)
    for name, value in values.items():
        setattr(intended, name, value)
    check_deputy(intended)
    return update_object(
        actor=actor,
        instance=absence,
        changes=values,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )


def cancel_absence(*, actor: Actor, absence: Absence, now: datetime, comment: str = "") -> None:
    """Take an absence back; the ledger keeps it."""
    delete_object(actor=actor, instance=absence, now=now, comment=comment)


def check_deputy(absence: Absence) -> None:
    """Refuse a deputy who has left, oneself, a circle, and a chain of more than two steps."""
    deputy = absence.deputy
    if deputy is None:
        return
    if not deputy.is_active:
        raise _refusal(_("%s has left and cannot deputise.") % deputy)
    meanwhile = Absence.objects.overlapping(absence.starts_at, absence.ends_at)
    others = meanwhile.exclude(pk=absence.pk).filter(deputy__isnull=False)
    deputies = {row.person_id: row.deputy_id for row in others.order_by("starts_at", "pk")}
    try:
        check_delegation(absence.person_id, deputy.pk, _known(deputies))
    except DelegationError as error:
        raise _refusal(_sentence(error, absence)) from error


def _known(deputies: Mapping[int, int | None]) -> dict[int, int]:
    return {person: deputy for person, deputy in deputies.items() if deputy is not None}


def _sentence(error: DelegationError, absence: Absence) -> str:
    if error.reason == "self":
        return _("%s cannot be their own deputy.") % absence.person
    names = dict(Person.objects.filter(pk__in=error.chain).values_list("pk", "name"))
    chain = " → ".join(names.get(pk, "?") for pk in error.chain)
    if error.reason == "circle":
        return _("Deputies would stand in for each other in a circle: %s.") % chain
    return _("A deputy's deputy may act, but no further: %s.") % chain


def _refusal(sentence: str) -> AbsenceError:
    return AbsenceError(sentence, fields={"deputy": [sentence]})
