"""The lists of assets and systems."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assets.access import (
    EDIT,
    assets_visible_to,
    item_classes_visible_to,
    locations_visible_to,
    may_somewhere,
    systems_visible_to,
    tags_visible_to,
    zones_visible_to,
)
from assets.choices import Criticality, ItemKind, ItemStatus, PurdueLevel
from assets.filters import ItemFilterSet
from assets.models import ConfigurationItem
from assets.queries.items import tags_by_item
from common.pages import BulkAction, Column, EmptyState, Facet, ListPage, Row, html, linked, plain

STATUSES = dict(ItemStatus.choices)
PURDUE = dict(PurdueLevel.choices)


def item_url(row: Row) -> str:
    """Return the address of an item's page; built here because reverse() costs more than the row."""
    return f"/plant/items/{row['pk']}/"


def criticality_cell(row: Row) -> str:
    """Return the item's own criticality, else its system's."""
    return html.criticality(row["criticality_override"] or row["system__criticality_override"])


def purdue_cell(row: Row) -> str:
    """Return the item's own Purdue level, else its zone's."""
    return html.text(PURDUE.get(row["purdue_override"] or row["zone__purdue_level"]))


def system_cell(row: Row) -> str:
    """Return a link to the system the item is part of."""
    if row["system_id"] is None:
        return html.DASH
    return html.link(f"/plant/items/{row['system_id']}/", row["system__name"])


def location_cell(row: Row) -> str:
    """Return a link to the location the item stands at."""
    if row["location_id"] is None:
        return html.DASH
    return html.link(f"/plant/locations/{row['location_id']}/", row["location__name"])


COLUMNS = (
    linked("name", _("Name"), item_url, order="name"),
    Column("code", _("Code"), lambda row: html.code(row["code"]), ("code",), order="code"),
    plain("item_class", _("Class"), field="item_class__name", order="item_class__name"),
    plain("function", _("Function"), order="function", is_default=False),
    Column(
        "status",
        _("Status"),
        lambda row: html.status(row["status"], STATUSES.get(row["status"], "")),
        ("status",),
        order="status",
    ),
    Column(
        "criticality",
        _("Criticality"),
        criticality_cell,
        ("criticality_override", "system__criticality_override"),
    ),
    Column(
        "location",
        _("Location"),
        location_cell,
        ("location_id", "location__name"),
        order="location__name",
    ),
    plain("zone", _("Zone"), field="zone__name", order="zone__name", is_default=False),
    Column(
        "purdue",
        _("Purdue level"),
        purdue_cell,
        ("purdue_override", "zone__purdue_level"),
        is_default=False,
    ),
    Column(
        "system",
        _("System"),
        system_cell,
        ("system_id", "system__name"),
        order="system__name",
        is_default=False,
    ),
    plain(
        "product", _("Product"), field="product__model", order="product__model", is_default=False
    ),
    plain("vendor", _("Vendor"), field="product__vendor__name", is_default=False),
    plain("serial_number", _("Serial number"), order="serial_number", is_default=False),
    plain("firmware_version", _("Firmware"), order="firmware_version", is_default=False),
    plain("hostname", _("Host name"), order="hostname", is_default=False),
    plain("network_address", _("Address"), order="network_address", is_default=False),
    Column(
        "installed_date",
        _("Installed"),
        lambda row: html.day(row["installed_date"]),
        ("installed_date",),
        order="installed_date",
        is_default=False,
    ),
    Column(
        "end_of_life_date",
        _("End of life"),
        lambda row: html.day(row["end_of_life_date"]),
        ("end_of_life_date",),
        order="end_of_life_date",
        is_default=False,
    ),
    Column(
        "stops_line",
        _("Stops its line"),
        lambda row: html.yes_no(row["stops_line"]),
        ("stops_line",),
        is_default=False,
    ),
    Column(
        "tags", _("Tags"), lambda row: html.tags(row.get("tag_names")), ("pk",), is_default=False
    ),
    Column(
        "updated_at",
        _("Updated"),
        lambda row: html.moment(row["updated_at"]),
        ("updated_at",),
        order="updated_at",
        is_default=False,
    ),
)


def place_label(user: User, value: str) -> str:
    """Return a location's name for the filter panel."""
    return _label(locations_visible_to(user), value)


