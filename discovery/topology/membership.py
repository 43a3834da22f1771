"""Which ports carry which VLANs, which are bundled to one, and who has an address in which subnet."""

from collections.abc import Iterable, Iterator

from discovery.rules.readings import Reading, Value, as_text, oid
from discovery.topology.directory import Device
from discovery.topology.ports import Interface
from discovery.topology.results import Aggregate, Vlan, VlanPort

VLAN_CURRENT = oid("1.3.6.1.2.1.17.7.1.4.2.1")
VLAN_STATIC = oid("1.3.6.1.2.1.17.7.1.4.3.1")
PORT_VLAN = oid("1.3.6.1.2.1.17.7.1.4.5.1.1")
#: dot3adAggPortAttachedAggID (IEEE8023-LAG-MIB): the aggregator a port is attached to, its own index for none.
ATTACHED_AGGREGATE = oid("1.2.840.10006.300.43.1.2.1.1.13")
#: ifStackStatus (RFC 2863), indexed by the higher and the lower interface.
STACKED = oid("1.3.6.1.2.1.31.1.2.1.3")
#: ifType ieee8023adLag.
LAG_TYPE = 161


def vlans_of(device: Device) -> list[Vlan]:
    """Return the VLANs a device knows (Q-BRIDGE-MIB, RFC 4363)."""
    reading = device.observation.reading
    names = {index[0]: as_text(value) for index, value in reading.below((*VLAN_STATIC, 1)) if index}
    known = {index[-1] for index, _ in reading.below((*VLAN_CURRENT, 4)) if len(index) == 2}
    return [Vlan(device.node, vlan, names.get(vlan, "")) for vlan in sorted(known | set(names))]


def vlan_ports_of(device: Device) -> list[VlanPort]:
    """Return which ports carry which VLANs: what is in force, else what is configured."""
    reading, ports = device.observation.reading, device.ports
    egress, untagged = (
        _by_vlan(reading, (*VLAN_CURRENT, current)) or _by_vlan(reading, (*VLAN_STATIC, static))
        for current, static in ((4, 2), (5, 4))
    )
    native = {
        (value, ports.of_bridge_port(index[0]))
        for index, value in reading.below(PORT_VLAN)
        if isinstance(value, int) and len(index) == 1
    }
    found = set()
    for vlan, value in egress.items():
        plain = set(port_list(untagged.get(vlan)))
        for number in port_list(value):
            port = ports.of_bridge_port(number)
            is_native = (vlan, port) in native
            label = ports.label(port)
            found.add(VlanPort(device.node, vlan, port, number not in plain, is_native, label))
    return sorted(one for one in found if one.index > 0)


def aggregates_of(device: Device) -> list[Aggregate]:
    """Return the bundles of a device: LACP's attachments, else what is stacked below interfaces of that type."""
    reading, ports = device.observation.reading, device.ports
    members: dict[int, set[int]] = {}
    for index, value in reading.below(ATTACHED_AGGREGATE):
        if isinstance(value, int) and value > 0 and len(index) == 1 and value != index[0]:
            members.setdefault(value, set()).add(index[0])
    for index, value in reading.below(STACKED):
        if (
            len(index) == 2
            and value == 1
            and _is_bundle(ports.interfaces.get(index[0]))
            and index[1]
        ):
            members.setdefault(index[0], set()).add(index[1])
    return [
        Aggregate(
            device.node,
            index,
            ports.label(index),
            tuple(sorted(members[index])),
            tuple(ports.label(one) for one in sorted(members[index])),
        )
        for index in sorted(members)
    ]


def port_list(value: Value | None) -> Iterator[int]:
    """Yield the bridge ports of a PortList: the highest bit of the first octet is port 1 (RFC 4363).

    >>> list(port_list(bytes([0b1000_0001, 0b0100_0000])))
    [1, 8, 10]
    """
    octets: Iterable[int] = value if isinstance(value, bytes) else ()
    for place, octet in enumerate(octets):
        yield from (place * 8 + bit + 1 for bit in range(8) if octet & (0x80 >> bit))


def _by_vlan(reading: Reading, column: tuple[int, ...]) -> dict[int, Value]:
    """Return a column by VLAN: the last number of the index, behind a time filter in the current table."""
    return {index[-1]: value for index, value in reading.below(column)}


def _is_bundle(interface: Interface | None) -> bool:
    return interface is not None and interface.kind == LAG_TYPE
