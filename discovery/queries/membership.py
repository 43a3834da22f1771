"""VLANs and subnets as pages show them: an item's ports and addresses, who is in a VLAN, who is in a subnet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import User
from assets.access import items_visible_to, visible_item_ids
from assets.models import ConfigurationItem
from discovery.access import networks_visible_to
from discovery.models import (
    BundleSeen,
    LinkSighting,
    SubnetMemberSeen,
    SubnetSeen,
    VlanDeviceSeen,
    VlanPortSeen,
    VlanSeen,
)


@dataclass(slots=True)
class PortVlans:
    """A port of an item with the VLANs it carries; `bundle` names the bundle it is part of."""

    port: str
    untagged: list[VlanSeen] = field(default_factory=list)
    tagged: list[VlanSeen] = field(default_factory=list)
    bundle: str = ""


@dataclass(frozen=True, slots=True)
class VlanPlug:
    """The VLAN somebody is in because of the port they are plugged into; `switch` is None where hidden."""

    vlan: VlanSeen
    switch: ConfigurationItem | None
    port: str


@dataclass(frozen=True, slots=True)
class ItemMembership:
    """What discovery knows of an item's ports and addresses, in the networks the reader sees."""

    ports: Sequence[PortVlans]
    bundles: Sequence[BundleSeen]
    plugs: Sequence[VlanPlug]
    addresses: Sequence[SubnetMemberSeen]

    def __bool__(self) -> bool:
        """Return whether there is anything to show."""
        return bool(self.ports or self.bundles or self.plugs or self.addresses)


@dataclass(slots=True)
class VlanDevice:
    """A device that knows a VLAN, what it calls it, and its ports that carry it."""

    item: ConfigurationItem
    name: str
    untagged: list[str] = field(default_factory=list)
    tagged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class VlanStation:
    """Somebody plugged into an untagged port of a VLAN; without an item, the words of what was heard."""

    item: ConfigurationItem | None
    words: str
    switch: ConfigurationItem
    port: str


@dataclass(frozen=True, slots=True)
class VlanView:
    """Who is in a VLAN; `names` are what its devices call it, where they differ."""

    devices: Sequence[VlanDevice]
    stations: Sequence[VlanStation]
    names: Sequence[str]
    hidden: int


@dataclass(frozen=True, slots=True)
class SubnetView:
    """Who has an address in a subnet."""

    members: Sequence[SubnetMemberSeen]
    hidden: int


def membership_of(user: User, item: ConfigurationItem) -> ItemMembership:
    """Return the VLANs of an item's ports, its bundles, the VLANs it is plugged into, and its subnets."""
    networks = list(networks_visible_to(user).values_list("pk", flat=True))
    bundles = list(BundleSeen.objects.filter(item=item, network__in=networks))
    bundle_of = {port: bundle.port for bundle in bundles for port in bundle.members}
    ports: dict[int, PortVlans] = {}
    rows = VlanPortSeen.objects.filter(item=item, vlan__network__in=networks)
    for row in rows.select_related("vlan").order_by("if_index", "vlan__number"):
        one = ports.setdefault(
            row.if_index, PortVlans(row.port, bundle=bundle_of.get(row.port, ""))
        )
        (one.tagged if row.is_tagged else one.untagged).append(row.vlan)
    addresses = SubnetMemberSeen.objects.filter(item=item, subnet__network__in=networks)
    return ItemMembership(
        ports=list(ports.values()),
        bundles=bundles,
        plugs=_plugs(user, item, networks),
        addresses=list(addresses.select_related("subnet__network").order_by("address")),
    )


def _plugs(user: User, item: ConfigurationItem, networks: Iterable[int]) -> list[VlanPlug]:
    """Return the VLANs of the untagged ports an item was seen behind, unless it tells of the VLAN itself."""
    links = LinkSighting.objects.filter(Q(a_item=item) | Q(b_item=item), network__in=networks)
    ends = {
        (link.b_item_id, link.b_port)
        if link.a_item_id == item.pk
        else (link.a_item_id, link.a_port)
        for link in links
    }
    rows = VlanPortSeen.objects.filter(
        item__in={end for end, _port in ends if end is not None},
        vlan__network__in=networks,
        is_tagged=False,
    ).exclude(vlan__devices__item=item)
    seen = set(visible_item_ids(user, {row.item_id for row in rows}))
    return [
        VlanPlug(row.vlan, row.item if row.item_id in seen else None, row.port)
        for row in rows.select_related("vlan", "item").order_by("vlan__number", "pk")
        if (row.item_id, row.port) in ends
    ]


def vlan_view(user: User, vlan: VlanSeen) -> VlanView:
    """Return the devices and stations of a VLAN the user may see, and how many they may not."""
    devices = {
        row.item_id: VlanDevice(row.item, row.name)
        for row in VlanDeviceSeen.objects.filter(vlan=vlan).select_related("item")
    }
    plain: set[tuple[int, str]] = set()
    for port in vlan.ports.order_by("item_id", "if_index"):
        device = devices.get(port.item_id)
        if device is not None:
            (device.tagged if port.is_tagged else device.untagged).append(port.port)
        if not port.is_tagged:
            plain.add((port.item_id, port.port))
    stations = _stations(vlan, plain, devices)
    ids = {*devices, *(one.item.pk for one in stations if one.item)}
    seen = set(visible_item_ids(user, ids))
    names = sorted({one.name for one in devices.values() if one.name})
    return VlanView(
        devices=sorted(
            (one for pk, one in devices.items() if pk in seen), key=lambda one: one.item.name
        ),
        stations=[
            one
            for one in stations
            if one.switch.pk in seen and (one.item is None or one.item.pk in seen)
        ],
        names=names if len(names) > 1 else [],
        hidden=len(ids - seen),
    )


def _stations(
    vlan: VlanSeen, plain: set[tuple[int, str]], devices: dict[int, VlanDevice]
) -> list[VlanStation]:
    switches = {pk for pk, _port in plain}
    links = LinkSighting.objects.filter(network=vlan.network_id).filter(
        Q(a_item__in=switches) | Q(b_item__in=switches)
    )
    found: dict[tuple[int | None, str, str], VlanStation] = {}
    for link in links.select_related("a_item", "b_item").order_by("pk"):
        near = ((link.a_item, link.a_port, link.b_item), (link.b_item, link.b_port, link.a_item))
        for switch, port, other in near:
            if switch is None or (switch.pk, port) not in plain:
                continue
            if other is None or other.pk not in devices:
                words = "" if other else link.b_unknown
                key = (other.pk if other else None, words, port)
                found.setdefault(key, VlanStation(other, words, switch, port))
    return sorted(found.values(), key=lambda one: one.item.name if one.item else one.words)


def subnet_view(user: User, subnet: SubnetSeen) -> SubnetView:
    """Return the addresses of a subnet; those of items the user may not see are counted."""
    rows = subnet.members.select_related("item", "told_by")
    mine = Q(item__isnull=True) | Q(item__in=items_visible_to(user))
    shown = rows.filter(mine)
    return SubnetView(
        sorted(shown, key=lambda one: _octets(str(one.address))), rows.count() - len(shown)
    )


def _octets(address: str) -> tuple[int, str]:
    """Return what addresses are sorted by: 10.0.0.9 before 10.0.0.10.

    >>> sorted(["10.0.0.10", "10.0.0.9"], key=_octets)
    ['10.0.0.9', '10.0.0.10']
    """
    parts = address.split(".")
    if len(parts) != 4:
        return 1 << 40, address
    return int.from_bytes(bytes(map(int, parts)), "big"), ""
