"""What lists of the plant can be filtered by, on pages and over the API."""

from collections.abc import Sequence

from django.db.models import Q

from assets.choices import (
    Criticality,
    ItemKind,
    ItemStatus,
    LocationLevel,
    ProvenanceSource,
    PurdueLevel,
    RelationClass,
)
from assets.models import (
    Conduit,
    ConfigurationItem,
    ItemClass,
    Location,
    Product,
    Relation,
    Tag,
    Zone,
)
from common.filters import (
    FilterSet,
    address,
    boolean,
    choice,
    custom,
    day,
    moment,
    number,
    reference,
    text,
)
from common.ids import id_of, ids_of


def below(texts: Sequence[str], prefix: str = "location__") -> Q:
    """Return the condition for items at given locations (id or code) or anywhere below them."""
    codes = [text for text in texts if id_of(text) is None]
    roots = Location.objects.filter(Q(pk__in=ids_of(texts)) | Q(code__in=codes))
    found = Q(pk__in=[])
    for path in roots.values_list("path", flat=True):
        found |= Q(**{f"{prefix}path__startswith": path})
    return found


def of_criticality(texts: Sequence[str]) -> Q:
    """Return the condition for an effective criticality: the item's own, else its system's."""
    levels = [int(text) for text in texts if text in {str(value) for value in Criticality.values}]
    inherited = Q(criticality_override=None, system__criticality_override__in=levels)
    return Q(criticality_override__in=levels) | inherited


def of_purdue(texts: Sequence[str]) -> Q:
    """Return the condition for an effective Purdue level: the item's own, else its zone's."""
    return Q(purdue_override__in=texts) | Q(purdue_override="", zone__purdue_level__in=texts)


class ItemFilterSet(FilterSet):
    """Assets and systems."""

    searched = ("name", "code")
    panel = ("site", "item_class", "status", "criticality", "purdue", "zone", "system", "tag")
    lookups = {
        "id": number("id", "Id"),
        "code": text("code", "Code"),
        "name": text("name", "Name"),
        "kind": choice("kind", ItemKind.choices, "Kind"),
        "item_class": reference("item_class", "slug", "Class"),
        "function": text("function", "Function"),
        "status": choice("status", ItemStatus.choices, "Status"),
        "location": reference("location", "code", "Location"),
        "site": custom(below, kind="location", label="Place"),
        "zone": reference("zone", "code", "Zone"),
        "system": reference("system", "code", "System"),
        "criticality": custom(of_criticality, kind="criticality", label="Criticality"),
        "purdue": custom(of_purdue, kind="purdue", label="Purdue level"),
        "product": reference("product", "model", "Product"),
        "vendor": reference("product__vendor", "slug", "Vendor"),
        "serial_number": text("serial_number", "Serial number"),
        "firmware_version": text("firmware_version", "Firmware"),
        "hostname": text("hostname", "Host name"),
        "network_address": address("network_address", "Address"),
        "mac_address": text("mac_address", "MAC address"),
        "stops_line": boolean("stops_line", "Stops its line"),
        "is_safety_system": boolean("is_safety_system", "Safety system"),
        "is_never_scanned": boolean("is_never_scanned", "Never scanned"),
        "installed_date": day("installed_date", "Installed"),
        "end_of_life_date": day("end_of_life_date", "End of life"),
        "tag": custom(lambda texts: Q(tags__slug__in=texts), kind="tag", label="Tag"),
        "updated_at": moment("updated_at", "Updated"),
    }

    class Meta:
        model = ConfigurationItem
        fields: list[str] = []


class LocationFilterSet(FilterSet):
    """The ISA-95 tree."""

    searched = ("name", "code")
    panel = ("level", "below")
    lookups = {
        "id": number("id", "Id"),
        "code": text("code", "Code"),
        "name": text("name", "Name"),
        "level": choice("level", LocationLevel.choices, "Level"),
        "parent": reference("parent", "code", "Parent"),
        "below": custom(lambda texts: below(texts, ""), kind="location", label="At or below"),
    }

    class Meta:
        model = Location
        fields: list[str] = []


class ZoneFilterSet(FilterSet):
    """Zones of IEC 62443."""

    searched = ("name", "code")
    panel = ("site", "purdue_level", "is_safety")
    lookups = {
        "code": text("code", "Code"),
        "name": text("name", "Name"),
        "site": reference("site", "code", "Site"),
        "purdue_level": choice("purdue_level", PurdueLevel.choices, "Purdue level"),
        "is_safety": boolean("is_safety", "Safety zone"),
    }

    class Meta:
        model = Zone
        fields: list[str] = []


class ConduitFilterSet(FilterSet):
    """Conduits between zones."""

    searched = ("name", "code")
    lookups = {
        "code": text("code", "Code"),
        "name": text("name", "Name"),
        "from_zone": reference("from_zone", "code", "From zone"),
        "to_zone": reference("to_zone", "code", "To zone"),
    }

    class Meta:
        model = Conduit
        fields: list[str] = []


class RelationFilterSet(FilterSet):
    """Relations between items; `item` matches either end."""

    searched = ("source__name", "target__name", "unresolved_source", "unresolved_target")
    panel = ("relation_class", "provenance_source", "is_unresolved")
    lookups = {
        "id": number("id", "Id"),
        "relation_class": choice("relation_class", RelationClass.choices, "Relation"),
        "source": reference("source", "code", "Source"),
        "target": reference("target", "code", "Target"),
        "item": custom(
            lambda texts: (
                Q(source_id__in=ids_of(texts))
                | Q(target_id__in=ids_of(texts))
                | Q(source__code__in=texts)
                | Q(target__code__in=texts)
            ),
            kind="reference",
            label="Item",
        ),
        "protocol": text("protocol", "Protocol"),
        "middleware": text("middleware", "Middleware"),
        "provenance_source": choice("provenance_source", ProvenanceSource.choices, "Origin"),
        "confidence": number("confidence", "Confidence"),
        "is_unresolved": custom(
            lambda texts: (
                Q(source=None) | Q(target=None)
                if texts[-1] == "true"
                else Q(source__isnull=False, target__isnull=False)
            ),
            kind="boolean",
            label="Has an unknown end",
        ),
    }

    class Meta:
        model = Relation
        fields: list[str] = []


class ProductFilterSet(FilterSet):
    """Products and their life cycle."""

    searched = ("name", "model", "part_number", "vendor__name")
    panel = ("vendor", "item_class")
    lookups = {
        "model": text("model", "Model"),
        "name": text("name", "Name"),
        "vendor": reference("vendor", "slug", "Vendor"),
        "item_class": reference("item_class", "slug", "Class"),
        "part_number": text("part_number", "Part number"),
        "end_of_support_date": day("end_of_support_date", "End of support"),
    }

    class Meta:
        model = Product
        fields: list[str] = []


class ItemClassFilterSet(FilterSet):
    """Classes of items."""

    searched = ("name", "slug")
    panel = ("kind",)
    lookups = {
        "slug": text("slug", "Slug"),
        "name": text("name", "Name"),
        "kind": choice("kind", ItemKind.choices, "Kind"),
    }

    class Meta:
        model = ItemClass
        fields: list[str] = []


class TagFilterSet(FilterSet):
    """Tags."""

    searched = ("name", "slug")
    lookups = {"slug": text("slug", "Slug"), "name": text("name", "Name")}

    class Meta:
        model = Tag
        fields: list[str] = []
