"""Import kinds of assets and systems: one file of 200,000 rows is written in batches, each a handful of queries.

Custom attributes are columns `attr.name`, read by the class's JSON Schema.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.imports import organisations_lookup
from assets import access
from assets.choices import ItemKind
from assets.imports import attributes, lookups, tags
from assets.imports.resolving import resolve_relations
from assets.models import Asset, ConfigurationItem, System
from common.imports import (
    Column,
    ImportContext,
    ImportKind,
    Lookup,
    PlannedRow,
    Session,
    column_for,
    reference_column,
)
from common.imports.cells import parse_list, parse_mac, text_parser
from evidence import services as ledger

# Discovery may write these, so their values carry where they came from.
DISCOVERABLE = {
    "name": "name",
    "item_class": "item_class",
    "vendor": "product",
    "model": "product",
    "serial_number": "serial_number",
    "firmware_version": "firmware_version",
    "hostname": "hostname",
    "network_address": "network_address",
    "mac_address": "mac_address",
}
_HEAD = (
    column_for(ConfigurationItem, "code", is_key=True, is_required=True),
    column_for(ConfigurationItem, "name", is_required=True),
    column_for(
        ConfigurationItem,
        "item_class",
        refers_to="classes",
        is_required=True,
        help=_("Slug of the class."),
    ),
    column_for(ConfigurationItem, "function", help=_("What it does, such as HMI of the filler.")),
    column_for(ConfigurationItem, "status", empty="active"),
    column_for(
        ConfigurationItem, "location", refers_to="locations", help=_("Code of the location.")
    ),
    column_for(ConfigurationItem, "zone", refers_to="zones", help=_("Code of the zone.")),
    column_for(
        ConfigurationItem,
        "system",
        refers_to="systems",
        help=_("Code of the system it is part of; gives it its criticality."),
    ),
    column_for(
        ConfigurationItem,
        "criticality_override",
        name="criticality",
        help=_("1 low to 4 critical; empty: its system's."),
    ),
    column_for(ConfigurationItem, "purdue_override", name="purdue", help=_("Empty: its zone's.")),
    reference_column("vendor", "organisations", help=_("Slug of the vendor; together with model.")),
    Column("model", text_parser(120), _("a model of the vendor"), help=_("As in 'products'.")),
)
_TAIL = (
    column_for(ConfigurationItem, "installed_date"),
    column_for(ConfigurationItem, "end_of_life_date"),
    column_for(ConfigurationItem, "stops_line"),
    column_for(ConfigurationItem, "is_safety_system"),
    column_for(ConfigurationItem, "is_never_scanned"),
    column_for(ConfigurationItem, "description"),
    Column("tags", parse_list, _("labels separated by ;"), help=_("Replaces all tags."), empty=[]),
)
_FIRMWARE = column_for(ConfigurationItem, "firmware_version")
_NETWORK = (
    column_for(ConfigurationItem, "hostname"),
    column_for(ConfigurationItem, "network_address"),
)


class Items(ImportKind):
    """What assets and systems share."""

    writer = ledger
    item_kind: str

    def lookups(self, context: ImportContext) -> dict[str, Lookup]:
        """Items refer to classes, places, systems and products."""
        systems = lookups.systems_lookup(context)
        return {
            "classes": lookups.classes_lookup(self.item_kind),
            "locations": lookups.locations_lookup(context),
            "zones": lookups.zones_lookup(context),
            "systems": systems,
            "self": systems,
            "organisations": organisations_lookup(),
            "products": lookups.products_lookup(),
        }

    def stored(self) -> QuerySet[Any]:
        """Return items with the location that decides their scope; a code is unique over both kinds."""
        return ConfigurationItem.objects.select_related("location")

    def visible(self, context: ImportContext) -> QuerySet[Any]:
        """Return the items of this kind that the context sees."""
        return lookups.items(context).filter(kind=self.item_kind)

    def free_column(self, name: str) -> Column | None:
        """Return the column of a custom attribute."""
        return attributes.column(name)

    def load(self, stored: Sequence[Any], session: Session) -> None:
        """Fetch classes, products and tags of stored items."""
        session.lookups["classes"].prime_ids(row.item_class_id for row in stored)
        session.lookups["products"].prime_ids(row.product_id for row in stored)
        if session.has("tags"):
            tags.load(stored, session)

    def prepare(self, rows: list[PlannedRow], session: Session) -> None:
        """Find products, read attributes by the class's schema, sort tags."""
        _find_products(rows, session)
        for row in rows:
            if "tags" in row.values:
                row.values["tags"] = sorted(tags.slug(label) for label in row.values["tags"])
            attributes.read(row, _class_of(row, session), session)

    def current(self, row: PlannedRow, column: Column, session: Session) -> Any:
        """Return what is stored beside the plain fields."""
        if column.name == "tags":
            return tags.of(row.instance, session)
        if column.name == "vendor":
            product = session.lookups["products"].by_id(row.instance.product_id)
            return product.vendor_id if product else None
        if column.name == "model":
            product = session.lookups["products"].by_id(row.instance.product_id)
            return product.model if product else ""
        return row.instance.attributes.get(attributes.name_of(column), attributes.MISSING)

    def shown(self, row: Any, column: Column, session: Session) -> str:
        """Return the same as an export writes it."""
        product = session.lookups["products"].by_id(row.product_id)
        if column.name == "tags":
            return ";".join(tags.of(row, session))
        if column.name == "vendor":
            return product.vendor.slug if product else ""
        if column.name == "model":
            return product.model if product else ""
        return column.format(row.attributes.get(attributes.name_of(column)))

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Refuse what is of the other kind, part of itself, against its schema or out of scope."""
        for row in rows:
            if row.instance and row.instance.kind != self.item_kind:
                _refuse_other_kind(row, self.item_kind, session)
                continue
            attributes.check(row, _class_of(row, session), session)
            _check_right(row, session)

    def fields(self, row: PlannedRow, session: Session) -> dict[str, Any]:
        """Add product, attributes and provenance to the plain fields."""
        values = super().fields(row, session)
        if "vendor" in row.changes or "model" in row.changes:
            values["product"] = row.notes["product"]
        merged = row.notes.get("attributes")
        if merged is not None:
            values["attributes"] = merged
        if row.is_new:
            values["kind"] = self.item_kind
        values["provenance"] = _provenance(row, session)
        return values

    def after(self, rows: list[PlannedRow], session: Session) -> None:
        """Write tags, and join relations that were waiting for these items."""
        tags.write([row for row in rows if "tags" in row.changes], session)
        added = [row.instance for row in rows if row.is_new]
        if added:
            resolve_relations(added, session)

    def export_columns(self, rows: QuerySet[Any]) -> Iterator[Column]:
        """Yield the columns and one for each custom attribute in use."""
        yield from self.columns
        yield from attributes.columns_of(rows)


class Assets(Items):
    """Devices, software instances and VMs by code."""

    name, title, order = "assets", _("Assets"), 60
    model, item_kind = Asset, ItemKind.ASSET
    columns = (
        *_HEAD,
        column_for(ConfigurationItem, "serial_number"),
        _FIRMWARE,
        *_NETWORK,
        column_for(
            ConfigurationItem, "mac_address", parse=parse_mac, allowed=_("as 00:1B:1B:AA:00:01")
        ),
        *_TAIL,
    )


class Systems(Items):
    """Logical services by code; a system may be part of another in the same file."""

    name, title, order, parent = "systems", _("Systems"), 55, "system"
    model, item_kind = System, ItemKind.SYSTEM
    columns = (
        *[column for column in _HEAD if column.name != "system"],
        column_for(
            ConfigurationItem,
            "system",
            refers_to="self",
            help=_("Code of the system it is part of."),
        ),
        _FIRMWARE,
        *_NETWORK,
        *_TAIL,
    )

    def check(self, rows: list[PlannedRow], session: Session) -> None:
        """Refuse a system that would be part of itself by way of others, too."""
        super().check(rows, session)
        above = None
        for row in rows:
            system = row.changes.get("system")
            if row.instance is None or system is None or system.pk is None:
                continue
            if above is None:
                above = dict(System.objects.values_list("pk", "system_id"))
            if _stands_above(row.instance.pk, system.pk, above):
                session.fail(
                    row,
                    _("a cycle: '%(part)s' is part of '%(whole)s'")
                    % {"part": system.code, "whole": row.label},
                    column="system",
                    value=system.code,
                )


def _stands_above(pk: int, part: int | None, above: dict[int, int | None]) -> bool:
    seen: set[int] = set()
    while part is not None and part not in seen:
        if part == pk:
            return True
        seen.add(part)
        part = above.get(part)
    return False


def _class_of(row: PlannedRow, session: Session) -> Any:
    given = row.values.get("item_class")
    if given is not None or row.instance is None:
        return given
    return session.lookups["classes"].by_id(row.instance.item_class_id)


def _find_products(rows: list[PlannedRow], session: Session) -> None:
    products = session.lookups["products"]
    wanted = {
        row.number: (row.values["vendor"].slug, row.values["model"])
        for row in rows
        if row.values.get("vendor") and row.values.get("model")
    }
    products.prime(wanted.values())
    for row in rows:
        row.notes["product"] = None
        pair = wanted.get(row.number)
        if pair is not None:
            row.notes["product"] = products.get(pair)
            if row.notes["product"] is None:
                session.fail(
                    row,
                    _("there is no such product of '%(vendor)s'; import it as 'products' first")
                    % {"vendor": pair[0]},
                    column="model",
                    value=pair[1],
                )
        elif row.values.get("vendor") or row.values.get("model"):
            session.fail(row, _("vendor and model name a product only together"), column="model")


def _refuse_other_kind(row: PlannedRow, kind: str, session: Session) -> None:
    if _sees(row.instance, session):
        words = {"found": row.instance.kind, "wanted": kind}
        session.fail(
            row, _("is the code of a %(found)s, not of a %(wanted)s") % words, column="code"
        )
    else:
        session.fail(row, lookups.CODE_TAKEN, column="code")


def _sees(item: ConfigurationItem, session: Session) -> bool:
    scope = lookups.scope(session.context, access.VIEW)
    return lookups.covers(scope, item)


def _check_right(row: PlannedRow, session: Session) -> None:
    """Require the right to edit the item where it stands and where it goes."""
    edit = lookups.scope(session.context)
    if edit.everything:
        return
    item = row.instance
    if item and not lookups.covers(edit, item):
        seen = _sees(item, session)
        session.fail(row, lookups.OUT_OF_SCOPE if seen else lookups.CODE_TAKEN, column="code")
        return
    location, zone, system = (
        row.changes.get(name, getattr(item, name, None) if item else None)
        for name in ("location", "zone", "system")
    )
    ids = (getattr(item, "pk", None), getattr(system, "pk", None))
    if not lookups.reaches(edit, location, getattr(zone, "pk", None), ids):
        session.fail(row, lookups.OUT_OF_SCOPE, column="location")


def _provenance(row: PlannedRow, session: Session) -> dict[str, Any]:
    context = session.context
    stamp = {"source": context.source, "at": context.now.isoformat(), "confidence": 100}
    held = row.instance.provenance if row.instance else {}
    return held | {DISCOVERABLE[name]: stamp for name in row.changes if name in DISCOVERABLE}
