"""A whole NetBox as rows of import kinds, with an account of every object: what it became, or why it became nothing."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from assets.imports.netbox import devices, links, parties, places
from assets.imports.netbox.checking import require_whole, understanding
from assets.imports.netbox.records import Records
from assets.imports.netbox.rows import Rows

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

KINDS = (
    "organisations",
    "teams",
    "people",
    "products",
    "locations",
    "systems",
    "assets",
    "relations",
)
PART_OF = gettext_lazy("is part of the object it belongs to")
LOOKED_UP = gettext_lazy("gives values to the objects that name it")
FOLLOWED = gettext_lazy("is followed by cables; a port is no item of its own")
NO_DEPENDENCY = gettext_lazy("carries no dependency")
WHY_NOT: "dict[str, StrPromise]" = {
    "dcim.interface": gettext_lazy(
        "is followed by cables and addresses; a port is no item of its own"
    ),
    "dcim.frontport": FOLLOWED,
    "dcim.rearport": FOLLOWED,
    "dcim.powerport": FOLLOWED,
    "dcim.poweroutlet": FOLLOWED,
    "dcim.consoleport": NO_DEPENDENCY,
    "dcim.consoleserverport": NO_DEPENDENCY,
    "dcim.cabletermination": gettext_lazy("is an end of its cable"),
    "dcim.cablepath": gettext_lazy("is computed from the cables again"),
    "circuits.circuittermination": gettext_lazy("is an end of its circuit"),
    "dcim.devicerole": LOOKED_UP,
    "dcim.platform": LOOKED_UP,
    "virtualization.clustertype": LOOKED_UP,
    "extras.tag": LOOKED_UP,
    "extras.taggeditem": LOOKED_UP,
    "ipam.ipaddress": gettext_lazy("gives its item an address when it is the primary one"),
    "dcim.sitegroup": gettext_lazy("is a second grouping of sites; a location stands in one tree"),
    "dcim.module": PART_OF,
    "dcim.modulebay": PART_OF,
    "dcim.inventoryitem": PART_OF,
    "virtualization.vminterface": PART_OF,
    "tenancy.contactassignment": gettext_lazy(
        "ownership is decided in the operating model, with a trace"
    ),
}
OTHERWISE: "tuple[tuple[str, StrPromise], ...]" = (
    ("template", gettext_lazy("is a template of NetBox itself")),
    ("ipam.", gettext_lazy("is network planning, which has no counterpart here yet")),
    ("", gettext_lazy("has no counterpart here")),
)


@dataclass(frozen=True)
class Mapped:
    """Rows ready for the importer, and the account."""

    rows: Rows
    found: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values to be kept between a preview and its import."""
        return {"rows": self.rows.as_dict(), "found": self.found}

    def account(self) -> list[dict[str, Any]]:
        """Return one line for each NetBox model: how many, what they became, why not."""
        return [self._line(model, count) for model, count in sorted(self.found.items())]

    def _line(self, model: str, count: int) -> dict[str, Any]:
        became = {kind: n for (name, kind), n in sorted(self.rows.into.items()) if name == model}
        left = {reason: n for (name, reason), n in sorted(self.rows.left.items()) if name == model}
        rest = count - sum(became.values()) - sum(left.values())
        if rest:
            left[_reason(model)] = rest
        return {
            "model": model,
            "found": count,
            "mapped": sum(became.values()),
            "became": became,
            "not_mapped": left,
        }


def map_records(records: Records) -> Mapped:
    """Return the rows of all kinds, in an order in which what is referred to comes first.

    Raises BrokenDumpError when the objects are not those of a NetBox.
    """
    require_whole(records)
    with understanding():
        return Mapped(_rows_of(records), records.found())


def _rows_of(records: Records) -> Rows:
    rows = Rows()
    parties.map_parties(records, rows)
    parties.map_products(records, rows)
    places.map_places(records, rows)
    devices.map_systems(records, rows)
    devices.map_devices(records, rows)
    devices.map_machines(records, rows)
    devices.map_circuits(records, rows)
    devices.map_power_sources(records, rows)
    links.map_links(records, rows)
    links.map_hosting(records, rows)
    return rows


def mapped_of(kept: dict[str, Any]) -> Mapped:
    """Return what `as_dict` wrote down."""
    return Mapped(Rows.of(kept["rows"]), kept["found"])


def _reason(model: str) -> str:
    if model in WHY_NOT:
        return str(WHY_NOT[model])
    return next(str(reason) for part, reason in OTHERWISE if part in model)
