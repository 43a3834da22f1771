"""Ledger, checkpoints and packs."""

from evidence.models.checkpoints import Checkpoint
from evidence.models.ledger import LedgerEntry, LedgerHead
from evidence.models.packs import EvidencePack

__all__ = ["Checkpoint", "EvidencePack", "LedgerEntry", "LedgerHead"]
