"""The ledger and what proves it."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Append-only ledger, checkpoints, evidence packs."""

    name = "evidence"
    verbose_name = "Evidence"
