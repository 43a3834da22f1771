"""Who is meant: the devices of a scan by the names, addresses and ids that others know them under."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from discovery.topology.forwarding import Learned, Resolved, arp_of, forwarding_of
from discovery.topology.heard import neighbours_of
from discovery.topology.identity import merge_candidates, sighting_of
from discovery.topology.macs import MacKind, is_station, mac_kind
from discovery.topology.neighbours import Neighbour
from discovery.topology.observations import Observation
from discovery.topology.placeholders import host_of, is_name
from discovery.topology.ports import UNKNOWN_PORT, Ports
from discovery.topology.results import KnownBy
from discovery.topology.sightings import Sighting, hardware_addresses
from discovery.topology.speakers import Speaker, speaker_of


@dataclass(frozen=True)
class Device:
    """An observation with its tables read; `node` is the key that stands for the device."""

    node: str
    observation: Observation
    sighting: Sighting

    @property
    def ports(self) -> Ports:
        """Return its interfaces."""
        return self.speaker.ports

    @property
    def network(self) -> str:
        """Return the address space it was seen in."""
        return self.observation.network

    @cached_property
    def speaker(self) -> Speaker:
        """How it names itself and its ports."""
        return speaker_of(self.observation.reading)

    @cached_property
    def neighbours(self) -> list[Neighbour]:
        """What it says of its neighbours."""
        return neighbours_of(self.observation.reading, self.speaker)

    @cached_property
    def forwarding(self) -> frozenset[Learned]:
        """What it learned as a bridge."""
        return forwarding_of(self.observation.reading, self.ports)

    @cached_property
    def arp(self) -> frozenset[Resolved]:
        """What it knows of IP addresses."""
        return arp_of(self.observation.reading)

    def is_down(self, index: int) -> bool:
        """Return whether nothing can be behind a port, as far as the device's word on its ports is to be believed.

        It is not when all ports are down (how did it answer?) or addresses were learned on one that is.
        """
        return self._knows_its_ports and self.ports.is_down(index)

    @cached_property
    def _knows_its_ports(self) -> bool:
        is_used = any(self.ports.is_down(one.index) for one in self.forwarding)
        return not is_used and any(not one.is_down for one in self.ports.interfaces.values())

    @cached_property
    def macs(self) -> frozenset[str]:
        """The hardware addresses it is seen with on a wire."""
        return frozenset(mac for mac in hardware_addresses(self.sighting) if is_station(mac))

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The IP addresses that are its own."""
        own = {str(one.ip) for _, one in self.ports.addresses}
        return frozenset({*own, self.observation.address} - {""})


def devices_of(reads: Iterable[Observation]) -> list[Device]:
    """Return the devices that answered, in order; observations of one device get one node."""
    seen = {one.key: one for one in reads if one.has_answered}
    sightings = {key: sighting_of(one) for key, one in seen.items()}
    merges = merge_candidates(sightings.values())
    nodes = {name: group.members[0] for group in merges.groups for name in group.members}
    return [Device(nodes[key], seen[key], sightings[key]) for key in sorted(seen)]


