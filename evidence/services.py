"""Every write of the product ends here: the row and its ledger entry, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction

from common.actor import Actor
from common.errors import DomainError, StaleVersionError
from common.models import BaseModel
from evidence.chain import entry_content, entry_hash
from evidence.models import LedgerEntry, LedgerHead

Row = TypeVar("Row", bound=BaseModel)
HOUSEKEEPING = frozenset({"id", "created_at", "updated_at", "version"})


@dataclass(slots=True)
class Entry:
    """One thing to be written into the ledger."""

    action: str
    object_type: str
    object_id: int | None
    object_label: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    scope_path: str = ""
    comment: str = ""


def plain(value: Any) -> Any:
    """Return a value as canonical JSON can hold it (times as ISO 8601 UTC, decimals as text)."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (date, Decimal, UUID, timedelta)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return value if isinstance(value, float) else str(value)


def snapshot(instance: models.Model) -> dict[str, Any]:
    """Return the concrete fields of a row, without housekeeping, as plain values."""
    return {
        column.attname: plain(getattr(instance, column.attname))
        for column in instance._meta.concrete_fields
        if column.attname not in HOUSEKEEPING
    }


def record_many(*, actor: Actor, entries: Sequence[Entry], now: datetime) -> list[LedgerEntry]:
    """Append entries to the ledger in order, in the caller's transaction; returns the rows.

    The head row stays locked until the transaction ends: sequences have no gaps and one order.
    """
    if not entries:
        return []
    with transaction.atomic():
        head = LedgerHead.objects.select_for_update().get(pk=1)
        rows = _chained(head, actor=actor, entries=entries, now=now)
        LedgerEntry.objects.bulk_create(rows, batch_size=2000)
        head.save(update_fields=["sequence", "hash"])
    return rows


def _chained(
    head: LedgerHead, *, actor: Actor, entries: Sequence[Entry], now: datetime
) -> list[LedgerEntry]:
    rows = []
    for entry in entries:
        row = LedgerEntry(
            sequence=head.sequence + 1,
            at=now,
            actor_label=actor.label[:200],
            actor_user_id=actor.user_id,
            actor_person_id=actor.person_id,
            acting_for=actor.acting_for,
            channel=actor.channel,
            request_id=actor.request_id,
            action=entry.action,
            object_type=entry.object_type,
            object_id=entry.object_id,
            object_label=entry.object_label[:250],
            scope_path=entry.scope_path,
            before=plain(entry.before),
            after=plain(entry.after),
            comment=entry.comment,
            previous_hash=head.hash,
        )
        row.hash = entry_hash(previous_hash=head.hash, content=row_content(row))
        head.sequence, head.hash = row.sequence, row.hash
        rows.append(row)
    return rows


def row_content(row: LedgerEntry) -> bytes:
    """Return the canonical bytes of a ledger row that its hash covers."""
    values = {
        column.attname: getattr(row, column.attname)
        for column in LedgerEntry._meta.concrete_fields
        if column.attname not in {"hash", "previous_hash"}
    }
    values["at"] = int(row.at.timestamp() * 1_000_000)
    return entry_content(values)


def record(
    *,
    actor: Actor,
    action: str,
    instance: models.Model,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    comment: str = "",
) -> LedgerEntry:
    """Append one entry about a row; returns it."""
    entry = entry_for(
        instance, action=action, before=before or {}, after=after or {}, comment=comment
    )
    return record_many(actor=actor, entries=[entry], now=now)[0]


def entry_for(
    instance: models.Model,
    *,
    action: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    comment: str = "",
) -> Entry:
    """Return the entry that describes what happened to a row.

    A model may define `ledger_scope()` (its location path) and `ledger_type` (a name for proxies).
    """
    scope = getattr(instance, "ledger_scope", None)
    return Entry(
        action=action,
        object_type=object_type(type(instance)),
        object_id=instance.pk,
        object_label=str(instance),
        before=before,
        after=after,
        scope_path=scope() if scope else "",
        comment=comment,
    )


