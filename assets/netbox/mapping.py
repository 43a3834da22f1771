"""A whole NetBox as rows of import kinds, with an account of every object: what it became, or why it became nothing."""

from dataclasses import dataclass
from typing import Any

from assets.netbox import devices, links, parties, places
from assets.netbox.records import Records
from assets.netbox.rows import Rows

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
PART_OF = "is part of the object it belongs to"
LOOKED_UP = "gives values to the objects that name it"
WHY_NOT = {
    "dcim.interface": "is followed by cables and addresses; a port is no item of its own",
    "dcim.frontport": "is followed by cables; a port is no item of its own",
    "dcim.rearport": "is followed by cables; a port is no item of its own",
    "dcim.powerport": "is followed by cables; a port is no item of its own",
    "dcim.poweroutlet": "is followed by cables; a port is no item of its own",
    "dcim.consoleport": "carries no dependency",
    "dcim.consoleserverport": "carries no dependency",
    "dcim.cabletermination": "is an end of its cable",
    "dcim.cablepath": "is computed from the cables again",
    "circuits.circuittermination": "is an end of its circuit",
    "dcim.devicerole": LOOKED_UP,
    "dcim.platform": LOOKED_UP,
    "virtualization.clustertype": LOOKED_UP,
    "extras.tag": LOOKED_UP,
    "extras.taggeditem": LOOKED_UP,
    "ipam.ipaddress": "gives its item an address when it is the primary one",
    "dcim.sitegroup": "is a second grouping of sites; a location stands in one tree",
    "dcim.module": PART_OF,
    "dcim.modulebay": PART_OF,
    "dcim.inventoryitem": PART_OF,
    "virtualization.vminterface": PART_OF,
    "tenancy.contactassignment": "ownership is decided in the operating model, with a trace",
}
OTHERWISE = (
    ("template", "is a template of NetBox itself"),
    ("ipam.", "is network planning, which has no counterpart here yet"),
    ("", "has no counterpart here"),
)


@dataclass(frozen=True)
class Mapped:
    """Rows ready for the importer, and the account."""

    rows: Rows
    found: dict[str, int]

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
    """Return the rows of all kinds, in an order in which what is referred to comes first."""
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
    return Mapped(rows, records.found())


def _reason(model: str) -> str:
    if model in WHY_NOT:
        return WHY_NOT[model]
    return next(reason for part, reason in OTHERWISE if part in model)
