"""Reads a running NetBox (3.6 to 4.x) by its published REST API, page by page.

The token goes only to the server it was given for: pages are asked for by offset, never by the links a reply holds.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from assets.imports.netbox.address import base_of, require_token
from assets.imports.netbox.machinery import http
from assets.imports.netbox.pages import Limits, NetBoxError, Pages, Told
from assets.imports.netbox.records import Cable, Records, Termination

LIMITS = Limits()
ENDPOINTS = {
    "dcim.region": "dcim/regions",
    "dcim.site": "dcim/sites",
    "dcim.location": "dcim/locations",
    "dcim.rack": "dcim/racks",
    "dcim.manufacturer": "dcim/manufacturers",
    "dcim.devicetype": "dcim/device-types",
    "dcim.devicerole": "dcim/device-roles",
    "dcim.platform": "dcim/platforms",
    "dcim.device": "dcim/devices",
    "dcim.virtualchassis": "dcim/virtual-chassis",
    "dcim.interface": "dcim/interfaces",
    "dcim.frontport": "dcim/front-ports",
    "dcim.rearport": "dcim/rear-ports",
    "dcim.powerport": "dcim/power-ports",
    "dcim.poweroutlet": "dcim/power-outlets",
    "dcim.powerfeed": "dcim/power-feeds",
    "dcim.powerpanel": "dcim/power-panels",
    "dcim.devicebay": "dcim/device-bays",
    "dcim.consoleport": "dcim/console-ports",
    "dcim.consoleserverport": "dcim/console-server-ports",
    "circuits.provider": "circuits/providers",
    "circuits.circuit": "circuits/circuits",
    "circuits.circuittermination": "circuits/circuit-terminations",
    "tenancy.tenant": "tenancy/tenants",
    "tenancy.contact": "tenancy/contacts",
    "virtualization.clustertype": "virtualization/cluster-types",
    "virtualization.cluster": "virtualization/clusters",
    "virtualization.virtualmachine": "virtualization/virtual-machines",
    "ipam.ipaddress": "ipam/ip-addresses",
}
# There are fifty ports to a device, and as many addresses: of these only what is used is kept.
NEEDED = ("device", "name", "positions", "rear_port", "rear_port_position", "address", "dns_name")
NUMEROUS = {
    "dcim.interface",
    "dcim.frontport",
    "dcim.rearport",
    "dcim.powerport",
    "dcim.poweroutlet",
    "dcim.consoleport",
    "dcim.consoleserverport",
    "ipam.ipaddress",
}
COUNTED = {
    "dcim.sitegroup": "dcim/site-groups",
    "dcim.module": "dcim/modules",
    "dcim.inventoryitem": "dcim/inventory-items",
    "ipam.prefix": "ipam/prefixes",
    "ipam.vlan": "ipam/vlans",
    "ipam.vrf": "ipam/vrfs",
    "virtualization.vminterface": "virtualization/interfaces",
}


def records_of_server(
    url: str, *, token: str, limits: Limits = LIMITS, told: Told = lambda _path, _taken: None
) -> Records:
    """Return the objects of a live NetBox. Raises AddressError, or NetBoxError saying what it refused."""
    base = base_of(url)
    require_token(token)
    scheme = "Bearer" if token.startswith("nbt_") else "Token"
    headers = {"Accept": "application/json", "Accept-Encoding": "gzip"} | (
        {"Authorization": f"{scheme} {token}"} if token else {}
    )
    records = Records()
    with http().Client(timeout=limits.silence, follow_redirects=False) as session:
        pages = Pages(session, f"{base}/api", headers, limits, told)
        for model, path in ENDPOINTS.items():
            _keep_all(pages, path, partial(_keep, records, model))
        _keep_all(pages, "dcim/cables", partial(_keep_cable, records))
        for model, path in COUNTED.items():
            count = pages.count(path)
            if count:
                records.counts[model] = count
    return records


def _keep_all(pages: Pages, path: str, keep: Callable[[dict[str, Any]], None]) -> None:
    for row in pages.rows(path):
        try:
            keep(row)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise NetBoxError(
                _("An object of '%(path)s' is not what the API of NetBox 3.6 to 4.x describes.")
                % {"path": path}
            ) from None


def _keep(records: Records, model: str, row: dict[str, Any]) -> None:
    pk = int(row["id"])
    fields = {name: _plain(value) for name, value in row.items() if name != "tags"}
    fields.setdefault("role", fields.get("device_role"))
    if fields.get("scope_type") == "dcim.site":
        fields["site"] = fields.get("scope_id")
    if fields.get("termination_type") == "dcim.site":
        fields["site"] = fields.get("termination_id")
    if model == "dcim.frontport" and fields.get("rear_port") is None:
        _old_rear_port(fields, row)
    if model in NUMEROUS:
        fields = {name: fields[name] for name in NEEDED if name in fields}
    records.add(model, pk, fields)
    slugs = [tag["slug"] for tag in row.get("tags") or () if "slug" in tag]
    if slugs:
        records.tags[model, pk] = slugs


def _old_rear_port(fields: dict[str, Any], row: dict[str, Any]) -> None:
    """NetBox 4.5 lets a front port have several rear ports; we follow the first."""
    for mapping in (row.get("rear_ports") or ())[:1]:
        fields["rear_port"] = _plain(mapping.get("rear_port"))
        fields["rear_port_position"] = mapping.get("rear_port_position", 1)


def _keep_cable(records: Records, row: dict[str, Any]) -> None:
    records.cables[int(row["id"])] = Cable(
        int(row["id"]),
        _terminations(row.get("a_terminations")),
        _terminations(row.get("b_terminations")),
        str(_plain(row.get("status")) or ""),
        str(_plain(row.get("type")) or ""),
    )


def _terminations(rows: Any) -> tuple[Termination, ...]:
    return tuple((row["object_type"], int(row["object_id"])) for row in rows or ())


def _plain(value: Any) -> Any:
    """Return a nested object as its id and a choice as its value."""
    if isinstance(value, dict):
        return value.get("id", value.get("value", value))
    return value
