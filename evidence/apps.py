"""The ledger and what proves it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, late, navigation
from common.registries import (
    EvidenceSection,
    Gauge,
    HealthCheck,
    evidence_sections,
    gauges,
    health_checks,
)


class EvidenceConfig(AppConfig):
    """Append-only ledger, checkpoints, evidence packs."""

    name = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        """Announce pages, the section that is ours, and how we are."""
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
        health_checks.add(
            HealthCheck("signing_key", late("evidence.queries.readiness.check_signing_key"))
        )
        length = late("evidence.queries.readiness.ledger_length")
        gauges.add(Gauge("raceway_ledger_entries", "Entries of the ledger.", length))
