"""Puts the chapters together, in an order in which every code exists before it is used."""

from __future__ import annotations

from demo_plant.book import Plant
from demo_plant.catalogue import ITEM_CLASSES, ORGANISATIONS, PRODUCTS
from demo_plant.datarooms import write_datarooms
from demo_plant.equipment import write_lines
from demo_plant.flaws import write_flaws
from demo_plant.networks import write_networks
from demo_plant.offices import write_offices
from demo_plant.ownership import write_ownership
from demo_plant.people import write_people
from demo_plant.places import write_conduits, write_places, write_zones
from demo_plant.systems import write_flows, write_line_systems, write_systems
from demo_plant.wire import write_addresses


def write_catalogue(plant: Plant) -> None:
    """Organisations, the item classes of this plant, and products."""
    for slug, name, kind in ORGANISATIONS:
        plant.add("organisations", slug=slug, name=name, kind=kind)
    for slug, name, kind, icon, schema in ITEM_CLASSES:
        plant.add("item_classes", slug=slug, name=name, kind=kind, icon=icon, schema=schema)
    for product in PRODUCTS.values():
        plant.add("products", vendor=product.vendor, model=product.model, name=product.name,
                  item_class=product.item_class, part_number=product.part_number,
                  end_of_sale_date=product.end_of_sale, end_of_support_date=product.end_of_support,
                  recommended_firmware=product.recommended)  # fmt: skip


def whole_plant() -> Plant:
    """Write the book from the first chapter to the last."""
    plant = Plant()
    write_catalogue(plant)
    write_places(plant)
    write_zones(plant)
    write_conduits(plant)
    write_systems(plant)
    lines = write_lines(plant)
    write_networks(plant, lines)
    write_datarooms(plant)
    write_offices(plant, lines)
    write_flows(plant)
    write_line_systems(plant, lines)
    write_flaws(plant)
    write_addresses(plant)
    write_people(plant)
    write_ownership(plant)
    return plant
