"""The facts of an item as its page shows them: grouped, each with where its value comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from assets.choices import ProvenanceSource
from assets.models import ConfigurationItem
from common.pages import html

SOURCE_ICONS = {
    ProvenanceSource.MANUAL: "user",
    ProvenanceSource.IMPORT: "file-import",
    ProvenanceSource.NETBOX: "cloud",
    ProvenanceSource.DISCOVERY: "scan",
}


@dataclass(frozen=True)
class Fact:
    """A label, its value as HTML, and the button that tells where the value comes from."""

    label: Any
    value: str
    provenance: str = ""


@dataclass(frozen=True)
class FactGroup:
    """Facts that belong together."""

    title: Any
    facts: list[Fact]


def fact_groups(item: ConfigurationItem) -> list[FactGroup]:
    """Return everything known about an item; groups without a value are left out."""
    groups = (
        FactGroup(_("What it is"), _identity(item)),
        FactGroup(_("Where it stands"), _place(item)),
        FactGroup(_("Network"), _network(item)),
        FactGroup(_("Life cycle"), _life(item)),
        FactGroup(_("Attributes"), _attributes(item)),
    )
    return [group for group in groups if any(fact.value != html.DASH for fact in group.facts)]


def _fact(item: ConfigurationItem, name: str, label: Any, value: str) -> Fact:  # noqa: ANN401
    return Fact(label, value, provenance_button(item, name) if value != html.DASH else "")


def provenance_button(item: ConfigurationItem, name: str) -> str:
    """Return the small button that opens the provenance of a field ("" when none is kept)."""
    known: Mapping[str, Any] = item.provenance.get(name) or {}
    source = known.get("source")
    if not source:
        return ""
    url = reverse("assets:item-provenance", args=[item.pk, name])
    words = _words(source)
    sign = html.icon(SOURCE_ICONS.get(source, "info-circle"), css="icon-sm", label=words)
    return html.safe(
        f'<button type="button" class="provenance" hx-get="{url}" hx-target="#trace-body" '
        f'data-opens="trace" title="{escape(words)}">{sign}</button>'
    )


def _words(source: str) -> str:
    known = dict(ProvenanceSource.choices)
    return str(known.get(source, source))


def _identity(item: ConfigurationItem) -> list[Fact]:
    product = item.product
    facts = [
        _fact(item, "item_class", _("Class"), html.text(item.item_class.name)),
        _fact(item, "function", _("Function"), html.text(item.function)),
        _fact(item, "product", _("Product"), html.text(_product(item))),
        _fact(item, "serial_number", _("Serial number"), html.code(item.serial_number)),
        _fact(item, "firmware_version", _("Firmware"), _firmware(item)),
    ]
    if product and product.end_of_support_date:
        facts.append(Fact(_("Support ends"), html.day(product.end_of_support_date)))
    return facts


def _product(item: ConfigurationItem) -> str:
    product = item.product
    return f"{product.vendor.name} {product.model}" if product else ""


def _firmware(item: ConfigurationItem) -> str:
    shown = html.code(item.firmware_version)
    wanted = item.product.recommended_firmware if item.product else ""
    if not wanted or not item.firmware_version or wanted == item.firmware_version:
        return shown
    advice = escape(_("recommended: %s") % wanted)
    return html.safe(
        f'{shown} <span class="flag-note">{html.icon("alert-triangle-filled", css="icon-sm")}{advice}</span>'
    )


def _place(item: ConfigurationItem) -> list[Fact]:
    return [
        _fact(item, "location", _("Location"), _link("assets:location-detail", item.location)),
        _fact(item, "zone", _("Zone"), _link("assets:zone-detail", item.zone)),
        Fact(_("Purdue level"), _derived(_purdue(item), _("from its zone"), item.purdue_override)),
        _fact(item, "system", _("Part of"), _link("assets:item-detail", item.system)),
        Fact(_("Criticality"), _criticality(item)),
        _fact(item, "stops_line", _("Stops its line when down"), html.yes_no(item.stops_line)),
    ]


def _link(name: str, target: Any) -> str:  # noqa: ANN401 - a location, zone or item
    return html.DASH if target is None else html.link(reverse(name, args=[target.pk]), target)


def _purdue(item: ConfigurationItem) -> str:
    own = item.get_purdue_override_display()
    return html.text(own or (item.zone.get_purdue_level_display() if item.zone else ""))


def _criticality(item: ConfigurationItem) -> str:
    own = item.criticality_override
    inherited = item.system.criticality_override if item.system else None
    words = _("from %s") % item.system if item.system else ""
    return _derived(html.criticality(own or inherited), words, own)


def _derived(shown: str, words: str, own: Any) -> str:  # noqa: ANN401 - the overriding value
    if own or shown == html.DASH:
        return shown
    return html.safe(f'{shown} <span class="muted">{escape(words)}</span>')


def _network(item: ConfigurationItem) -> list[Fact]:
    return [
        _fact(item, "hostname", _("Host name"), html.code(item.hostname)),
        _fact(item, "network_address", _("Address"), html.code(item.network_address)),
        _fact(item, "mac_address", _("MAC address"), html.code(item.mac_address)),
        Fact(_("Discovery"), _scanning(item)),
    ]


def _scanning(item: ConfigurationItem) -> str:
    """Return what keeps discovery away from an item, a dash where nothing does."""
    if item.is_safety_system:
        words = _("Safety system: nothing is sent to it")
    elif item.is_never_scanned:
        words = _("Never scanned")
    else:
        return html.DASH
    return html.safe(
        f'<span class="flag-note">{html.icon("ban", css="icon-sm")}{escape(words)}</span>'
    )


def _life(item: ConfigurationItem) -> list[Fact]:
    return [
        _fact(item, "installed_date", _("Installed"), html.day(item.installed_date)),
        _fact(item, "end_of_life_date", _("End of life"), html.day(item.end_of_life_date)),
        Fact(_("First recorded"), html.moment(item.created_at)),
        Fact(_("Last changed"), html.moment(item.updated_at)),
    ]


def _attributes(item: ConfigurationItem) -> list[Fact]:
    properties: Mapping[str, Any] = item.item_class.attribute_schema.get("properties", {})
    return [
        Fact(properties.get(name, {}).get("title", name), html.text(_flat(value)))
        for name, value in item.attributes.items()
    ]


def _flat(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)
