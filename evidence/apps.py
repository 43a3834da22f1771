"""The ledger and what proves it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import late
from common.registries import EvidenceSection, evidence_sections


class EvidenceConfig(AppConfig):
    """Append-only ledger, checkpoints, evidence packs."""

    name = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        """Announce the section that is ours."""
        collect = late("evidence.queries.audit.administration_section")
        evidence_sections.add(
            EvidenceSection("administration", _("Administration"), collect, order=90)
        )
