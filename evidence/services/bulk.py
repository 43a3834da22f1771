"""Many rows at once, each with its entry: for imports and bulk edits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from common.actor import Actor
from common.models import BaseModel
from common.rows import add_objects
from evidence.services.entries import Entry, append, entry_for, lock_ledger
from evidence.services.snapshots import assign, set_fields, snapshot
from evidence.services.writing import difference

Row = TypeVar("Row", bound=BaseModel)


@transaction.atomic(savepoint=False)
def create_many(
    *, actor: Actor, instances: Sequence[Row], now: datetime, comment: str = ""
) -> list[Row]:
    """Insert rows that the caller has checked, with one ledger entry each, in bulk; returns them with their ids."""
    if not instances:
        return []
    head = lock_ledger()
    for instance in instances:
        instance.created_at = instance.updated_at = now
    add_objects(instances)
    entries = [
        entry_for(row, action="create", before={}, after=set_fields(row), comment=comment)
        for row in instances
    ]
    append(actor=actor, entries=entries, now=now, head=head)
    return list(instances)


@transaction.atomic(savepoint=False)
def update_many(
    *,
    actor: Actor,
    pairs: Iterable[tuple[Row, Mapping[str, Any]]],
    now: datetime,
    comment: str = "",
) -> int:
    """Set fields on rows the caller has checked and locked, in bulk; returns how many changed."""
    head = lock_ledger()
    changed: list[Row] = []
    entries: list[Entry] = []
    names: set[str] = set()
    for row, changes in pairs:
        before = snapshot(row)
        assign(row, changes)
        old, new = difference(before, snapshot(row))
        if not new:
            continue
        row.updated_at = now
        row.version += 1
        names.update(new)
        changed.append(row)
        entries.append(entry_for(row, action="update", before=old, after=new, comment=comment))
    if changed:
        _write(changed, names)
        append(actor=actor, entries=entries, now=now, head=head)
    return len(changed)


def _write(rows: list[Row], attribute_names: set[str]) -> None:
    columns = {column.attname: column.name for column in rows[0]._meta.concrete_fields}
    fields = [columns[name] for name in sorted(attribute_names)] + ["updated_at", "version"]
    type(rows[0])._base_manager.bulk_update(rows, fields, batch_size=500)
