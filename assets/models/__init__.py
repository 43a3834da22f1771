"""The CMDB's tables."""

from assets.models.items import Asset, ConfigurationItem, System
from assets.models.locations import Location
from assets.models.reference import ItemClass, Product, Tag
from assets.models.relations import RedundancyGroup, Relation
from assets.models.zones import Conduit, Zone

__all__ = [
    "Asset",
    "Conduit",
    "ConfigurationItem",
    "ItemClass",
    "Location",
    "Product",
    "RedundancyGroup",
    "Relation",
    "System",
    "Tag",
    "Zone",
]
