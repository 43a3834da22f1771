"""Ownership: who is accountable for what, where, since when, and who stands in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, Part, late, navigation, page_parts
from common.registries import (
    EvidenceSection,
    PageTab,
    SiteRight,
    evidence_sections,
    page_tabs,
    site_rights,
)


class RaciConfig(AppConfig):
    """The operating model."""

    name = "raci"
    verbose_name = "Ownership"

    def ready(self) -> None:
        """Announce pages, tabs and the owner's chip."""
        pages = (
            ("ownership-map", _("Map"), "map"),
            ("finding", _("Findings"), "finding-list"),
            ("matrix", _("Matrices"), "matrix-list"),
            ("role", _("Roles"), "role-list"),
            ("holder", _("Role holders"), "holder-list"),
            ("absence", _("Absences"), "absence-list"),
            ("service-level", _("Service levels"), "servicelevel-list"),
        )
        for order, (name, title, url_name) in enumerate(pages, start=1):
            navigation.add(NavPage(name, "ownership", title, f"raci:{url_name}", order=10 * order))
        navigation.add(
            NavPage(
                "activity",
                "ownership",
                _("Activities"),
                "raci:activity-list",
                order=80,
                visible=late("raci.access.may_manage"),
            )
        )
        for subject in ("item", "location"):
            page_tabs.add(
                PageTab(
                    f"{subject}-ownership",
                    _("Ownership"),
                    subject,
                    f"raci:{subject}-ownership",
                    order=30,
                )
            )
        for name, title, function, order in (
            ("ownership", _("Ownership and decision rights"), "ownership_section", 30),
            ("service-levels", _("Service levels"), "service_level_section", 40),
        ):
            collect = late(f"raci.evidence.{function}")
            evidence_sections.add(EvidenceSection(name, title, collect, order))
        announce_rights()
        page_parts.add(Part("owner", "item", "raci:item-owner", place="header"))
        page_parts.add(Part("roles", "person", "raci:person-roles", place="side"))


def announce_rights() -> None:
    """Say which right over the whole site is given for ownership."""
    site_rights.add(
        SiteRight(
            "manages_operating_model",
            "raci.manage_operating_model",
            _("Manages the operating model"),
            _(
                "Edits and publishes who is accountable for what, at every place: matrices, roles, "
                "activities, role holders, absences, service levels."
            ),
            order=30,
        )
    )
