"""Devices in a few words: what one would tell of its ports, neighbours and tables, as a discovery reads it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from ipaddress import ip_interface

from discovery.rules.readings import Oid, Reading, Value, oid
from discovery.topology.observations import Observation

SYSTEM = oid("1.3.6.1.2.1.1")
INTERFACES, EXTENDED = oid("1.3.6.1.2.1.2.2.1"), oid("1.3.6.1.2.1.31.1.1.1")
LLDP = oid("1.0.8802.1.1.2.1")
CDP = oid("1.3.6.1.4.1.9.9.23.1.2.1.1")
BRIDGE, Q_BRIDGE = oid("1.3.6.1.2.1.17"), oid("1.3.6.1.2.1.17.7.1")
ADDRESSES, ARP = oid("1.3.6.1.2.1.4.20.1"), oid("1.3.6.1.2.1.4.22.1")
ENTITIES = oid("1.3.6.1.2.1.47.1.1.1.1")
UP, DOWN, ETHERNET, LEARNED = 1, 2, 6, 3


def mac(number: int) -> str:
    """Return a hardware address kept for documents (RFC 7042 section 2.1.4), universal in form."""
    return f"00:00:5e:00:53:{number:02x}"


def octets(text: str) -> bytes:
    """Return the octets of a hardware address."""
    return bytes.fromhex(text.replace(":", ""))


@dataclass(frozen=True)
class Heard:
    """An LLDP neighbour: on which port, which chassis and port ids (subtype, value), what else it says."""

    port: int
    chassis: tuple[int, bytes]
    port_id: tuple[int, bytes]
    name: str = ""
    description: str = ""
    address: str = ""
    mark: int = 0
    row: int = 1


@dataclass(frozen=True)
class HeardCdp:
    """A CDP neighbour."""

    port: int
    device: str
    port_id: str
    address: str = ""
    platform: str = ""


@dataclass(frozen=True)
class VlanTold:
    """A VLAN as a bridge tells it: its name and the ports that carry it with a tag and without."""

    number: int
    name: str
    untagged: tuple[int, ...] = ()
    tagged: tuple[int, ...] = ()


@dataclass(frozen=True)
class Box:
    """A device. Port n is called `prefix`n and has the n-th hardware address after `base`, or of `own_macs`."""

    key: str
    base: int
    ports: int = 4
    prefix: str = "P"
    network: str = "plant"
    address: str = ""
    name: str = ""
    is_bridge: bool = False
    knows_vlans: bool = False
    vlans: tuple[VlanTold, ...] = ()
    speaks_lldp: bool = False
    serial: str = ""
    vendor: str = ""
    model: str = ""
    base_mac: str = ""
    heard: tuple[Heard, ...] = ()
    heard_cdp: tuple[HeardCdp, ...] = ()
    learned: tuple[tuple[int, str], ...] = ()
    arp: tuple[tuple[int, str, str], ...] = ()
    addresses: tuple[tuple[int, str], ...] = ()
    down: frozenset[int] = frozenset()
    extra: tuple[tuple[Oid, Value], ...] = ()
    own_macs: tuple[str, ...] = field(default=())

    @property
    def chassis(self) -> str:
        """Return the hardware address of the device."""
        return self.base_mac or mac(self.base)

    def port_mac(self, port: int) -> str:
        """Return the hardware address of a port."""
        return self.own_macs[port - 1] if self.own_macs else mac(self.base + port)

    def port_name(self, port: int) -> str:
        """Return what a port is called."""
        return f"{self.prefix}{port}"

    def hears(self, port: int, other: "Box", far: int) -> "Box":
        """Return this device with another one's LLDP frame received."""
        frame = Heard(
            port,
            (4, octets(other.chassis)),
            (5, other.port_name(far).encode()),
            other.name,
            row=len(self.heard) + 1,
        )
        return replace(self, heard=(*self.heard, frame))

    def learns(self, port: int, *macs: str) -> "Box":
        """Return this device with hardware addresses in its forwarding table."""
        return replace(
            self, learned=(*self.learned, *((port, one) for one in macs)), is_bridge=True
        )

    @property
    def varbinds(self) -> dict[Oid, Value]:
        """Return everything the device would tell."""
        found: dict[Oid, Value] = {(*SYSTEM, 1, 0): b"A device of ours"}
        if self.name:
            found[*SYSTEM, 5, 0] = self.name.encode()
        for parts in (_interfaces, _lldp, _cdp, _bridge, _vlans, _addresses, _entity):
            found.update(parts(self))
        found.update(self.extra)
        return found

    def seen(self, *, is_answering: bool = True, is_complete: bool = True) -> Observation:
        """Return the device as a scan sees it."""
        reading = Reading(self.varbinds if is_answering else {})
        return Observation(
            self.key,
            reading,
            self.network,
            self.address,
            is_answering,
            is_complete and is_answering,
        )


def cabled(one: Box, port: int, other: Box, far: int) -> tuple[Box, Box]:
    """Return two devices that hear each other over a cable."""
    return one.hears(port, other, far), other.hears(far, one, port)


