"""From what a device told to a staged observation: its keys for being recognised, its values for the CMDB."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from discovery.identification.identify import Identity
from discovery.models import Observation, Scan
from discovery.topology.observations import Observation as Told
from discovery.topology.observations import observation_of
from discovery.topology.sightings import Sighting, sighting_of

if TYPE_CHECKING:
    from discovery.collectors.scanning import DeviceDone


def observation_row(
    scan: Scan, done: "DeviceDone", identity: Identity, now: datetime
) -> Observation:
    """Return the unsaved observation of a device that answered."""
    network = scan.network.code
    told = observation_of(done.address, done.read, network=network, address=done.address)
    sighting, values = staged(told, identity)
    return Observation(
        network_id=scan.network_id,
        scan=scan,
        address=done.address,
        seen_at=now,
        sighting=sighting,
        values=values,
    )


def staged(told: Told, identity: Identity) -> tuple[dict[str, Any], dict[str, str]]:
    """Return (sighting, values) of a device as they are stored."""
    sighting = sighting_of(
        told,
        kind=identity.item_class,
        vendor=identity.vendor,
        model=identity.model,
        serials=(identity.key_serial,) if identity.key_serial else (),
    )
    values = {
        "vendor": identity.vendor,
        "model": identity.model,
        "os": identity.os,
        "version": identity.version,
        "serial": identity.key_serial,
        "item_class": identity.item_class,
        "name": sighting.name,
        "mac": sighting.base_mac or min(sighting.macs, default=""),
    }
    return plain_sighting(sighting), values


def plain_sighting(sighting: Sighting) -> dict[str, Any]:
    """Return a sighting as plain values."""
    values = asdict(sighting)
    return {**values, "macs": sorted(sighting.macs), "serials": list(sighting.serials)}


def sighting_from(values: Mapping[str, Any], *, key: str) -> Sighting:
    """Return the sighting that was stored, under a key of the reader's."""
    given = {**values, "key": key}
    given["macs"], given["serials"] = frozenset(values["macs"]), tuple(values["serials"])
    return Sighting(**given)
