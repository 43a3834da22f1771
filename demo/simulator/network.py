"""The simulated network of the demonstration: `demo/network` and the plant's assets become agents by address."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from demo.simulator import ber
from demo.simulator.boxes import SYSTEM, Box, HeardCdp, VlanTold, cabled, octets
from demo.simulator.recordings import Recording
from demo.simulator.snmp_agent import Agent, Faults
from discovery.rules.readings import Oid, Value, oid

DEMO = Path(__file__).resolve().parents[1]
#: What of an asset a device tells: our name for it, the column of the file.
COLUMNS = {
    "vendor": "vendor",
    "model": "model",
    "serial": "serial_number",
    "firmware": "firmware_version",
    "name": "hostname",
    "mac": "mac_address",
}


@dataclass(frozen=True)
class Device:
    """One device: what it is, how it behaves, and the box it is simulated by."""

    key: str
    address: str
    box: Box
    faults: Faults = field(default_factory=Faults)
    speaks_cdp: bool = False


def agents(folder: Path = DEMO) -> dict[str, Agent]:
    """Return the agents of the network by address, always the same."""
    return {
        one.address: Agent(_recording(one.box), faults=one.faults)
        for one in devices(folder)
        if one.address
    }


def devices(folder: Path = DEMO) -> list[Device]:
    """Return all devices with their neighbours and forwarding tables, those that nobody can read included."""
    families = yaml.safe_load((folder / "network" / "families.yaml").read_text("utf-8"))
    plan = yaml.safe_load((folder / "network" / "devices.yaml").read_text("utf-8"))
    assets = _assets(folder / "plant" / "assets.csv")
    found = {
        key: _device(key, entry, families[entry["family"]], assets.get(key, {}))
        for key, entry in plan["devices"].items()
    }
    for one, port, other, far in plan["cables"]:
        found[one], found[other] = _plugged(found[one], port, found[other], far)
    return list(found.values())


def _assets(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row["code"]: {name: row[column] for name, column in COLUMNS.items()} for row in rows}


def _device(
    key: str, entry: Mapping[str, Any], family: Mapping[str, Any], asset: Mapping[str, str]
) -> Device:
    told = {**dict.fromkeys(COLUMNS, ""), **asset, **entry.get("tells", {})}
    ports = family.get("ports", 1)
    is_bridge = family.get("bridge", False)
    box = Box(
        key,
        base=0,
        ports=ports,
        prefix=family.get("prefix", "port-"),
        address=entry.get("address", ""),
        name=told["name"],
        is_bridge=is_bridge,
        knows_vlans=family.get("vlans", False),
        vlans=tuple(
            VlanTold(number, one["name"], tuple(one["untagged"]), tuple(one["tagged"]))
            for number, one in entry.get("vlans", {}).items()
        ),
        speaks_lldp=family.get("lldp", False),
        serial=told["serial"] if family.get("entity") else "",
        vendor=family.get("vendor", ""),
        model=told["model"] if family.get("entity") else "",
        base_mac=told["mac"].lower(),
        own_macs=tuple(_port_macs(told["mac"], ports, is_bridge=is_bridge)),
        addresses=tuple(_own_addresses(entry)),
        extra=tuple(_values(family, told)),
    )
    faults = Faults(entry.get("seconds", 0.0), vanishes_after=entry.get("vanishes_after"))
    return Device(key, box.address, box, faults, family.get("cdp", False))


def _own_addresses(entry: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the port and address of a device: where it answers here, and where it stands in the plant."""
    if "address" in entry:
        yield 1, f"{entry['address']}/24"
    if "inside" in entry:
        yield 1, entry["inside"]


def _port_macs(mac: str, ports: int, *, is_bridge: bool) -> Iterator[str]:
    """Yield the hardware address of each port; a switch keeps the first one for itself."""
    first = int.from_bytes(octets(mac), "big") + is_bridge
    for number in range(ports):
        yield (first + number).to_bytes(6, "big").hex(":")


def _values(family: Mapping[str, Any], told: Mapping[str, str]) -> Iterator[tuple[Oid, Value]]:
    """Yield what the family tells beyond ports and neighbours, with the device's own words in it."""
    if "object_id" in family:
        yield (*SYSTEM, 2, 0), oid(family["object_id"])
        yield (*SYSTEM, 1, 0), family["description"].format(**told).encode()
    for name, text in family.get("values", {}).items():
        is_name = text.startswith("oid:")
        yield oid(name), oid(text[4:]) if is_name else text.format(**told).encode()


def _plugged(one: Device, port: int, other: Device, far: int) -> tuple[Device, Device]:
    """Return two devices with a cable between them: they hear each other, or a switch learns who is there."""
    a, b = one.box, other.box
    if a.speaks_lldp and b.speaks_lldp:
        a, b = cabled(a, port, b, far)
    if one.speaks_cdp and other.speaks_cdp:
        a, b = _hears_cdp(a, port, b, far), _hears_cdp(b, far, a, port)
    if a.is_bridge:
        a = a.learns(port, b.port_mac(far))
    if b.is_bridge:
        b = b.learns(far, a.port_mac(port))
    return replace(one, box=a), replace(other, box=b)


def _hears_cdp(box: Box, port: int, other: Box, far: int) -> Box:
    heard = HeardCdp(port, other.name, other.port_name(far), other.address)
    return replace(box, heard_cdp=(*box.heard_cdp, heard))


def _recording(box: Box) -> Recording:
    kinds = {int: ber.INTEGER, bytes: ber.OCTETS, tuple: ber.OBJECT_ID}
    return Recording.of((name, kinds[type(value)], value) for name, value in box.varbinds.items())
