"""The ledger and what proves it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, late, navigation
from common.registries import EvidenceSection, evidence_sections


class EvidenceConfig(AppConfig):
    """Append-only ledger, checkpoints, evidence packs."""

    name = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        """Announce pages and the section that is ours."""
        for name, title, url_name, icon, order in (
            ("packs", _("Evidence packs"), "evidence:pack-list", "file-certificate", 10),
            ("ledger", _("Ledger"), "evidence:entry-list", "history", 20),
            ("verification", _("Verification"), "evidence:verification", "shield-check", 30),
        ):
            navigation.add(NavPage(name, "evidence", title, url_name, icon, order))
        collect = late("evidence.queries.audit.administration_section")
        evidence_sections.add(
            EvidenceSection("administration", _("Administration"), collect, order=90)
        )
