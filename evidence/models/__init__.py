"""Ledger and checkpoints."""

from evidence.models.ledger import LedgerEntry, LedgerHead

__all__ = ["LedgerEntry", "LedgerHead"]
