"""Appending to the ledger: in order, without gaps, inside the transaction of what is recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from django.db import connection, models, transaction

from common.actor import Actor
from common.compiled import compiled
from evidence.models import LedgerEntry, LedgerHead
from evidence.rules.canonical import plain_bytes
from evidence.rules.chain import entry_content, entry_hash
from evidence.services.appending import Row, append_rows

FIELDS = tuple(column.attname for column in LedgerEntry._meta.concrete_fields)
BEFORE, AFTER = FIELDS.index("before"), FIELDS.index("after")


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


def lock_ledger() -> LedgerHead:
    """Take the writers' lock first, in a transaction that goes on to lock rows of its own.

    All ledgered writes end at one lock. Whoever takes rows first and the ledger last can meet somebody
    who holds the ledger and wants those rows. On SQLite every transaction is exclusive already.
    Returns the head; it is current until the next `append`.
    """
    (head,) = compiled(_head)
    return cast("LedgerHead", head)


def _head() -> "models.QuerySet[LedgerHead]":
    return LedgerHead.objects.select_for_update().filter(pk=1)


def record_many(*, actor: Actor, entries: Sequence[Entry], now: datetime) -> list[LedgerEntry]:
    """Append entries to the ledger in order, in the caller's transaction; returns the rows.

    The head row stays locked until the transaction ends: sequences have no gaps and one order.
    """
    return [_entry_of(row, now) for row in append(actor=actor, entries=entries, now=now)]


def append(
    *, actor: Actor, entries: Sequence[Entry], now: datetime, head: LedgerHead | None = None
) -> list[Row]:
    """Append entries as `record_many` does; returns the rows as they stand in the table.

    `head` is what `lock_ledger` returned when nothing was appended since.
    """
    if not entries:
        return []
    with transaction.atomic(savepoint=False):
        rows = list(_chained(head or lock_ledger(), actor=actor, entries=entries, now=now))
        append_rows(rows)
    return rows


def _chained(
    head: LedgerHead, *, actor: Actor, entries: Sequence[Entry], now: datetime
) -> Iterable[Row]:
    previous, at = head.hash, now.astimezone(UTC).isoformat(timespec="microseconds")
    label, acting_for = actor.label[:200], actor.acting_for[:200]
    who = (label, actor.user_id, actor.person_id, acting_for, actor.channel, actor.request_id)
    stored_at = at if connection.vendor == "postgresql" else at[:26].replace("T", " ")
    for sequence, entry in enumerate(entries, start=head.sequence + 1):
        what = (
            entry.action,
            entry.object_type,
            entry.object_id,
            entry.object_label[:250],
            entry.scope_path,
            plain_bytes(entry.before).decode(),
            plain_bytes(entry.after).decode(),
            entry.comment,
        )
        content = entry_content((sequence, at, *who, *what))
        digest = entry_hash(previous_hash=previous, content=content)
        yield (sequence, stored_at, *who, *what, previous, digest)
        previous = digest


def _entry_of(row: Row, now: datetime) -> LedgerEntry:
    entry = LedgerEntry.from_db("default", FIELDS, row)
    json = LedgerEntry._meta.get_field("before")
    entry.at = now
    entry.before, entry.after = (json.from_db_value(row[n]) for n in (BEFORE, AFTER))
    return entry


def record(
    *,
    actor: Actor,
    action: str,
    instance: models.Model,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    comment: str = "",
    scope_path: str | None = None,
) -> LedgerEntry:
    """Append one entry about a row; returns it. `scope_path` overrides the row's own."""
    entry = entry_for(
        instance, action=action, before=before or {}, after=after or {}, comment=comment
    )
    if scope_path is not None:
        entry.scope_path = scope_path
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

    A model may define `ledger_scope()`: the location path that decides who may read the entry.
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


@cache
def object_type(model: type[models.Model]) -> str:
    """Return the name of a model in the ledger, `app.model` of its concrete table."""
    concrete = model._meta.concrete_model or model
    return f"{concrete._meta.app_label}.{concrete._meta.model_name}"
