"""Reads of the ledger for pages, tabs and packs."""

from evidence.queries.history import FieldChange, changes_of, history_of, of_same_request

__all__ = ["FieldChange", "changes_of", "history_of", "of_same_request"]
