"""Identification keys: what a device can be recognised by, how much each proves, and what proves nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from discovery.topology.macs import MacKind, mac_kind
from discovery.topology.placeholders import is_name, is_serial, plain_word
from discovery.topology.sightings import Sighting, hardware_addresses


class KeyKind(StrEnum):
    """What a device can be recognised by, the most telling first; those from `bare-serial` on are weak."""

    SERIAL = "serial"
    CHASSIS = "chassis"
    BASE_MAC = "base-mac"
    MAC = "mac"
    ENGINE = "engine"
    BARE_SERIAL = "bare-serial"
    CHASSIS_NAME = "chassis-name"
    ADDRESS = "address"
    NAME = "name"


STRONG = (KeyKind.SERIAL, KeyKind.CHASSIS, KeyKind.BASE_MAC, KeyKind.MAC, KeyKind.ENGINE)
_HARDWARE = (KeyKind.SERIAL, KeyKind.CHASSIS, KeyKind.BASE_MAC, KeyKind.MAC)
_MACHINE = (KeyKind.MAC, KeyKind.BASE_MAC, KeyKind.CHASSIS)
#: Which strong keys prove a device of a class, the most telling first. An engine id is copied with the disk it
#: stands on, a serial with the virtual machine; what runs on a host shows the host's keys.
PRECEDENCE: Mapping[str, tuple[KeyKind, ...]] = {
    "server": _HARDWARE,
    "workstation": _HARDWARE,
    "hypervisor-host": _HARDWARE,
    "vm": _MACHINE,
    "container": (),
    "software": (),
}
VENDOR_ALIASES = {
    "hewlettpackard": "hp",
    "hewlettpackardenterprise": "hp",
    "hpe": "hp",
    "ciscosystems": "cisco",
    "schneider": "schneiderelectric",
    "rockwell": "rockwellautomation",
    "allenbradley": "rockwellautomation",
    "belden": "hirschmann",
    "hirschmannbelden": "hirschmann",
}
_LEGAL_FORMS = re.compile(
    r"[\s,.]+(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|ag|gmbh|sa|bv|oy|ab|kg)\b\.?"
)
#: Octets of an SNMP engine id (RFC 3411, SnmpEngineID) before what the format stands for.
_ENGINE_HEAD = 5
_ENGINE_MAC, _ENGINE_OCTETS, _ENGINE_OWN = 3, 5, 128


@dataclass(frozen=True, order=True)
class Key:
    """One identification key; equal keys of strong kinds mean one device, unless something contradicts."""

    kind: KeyKind
    value: str

    @property
    def is_strong(self) -> bool:
        """Return whether the key alone can prove a device."""
        return self.kind in STRONG


def precedence_of(kind: str) -> tuple[KeyKind, ...]:
    """Return which strong keys prove a device of an item class, the most telling first."""
    return PRECEDENCE.get(kind, STRONG)


@lru_cache(maxsize=1 << 12)
def keys_of(sighting: Sighting) -> tuple[Key, ...]:
    """Return the keys by which a sighting can be found again: those its class trusts, then the weak ones.

    >>> one = Sighting("a", "plant", "10.0.0.1", vendor="Siemens AG", serials=("VPM8190273",), name="localhost")
    >>> [f"{key.kind} {key.value}" for key in keys_of(one)]
    ['serial siemens VPM8190273', 'bare-serial VPM8190273', 'address plant 10.0.0.1']
    """
    trusted = precedence_of(sighting.kind)
    strong = {key for key in _strong(sighting) if key.kind in trusted}
    by_trust = sorted(strong, key=lambda key: (trusted.index(key.kind), key.value))
    return (*by_trust, *_weak(sighting))


def identifies(sighting: Sighting) -> bool:
    """Tell whether anything of a sighting can be found again: a strong key, or a name at its site.

    >>> identifies(Sighting("a", "plant", "10.0.0.1")), identifies(Sighting("a", "plant", name="press-1"))
    (False, True)
    """
    return any(key.is_strong or key.kind is KeyKind.NAME for key in keys_of(sighting))


def serials_of(sighting: Sighting) -> frozenset[str]:
    """Return the serial numbers that are none of those that prove nothing, in capitals."""
    return frozenset(" ".join(one.upper().split()) for one in sighting.serials if is_serial(one))


@lru_cache(maxsize=1 << 14)
def vendor_word(vendor: str) -> str:
    """Return a maker as it compares, without its legal form.

    >>> vendor_word("Cisco Systems, Inc."), vendor_word("Siemens AG"), vendor_word("Hewlett-Packard")
    ('cisco', 'siemens', 'hp')
    """
    word = plain_word(_LEGAL_FORMS.sub("", vendor.casefold()))
    return VENDOR_ALIASES.get(word, word)


def is_engine(engine_id: str) -> bool:
    """Return whether an SNMP engine id (hex) can be that of one device (RFC 3411, SnmpEngineID).

    Those made of an IP address or a text repeat from plant to plant, and so do those made of a poor MAC address.

    >>> is_engine("80001f8880e9bd0c1d12667a5100000000"), is_engine("80000009030000000000000000")
    (True, False)
    >>> is_engine("80001f8801c0a80001")
    False
    """
    try:
        octets = bytes.fromhex(engine_id)
    except ValueError:
        return False
    if not _ENGINE_HEAD < len(octets) <= 32 or not octets[0] & 0x80:
        return False
    form, rest = octets[4], octets[_ENGINE_HEAD:]
    if form == _ENGINE_MAC:
        return mac_kind(rest[:6].hex(":")) is MacKind.UNIVERSAL and len(rest) >= 6
    is_random = form == _ENGINE_OCTETS or form >= _ENGINE_OWN
    return is_random and len(rest) >= 8 and len(set(rest)) >= 4


def hardware_of(sighting: Sighting) -> frozenset[str]:
    """Return the hardware addresses that prove a device: given by its maker, and not shared."""
    return frozenset(mac for mac in hardware_addresses(sighting) if _is_universal(mac))


def _strong(sighting: Sighting) -> Iterator[Key]:
    vendor = vendor_word(sighting.vendor)
    if vendor:
        for serial in serials_of(sighting):
            yield Key(KeyKind.SERIAL, f"{vendor} {serial}")
    chassis = sighting.chassis.removeprefix("mac ")
    if chassis != sighting.chassis and _is_universal(chassis):
        yield Key(KeyKind.CHASSIS, chassis)
    if _is_universal(sighting.base_mac):
        yield Key(KeyKind.BASE_MAC, sighting.base_mac)
    for mac in hardware_of(sighting):
        yield Key(KeyKind.MAC, mac)
    if is_engine(sighting.engine_id):
        yield Key(KeyKind.ENGINE, sighting.engine_id)


def _weak(sighting: Sighting) -> Iterator[Key]:
    for serial in sorted(serials_of(sighting)):
        yield Key(KeyKind.BARE_SERIAL, serial)
    if sighting.chassis and not sighting.chassis.startswith("mac "):
        yield Key(KeyKind.CHASSIS_NAME, f"{sighting.network} {sighting.chassis}")
    if sighting.address:
        yield Key(KeyKind.ADDRESS, f"{sighting.network} {sighting.address}")
    if is_name(sighting.name):
        yield Key(KeyKind.NAME, f"{sighting.network} {sighting.name.casefold().strip()}")


def _is_universal(mac: str) -> bool:
    return len(mac) == 17 and mac_kind(mac) is MacKind.UNIVERSAL