class Directory:
    """Look-ups from what is heard to the node that is meant; what fits several nodes means none."""

    def __init__(self, devices: list[Device]) -> None:
        self.devices = devices
        self.of_node: dict[str, list[Device]] = {}
        for device in devices:
            self.of_node.setdefault(device.node, []).append(device)
        self._by_mac = self._index(lambda one: one.macs)
        self._by_chassis = self._index(_chassis_words)
        self._by_address = self._index(
            lambda one: (f"{one.network} {address}" for address in one.addresses)
        )
        self._by_name = self._index(_name_words)

    @property
    def owners(self) -> dict[str, str]:
        """Return whose a hardware address is, and a chassis id or an IP address behind its network."""
        every = {**self._by_address, **self._by_chassis, **self._by_mac}
        return {word: next(iter(every[word])) for word in sorted(every) if len(every[word]) == 1}

    def owner_of_mac(self, mac: str) -> str:
        """Return the node with a hardware address, "" for none or several."""
        return _only(self._by_mac, mac)

    def owner_of_address(self, network: str, address: str) -> str:
        """Return the node with an address in a network, "" for none or several."""
        return _only(self._by_address, f"{network} {address}")

    def meant_by(self, neighbour: Neighbour, network: str) -> tuple[str, KnownBy]:
        """Return (node, what it was known by) of a neighbour; ("", nothing) when nobody or several can be meant.

        What the neighbour is comes before where it is and what it is called. Neither of these counts when the device
        goes by another chassis id; an address takes hardware of the same maker, a name the same hardware.
        """
        mac = neighbour.chassis.mac or neighbour.port.mac
        found = (
            (KnownBy.CHASSIS, self.owner_of_mac(neighbour.chassis.mac)),
            (KnownBy.CHASSIS, _only(self._by_chassis, f"{network} {neighbour.chassis}")),
            (KnownBy.PORT, self.owner_of_mac(neighbour.port.mac)),
        )
        for word, node in found:
            if node:
                return node, word
        addressed = self._addressed(network, neighbour)
        if addressed and not self._is_another(addressed, neighbour, mac[:8]):
            return addressed, KnownBy.ADDRESS
        named = _only(self._by_name, f"{network} {host_of(neighbour.name)}")
        if named and not self._is_another(named, neighbour, mac):
            return named, KnownBy.NAME
        return "", KnownBy.NOTHING

    def heard_port(self, node: str, neighbour: Neighbour) -> int:
        """Return the ifIndex of the port of a node that a neighbour entry means, -1 when it cannot be told."""
        for device in self.of_node.get(node, ()):
            found = device.speaker.heard_port(neighbour.port, neighbour.port_description)
            if found != UNKNOWN_PORT:
                return found
        return UNKNOWN_PORT

    def port_with_mac(self, node: str, mac: str) -> int:
        """Return the ifIndex of a node's interface with a hardware address, -1 for none or several."""
        found = {device.ports.with_mac(mac) for device in self.of_node.get(node, ())}
        found.discard(UNKNOWN_PORT)
        return found.pop() if len(found) == 1 else UNKNOWN_PORT

    def label(self, node: str, index: int) -> str:
        """Return what people call a node's port, "" where nobody knows."""
        labels = (device.ports.label(index) for device in self.of_node.get(node, ()))
        return next((one for one in labels if one), "")

    def _addressed(self, network: str, neighbour: Neighbour) -> str:
        found = {self.owner_of_address(network, one) for one in neighbour.addresses} - {""}
        return found.pop() if len(found) == 1 else ""

    def _is_another(self, node: str, neighbour: Neighbour, start: str) -> bool:
        """Return whether a node cannot be a neighbour, whose hardware address begins like this.

        It cannot when it announces another chassis id, nor when none of its own addresses begins like that.
        """
        announced = {str(device.speaker.chassis) for device in self.of_node[node]} - {""}
        if announced and str(neighbour.chassis):
            return str(neighbour.chassis) not in announced
        own = {mac for device in self.of_node[node] for mac in device.macs}
        heard = neighbour.chassis.mac or neighbour.port.mac
        if not own or mac_kind(heard) is not MacKind.UNIVERSAL:
            return False
        return not any(mac.startswith(start) for mac in own)

    def _index(self, words: Callable[[Device], Iterable[str]]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for device in self.devices:
            for word in words(device):
                found.setdefault(word, set()).add(device.node)
        return found


def _chassis_words(device: Device) -> Iterable[str]:
    chassis = device.speaker.chassis
    return (f"{device.network} {chassis}",) if chassis.text and not chassis.mac else ()


def _name_words(device: Device) -> Iterable[str]:
    name = device.sighting.name
    return (f"{device.network} {host_of(name)}",) if is_name(name) else ()


def _only(index: Mapping[str, set[str]], word: str) -> str:
    nodes = index.get(word, set())
    return next(iter(nodes)) if len(nodes) == 1 else ""
