"""Reads of the ledger for pages, tabs and packs."""

from evidence.queries.history import FieldChange, changes_of, history_of

__all__ = ["FieldChange", "changes_of", "history_of"]
