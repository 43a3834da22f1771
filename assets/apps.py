"""Locations, zones, assets, systems, relations and the dependency graph."""

from dataclasses import replace

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, Subject, late, navigation, subjects
from common.registries import (
    EvidenceSection,
    LedgerScopes,
    PageTab,
    SearchSource,
    SiteRight,
    after_restore,
    evidence_sections,
    ledger_scopes,
    page_tabs,
    search_sources,
    site_rights,
)

PLANT_PAGES = (
    ("location", _("Locations"), "assets:location-tree"),
    ("asset", _("Assets"), "assets:asset-list"),
    ("system", _("Systems"), "assets:system-list"),
    ("zone", _("Zones"), "assets:zone-list"),
    ("relation", _("Relations"), "assets:relation-list"),
    ("graph", _("Graph"), "assets:graph"),
    ("product", _("Products"), "assets:product-list"),
    ("itemclass", _("Classes"), "assets:itemclass-list"),
    ("tag", _("Tags"), "assets:tag-list"),
)
TABS = (
    ("item-details", _("Details"), "item", "assets:item-detail", 10),
    ("item-relations", _("Relations"), "item", "assets:item-relations", 20),
    ("item-graph", _("Graph"), "item", "assets:item-graph", 40),
    ("system-single-points", _("Single points"), "system", "assets:system-single-points", 45),
    ("item-history", _("History"), "item", "assets:item-history", 90),
    ("location-details", _("Details"), "location", "assets:location-detail", 10),
    ("location-history", _("History"), "location", "assets:location-history", 90),
    ("zone-details", _("Details"), "zone", "assets:zone-detail", 10),
)


class AssetsConfig(AppConfig):
    """The CMDB."""

    name = "assets"
    verbose_name = "Plant"

    def ready(self) -> None:
        """Announce what stands here to the floors below."""
        reach, nodes = (
            late("assets.queries.ledger_scopes.reach"),
            late("assets.queries.ledger_scopes.nodes"),
        )
        ledger_scopes.add(LedgerScopes("locations", reach=reach, nodes=nodes))
        after_restore.append(late("assets.queries.live_graph.renew_log"))
        announce_pages()
        announce_subjects()
        announce_rights()
        for name, title, order in (
            ("inventory", _("Inventory"), 10),
            ("zones", _("Zones and conduits"), 20),
        ):
            collect = late(f"assets.evidence.{name}_section")
            evidence_sections.add(EvidenceSection(name, title, collect, order))
        for name, title, order in (("items", _("Plant"), 10), ("places", _("Places"), 20)):
            find = late(f"assets.queries.searching.find_{name}")
            search_sources.add(SearchSource(name, title, find, order))


def announce_pages() -> None:
    """Put the plant's pages into the navigation."""
    for order, (name, title, url_name) in enumerate(PLANT_PAGES):
        navigation.add(NavPage(name, "plant", title, url_name, order=order))
    navigation.add(NavPage("causes", "plant", _("Find the cause"), "assets:causes", order=80))
    may_administer = late("accounts.access.may_administer")
    rights = NavPage("grant", "administration", _("Rights"), "assets:grant-list")
    navigation.add(replace(rights, order=30, visible=may_administer))


def announce_subjects() -> None:
    """Say what has an object page, and the tabs of it that stand here."""
    headers = "assets.views.headers"
    for name, door in (
        ("item", "item_page_for"),
        ("location", "location_for"),
        ("zone", "zone_page_for"),
    ):
        load, header = late(f"assets.access.{door}"), late(f"{headers}.{name}_header")
        tabs_of = late(f"{headers}.item_tabs") if name == "item" else None
        subjects.add(Subject(name, load, header, tabs_of))
    for name, title, subject, url_name, order in TABS:
        count = (
            late("assets.queries.items.relation_count_for") if name == "item-relations" else None
        )
        page_tabs.add(PageTab(name, title, subject, url_name, order, count))


def announce_rights() -> None:
    """Say which rights over the whole site are given for the plant."""
    site_rights.add(
        SiteRight(
            "sees_everything",
            "assets.view_all_items",
            _("Sees every item"),
            _("Finds and opens the whole plant, also what has no location. Changes nothing."),
            order=10,
        )
    )
    site_rights.add(
        SiteRight(
            "manages_reference_data",
            "assets.change_itemclass",
            _("Manages classes, products and tags"),
            _("Adds, changes and imports what the items of all sites share."),
            order=50,
        )
    )
