"""Writes of the location tree: create, change (move with everything below), delete."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from assets.models import Location
from assets.rules import LEVEL_ORDER, child_path, level_fits, makes_cycle
from common.actor import Actor
from common.errors import DomainError
from evidence.services import create_object, delete_object, update_object


class LocationError(DomainError):
    """A location cannot stand where it is put."""


@transaction.atomic
def create_location(
    *, actor: Actor, values: Mapping[str, Any], now: datetime, comment: str = ""
) -> Location:
    """Create a location below its parent."""
    location = Location(**values)
    check_place(location)
    create_object(actor=actor, instance=location, now=now, comment=comment)
    location.path = child_path(location.parent.path if location.parent else "", location.pk)
    Location.objects.filter(pk=location.pk).update(path=location.path)
    return location


def check_place(location: Location) -> None:
    """Refuse a level that does not fit below the parent, and a cycle, by name."""
    parent = location.parent
    if parent is None:
        return
    if location.path and makes_cycle(location.path, parent.path):
        raise LocationError(
            _("'%(row)s' cannot stand below '%(parent)s', which stands below it.")
            % {"row": location, "parent": parent},
            fields={"parent": [_("This would make a cycle.")]},
        )
    if location.level in LEVEL_ORDER and not level_fits(location.level, parent.level):
        raise LocationError(
            _("A %(level)s cannot stand below a %(parent)s ('%(name)s'); the order is %(order)s.")
            % {
                "level": location.level,
                "parent": parent.level,
                "name": parent,
                "order": " > ".join(LEVEL_ORDER),
            },
            fields={"level": [_("Does not fit below its parent.")]},
        )


@transaction.atomic
def change_location(
    *,
    actor: Actor,
    location: Location,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> Location:
    """Change a location; a new parent moves everything below with it."""
    draft = Location.objects.select_for_update(of=("self",)).get(pk=location.pk)
    old_path = draft.path
    for name, value in values.items():
        setattr(draft, name, value)
    check_place(draft)
    changed = update_object(
        actor=actor,
        instance=location,
        changes=values,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )
    new_path = child_path(changed.parent.path if changed.parent else "", changed.pk)
    if new_path != old_path:
        Location.objects.filter(path__startswith=old_path).update(
            path=Concat(Value(new_path), Substr(F("path"), len(old_path) + 1))
        )
        changed.path = new_path
    return changed


def delete_location(*, actor: Actor, location: Location, now: datetime, comment: str = "") -> None:
    """Delete a location that holds nothing any more."""
    delete_object(actor=actor, instance=location, now=now, comment=comment)
