"""Factories for packs. Ledger entries and checkpoints are written by their services, never by hand."""

import factory

from evidence.choices import PackKind
from evidence.models import EvidencePack
from tests.factories.accounts import BaseFactory


class EvidencePackFactory(BaseFactory):
    class Meta:
        model = EvidencePack

    identifier = factory.Sequence(lambda n: f"AP-20261116-080000-{n:08x}")
    kind = PackKind.AUDIT
    title = "Evidence for Northfield"
    subject = "2026-11-01 to 2026-11-16"
    requested_by_label = "Rosa Delgado"
    size = 1
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    content_sha256 = "0" * 64
    entry_count = 0
