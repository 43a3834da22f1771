"""What bridges see behind their ports: forwarding tables of all devices, with owners instead of hardware addresses."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from discovery.topology.directory import Directory
from discovery.topology.forwarding import FDB_TABLES, shows_every_vlan
from discovery.topology.results import Aggregate, End, Evidence, Link, Method, Segment
from discovery.topology.strangers import Strangers

#: A port of a device as its forwarding table names it: bundled ports are one.
Wire = tuple[str, int]


@dataclass(frozen=True)
class Wires:
    """Forwarding tables of all bridges.

    `bundle_of` leads from a bundled port to its bundle; `strangers` names stations that are no device's.
    """

    directory: Directory
    bundle_of: dict[Wire, Wire]
    strangers: Strangers

    def wire(self, end: End) -> Wire:
        """Return the port that forwarding tables speak of."""
        place = end.node, end.index
        return self.bundle_of.get(place, place)

    @cached_property
    def macs(self) -> dict[Wire, frozenset[str]]:
        """Hardware addresses learned behind each port, without the bridge's own."""
        found: dict[Wire, set[str]] = defaultdict(set)
        own: dict[str, set[str]] = defaultdict(set)
        for device in self.directory.devices:
            own[device.node] |= device.macs
            for one in device.forwarding:
                found[self.wire(End(device.node, one.index))].add(one.mac)
        return {wire: frozenset(found[wire] - own[wire[0]]) for wire in sorted(found)}

    @cached_property
    def stations(self) -> dict[Wire, dict[str, frozenset[str]]]:
        """Who is behind each port, with the addresses seen; a device with several addresses is one station."""
        networks = {device.node: device.network for device in reversed(self.directory.devices)}
        return {wire: self._owners(networks[wire[0]], macs) for wire, macs in self.macs.items()}

    @cached_property
    def bridges(self) -> frozenset[str]:
        """Devices that forward."""
        return frozenset(node for node, _ in self.macs)

    @cached_property
    def whole(self) -> frozenset[str]:
        """Bridges whose forwarding table was read to its end, in all VLANs."""
        return frozenset(
            device.node
            for device in self.directory.devices
            if device.forwarding
            and device.observation.has_whole(*FDB_TABLES)
            and shows_every_vlan(device.observation.reading)
        )

    @cached_property
    def seen_at(self) -> dict[tuple[str, str], tuple[Wire, ...]]:
        """On which ports a bridge sees another bridge."""
        found: dict[tuple[str, str], list[Wire]] = defaultdict(list)
        for wire, stations in self.stations.items():
            for node in stations.keys() & self.bridges:
                found[wire[0], node].append(wire)
        return {pair: tuple(wires) for pair, wires in found.items()}

    def end(self, wire: Wire) -> End:
        """Return a port as the end of a link."""
        return End(wire[0], wire[1], self.directory.label(*wire))

    def far_end(self, node: str, macs: Iterable[str]) -> End:
        """Return the port of a station whose addresses were seen, as far as one address tells."""
        indexes = {self.directory.port_with_mac(node, mac) for mac in macs}
        index = indexes.pop() if len(indexes) == 1 else -1
        return End(node, index, self.directory.label(node, index))

    def seen(self, wire: Wire, node: str) -> tuple[Evidence, ...]:
        """Return the evidence that a station is behind a port, () when it is not seen there."""
        macs = self.stations.get(wire, {}).get(node)
        if not macs:
            return ()
        return (Evidence(Method.BRIDGE, wire[0], min(macs), self.name(wire)),)

    def behind(self, wire: Wire) -> Evidence:
        """Return the evidence of how many stations are behind a port."""
        stations = len(self.stations[wire])
        return Evidence(Method.BRIDGE, wire[0], "", self.name(wire), stations=stations)

    def name(self, wire: Wire) -> str:
        """Return what people call a port."""
        return self.directory.label(*wire) or str(wire[1])

    def taken(self, links: Iterable[Link], segments: Iterable[Segment]) -> set[Wire]:
        """Return the ports whose neighbours are known."""
        ends = [end for link in links for end in (link.a, link.b)]
        ends += [end for segment in segments for end in segment.ends]
        return {self.wire(end) for end in ends}

    def _owners(self, network: str, macs: Iterable[str]) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for mac in macs:
            owner = self.directory.owner_of_mac(mac) or self.strangers.station(network, mac)
            found[owner].add(mac)
        return {node: frozenset(found[node]) for node in sorted(found)}


def bundles_of(aggregates: Iterable[Aggregate]) -> dict[Wire, Wire]:
    """Return which bundle each bundled port belongs to."""
    return {
        (one.device, member): (one.device, one.index)
        for one in aggregates
        for member in one.members
    }
