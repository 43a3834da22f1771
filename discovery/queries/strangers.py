"""Neighbours nobody has read that are items all the same: known by their hardware address."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Q

from assets.choices import ItemStatus
from assets.models import ConfigurationItem
from discovery.models import ItemKey, Network
from discovery.queries.known_items import site_path
from discovery.topology.keys import KeyKind
from discovery.topology.results import Unresolved

KINDS = (KeyKind.MAC, KeyKind.BASE_MAC, KeyKind.CHASSIS)


def items_of_strangers(network: Network, strangers: Iterable[Unresolved]) -> dict[str, int]:
    """Return the item of each neighbour that exactly one item of the network's site has the hardware address of."""
    macs = {one.id: set(one.macs) for one in strangers}
    holders = _holders(network, set().union(*macs.values()))
    found = {key: set().union(*(holders.get(mac, ()) for mac in own)) for key, own in macs.items()}
    return {key: items.pop() for key, items in found.items() if len(items) == 1}


def _holders(network: Network, macs: set[str]) -> Mapping[str, set[int]]:
    """Return which items have each hardware address: recorded with, or seen with."""
    here = Q(location__path__startswith=site_path(network)) & ~Q(status=ItemStatus.RETIRED)
    items = ConfigurationItem.objects.filter(here).order_by()
    holders: dict[str, set[int]] = defaultdict(set)
    recorded = items.filter(mac_address__in=macs | {mac.upper() for mac in macs})
    for item_id, mac in recorded.values_list("pk", "mac_address"):
        holders[mac.casefold()].add(item_id)
    seen = ItemKey.objects.filter(kind__in=KINDS, value__in=macs, item__in=items).order_by()
    for item_id, mac in seen.values_list("item", "value"):
        holders[mac].add(item_id)
    return holders
