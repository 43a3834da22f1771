"""The ledger and what proves it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, late, navigation
from common.registries import (
    EvidenceSection,
    Gauge,
    HealthCheck,
    SiteRight,
    Sweep,
    evidence_sections,
    gauges,
    health_checks,
    site_rights,
    sweeps,
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
        sweeps.add(Sweep("to-verify", late("evidence.services.uploads.sweep_uploads")))
        announce_rights()
        health_checks.add(
            HealthCheck("signing_key", late("evidence.queries.readiness.check_signing_key"))
        )
        length = late("evidence.queries.readiness.ledger_length")
        gauges.add(Gauge("raceway_ledger_entries", "Entries of the ledger.", length))


def announce_rights() -> None:
    """Say which rights over the whole site are given for evidence."""
    site_rights.add(
        SiteRight(
            "reads_ledger",
            "evidence.read_ledger",
            _("Reads the whole ledger"),
            _(
                "Reads what anybody did anywhere, logins and rights included, opens every evidence pack "
                "and verifies the ledger. Others read about the places they may see."
            ),
            order=60,
        )
    )
    site_rights.add(
        SiteRight(
            "exports_evidence",
            "evidence.export_evidence",
            _("Exports evidence"),
            _("Makes signed audit packs about the places they may see."),
            order=70,
        )
    )
