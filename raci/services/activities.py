"""Writes of the activity tree: create, change (move with everything below)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import DomainError
from evidence.services import create_object, update_object
from raci.models import Activity


class ActivityError(DomainError):
    """An activity cannot stand where it is put."""


@transaction.atomic
def create_activity(
    *, actor: Actor, values: Mapping[str, Any], now: datetime, comment: str = ""
) -> Activity:
    """Create an activity below its parent."""
    activity = Activity(**values)
    create_object(actor=actor, instance=activity, now=now, comment=comment)
    activity.path = _path(activity)
    Activity.objects.filter(pk=activity.pk).update(path=activity.path)
    return activity


@transaction.atomic
def change_activity(
    *,
    actor: Actor,
    activity: Activity,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> Activity:
    """Change an activity; a new parent moves everything below with it."""
    old_path = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk).path
    parent = values.get("parent")
    if parent is not None and parent.path.startswith(old_path):
        raise ActivityError(
            _("'%(row)s' cannot stand below '%(parent)s', which stands below it.")
            % {"row": activity, "parent": parent},
            fields={"parent": [_("This would make a circle.")]},
        )
    changed = update_object(
        actor=actor,
        instance=activity,
        changes=values,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )
    changed.path = _path(changed)
    if changed.path != old_path:
        Activity.objects.filter(path__startswith=old_path).update(
            path=Concat(Value(changed.path), Substr(F("path"), len(old_path) + 1))
        )
    return changed


def _path(activity: Activity) -> str:
    above = activity.parent.path if activity.parent else ""
    return f"{above}{activity.pk}/"