def zone_label(user: User, value: str) -> str:
    """Return a zone's name for the filter panel."""
    return _label(zones_visible_to(user), value)


def system_label(user: User, value: str) -> str:
    """Return a system's name for the filter panel."""
    return _label(systems_visible_to(user), value)


def _label(rows: QuerySet[Any], value: str) -> str:
    found = rows.filter(**({"pk": value} if value.isdecimal() else {"code": value})).first()
    return str(found) if found else value


def tag_choices(user: User) -> list[tuple[str, str]]:
    """Return the tags for the filter panel."""
    return list(tags_visible_to(user).values_list("slug", "name"))


class ItemList(ListPage):
    """What assets and systems share."""

    filterset_class = ItemFilterSet
    columns = COLUMNS
    kind: ItemKind
    bulk_actions = (
        BulkAction(_("Edit"), "assets:item-bulk-edit"),
        BulkAction(_("Delete"), "assets:item-bulk-delete", "trash", is_danger=True),
    )

    @property
    def facets(self) -> Sequence[Facet | str]:  # type: ignore[override]
        """The filters of the panel, most used first."""
        return (
            Facet(
                "site",
                _("At or below"),
                kind="lookup",
                lookup_url="/plant/lookup/locations/",
                label_of=place_label,
            ),
            Facet("item_class", _("Class"), kind="select", choices=self.class_choices),
            Facet("status", _("Status"), choices=ItemStatus.choices),
            Facet("criticality", _("Criticality"), choices=Criticality.choices),
            Facet("purdue", _("Purdue level"), choices=PurdueLevel.choices, is_open=False),
            Facet(
                "zone",
                _("Zone"),
                kind="lookup",
                lookup_url="/plant/lookup/zones/",
                label_of=zone_label,
            ),
            Facet(
                "system",
                _("Part of system"),
                kind="lookup",
                lookup_url="/plant/lookup/systems/",
                label_of=system_label,
            ),
            Facet("tag", _("Tag"), kind="select", choices=tag_choices),
            Facet("stops_line", _("Stops its line"), kind="flag", is_open=False),
        )

    def class_choices(self, user: User) -> list[tuple[str, str]]:
        """Return the classes of this kind."""
        rows = item_classes_visible_to(user).filter(kind=self.kind)
        return list(rows.values_list("slug", "name"))

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Narrow to what stands in the chosen site."""
        return queryset.filter(location__path__startswith=path)

    def may_create(self) -> bool:
        """Who may edit somewhere may add there."""
        return may_somewhere(self.user, EDIT)

    def may_tick(self) -> bool:
        """Ticking is for bulk edits."""
        return may_somewhere(self.user, EDIT)

    def bulk_filters(self, query: QueryDict) -> str:
        """Keep to this kind: assets and systems share their bulk pages."""
        return f"kind={self.kind}&{super().bulk_filters(query)}"

    def enrich(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add the tags when their column is shown."""
        if "tags" in self.request.GET.get("columns", "").split(","):
            names = tags_by_item([row["pk"] for row in rows])
            for row in rows:
                row["tag_names"] = names.get(row["pk"])
        return rows


class AssetList(ItemList):
    """Devices, software instances and VMs."""

    title = _("Assets")
    kind = ItemKind.ASSET
    list_name = "assets:asset-list"
    create_url_name = "assets:asset-create"
    create_title = _("Add asset")
    export_kind = import_kind = "assets"
    empty = EmptyState(
        _("No assets yet"),
        _(
            "PLCs, drives, switches, servers: what the plant consists of. Import them, or add the first."
        ),
        "cpu",
    )

    def queryset(self) -> QuerySet[ConfigurationItem]:
        """Return the assets this user may see."""
        return assets_visible_to(self.user)


class SystemList(ItemList):
    """Logical services."""

    title = _("Systems")
    kind = ItemKind.SYSTEM
    list_name = "assets:system-list"
    create_url_name = "assets:system-create"
    create_title = _("Add system")
    export_kind = import_kind = "systems"
    empty = EmptyState(
        _("No systems yet"),
        _("MES, historian, SCADA: the services the plant runs on, made of assets."),
        "stack-2",
    )

    def queryset(self) -> QuerySet[ConfigurationItem]:
        """Return the systems this user may see."""
        return systems_visible_to(self.user)
