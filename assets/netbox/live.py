"""Reads a running NetBox (3.6 to 4.x) by its published REST API, page by page.

The token goes only to the server it was given for: pages are asked for by offset, never by the links a reply holds.
"""

import time
from typing import Any
from urllib.parse import urlsplit

import httpx

from assets.netbox.records import Cable, Records, Termination
from common.errors import DomainError

PAGE = 500
ATTEMPTS = 3
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
COUNTED = {
    "dcim.sitegroup": "dcim/site-groups",
    "dcim.module": "dcim/modules",
    "dcim.inventoryitem": "dcim/inventory-items",
    "ipam.prefix": "ipam/prefixes",
    "ipam.vlan": "ipam/vlans",
    "ipam.vrf": "ipam/vrfs",
    "virtualization.vminterface": "virtualization/interfaces",
}


class NetBoxError(DomainError):
    """The server did not answer as a NetBox does."""

    code = "netbox"
    status = 502


def records_of_server(
    url: str, *, token: str, client: httpx.Client | None = None, pause: float = 1.0
) -> Records:
    """Return the objects of a live NetBox. Raises NetBoxError saying what it refused."""
    base = url.rstrip("/").removesuffix("/api")
    if urlsplit(base).scheme not in {"http", "https"}:
        raise NetBoxError(f"'{url}' is not an address such as https://netbox.example.com.")
    scheme = "Bearer" if token.startswith("nbt_") else "Token"
    headers = {"Accept": "application/json"} | (
        {"Authorization": f"{scheme} {token}"} if token else {}
    )
    records = Records()
    with client or httpx.Client(timeout=30.0, follow_redirects=False) as session:
        reader = _Reader(session, f"{base}/api", headers, pause)
        for model, path in ENDPOINTS.items():
            for row in reader.rows(path):
                _keep(records, model, row)
        for row in reader.rows("dcim/cables"):
            _keep_cable(records, row)
        for model, path in COUNTED.items():
            count = reader.count(path)
            if count:
                records.counts[model] = count
    return records


class _Reader:
    def __init__(
        self, session: httpx.Client, base: str, headers: dict[str, str], pause: float
    ) -> None:
        self._session, self._base, self._headers, self._pause = session, base, headers, pause

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Return all objects of an endpoint."""
        rows: list[dict[str, Any]] = []
        while True:
            page = self._page(path, {"limit": PAGE, "offset": len(rows)})
            rows += page["results"]
            if not page["results"] or len(rows) >= page["count"]:
                return rows

    def count(self, path: str) -> int:
        """Return how many objects there are; 0 where the endpoint is missing or closed."""
        try:
            return int(self._page(path, {"limit": 1})["count"])
        except NetBoxError:
            return 0

    def _page(self, path: str, query: dict[str, int]) -> dict[str, Any]:
        extra = {"exclude": "config_context"} if path.endswith(("devices", "machines")) else {}
        response = self._answer(f"{self._base}/{path}/", {**query, **extra})
        try:
            page = response.json()
        except ValueError:
            page = None
        if not isinstance(page, dict) or not {"count", "results"} <= page.keys():
            raise NetBoxError(
                f"'{path}' did not answer with a page of results: is this the address of a NetBox?"
            )
        return page

    def _answer(self, url: str, query: dict[str, Any]) -> httpx.Response:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = self._session.get(url, params=query, headers=self._headers)
            except httpx.HTTPError as error:
                if attempt == ATTEMPTS:
                    raise NetBoxError(f"NetBox does not answer at {url}: {error}.") from error
            else:
                if response.status_code < 500 or attempt == ATTEMPTS:
                    return _accepted(response)
            time.sleep(self._pause * attempt)
        raise AssertionError("unreachable")


def _accepted(response: httpx.Response) -> httpx.Response:
    status, path = response.status_code, response.request.url.path
    if status in {401, 403}:
        raise NetBoxError(f"NetBox refuses {path} ({status}): the token may not read it.")
    if status != 200:
        raise NetBoxError(f"NetBox answers {status} at {path}.")
    return response


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
