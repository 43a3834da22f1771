"""Items made for observed devices, and the values an observation speaks of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from assets.choices import ItemKind, ProvenanceSource
from assets.models import ConfigurationItem, ItemClass
from assets.services.items import create_items
from common.actor import Actor
from common.errors import DomainError
from discovery.models import Network, Observation
from discovery.services.products import Products

#: The class of a device of which nothing is known but that it answers.
UNKNOWN_CLASS = "network-device"
Classes = Mapping[str, ItemClass]


def classes_for(slugs: set[str]) -> Classes:
    """Return the classes by slug, the one for unknown devices among them."""
    found = {one.slug: one for one in ItemClass.objects.filter(slug__in=slugs | {UNKNOWN_CLASS})}
    if UNKNOWN_CLASS not in found:
        raise DomainError(
            _("The class '%s' is missing; load the catalogue: manage.py load_catalogue.")
            % UNKNOWN_CLASS
        )
    return found


def new_values(
    network: Network, row: Observation, products: Products, classes: Classes
) -> dict[str, Any]:
    """Return the values of an item made for an observed device."""
    told = row.values.get("name") or " ".join(
        part for part in (row.values.get("vendor"), row.values.get("model")) if part
    )
    if told and not row.values.get("name") and not row.values.get("model"):
        told = _("%(vendor)s device at %(address)s") % {"vendor": told, "address": row.address}
    item_class = classes.get(row.values.get("item_class") or UNKNOWN_CLASS)
    if item_class is None or item_class.kind != ItemKind.ASSET:
        item_class = classes[UNKNOWN_CLASS]
    seen = seen_values(row, products)
    return {
        "name": (told or _("Unknown device at %s") % row.address)[:200],
        "item_class": item_class,
        "location": network.location,
        "zone": network.zone,
        **{name: value for name, value in seen.items() if value},
    }


def seen_values(row: Observation, products: Products) -> dict[str, Any]:
    """Return the fields of an item an observation speaks of."""
    values = row.values
    return {
        "serial_number": values.get("serial", "")[:100],
        "firmware_version": values.get("version", "")[:100],
        "hostname": values.get("name", "")[:253],
        "network_address": row.address,
        "mac_address": values.get("mac", ""),
        "product": products.get(values.get("vendor", ""), values.get("model", "")),
    }


def made_items(
    *, actor: Actor, network: Network, rows: list[dict[str, Any]], now: datetime
) -> list[ConfigurationItem]:
    """Create items that discovery has found."""
    return create_items(
        actor=actor,
        kind=ItemKind.ASSET,
        rows=rows,
        now=now,
        source=ProvenanceSource.DISCOVERY,
        comment=_("Discovered in %s") % network,
    )


def made_item(
    *,
    actor: Actor,
    network: Network,
    row: Observation,
    products: Products,
    now: datetime,
    given: Mapping[str, Any] | None = None,
) -> ConfigurationItem:
    """Create one, with values of another item that it takes over."""
    classes = classes_for({row.values.get("item_class") or UNKNOWN_CLASS})
    values = {**new_values(network, row, products, classes), **(given or {})}
    return made_items(actor=actor, network=network, rows=[values], now=now)[0]
