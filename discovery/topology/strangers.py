"""Neighbours nobody has read: what others say of them, put together under an id that lasts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from discovery.topology.directory import Device
from discovery.topology.macs import is_station
from discovery.topology.neighbours import Neighbour
from discovery.topology.placeholders import host_of, is_name
from discovery.topology.ports import word_of
from discovery.topology.results import Unresolved

#: How the id of an unresolved end begins; keys of observations do not.
MARK = "?"


@dataclass
class _Known:
    """What is known of a stranger so far."""

    network: str
    chassis: set[str] = field(default_factory=set)
    macs: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    descriptions: set[str] = field(default_factory=set)
    capabilities: set[str] = field(default_factory=set)


class Strangers:
    """Unresolved ends by id."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._met_by_mac: dict[str, set[str]] = {}

    def met(self, device: Device, neighbour: Neighbour, name: str = "") -> str:
        """Return the id of a neighbour that a device tells of, by default one of its own, and note what it says."""
        name = name or stranger_id(device, neighbour)
        known = self._known.setdefault(name, _Known(device.network))
        known.chassis |= {str(neighbour.chassis)} - {""}
        known.macs |= {
            mac for mac in (neighbour.chassis.mac, neighbour.port.mac) if is_station(mac)
        }
        known.addresses.update(neighbour.addresses)
        known.names |= {neighbour.name} - {""}
        known.descriptions |= {neighbour.description} - {""}
        known.capabilities.update(neighbour.capabilities)
        return name

    def station(self, network: str, mac: str) -> str:
        """Return the id of who has a hardware address seen on a wire: a neighbour told of, else a new one."""
        met = self._met_by_mac.get(mac, set())
        if len(met) == 1:
            return next(iter(met))
        name = f"{MARK}mac {mac}"
        self._known.setdefault(name, _Known(network)).macs.add(mac)
        return name

    def result(
        self, wanted: Iterable[str], addresses: dict[tuple[str, str], set[str]]
    ) -> tuple[Unresolved, ...]:
        """Return the strangers with these ids; `addresses` are those seen by (network, hardware address)."""
        return tuple(self._one(name, addresses) for name in sorted(set(wanted) & set(self._known)))

    def _one(self, name: str, addresses: dict[tuple[str, str], set[str]]) -> Unresolved:
        known = self._known[name]
        seen = (addresses.get((known.network, mac), set()) for mac in known.macs)
        return Unresolved(
            name,
            known.network,
            min(known.chassis, default=""),
            tuple(sorted(known.macs)),
            tuple(sorted(known.addresses.union(*seen))),
            min(known.names, default=""),
            min(known.descriptions, default=""),
            tuple(sorted(known.capabilities)),
        )


def stranger_id(device: Device, neighbour: Neighbour) -> str:
    """Return the id of a neighbour, from the most lasting thing that is known of it.

    A hardware address names it everywhere, anything else in its network only. Where nothing is known, it is what
    is at the other end of this port.
    """
    network = device.network
    if is_station(neighbour.chassis.mac):
        return f"{MARK}mac {neighbour.chassis.mac}"
    if neighbour.chassis.text and neighbour.chassis.word != "mac":
        return f"{MARK}chassis {network} {neighbour.chassis}"
    if is_station(neighbour.port.mac):
        return f"{MARK}mac {neighbour.port.mac}"
    if neighbour.addresses:
        return f"{MARK}address {network} {neighbour.addresses[0]}"
    if is_name(neighbour.name):
        return f"{MARK}name {network} {host_of(neighbour.name)}"
    return f"{MARK}port {device.node} {neighbour.local_port}"


def are_one(one: Neighbour, other: Neighbour) -> bool:
    """Return whether two entries on the same port are the same neighbour, told by two protocols."""
    if one.method is other.method or (one.chassis.text and other.chassis.text):
        return False
    if set(one.addresses) & set(other.addresses):
        return True
    if is_name(one.name) and host_of(one.name) == host_of(other.name):
        return True
    words = [{word_of(text) for text in _port_words(entry)} - {""} for entry in (one, other)]
    return bool(words[0] & words[1])


def _port_words(neighbour: Neighbour) -> tuple[str, str]:
    return neighbour.port.text, neighbour.port_description
