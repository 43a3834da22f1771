"""The history of one object, and an entry's change field by field."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from evidence.models import LedgerEntry
from evidence.models.ledger import LedgerQuerySet


@dataclass(frozen=True)
class FieldChange:
    """One field of an entry: what it was and what it became; None where there was nothing."""

    name: str
    before: Any
    after: Any


def history_of(instance: models.Model) -> LedgerQuerySet:
    """Return the entries about a row, newest first. Whoever may see the row may see them."""
    concrete = type(instance)._meta.concrete_model or type(instance)
    object_type = f"{concrete._meta.app_label}.{concrete._meta.model_name}"
    return LedgerEntry.objects.about(object_type, instance.pk)


def changes_of(entry: LedgerEntry) -> list[FieldChange]:
    """Return an entry's fields with before and after, sorted by name."""
    names = sorted({*entry.before, *entry.after})
    return [FieldChange(name, entry.before.get(name), entry.after.get(name)) for name in names]


def of_same_request(
    entry: LedgerEntry, visible: "models.QuerySet[LedgerEntry]"
) -> list[LedgerEntry]:
    """Return the other entries of an entry's request, in order, at most a hundred."""
    if not entry.request_id:
        return []
    others = visible.filter(request_id=entry.request_id).exclude(pk=entry.pk)
    return list(others.order_by("sequence")[:100])