def object_type(model: type[models.Model]) -> str:
    """Return the name of a model in the ledger, `app.model` of its concrete table."""
    concrete = model._meta.concrete_model or model
    return f"{concrete._meta.app_label}.{concrete._meta.model_name}"


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
    instance.created_at = instance.updated_at = now
    validated(instance)
    instance.save(force_insert=True)
    record(
        actor=actor,
        action=action,
        instance=instance,
        now=now,
        after=_set_fields(instance),
        comment=comment,
    )
    return instance


def _set_fields(instance: models.Model) -> dict[str, Any]:
    return {k: v for k, v in snapshot(instance).items() if v not in (None, "", {}, [])}


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
    current = type(instance)._base_manager.select_for_update(of=("self",)).get(pk=instance.pk)
    if expected_version is not None and current.version != expected_version:
        raise StaleVersionError(
            f"'{current}' was changed by somebody else (version {current.version}, yours is "
            f"{expected_version}). Reload it and try again."
        )
    before = snapshot(current)
    for name, value in changes.items():
        setattr(current, name, value)
    validated(current)
    after = snapshot(current)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return current
    current.updated_at = now
    current.version += 1
    current.save(force_update=True)
    record(
        actor=actor,
        action=action,
        instance=current,
        now=now,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        comment=comment,
    )
    return current


@transaction.atomic
def delete_object(
    *, actor: Actor, instance: BaseModel, now: datetime, comment: str = "", action: str = "delete"
) -> None:
    """Delete a row; the ledger keeps all it held. A protected row is a DomainError."""
    before = _set_fields(instance)
    entry = entry_for(instance, action=action, before=before, after={}, comment=comment)
    try:
        instance.delete()
    except models.ProtectedError as error:
        held = sorted({str(item) for item in error.protected_objects})[:5]
        raise DomainError(
            f"'{instance}' is still used by {', '.join(held)}; remove or move those first."
        ) from error
    record_many(actor=actor, entries=[entry], now=now)


@transaction.atomic
def create_many(
    *, actor: Actor, instances: Sequence[Row], now: datetime, comment: str = ""
) -> list[Row]:
    """Insert rows that the caller has checked, with one ledger entry each, in bulk."""
    if not instances:
        return []
    for instance in instances:
        instance.created_at = instance.updated_at = now
    manager = type(instances[0])._base_manager
    rows = manager.bulk_create(instances, batch_size=1000)
    entries = [
        entry_for(row, action="create", before={}, after=_set_fields(row), comment=comment)
        for row in rows
    ]
    record_many(actor=actor, entries=entries, now=now)
    return rows


@transaction.atomic
def update_many(
    *,
    actor: Actor,
    pairs: Iterable[tuple[Row, Mapping[str, Any]]],
    now: datetime,
    comment: str = "",
) -> int:
    """Set fields on rows the caller has checked and locked, in bulk; returns how many changed."""
    changed: list[Row] = []
    entries: list[Entry] = []
    names: set[str] = set()
    for row, changes in pairs:
        before = snapshot(row)
        for name, value in changes.items():
            setattr(row, name, value)
        after = snapshot(row)
        differing = [name for name in after if after[name] != before[name]]
        if not differing:
            continue
        row.updated_at = now
        row.version += 1
        names.update(differing)
        changed.append(row)
        entries.append(
            entry_for(
                row,
                action="update",
                before={name: before[name] for name in differing},
                after={name: after[name] for name in differing},
                comment=comment,
            )
        )
    if changed:
        columns = {column.attname: column.name for column in changed[0]._meta.concrete_fields}
        fields = [columns[name] for name in sorted(names)] + ["updated_at", "version"]
        type(changed[0])._base_manager.bulk_update(changed, fields, batch_size=500)
        record_many(actor=actor, entries=entries, now=now)
    return len(changed)


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


__all__ = [
    "Entry",
    "create_many",
    "create_object",
    "delete_object",
    "entry_for",
    "record",
    "record_many",
    "save_reference",
    "update_many",
    "update_object",
]
