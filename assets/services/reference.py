"""Writes of zones, conduits and reference data: no rules beyond their own constraints."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from assets.models import Conduit, ItemClass, Product, Tag, Zone
from common.actor import Actor
from evidence.services import create_object, delete_object, update_object

Reference = TypeVar("Reference", Zone, Conduit, ItemClass, Product, Tag)


def create_reference(
    *,
    actor: Actor,
    model: type[Reference],
    values: Mapping[str, Any],
    now: datetime,
    comment: str = "",
) -> Reference:
    """Create a zone, conduit, class, product or tag."""
    return create_object(actor=actor, instance=model(**values), now=now, comment=comment)


def change_reference(
    *,
    actor: Actor,
    instance: Reference,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> Reference:
    """Change a zone, conduit, class, product or tag."""
    return update_object(
        actor=actor,
        instance=instance,
        changes=values,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )


def delete_reference(
    *, actor: Actor, instance: Reference, now: datetime, comment: str = ""
) -> None:
    """Delete a zone, conduit, class, product or tag that nothing uses."""
    delete_object(actor=actor, instance=instance, now=now, comment=comment)