def _interfaces(box: Box) -> dict[Oid, Value]:
    found: dict[Oid, Value] = {}
    for port in range(1, box.ports + 1):
        found[*INTERFACES, 2, port] = f"Port {port} of {box.key}".encode()
        found[*INTERFACES, 3, port] = ETHERNET
        found[*INTERFACES, 6, port] = octets(box.port_mac(port))
        found[*INTERFACES, 8, port] = DOWN if port in box.down else UP
        found[*EXTENDED, 1, port] = box.port_name(port).encode()
    return found


def _lldp(box: Box) -> dict[Oid, Value]:
    found: dict[Oid, Value] = {}
    if box.speaks_lldp:
        found[*LLDP, 3, 1, 0], found[*LLDP, 3, 2, 0] = 4, octets(box.chassis)
        for port in range(1, box.ports + 1):
            found[*LLDP, 3, 7, 1, 2, port] = 5
            found[*LLDP, 3, 7, 1, 3, port] = box.port_name(port).encode()
    for one in box.heard:
        row = one.mark, one.port, one.row
        values: tuple[Value, ...] = (
            *one.chassis,
            *one.port_id,
            one.description.encode(),
            one.name.encode(),
        )
        for column, value in enumerate(values, 4):
            found[*LLDP, 4, 1, 1, column, *row] = value
        if one.address:
            parts = tuple(map(int, one.address.split(".")))
            found[*LLDP, 4, 2, 1, 3, *row, 1, 4, *parts] = 2
    return found


def _cdp(box: Box) -> dict[Oid, Value]:
    found: dict[Oid, Value] = {}
    for row, one in enumerate(box.heard_cdp, 1):
        address = bytes(map(int, one.address.split("."))) if one.address else b""
        values: tuple[Value, ...] = (
            1,
            address,
            b"",
            one.device.encode(),
            one.port_id.encode(),
            one.platform.encode(),
        )
        for column, value in enumerate(values, 3):
            found[*CDP, column, one.port, row] = value
    return found


def _bridge(box: Box) -> dict[Oid, Value]:
    if not box.is_bridge:
        return {}
    found: dict[Oid, Value] = {(*BRIDGE, 1, 1, 0): octets(box.chassis)}
    for port in range(1, box.ports + 1):
        found[*BRIDGE, 1, 4, 1, 2, port] = port
    table = (*Q_BRIDGE, 2, 2, 1) if box.knows_vlans else (*BRIDGE, 4, 3, 1)
    vlan_of = {port: one.number for one in box.vlans for port in one.untagged}
    for port, address in box.learned:
        index = (*([vlan_of.get(port, 1)] if box.knows_vlans else []), *octets(address))
        found[*table, 2, *index], found[*table, 3, *index] = port, LEARNED
    return found


def _vlans(box: Box) -> dict[Oid, Value]:
    """Return the VLANs in force, as configured, and the VLAN of what comes in untagged (Q-BRIDGE-MIB, RFC 4363)."""
    found: dict[Oid, Value] = {}
    for one in box.vlans:
        egress = port_list((*one.untagged, *one.tagged), box.ports)
        untagged = port_list(one.untagged, box.ports)
        current, static = (*Q_BRIDGE, 4, 2, 1), (*Q_BRIDGE, 4, 3, 1)
        # A forwarding database for each VLAN, and none of them changed since the bridge came up (time filter 0).
        found[*current, 3, 0, one.number] = one.number
        found[*current, 4, 0, one.number], found[*current, 5, 0, one.number] = egress, untagged
        found[*static, 1, one.number] = one.name.encode()
        found[*static, 2, one.number], found[*static, 4, one.number] = egress, untagged
        for port in one.untagged:
            found[*Q_BRIDGE, 4, 5, 1, 1, port] = one.number
    return found


def port_list(ports: Iterable[int], most: int) -> bytes:
    """Return a PortList: the highest bit of the first octet is port 1 (RFC 4363).

    >>> port_list([1, 8, 10], 16).hex()
    '8140'
    """
    octets = bytearray((most + 7) // 8)
    for port in ports:
        octets[(port - 1) // 8] |= 0x80 >> (port - 1) % 8
    return bytes(octets)


def _addresses(box: Box) -> dict[Oid, Value]:
    found: dict[Oid, Value] = {}
    for port, text in box.addresses:
        own = ip_interface(text)
        index = tuple(own.ip.packed)
        found[*ADDRESSES, 2, *index] = port
        found[*ADDRESSES, 3, *index] = own.netmask.packed
    for port, text, address in box.arp:
        index = port, *map(int, text.split("."))
        found[*ARP, 2, *index], found[*ARP, 4, *index] = octets(address), 3
    return found


def _entity(box: Box) -> dict[Oid, Value]:
    if not box.serial:
        return {}
    return {
        (*ENTITIES, 5, 1): 3,
        (*ENTITIES, 11, 1): box.serial.encode(),
        (*ENTITIES, 12, 1): box.vendor.encode(),
        (*ENTITIES, 13, 1): box.model.encode(),
    }
