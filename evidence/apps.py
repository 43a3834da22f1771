"""The ledger and what proves it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import late
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
        """Announce the section that is ours, what we need to work, and a figure for Prometheus."""
        collect = late("evidence.queries.audit.administration_section")
        evidence_sections.add(
            EvidenceSection("administration", _("Administration"), collect, order=90)
        )
        health_checks.add(
            HealthCheck("signing_key", late("evidence.queries.readiness.check_signing_key"))
        )
        gauges.add(
            Gauge(
                name="raceway_ledger_entries",
                help="Entries in the ledger",
                read=late("evidence.queries.readiness.ledger_length"),
            )
        )
