"""Discovery: what may be looked at and how, what was seen, and which item it is."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, Subject, late, navigation, subjects
from common.registries import (
    EvidenceSection,
    PageTab,
    SiteRight,
    Sweep,
    evidence_sections,
    page_tabs,
    site_rights,
    sweeps,
)


class DiscoveryConfig(AppConfig):
    """Networks, consents, scans."""

    name = "discovery"
    verbose_name = "Discovery"

    def ready(self) -> None:
        """Announce pages, networks and scans as subjects with their tabs, what is swept, and a right."""
        announce_pages()
        announce_tabs()
        announce_rights()
        sweeps.add(Sweep("seen-files", late("discovery.services.seen_uploads.sweep")))
        sweeps.add(Sweep("maps", late("discovery.services.map_files.sweep_maps")))
        evidence_sections.add(
            EvidenceSection(
                "current-state",
                _("Current state"),
                late("discovery.evidence.current_state_section"),
                35,
            )
        )


def announce_pages() -> None:
    """Say which pages stand in the navigation."""
    may_run = late("discovery.access.may_discover_somewhere")
    may_read_rules = late("discovery.access.may_read_rules")
    for name, title, url_name, order, visible in (
        ("networks", _("Networks"), "network-list", 10, None),
        ("cases", _("Questions"), "case-list", 15, None),
        ("scans", _("Scans"), "scan-list", 20, None),
        ("schedules", _("Schedules"), "schedule-list", 25, None),
        ("consents", _("Consents"), "consent-list", 30, None),
        ("drift", _("Drift"), "drift-list", 50, None),
        ("stale", _("No longer seen"), "stale-list", 52, None),
        ("without-owner", _("New without owner"), "owner-gap-list", 53, None),
        ("current-state", _("Current state"), "current-state", 55, None),
        ("vlans", _("VLANs"), "vlan-list", 56, None),
        ("subnets", _("Subnets"), "subnet-list", 57, None),
        ("unknown", _("Unknown devices"), "unknown-list", 77, may_read_rules),
        ("rules", _("Rules"), "rule-list", 78, may_read_rules),
        ("credentials", _("Credentials"), "credential-list", 80, may_run),
        ("collectors", _("Collectors"), "collector-list", 85, may_run),
        ("stop-discovery", _("Kill switch"), "stop-list", 90, None),
    ):
        page = NavPage(
            name, "discovery", title, f"discovery:{url_name}", order=order, visible=visible
        )
        navigation.add(page)
    navigation.add(NavPage("map", "plant", _("Map"), "discovery:map", order=3))


def announce_tabs() -> None:
    """Say which tabs networks, scans and items have."""
    for subject in ("network", "scan"):
        load = late(f"discovery.access.{subject}_for")
        header = late(f"discovery.views.headers.{subject}_header")
        subjects.add(Subject(subject, load=load, header=header))
    for subject, name, title, order in (
        ("network", "detail", _("Overview"), 10),
        ("network", "map", _("Map"), 15),
        ("network", "scans", _("Scans"), 20),
        ("network", "schedules", _("Schedules"), 25),
        ("network", "consents", _("Consents"), 30),
        ("network", "history", _("History"), 90),
        ("scan", "detail", _("Addresses"), 10),
        ("scan", "seen", _("Seen"), 15),
        ("scan", "probes", _("Probes"), 20),
    ):
        url_name = f"discovery:{subject}-{name}"
        page_tabs.add(PageTab(f"{subject}-{name}", title, subject, url_name, order=order))
    page_tabs.add(
        PageTab(
            "item-discovery",
            _("Discovery"),
            "item",
            "discovery:item-discovery",
            order=60,
            visible=late("discovery.queries.seen.is_known_to_discovery"),
        )
    )


def announce_rights() -> None:
    """Say which right over the whole site is given for discovery."""
    site_rights.add(
        SiteRight(
            "edits_identification_rules",
            "discovery.edit_identification_rules",
            _("Edits identification rules"),
            _(
                "Adds and changes the rules by which discovery tells what a device is, at every place."
            ),
            order=55,
        )
    )
