"""A device beside the items it may be, field by field, with the text each value of the device was cut from."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from assets.models import ConfigurationItem, ItemClass
from discovery.models import ItemKey, Observation, ScanTarget
from discovery.rules.comparing import Likeness, likeness, likeness_of_any
from discovery.topology.keys import KeyKind, vendor_word

Reader = Callable[[ConfigurationItem], str]
MACS_SHOWN = 3
HARDWARE = (KeyKind.MAC, KeyKind.BASE_MAC, KeyKind.CHASSIS)
#: Attribute of identification a compared field comes from.
FOUND_AS = {
    "vendor": "vendor",
    "model": "model",
    "serial": "serial",
    "version": "version",
    "item_class": "item_class",
}


@dataclass(frozen=True, slots=True)
class Held:
    """What one item is recorded with in a field; `item` is its name."""

    text: str
    likeness: Likeness
    item: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One field: as the device tells it, and as each item has it. `rule`, `oid` and `text` say where it was found."""

    title: str
    seen: str
    held: Sequence[Held]
    rule: str = ""
    oid: str = ""
    text: str = ""

    @property
    def is_telling(self) -> bool:
        """Return whether the device says something here that an item contradicts."""
        return any(one.likeness is Likeness.DIFFERS for one in self.held)


def device_name(row: Observation) -> str:
    """Return what a device is called: its own name, else maker and model, else its address."""
    values = row.values
    made = " ".join(part for part in (values.get("vendor"), values.get("model")) if part)
    return str(values.get("name") or made or row.address)


def field_title(name: str) -> str:
    """Return what a field of items is called."""
    titles = {
        "serial_number": _("Serial number"),
        "firmware_version": _("Firmware"),
        "hostname": _("Host name"),
        "network_address": _("Address"),
        "mac_address": _("MAC address"),
        "product": _("Product"),
    }
    return titles.get(name, name)


def comparison_of(row: Observation, items: Sequence[ConfigurationItem]) -> list[Compared]:
    """Return the fields that tell devices apart, the most telling first."""
    found = _origins(row)
    values = row.values
    classes = dict(ItemClass.objects.values_list("slug", "name"))
    macs = _hardware(items)
    seen_macs = {*row.sighting.get("macs", ()), row.sighting.get("base_mac", "")} - {""}
    vendor = values.get("vendor", "")
    place = row.network.location
    texts: tuple[tuple[str, str, str, Reader], ...] = (
        ("serial", _("Serial number"), values.get("serial", ""), lambda one: one.serial_number),
        ("model", _("Model"), values.get("model", ""), _model),
        ("version", _("Firmware"), values.get("version", ""), lambda one: one.firmware_version),
        ("name", _("Host name"), values.get("name", ""), lambda one: one.hostname),
        ("address", _("Address"), row.address, lambda one: one.network_address or ""),
        (
            "item_class",
            _("Class"),
            classes.get(values.get("item_class", ""), ""),
            lambda one: one.item_class.name,
        ),
    )
    rows = [
        Compared(
            title,
            seen,
            [Held(text, likeness(seen, text), one.name) for one, text in _texts(items, read)],
            **found.get(name, {}),
        )
        for name, title, seen, read in texts
    ]
    makers = [one.product.vendor.name if one.product else "" for one in items]
    held = [
        Held(name, likeness(vendor_word(vendor), vendor_word(name)), one.name)
        for one, name in zip(items, makers, strict=True)
    ]
    rows.insert(1, Compared(_("Maker"), vendor, held, **found.get("vendor", {})))
    held = [
        Held(_few(macs[one.pk]), likeness_of_any(seen_macs, macs[one.pk]), one.name)
        for one in items
    ]
    rows.insert(1, Compared(_("Hardware addresses"), _few(seen_macs), held))
    held = [Held(*_place(place.path, one), one.name) for one in items]
    return [*rows, Compared(_("Place"), place.name, held), *_recorded(items)]


def _model(item: ConfigurationItem) -> str:
    return item.product.model if item.product else ""


def _texts(items: Sequence[ConfigurationItem], read: Reader) -> list[tuple[ConfigurationItem, str]]:
    return [(one, read(one)) for one in items]


def _origins(row: Observation) -> Mapping[str, dict[str, str]]:
    """Return by field the rule, variable and text a value was found with."""
    kept = ScanTarget.objects.filter(pk=row.target_id or 0).values_list("identity", flat=True)
    identity: Mapping[str, Mapping[str, Any]] = kept.first() or {}
    return {
        name: {key: str(identity[attribute].get(key, "")) for key in ("rule", "oid", "text")}
        for name, attribute in FOUND_AS.items()
        if attribute in identity
    }


def _hardware(items: Sequence[ConfigurationItem]) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for one in items:
        if one.mac_address:
            found[one.pk].add(one.mac_address.casefold())
    for row in ItemKey.objects.filter(item__in=items, kind__in=HARDWARE):
        found[row.item_id or 0].add(row.value)
    return found


def _few(values: set[str]) -> str:
    shown = sorted(values)
    rest = len(shown) - MACS_SHOWN
    text = ", ".join(shown[:MACS_SHOWN])
    return text if rest <= 0 else _("%(few)s and %(rest)d more") % {"few": text, "rest": rest}


def _place(path: str, item: ConfigurationItem) -> tuple[str, Likeness]:
    if item.location is None:
        return "", Likeness.UNKNOWN
    is_here = item.location.path.startswith(path) or path.startswith(item.location.path)
    return item.location.name, Likeness.SAME if is_here else Likeness.DIFFERS


def _recorded(items: Sequence[ConfigurationItem]) -> list[Compared]:
    """Return what only the CMDB knows: whether an item is in use, and when it was last seen."""
    seen = dict(
        Observation.objects.filter(item__in=items)
        .order_by()
        .values_list("item")
        .annotate(Max("seen_at"))
    )
    status = [Held(one.get_status_display(), Likeness.UNKNOWN, one.name) for one in items]
    last = [
        Held(
            date_format(localtime(seen[one.pk]), "j M Y H:i") if one.pk in seen else _("never"),
            Likeness.UNKNOWN,
            one.name,
        )
        for one in items
    ]
    return [Compared(_("Status"), "", status), Compared(_("Last seen"), _("now"), last)]
