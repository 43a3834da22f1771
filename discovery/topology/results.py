"""What a topology consists of: ends, links, shared segments, memberships; plain values in a fixed order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Confidence(IntEnum):
    """How sure a link is; higher is surer."""

    INFERRED = 1
    ONE_END = 2
    BOTH_ENDS = 3


class Method(StrEnum):
    """What told of a link, the most telling first."""

    LLDP = "lldp"
    CDP = "cdp"
    BRIDGE = "bridge"
    ARP = "arp"


class KnownBy(StrEnum):
    """What a neighbour was recognised by."""

    NOTHING = ""
    CHASSIS = "chassis-id"
    PORT = "port-id"
    ADDRESS = "address"
    NAME = "name"


class Doubt(StrEnum):
    """Why a neighbour entry is not believed."""

    PORT_DOWN = "port-down"
    HEARS_ITSELF = "hears-itself"
    DENIED = "denied"


@dataclass(frozen=True, order=True)
class End:
    """One end of a link: a device (or unresolved end) and its port.

    `node` is the key of an observation or the id of an `Unresolved`; `index` is the interface's ifIndex, -1 when
    it is not known; `port` is what the interface calls itself, else what the neighbour says of it, else "".
    """

    node: str
    index: int = -1
    port: str = ""


@dataclass(frozen=True, order=True)
class Evidence:
    """Who saw what: `observer` is the key of the device whose table holds it, `port` is its port.

    `detail` is what the table says, without words of ours: ids, names and addresses. `known_by` says what of it led to
    a device that was read. `stations` counts the hardware addresses' owners behind a port.
    """

    method: Method
    observer: str
    detail: str = ""
    port: str = ""
    known_by: KnownBy = KnownBy.NOTHING
    stations: int = 0


@dataclass(frozen=True, order=True)
class Link:
    """A connection between two ports, `a` before `b` in order.

    `is_disputed` says that a neighbour table of the other end names somebody else on this port.
    """

    a: End
    b: End
    method: Method
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    is_disputed: bool = False

    @property
    def nodes(self) -> tuple[str, str]:
        """Return who is connected."""
        return self.a.node, self.b.node


@dataclass(frozen=True, order=True)
class Segment:
    """Several ends on one wire or behind something that does not speak (hub, unmanaged switch, radio).

    No link between two of them is claimed. `stations` counts the MAC addresses seen, also those too many to list.
    """

    ends: tuple[End, ...]
    method: Method
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    stations: int = 0


@dataclass(frozen=True, order=True)
class Unresolved:
    """A neighbour nobody has read: what others say of it. `id` is the same in every scan that knows as much."""

    id: str
    network: str = ""
    chassis: str = ""
    macs: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    name: str = ""
    description: str = ""
    capabilities: tuple[str, ...] = ()

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Return what it can be recognised by once it has been read, as in `Topology.owners`."""
        if self.macs:
            return self.macs
        words = (self.chassis,) if self.chassis else self.addresses
        return tuple(f"{self.network} {word}" for word in words)


@dataclass(frozen=True, order=True)
class Aggregate:
    """Ports bundled to one (IEEE 802.1AX); `members` are ifIndex values, `ports` what they are called."""

    device: str
    index: int
    name: str
    members: tuple[int, ...]
    ports: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, order=True)
class VlanPort:
    """A port carries a VLAN, tagged or not; `is_native`: what comes in untagged belongs to it."""

    device: str
    vlan: int
    index: int
    is_tagged: bool
    is_native: bool = False
    port: str = field(default="", compare=False)


@dataclass(frozen=True, order=True)
class Vlan:
    """A VLAN as one device knows it."""

    device: str
    vlan: int
    name: str = ""


@dataclass(frozen=True, order=True)
class SubnetMember:
    """Somebody with an address in a subnet; `node` is "" when only the address was seen.

    `port` is its interface, `observer` the node that says so: itself, or whose ARP table holds it.
    """

    address: str
    mac: str = ""
    node: str = ""
    index: int = -1
    port: str = field(default="", compare=False)
    observer: str = field(default="", compare=False)


@dataclass(frozen=True, order=True)
class Subnet:
    """An IP subnet of a network, with everybody seen in it."""

    network: str
    prefix: str
    members: tuple[SubnetMember, ...] = ()


@dataclass(frozen=True, order=True)
class Stale:
    """A neighbour entry that is not believed, and why."""

    observer: str
    port: str
    neighbour: str
    why: Doubt


@dataclass(frozen=True)
class Watch:
    """How well a device was seen: absence counts only where `is_reachable` and the table stands in `whole`."""

    is_reachable: bool
    whole: frozenset[Method] = frozenset()


@dataclass(frozen=True)
class Topology:
    """Links and memberships of many devices; equal for equal observations in any order.

    `devices` maps every observation's key to the key that stands for the device (observations of one device have
    one representative, the first in order). `owners` says whose a hardware address is, and a chassis id or IP address
    written behind its network.
    """

    devices: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    segments: tuple[Segment, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    vlans: tuple[Vlan, ...] = ()
    vlan_ports: tuple[VlanPort, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    stale: tuple[Stale, ...] = ()
    watches: Mapping[str, Watch] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)

    def links_of_node(self, node: str) -> tuple[Link, ...]:
        """Return the links of a device or unresolved end."""
        return tuple(link for link in self.links if node in link.nodes)

    def segments_of_node(self, node: str) -> tuple[Segment, ...]:
        """Return the shared segments a device or unresolved end is on."""
        return tuple(one for one in self.segments if node in {end.node for end in one.ends})
