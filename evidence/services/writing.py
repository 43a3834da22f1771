"""One row at a time: create, update under lock, delete, each with its entry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from common.actor import Actor
from common.errors import DomainError, StaleVersionError
from common.models import BaseModel
from evidence.services.entries import append, entry_for, lock_ledger
from evidence.services.snapshots import HOUSEKEEPING, assign, set_fields, snapshot

Row = TypeVar("Row", bound=BaseModel)


def validated(instance: models.Model) -> None:
    """Run the model's own checks; a failure becomes a DomainError that names each field."""
    try:
        instance.full_clean()
    except ValidationError as error:
        raise invalid(error) from error


def invalid(error: ValidationError) -> DomainError:
    """Return the DomainError for Django's ValidationError, fields kept."""
    fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    text = "; ".join(
        f"{name}: {' '.join(messages)}" if name not in {"", "__all__"} else " ".join(messages)
        for name, messages in fields.items()
    )
    return DomainError(text, fields=fields)


@transaction.atomic
def create_object(
    *, actor: Actor, instance: Row, now: datetime, comment: str = "", action: str = "create"
) -> Row:
    """Insert a checked row with its ledger entry."""
    head = lock_ledger()
    instance.created_at = instance.updated_at = now
    validated(instance)
    instance.save(force_insert=True)
    after = set_fields(instance)
    entry = entry_for(instance, action=action, before={}, after=after, comment=comment)
    append(actor=actor, entries=[entry], now=now, head=head)
    return instance


@transaction.atomic
def update_object(
    *,
    actor: Actor,
    instance: Row,
    changes: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
    action: str = "update",
) -> Row:
    """Set fields on the current row under lock; nothing changed writes nothing.

    Raises StaleVersionError when `expected_version` is given and is not the row's.
    """
    head = lock_ledger()
    current = type(instance)._base_manager.select_for_update(of=("self",)).get(pk=instance.pk)
    if expected_version is not None and current.version != expected_version:
        raise StaleVersionError(
            f"'{current}' was changed by somebody else (version {current.version}, yours is "
            f"{expected_version}). Reload it and try again."
        )
    before = snapshot(current)
    assign(current, changes)
    validated(current)
    old, new = difference(before, snapshot(current))
    if not new:
        return current
    current.updated_at = now
    current.version += 1
    current.save(force_update=True)
    entry = entry_for(current, action=action, before=old, after=new, comment=comment)
    append(actor=actor, entries=[entry], now=now, head=head)
    return current


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the fields that differ were and are.

    >>> difference({"a": 1, "b": 2}, {"a": 1, "b": 3})
    ({'b': 2}, {'b': 3})
    """
    changed = [name for name, value in after.items() if value != before[name]]
    return {name: before[name] for name in changed}, {name: after[name] for name in changed}


@transaction.atomic
def delete_object(
    *, actor: Actor, instance: BaseModel, now: datetime, comment: str = "", action: str = "delete"
) -> None:
    """Delete a row; the ledger keeps all it held. A protected row is a DomainError."""
    head = lock_ledger()
    before = set_fields(instance)
    entry = entry_for(instance, action=action, before=before, after={}, comment=comment)
    try:
        instance.delete()
    except models.ProtectedError as error:
        held = sorted({str(item) for item in error.protected_objects})[:5]
        raise DomainError(
            f"'{instance}' is still used by {', '.join(held)}; remove or move those first."
        ) from error
    append(actor=actor, entries=[entry], now=now, head=head)


def save_reference(*, actor: Actor, instance: Row, now: datetime, comment: str = "") -> Row:
    """Create or update reference data that has no rules of its own."""
    if instance._state.adding:
        return create_object(actor=actor, instance=instance, now=now, comment=comment)
    changes = {
        column.attname: getattr(instance, column.attname)
        for column in instance._meta.concrete_fields
        if column.attname not in HOUSEKEEPING
    }
    return update_object(actor=actor, instance=instance, changes=changes, now=now, comment=comment)
