"""Every write of the product ends here: the row and its ledger entry, in one transaction."""

from evidence.rules.canonical import plain
from evidence.services.bulk import create_many, update_many
from evidence.services.entries import (
    Entry,
    entry_for,
    lock_ledger,
    object_type,
    record,
    record_many,
)
from evidence.services.snapshots import snapshot
from evidence.services.writing import (
    create_object,
    delete_object,
    invalid,
    save_reference,
    update_object,
    validated,
)

__all__ = [
    "Entry",
    "create_many",
    "create_object",
    "delete_object",
    "entry_for",
    "invalid",
    "lock_ledger",
    "object_type",
    "plain",
    "record",
    "record_many",
    "save_reference",
    "snapshot",
    "update_many",
    "update_object",
    "validated",
]
