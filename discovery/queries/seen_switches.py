"""The switches whose MAC tables a file holds: items of the network's site, by code, hostname or name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assets.choices import ItemStatus
from assets.models import ConfigurationItem
from common.imports.findings import Finding, Tally
from discovery.choices import ScanSource
from discovery.models import ItemKey, Network, Observation
from discovery.queries.known_items import site_path
from discovery.rules.readings import Reading
from discovery.rules.seen_tables import LeftOut
from discovery.topology.exported import Entry, reading_of_table
from discovery.topology.gathering import Gathered
from discovery.topology.keys import KeyKind

MOST_SWITCHES = 500
KINDS = (KeyKind.BASE_MAC, KeyKind.CHASSIS, KeyKind.MAC)


@dataclass(frozen=True)
class SeenSwitch:
    """A switch of the inventory whose MAC table a file holds."""

    item_id: int
    label: str
    name: str
    address: str
    table: Reading
    entries: int


def switches_of(
    network: Network, items: QuerySet[ConfigurationItem], found: Gathered, tally: Tally
) -> list[SeenSwitch]:
    """Return the switches of the tables found; one that cannot be told among `items` is an error in the tally.

    One that a scan has read is left out: what it told itself counts.
    """
    if len(found.tables) > MOST_SWITCHES:
        sentence = _("The file names %(count)s switches; at most %(most)s are taken at once.")
        words = {"count": len(found.tables), "most": MOST_SWITCHES}
        tally.error(Finding(sentence % words, column="switch"))
        return []
    meant = _meant(_named(network, items, found.tables), found, tally)
    read = _read_themselves(network, meant)
    macs = _macs_of(meant)
    switches = []
    for pk, (item, entries) in meant.items():
        if pk in read:
            found.omissions.add(LeftOut.READ_ITSELF, str(item))
            continue
        name, address = item.hostname or item.name, str(item.network_address)
        table = reading_of_table(name, macs.get(pk, ""), entries)
        switches.append(SeenSwitch(pk, str(item), name, address, table, len(entries)))
    return switches


def _meant(
    known: Mapping[str, Sequence[ConfigurationItem]], found: Gathered, tally: Tally
) -> dict[int, tuple[ConfigurationItem, frozenset[Entry]]]:
    """Return each switch with all its entries; names that mean none, or none of its own, are errors."""
    meant: dict[int, tuple[ConfigurationItem, frozenset[Entry]]] = {}
    holders: dict[str, int] = {}
    for name, entries in found.tables.items():
        rows = known.get(name.casefold(), [])
        problem = _problem(rows)
        if (
            not problem
            and holders.setdefault(str(rows[0].network_address), rows[0].pk) != rows[0].pk
        ):
            problem = _("another switch of this file has the same network address")
        if problem:
            tally.error(Finding(problem, column="switch", value=name))
            continue
        item = rows[0]
        held = meant.get(item.pk, (item, frozenset[Entry]()))[1]
        meant[item.pk] = (item, held | entries)
    return meant


def _problem(rows: Sequence[ConfigurationItem]) -> str:
    if not rows:
        return _("no item at the network's site has this code, hostname or name")
    if len(rows) > 1:
        codes = ", ".join(row.code for row in rows[:5])
        return _("several items have this name; write the code of one of them: %s") % codes
    if not rows[0].network_address:
        return _("the item has no network address to keep its table under; record one first")
    return ""


def _named(
    network: Network, items: QuerySet[ConfigurationItem], names: Iterable[str]
) -> dict[str, list[ConfigurationItem]]:
    """Return the items by name in lower case: a code is one item's, a hostname or name may be several's."""
    asked = sorted({name.casefold() for name in names})
    if not asked:
        return {}
    condition = Q()
    for name in asked:
        condition |= Q(code__iexact=name) | Q(hostname__iexact=name) | Q(name__iexact=name)
    here = items.filter(location__path__startswith=site_path(network))
    rows = list(here.filter(condition).exclude(status=ItemStatus.RETIRED).order_by("pk"))
    found: dict[str, list[ConfigurationItem]] = {}
    for name in asked:
        by_code = [row for row in rows if row.code.casefold() == name]
        others = [row for row in rows if name in {row.hostname.casefold(), row.name.casefold()}]
        found[name] = by_code or others
    return found


def _read_themselves(network: Network, items: Iterable[int]) -> set[int]:
    """Return which items have told their own tables in a scan of the network."""
    rows = Observation.objects.filter(
        network=network,
        item__in=list(items),
        scan__source=ScanSource.SCAN,
        target__variable_count__gt=0,
    )
    return {item for item in rows.order_by().values_list("item_id", flat=True) if item is not None}


def _macs_of(
    meant: Mapping[int, tuple[ConfigurationItem, frozenset[Entry]]],
) -> dict[int, str]:
    """Return a hardware address that each switch is known by, recorded or seen before."""
    held: dict[int, set[str]] = defaultdict(set)
    keys = ItemKey.objects.filter(item__in=list(meant), kind__in=KINDS).order_by()
    for item, value in keys.values_list("item_id", "value"):
        held[item or 0].add(value)
    recorded = {pk: item.mac_address.casefold() for pk, (item, _entries) in meant.items()}
    return {pk: mac or min(held[pk], default="") for pk, mac in recorded.items()}
