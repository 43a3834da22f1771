"""The shape of the plant's objects over the API: what is read, what is written, never how."""

from rest_framework import serializers

from accounts.references import organisation_ref
from assets.choices import (
    Criticality,
    ItemKind,
    ItemStatus,
    LocationLevel,
    ProvenanceSource,
    PurdueLevel,
    RelationClass,
)
from assets.references import (
    class_ref,
    item_ref,
    location_ref,
    product_ref,
    system_ref,
    tags_ref,
    zone_ref,
)
from common.api.fields import Derived
from common.api.resources import ResourceSerializer


def first_set(*values: object) -> object:
    """Return the first value that is set: the own one before the inherited one.

    >>> first_set("", "3"), first_set(None, None)
    ('3', None)
    """
    return next((value for value in values if value not in (None, "")), None)


class ItemSerializer(ResourceSerializer):
    """What assets and systems share. `criticality` and `purdue_level` are the effective values."""

    code = serializers.CharField(max_length=60, required=False)
    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=ItemKind.choices, read_only=True)
    item_class = class_ref()
    function = serializers.CharField(max_length=120, required=False, allow_blank=True)
    status = serializers.ChoiceField(choices=ItemStatus.choices, required=False)
    location = location_ref(required=False, allow_null=True)
    zone = zone_ref(required=False, allow_null=True)
    criticality = Derived(("criticality_override", "system__criticality_override"), first_set)
    purdue_level = Derived(("purdue_override", "zone__purdue_level"), first_set)
    criticality_override = serializers.ChoiceField(
        choices=Criticality.choices, required=False, allow_null=True
    )
    purdue_override = serializers.ChoiceField(
        choices=PurdueLevel.choices, required=False, allow_blank=True
    )
    product = product_ref(required=False, allow_null=True)
    firmware_version = serializers.CharField(max_length=100, required=False, allow_blank=True)
    hostname = serializers.CharField(max_length=253, required=False, allow_blank=True)
    network_address = serializers.IPAddressField(required=False, allow_null=True)
    installed_date = serializers.DateField(required=False, allow_null=True)
    end_of_life_date = serializers.DateField(required=False, allow_null=True)
    stops_line = serializers.BooleanField(required=False)
    is_safety_system = serializers.BooleanField(required=False)
    is_never_scanned = serializers.BooleanField(required=False)
    description = serializers.CharField(required=False, allow_blank=True)
    attributes = serializers.DictField(required=False)
    tags = tags_ref(required=False)
    system = system_ref(required=False, allow_null=True)


class AssetSerializer(ItemSerializer):
    """A device, software instance or VM."""

    serial_number = serializers.CharField(max_length=100, required=False, allow_blank=True)
    mac_address = serializers.CharField(max_length=17, required=False, allow_blank=True)


class SystemSerializer(ItemSerializer):
    """A logical service."""


class LocationSerializer(ResourceSerializer):
    """A node of the ISA-95 tree."""

    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=150)
    level = serializers.ChoiceField(choices=LocationLevel.choices)
    parent = location_ref(required=False, allow_null=True)  # type: ignore[assignment]
    time_zone = serializers.CharField(max_length=60, required=False, allow_blank=True)
    address = serializers.CharField(max_length=250, required=False, allow_blank=True)


class ZoneSerializer(ResourceSerializer):
    """A zone with its security level vectors (IEC 62443-3-3)."""

    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=150)
    site = location_ref()
    purdue_level = serializers.ChoiceField(choices=PurdueLevel.choices)
    is_safety = serializers.BooleanField(required=False)
    sl_target = serializers.CharField(max_length=13, required=False, allow_blank=True)
    sl_capable = serializers.CharField(max_length=13, required=False, allow_blank=True)
    sl_achieved = serializers.CharField(max_length=13, required=False, allow_blank=True)
    description = serializers.CharField(required=False, allow_blank=True)


class ConduitSerializer(ResourceSerializer):
    """A declared path of communication between two zones."""

    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=150)
    from_zone = zone_ref()
    to_zone = zone_ref()
    protocols = serializers.ListField(child=serializers.CharField(max_length=60), required=False)


class RelationSerializer(ResourceSerializer):
    """source -> relation_class -> target; an unknown end stands as text."""

    source = item_ref(required=False, allow_null=True)  # type: ignore[assignment]
    relation_class = serializers.ChoiceField(choices=RelationClass.choices)
    target = item_ref(required=False, allow_null=True)
    unresolved_source = serializers.CharField(max_length=200, required=False, allow_blank=True)
    unresolved_target = serializers.CharField(max_length=200, required=False, allow_blank=True)
    redundancy_group = serializers.CharField(
        max_length=100, required=False, allow_null=True, source="redundancy_group.name"
    )
    required_count = serializers.IntegerField(
        min_value=1,
        required=False,
        allow_null=True,
        source="redundancy_group.required_count",
    )
    protocol = serializers.CharField(max_length=60, required=False, allow_blank=True)
    data_model = serializers.CharField(max_length=100, required=False, allow_blank=True)
    middleware = serializers.CharField(max_length=100, required=False, allow_blank=True)
    note = serializers.CharField(max_length=250, required=False, allow_blank=True)
    provenance_source = serializers.ChoiceField(choices=ProvenanceSource.choices, read_only=True)
    confidence = serializers.IntegerField(min_value=0, max_value=100, required=False)
    verified_at = serializers.DateTimeField(required=False, allow_null=True)


class ItemClassSerializer(ResourceSerializer):
    """A class of items with the JSON Schema of its attributes."""

    slug = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=100)
    kind = serializers.ChoiceField(choices=ItemKind.choices)
    icon = serializers.CharField(max_length=40, required=False)
    attribute_schema = serializers.DictField(required=False)


class ProductSerializer(ResourceSerializer):
    """A vendor's model with its life-cycle dates."""

    vendor = organisation_ref()
    model = serializers.CharField(max_length=120)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    item_class = class_ref(required=False, allow_null=True)
    part_number = serializers.CharField(max_length=80, required=False, allow_blank=True)
    recommended_firmware = serializers.CharField(max_length=60, required=False, allow_blank=True)
    end_of_sale_date = serializers.DateField(required=False, allow_null=True)
    end_of_support_date = serializers.DateField(required=False, allow_null=True)


class TagSerializer(ResourceSerializer):
    """A free label."""

    slug = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=60)
