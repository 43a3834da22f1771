"""Changes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, Subject, late, navigation, subjects
from common.registries import (
    EvidenceSection,
    PageTab,
    SearchSource,
    SiteRight,
    evidence_sections,
    page_tabs,
    search_sources,
    site_rights,
)


class GovernanceConfig(AppConfig):
    """Changes: what is asked, what it hits, who decides, how it went."""

    name = "governance"
    verbose_name = "Changes"

    def ready(self) -> None:
        """Announce pages, the change as a subject with its tabs, and the search."""
        for name, title, url_name, order in (
            ("ask-impact", _("What if"), "governance:impact", 15),
            ("queue", _("Queue"), "governance:queue", 10),
            ("changes", _("All changes"), "governance:changerequest-list", 20),
            ("calendar", _("Calendar"), "governance:calendar", 30),
            ("board", _("Review board"), "governance:board", 40),
        ):
            navigation.add(NavPage(name, "changes", title, url_name, order=order))
        subjects.add(
            Subject(
                "change",
                load=late("governance.access.change_for"),
                header=late("governance.views.headers.change_header"),
            )
        )
        for name, title, url_name, order in (
            ("decision", _("Decision"), "governance:changerequest-detail", 10),
            ("impact", _("Impact"), "governance:changerequest-impact", 20),
            ("history", _("History"), "governance:changerequest-history", 90),
        ):
            page_tabs.add(PageTab(f"change-{name}", title, "change", url_name, order=order))
        page_tabs.add(
            PageTab("item-impact", _("Impact"), "item", "governance:item-impact", order=35)
        )
        for name, module, title, order in (
            ("changes", "changes", _("Changes"), 50),
            ("segregation", "segregation", _("Segregation of duties"), 60),
        ):
            collect = late(f"governance.evidence.{module}.{name}_section")
            evidence_sections.add(EvidenceSection(name, title, collect, order))
        site_rights.add(
            SiteRight(
                "manages_boards",
                "governance.manage_boards",
                _("Manages review boards"),
                _("Sets which board decides on which changes: its team, quorum and thresholds."),
                order=40,
            )
        )
        search_sources.add(
            SearchSource("changes", _("Changes"), late("governance.queries.search.find"), order=40)
        )
