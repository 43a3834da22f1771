"""Import kinds of the plant: classes and products, locations, zones, conduits, systems, assets, relations."""

from assets.imports.items import Assets, Systems
from assets.imports.locations import Locations
from assets.imports.reference import ItemClasses, Products
from assets.imports.relations import Relations
from assets.imports.zones import Conduits, Zones
from common.imports import import_kinds

for kind in (ItemClasses, Products, Locations, Zones, Conduits, Systems, Assets, Relations):
    import_kinds.add(kind())
