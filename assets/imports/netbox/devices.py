"""Devices, virtual machines, circuits and power sources as assets; clusters and virtual chassis as systems."""

from typing import Any

from assets.imports.netbox.classes import class_of, status_of
from assets.imports.netbox.places import ROOT, place_of
from assets.imports.netbox.records import Fields, Records, clip, code
from assets.imports.netbox.rows import Rows


def map_systems(records: Records, rows: Rows) -> None:
    """Write clusters and virtual chassis."""
    for pk, cluster in records.all("virtualization.cluster"):
        kind = records.get("virtualization.clustertype", cluster.get("type"))
        rows.take(
            "virtualization.cluster",
            "systems",
            code=code("CLU", pk),
            name=clip(cluster["name"], 200),
            item_class="cluster",
            function=clip(kind.get("name"), 120),
            status=status_of(cluster.get("status")),
            location=code("SITE", cluster.get("site")) or ROOT,
            description=_description(cluster),
            tags=_tags(records, "virtualization.cluster", pk),
        )
    for pk, chassis in records.all("dcim.virtualchassis"):
        master = records.get("dcim.device", chassis.get("master"))
        rows.take(
            "dcim.virtualchassis",
            "systems",
            code=code("VC", pk),
            name=clip(chassis["name"], 200),
            item_class="network-service",
            function="Virtual chassis",
            location=place_of(master) or ROOT,
        )


def map_devices(records: Records, rows: Rows) -> None:
    """Write devices."""
    for pk, device in records.all("dcim.device"):
        kind = records.get("dcim.devicetype", device["device_type"])
        maker = records.get("dcim.manufacturer", kind.get("manufacturer"))
        role = records.get("dcim.devicerole", device.get("role"))
        rows.take(
            "dcim.device",
            "assets",
            code=code("DEV", pk),
            name=clip(
                device.get("name") or f"{kind.get('model', 'Device')} ({code('DEV', pk)})", 200
            ),
            item_class=class_of(role.get("slug", "")),
            function=clip(role.get("name"), 120),
            status=status_of(device.get("status")),
            location=place_of(device),
            system=code("VC", device.get("virtual_chassis")) or code("CLU", device.get("cluster")),
            vendor=str(maker.get("slug", ""))[:60],
            model=clip(kind.get("model"), 120),
            serial_number=clip(device.get("serial"), 100),
            description=_description(device),
            tags=_tags(records, "dcim.device", pk),
            **_network(records, device),
            **_attributes(
                platform=records.get("dcim.platform", device.get("platform")).get("name"),
                tenant=records.get("tenancy.tenant", device.get("tenant")).get("name"),
                asset_tag=device.get("asset_tag"),
                rack_position=device.get("position"),
            ),
        )


def map_machines(records: Records, rows: Rows) -> None:
    """Write virtual machines, and what they run on."""
    for pk, machine in records.all("virtualization.virtualmachine"):
        cluster = records.get("virtualization.cluster", machine.get("cluster"))
        role = records.get("dcim.devicerole", machine.get("role"))
        rows.take(
            "virtualization.virtualmachine",
            "assets",
            code=code("VM", pk),
            name=clip(machine["name"], 200),
            item_class="vm",
            function=clip(role.get("name"), 120),
            status=status_of(machine.get("status")),
            location=code("SITE", machine.get("site") or cluster.get("site")) or ROOT,
            description=_description(machine),
            tags=_tags(records, "virtualization.virtualmachine", pk),
            **_network(records, machine),
            **_attributes(
                platform=records.get("dcim.platform", machine.get("platform")).get("name"),
                tenant=records.get("tenancy.tenant", machine.get("tenant")).get("name"),
                vcpus=_number(machine.get("vcpus")),
                memory_mb=machine.get("memory"),
                disk_gb=machine.get("disk"),
            ),
        )


def map_circuits(records: Records, rows: Rows) -> None:
    """Write circuits, standing at the site of their A side."""
    sites: dict[int, int | None] = {}
    for _pk, end in sorted(
        records.all("circuits.circuittermination"), key=lambda pair: pair[1]["term_side"]
    ):
        sites.setdefault(end["circuit"], end.get("site"))
    for pk, circuit in records.all("circuits.circuit"):
        provider = records.get("circuits.provider", circuit["provider"])
        rows.take(
            "circuits.circuit",
            "assets",
            code=code("CIR", pk),
            name=clip(f"{circuit['cid']} ({provider.get('name', '')})", 200),
            item_class="circuit",
            status=status_of(circuit.get("status")),
            location=code("SITE", sites.get(pk)) or ROOT,
            description=_description(circuit),
            tags=_tags(records, "circuits.circuit", pk),
        )


def map_power_sources(records: Records, rows: Rows) -> None:
    """Write power panels and the feeds that leave them."""
    for pk, panel in records.all("dcim.powerpanel"):
        rows.take("dcim.powerpanel", "assets", code=code("PP", pk), name=clip(panel["name"], 200), item_class="power-panel", location=place_of(panel))  # fmt: skip
    for pk, feed in records.all("dcim.powerfeed"):
        panel = records.get("dcim.powerpanel", feed["power_panel"])
        rows.take(
            "dcim.powerfeed",
            "assets",
            code=code("PF", pk),
            name=clip(feed["name"], 200),
            item_class="power-feed",
            function=clip(feed.get("type"), 120),
            status=status_of(feed.get("status")),
            location=code("RACK", feed.get("rack")) or place_of(panel),
            **_attributes(voltage=feed.get("voltage"), amperage=feed.get("amperage"), phase=feed.get("phase")),
        )  # fmt: skip
        rows.add("relations", source=code("PF", pk), relation_class="powered_by", target=code("PP", feed["power_panel"]), protocol="power")  # fmt: skip


def _network(records: Records, row: Fields) -> dict[str, str]:
    address = records.get("ipam.ipaddress", row.get("primary_ip4") or row.get("primary_ip6"))
    return {
        "network_address": str(address.get("address", "")).partition("/")[0],
        "hostname": clip(address.get("dns_name"), 253),
    }


def _attributes(**values: Any) -> dict[str, str]:
    return {
        f"attr.{name}": clip(value, 200)
        for name, value in values.items()
        if value not in (None, "")
    }


def _number(value: Any) -> Any:
    """NetBox writes 2.00 for two processors."""
    return None if value is None else f"{float(value):g}"


def _description(row: Fields) -> str:
    return clip(row.get("description") or row.get("comments"), 2_000)


def _tags(records: Records, model: str, pk: int) -> str:
    return ";".join(records.tags.get((model, pk), ()))
