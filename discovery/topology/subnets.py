"""Who has an address in which subnet, and the links that a subnet of two ends implies."""

from collections import defaultdict
from collections.abc import Iterator
from ipaddress import ip_address

from discovery.topology.directory import Device, Directory
from discovery.topology.ports import IpInterface
from discovery.topology.results import (
    Confidence,
    End,
    Evidence,
    Link,
    Method,
    Subnet,
    SubnetMember,
)

Place = tuple[str, str]


def subnets_of(directory: Directory) -> tuple[Subnet, ...]:
    """Return the subnets that devices have interfaces in, with everybody seen there (RFC 4293)."""
    members: dict[Place, dict[str, SubnetMember]] = defaultdict(dict)
    for device in directory.devices:
        for index, address in device.ports.addresses:
            if _is_shared(address):
                place = device.network, str(address.network)
                known = device.ports.interfaces.get(index)
                mac = known.mac if known is not None else ""
                port = device.ports.label(index)
                member = SubnetMember(str(address.ip), mac, device.node, index, port, device.node)
                _keep(members[place], member)
    for device in directory.devices:
        for place, member in _heard(device, directory):
            _keep(members[place], member)
    return tuple(
        Subnet(network, prefix, tuple(sorted(members[network, prefix].values())))
        for network, prefix in sorted(members)
    )


def addresses_seen(directory: Directory) -> dict[tuple[str, str], set[str]]:
    """Return the IP addresses that answered with a hardware address, by network and hardware address."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for device in directory.devices:
        for one in device.arp:
            found[device.network, one.mac].add(one.address)
    return found


def two_ended(directory: Directory, known: set[frozenset[str]]) -> list[Link]:
    """Return the links that subnets for two ends (RFC 3021 and /30) imply between devices not yet connected.

    Both ends must have the address on an interface, and one must have the other in its ARP table.
    """
    found: dict[tuple[End, End], set[Evidence]] = defaultdict(set)
    for device in directory.devices:
        heard = {(one.index, one.address) for one in device.arp}
        for index, address in device.ports.addresses:
            far, other = _partner(directory, device, address)
            if (index, other) in heard and frozenset({device.node, far.node}) not in known:
                near = End(device.node, index, device.ports.label(index))
                a, b = sorted((near, far))
                found[a, b].add(Evidence(Method.ARP, device.observation.key, other, near.port))
    return [
        Link(a, b, Method.ARP, Confidence.INFERRED, tuple(sorted(found[a, b])))
        for a, b in sorted(found)
    ]


def _partner(directory: Directory, device: Device, address: IpInterface) -> tuple[End, str]:
    """Return the other end of a subnet for two, and its address; "" when nobody is known there."""
    nobody = End(""), ""
    whole = address.network.max_prefixlen
    if whole - address.network.prefixlen not in {1, 2}:
        return nobody
    for host in address.network.hosts():
        node = directory.owner_of_address(device.network, str(host))
        if host == address.ip or not node or node == device.node:
            continue
        for other in directory.of_node[node]:
            for index, own in other.ports.addresses:
                if own.ip == host and own.network == address.network:
                    return End(node, index, other.ports.label(index)), str(host)
    return nobody


def _is_shared(address: IpInterface) -> bool:
    whole = address.network.max_prefixlen
    return 0 < address.network.prefixlen < whole and not address.ip.is_link_local


def _heard(device: Device, directory: Directory) -> Iterator[tuple[Place, SubnetMember]]:
    """Yield what a device's ARP table says of its own subnets."""
    own: dict[int, list[IpInterface]] = defaultdict(list)
    for index, address in device.ports.addresses:
        if _is_shared(address):
            own[index].append(address)
    for one in device.arp:
        parsed = ip_address(one.address)
        for address in own.get(one.index, ()):
            if parsed.version == address.version and parsed in address.network:
                node = directory.owner_of_mac(one.mac) or directory.owner_of_address(
                    device.network, one.address
                )
                member = SubnetMember(one.address, one.mac, node, observer=device.node)
                yield (device.network, str(address.network)), member


def _keep(members: dict[str, SubnetMember], member: SubnetMember) -> None:
    """Keep one member per address: what a device says of itself before what others heard, then the first in order."""
    known = members.get(member.address)
    if known is None or (known.index < 0, known) > (member.index < 0, member):
        members[member.address] = member
