"""Keeps which ports carry which VLANs, who is in which subnet, and who would tell of a neighbour.

What is kept follows what the devices told when they were last read. A row goes only when the device that told it was
read to the end of the tables in question and no longer tells it; an unchanged network is not written to.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django.db import models, transaction

from common.rows import update_rows
from discovery.models import (
    BundleSeen,
    Network,
    Observation,
    SubnetMemberSeen,
    SubnetSeen,
    VlanDeviceSeen,
    VlanPortSeen,
    VlanSeen,
    Witness,
)
from discovery.queries.latest import Latest
from discovery.topology.results import Topology
from discovery.topology.witnesses import (
    ADDRESS_TABLES,
    BUNDLE_TABLES,
    VLAN_TABLES,
    methods_told,
)

if TYPE_CHECKING:
    from discovery.topology.observations import Observation as Look

BATCH = 500
PORT, NAME = 100, 64

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept", bound=models.Model)


@transaction.atomic
def keep_membership(*, network: Network, latest: Latest, topology: Topology, now: datetime) -> int:
    """Store the memberships of a topology of the latest looks; return how many rows were written or removed."""
    items = {topology.devices.get(key, key): item for key, item in latest.items.items()}
    held = {row.item_id: row for row in Witness.objects.filter(network=network)}
    looks = _Looks(network, latest, topology, items, _superseded(network, latest, held))
    return _vlans(looks, now) + _bundles(looks) + _subnets(looks, now) + _witnesses(looks, held)


@dataclass(frozen=True)
class _Looks:
    """A network as it was last read. `superseded` are items at whose addresses others answer by now."""

    network: Network
    latest: Latest
    topology: Topology
    items: Mapping[str, int]
    superseded: frozenset[int]

    def silent(self, *tables: str) -> frozenset[int]:
        """Return the items of which what they do not tell is not there: read to the end of tables, or superseded."""
        items = self.latest.items
        whole = {items[one.key] for one in self.latest.observations if one.has_whole(*tables)}
        return self.superseded | whole


def _superseded(network: Network, latest: Latest, read: Iterable[int]) -> frozenset[int]:
    """Return the items, of those ever read, whose addresses all belong to other items now: merged, or replaced."""
    known: dict[int, set[str]] = defaultdict(set)
    former = set(read) - set(latest.items.values())
    rows = Observation.objects.filter(network=network, item__in=former).order_by()
    for item, address in rows.values_list("item_id", "address").distinct():
        known[item or 0].add(str(address))
    return frozenset(item for item in former if known[item] <= latest.items.keys())


def _store(
    held: Mapping[Key, Kept],
    told: Mapping[Key, Kept],
    fields: Iterable[str],
    is_gone: Callable[[Kept], bool],
) -> int:
    """Make the rows that are held those that were told; return how many were touched."""
    names = list(fields)
    new = [row for key, row in told.items() if key not in held]
    changed = []
    for key, row in told.items():
        known = held.get(key)
        if known is not None and any(getattr(known, n) != getattr(row, n) for n in names):
            for name in names:
                setattr(known, name, getattr(row, name))
            changed.append(known)
    gone = [row for key, row in held.items() if key not in told and is_gone(row)]
    if new:
        type(new[0])._default_manager.bulk_create(new, batch_size=BATCH)
    update_rows(changed, [name.removesuffix("_id") for name in names])
    if gone:
        type(gone[0])._default_manager.filter(pk__in=[row.pk for row in gone]).delete()
    return len(new) + len(changed) + len(gone)


def _vlans(looks: _Looks, now: datetime) -> int:
    network, topology, items = looks.network, looks.topology, looks.items
    devices = {
        (one.vlan, items[one.device]): one.name[:NAME]
        for one in topology.vlans
        if one.device in items
    }
    ports = [one for one in topology.vlan_ports if one.device in items]
    devices.update({(one.vlan, items[one.device]): "" for one in ports} | devices)
    held = {row.number: row for row in VlanSeen.objects.filter(network=network)}
    new = {number for number, _item in devices} - held.keys()
    rows = [VlanSeen(network=network, number=one, first_seen_at=now) for one in sorted(new)]
    VlanSeen.objects.bulk_create(rows, batch_size=BATCH)
    vlans = held | {row.number: row for row in rows}
    silent = looks.silent(*VLAN_TABLES)
    touched = len(rows) + _store(
        {
            (row.vlan_id, row.item_id): row
            for row in VlanDeviceSeen.objects.filter(vlan__network=network)
        },
        {
            (vlans[number].pk, item): VlanDeviceSeen(vlan=vlans[number], item_id=item, name=name)
            for (number, item), name in devices.items()
        },
        ["name"],
        lambda row: row.item_id in silent,
    )
    touched += _store(
        {
            (row.vlan_id, row.item_id, row.if_index): row
            for row in VlanPortSeen.objects.filter(vlan__network=network)
        },
        {
            (vlans[one.vlan].pk, items[one.device], one.index): VlanPortSeen(
                vlan=vlans[one.vlan],
                item_id=items[one.device],
                if_index=one.index,
                port=one.port[:PORT],
                is_tagged=one.is_tagged,
                is_native=one.is_native,
            )
            for one in ports
        },
        ["port", "is_tagged", "is_native"],
        lambda row: row.item_id in silent,
    )
    return touched + _named(vlans)


def _named(vlans: Mapping[int, VlanSeen]) -> int:
    """Call each VLAN what most of its devices call it, and forget those no device knows any more."""
    names: dict[int, Counter[str]] = defaultdict(Counter)
    known = VlanDeviceSeen.objects.filter(vlan__in=[row.pk for row in vlans.values()])
    for vlan, name in known.values_list("vlan_id", "name"):
        names[vlan][name] += 1
    changed, gone = [], []
    for row in vlans.values():
        given = {name: count for name, count in names[row.pk].items() if name}
        name = min(given, key=lambda one: (-given[one], one), default="")
        if row.pk not in names or not names[row.pk]:
            gone.append(row.pk)
        elif row.name != name:
            row.name = name
            changed.append(row)
    update_rows(changed, ["name"])
    if gone:
        VlanSeen.objects.filter(pk__in=gone).delete()
    return len(changed) + len(gone)


def _bundles(looks: _Looks) -> int:
    network, topology, items = looks.network, looks.topology, looks.items
    silent = looks.silent(*BUNDLE_TABLES)
    return _store(
        {(row.item_id, row.if_index): row for row in BundleSeen.objects.filter(network=network)},
        {
            (items[one.device], one.index): BundleSeen(
                network=network,
                item_id=items[one.device],
                if_index=one.index,
                port=one.name[:PORT],
                members=list(one.ports),
            )
            for one in topology.aggregates
            if one.device in items
        },
        ["port", "members"],
        lambda row: row.item_id in silent,
    )


def _subnets(looks: _Looks, now: datetime) -> int:
    network, topology, items = looks.network, looks.topology, looks.items
    held = {row.prefix: row for row in SubnetSeen.objects.filter(network=network)}
    told = {
        (subnet.prefix, member.address): member
        for subnet in topology.subnets
        for member in subnet.members
        if member.observer in items
    }
    new = {prefix for prefix, _address in told} - held.keys()
    rows = [SubnetSeen(network=network, prefix=one, first_seen_at=now) for one in sorted(new)]
    SubnetSeen.objects.bulk_create(rows, batch_size=BATCH)
    subnets = held | {row.prefix: row for row in rows}
    silent = looks.silent(*ADDRESS_TABLES)
    touched = len(rows) + _store(
        {
            (row.subnet_id, str(row.address)): row
            for row in SubnetMemberSeen.objects.filter(subnet__network=network)
        },
        {
            (subnets[prefix].pk, address): SubnetMemberSeen(
                subnet=subnets[prefix],
                address=address,
                mac=one.mac,
                port=one.port[:PORT],
                item_id=items.get(one.node),
                told_by_id=items[one.observer],
            )
            for (prefix, address), one in told.items()
        },
        ["mac", "port", "item_id", "told_by_id"],
        lambda row: row.told_by_id in silent,
    )
    empty = SubnetSeen.objects.filter(network=network, members__isnull=True)
    return touched + empty.delete()[0]


def _witnesses(looks: _Looks, held: Mapping[int, Witness]) -> int:
    """Keep who was read, and by which methods they would have shown a neighbour."""
    by_item: dict[int, list[Look]] = defaultdict(list)
    for one in looks.latest.observations:
        by_item[looks.latest.items[one.key]].append(one)
    told = {
        item: Witness(
            network=looks.network,
            item_id=item,
            methods=sorted({method.value for one in seen for method in methods_told(one)}),
        )
        for item, seen in by_item.items()
    }
    return _store(held, told, ["methods"], lambda row: row.item_id in looks.superseded)
