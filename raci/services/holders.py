"""Writes of role holders: appoint, change, hand over. Nothing is deleted: a holding ends."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Person, Team
from assets.models import Location
from common.actor import Actor
from common.errors import DomainError
from evidence.services import create_object, update_object
from raci.models import Role, RoleHolder


class HolderError(DomainError):
    """The party cannot hold the role."""


@transaction.atomic
def appoint_holder(
    *, actor: Actor, values: Mapping[str, Any], now: datetime, comment: str = ""
) -> RoleHolder:
    """Give a role to a person or team at a location, beside any other holder there."""
    holder = RoleHolder(**values)
    _refuse_inactive(holder.person)
    return create_object(actor=actor, instance=holder, now=now, comment=comment)


def change_holder(
    *,
    actor: Actor,
    holder: RoleHolder,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> RoleHolder:
    """Change a holding: its end, its place."""
    _refuse_inactive(values.get("person"))
    return update_object(
        actor=actor,
        instance=holder,
        changes=values,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )


@transaction.atomic
def hand_over_role(
    *,
    actor: Actor,
    role: Role,
    to: Person | Team,
    location: Location | None,
    valid_from: date,
    now: datetime,
    comment: str = "",
) -> RoleHolder:
    """Give a role to somebody from a day on; whoever holds it at that place ends the day before."""
    current = RoleHolder.objects.select_for_update(of=("self",)).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=valid_from),
        role=role,
        location=location,
        valid_from__lt=valid_from,
    )
    last_day = valid_from - timedelta(days=1)
    for holder in current.order_by("pk"):
        update_object(
            actor=actor,
            instance=holder,
            changes={"valid_until": last_day},
            now=now,
            comment=comment,
        )
    values = {
        "role": role,
        "person": to if isinstance(to, Person) else None,
        "team": to if isinstance(to, Team) else None,
        "location": location,
        "valid_from": valid_from,
    }
    return appoint_holder(actor=actor, values=values, now=now, comment=comment)


def _refuse_inactive(person: Person | None) -> None:
    if person is not None and not person.is_active:
        raise HolderError(
            _("%s has left and cannot hold a role.") % person,
            fields={"person": [_("Not active any more.")]},
        )
