"""A small dump as NetBox's `manage.py dumpdata` writes it: two devices, one cable, and what has no place here."""

import json
from typing import Any

SECRET_OF_NETBOX = "pbkdf2_sha256$NETBOX$hash"
CABLED = [["dcim", "interface"], "A", "B"]


def row(model: str, pk: int, /, **fields: Any) -> dict[str, Any]:
    """Return an object of a dump."""
    return {"model": model, "pk": pk, "fields": fields}


def small_rows() -> list[dict[str, Any]]:
    """Return the objects."""
    device = {"device_type": 1, "site": 1, "status": "active", "serial": ""}
    kind, near, far = CABLED
    return [
        row("users.user", 1, username="admin", password=SECRET_OF_NETBOX),
        row("dcim.region", 1, name="Europe", parent=None),
        row("dcim.site", 1, name="Plant", region=1, time_zone="Europe/Berlin", physical_address=""),
        row("dcim.manufacturer", 1, name="Siemens", slug="siemens"),
        row("dcim.devicetype", 1, manufacturer=1, model="XC208", part_number=""),
        row("dcim.devicerole", 1, name="Access switch", slug="access-switch"),
        row("dcim.devicerole", 2, name="PLC", slug="plc"),
        row("dcim.device", 1, name="sw1", role=1, primary_ip4=9, **device),
        row("dcim.device", 2, name="plc1", role=2, **device),
        row("dcim.interface", 1, device=1, name="P1"),
        row("dcim.interface", 2, device=2, name="X1"),
        row("dcim.cable", 1, status="connected", type="cat6"),
        row("dcim.cabletermination", 1, cable=1, cable_end=near, termination_type=kind, termination_id=1),
        row("dcim.cabletermination", 2, cable=1, cable_end=far, termination_type=kind, termination_id=2),
        row("ipam.ipaddress", 9, address="10.1.1.5/24", dns_name="sw1.example"),
        row("ipam.prefix", 1, prefix="10.1.1.0/24"),
        row("extras.tag", 1, name="OT", slug="ot"),
        row("extras.taggeditem", 1, tag=1, content_type=["dcim", "device"], object_id=1),
    ]  # fmt: skip


def small_dump(*more: dict[str, Any]) -> bytes:
    """Return the objects, and more, as a file."""
    return json.dumps([*small_rows(), *more]).encode()
