"""The one write of service levels: what holds for an item or a location from a day on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from common.actor import Actor
from evidence.services import create_object, update_object
from raci.models import ServiceLevel


@transaction.atomic
def set_service_level(
    *,
    actor: Actor,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> ServiceLevel:
    """Set what is promised from `valid_from` on; the same scope and day again corrects it."""
    key = {name: values.get(name) for name in ("item", "location", "valid_from")}
    current = ServiceLevel.objects.select_for_update(of=("self",)).filter(**key).first()
    if current is None:
        promise = ServiceLevel(**values)
        return create_object(actor=actor, instance=promise, now=now, comment=comment)
    return update_object(
        actor=actor,
        instance=current,
        changes=values,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )


def change_service_level(
    *,
    actor: Actor,
    promise: ServiceLevel,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> ServiceLevel:
    """Change a promise: its figures, its last day."""
    return update_object(
        actor=actor,
        instance=promise,
        changes=values,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )
