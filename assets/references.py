"""References to the plant's objects as API fields; each shows only what the user may see."""

from operator import attrgetter
from typing import Any

from assets.access import (
    item_classes_visible_to,
    items_visible_to,
    locations_visible_to,
    products_visible_to,
    scope_of,
    systems_visible_to,
    tags_visible_to,
    visible_item_ids,
    visible_location_ids,
    visible_zone_ids,
    zones_visible_to,
)
from common.api.fields import ManyRefField, RefField

ROOT = "/api/assets/"
is_active = attrgetter("is_active")


def location_ref(**options: Any) -> RefField:
    """Return a reference to a location by id or code."""
    return RefField(
        door=locations_visible_to,
        scope=scope_of,
        guard=visible_location_ids,
        path=f"{ROOT}locations/",
        **options,
    )


def zone_ref(**options: Any) -> RefField:
    """Return a reference to a zone by id or code."""
    return RefField(
        door=zones_visible_to,
        scope=scope_of,
        guard=visible_zone_ids,
        path=f"{ROOT}zones/",
        **options,
    )


def item_ref(**options: Any) -> RefField:
    """Return a reference to an asset or system by id or code."""
    return RefField(
        door=items_visible_to,
        scope=scope_of,
        guard=visible_item_ids,
        path=f"{ROOT}items/",
        **options,
    )


def system_ref(**options: Any) -> RefField:
    """Return a reference to a system by id or code."""
    return RefField(
        door=systems_visible_to,
        scope=scope_of,
        guard=visible_item_ids,
        path=f"{ROOT}systems/",
        **options,
    )


def class_ref(**options: Any) -> RefField:
    """Return a reference to an item class by id or slug."""
    return RefField(
        door=item_classes_visible_to,
        scope=is_active,
        natural="slug",
        path=f"{ROOT}item-classes/",
        **options,
    )


def product_ref(**options: Any) -> RefField:
    """Return a reference to a product by id or model."""
    return RefField(
        door=products_visible_to,
        scope=is_active,
        natural="model",
        label="model",
        path=f"{ROOT}products/",
        **options,
    )


def tag_ref(**options: Any) -> RefField:
    """Return a reference to a tag by id or slug."""
    return RefField(
        door=tags_visible_to, scope=is_active, natural="slug", path=f"{ROOT}tags/", **options
    )


def tags_ref(**options: Any) -> ManyRefField:
    """Return a list of references to tags by id or slug."""
    return ManyRefField(
        door=tags_visible_to,
        scope=is_active,
        natural="slug",
        through="tags",
        path=f"{ROOT}tags/",
        **options,
    )
