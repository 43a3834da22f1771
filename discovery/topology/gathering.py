"""From the rows of an ARP or MAC table to what is concluded: one sighting an address, one table a switch, the rest left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from discovery.rules.seen_tables import LeftOut, SeenRow
from discovery.rules.targets import MOST_TARGETS, TargetSet
from discovery.topology.exported import Entry
from discovery.topology.macs import MacKind, is_station, mac_kind

#: A hardware address with more addresses than this in one table answers for others.
MOST_ADDRESSES = 8
#: So many examples are kept of each reason for leaving something out.
EXAMPLES = 20


class TooMuchSeenError(ValueError):
    """More addresses than one import takes; the message says how many."""


@dataclass
class Omissions:
    """What was left out: how often for each reason, with the first examples."""

    counts: Counter[LeftOut] = field(default_factory=Counter)
    examples: dict[LeftOut, list[str]] = field(default_factory=dict)

    def add(self, why: LeftOut, example: str) -> None:
        """Count one more."""
        self.counts[why] += 1
        kept = self.examples.setdefault(why, [])
        if len(kept) < EXAMPLES:
            kept.append(example)


@dataclass
class Gathered:
    """What a table says. `tables` are the entries of each switch, under its name as the table writes it."""

    omissions: Omissions
    sightings: Mapping[str, SeenRow] = field(default_factory=dict)
    tables: Mapping[str, frozenset[Entry]] = field(default_factory=dict)


def gathered(rows: Iterable[SeenRow], targets: TargetSet, omissions: Omissions) -> Gathered:
    """Return what rows amount to; of two sightings of an address the newer counts, and neither when both are as new.

    Raises TooMuchSeenError.
    """
    newest: dict[str, SeenRow] = {}
    disputed: set[str] = set()
    tables: dict[str, set[Entry]] = defaultdict(set)
    for row in rows:
        if not is_station(row.mac):
            omissions.add(LeftOut.NO_DEVICE, f"{row.mac} {row.address}".strip())
            continue
        if row.switch and row.port:
            tables[row.switch].add((row.port, row.mac, row.vlan))
        if row.address and (why := refusal_of(row.address, targets)) is not None:
            omissions.add(why, row.address)
        elif row.address:
            _keep(row, newest, disputed)
            if len(newest) > MOST_TARGETS:
                raise TooMuchSeenError(
                    f"The file holds more than {MOST_TARGETS:,} addresses of the network; split it."
                )
    for address in sorted(disputed, key=_place):
        omissions.add(LeftOut.DISPUTED, address)
        del newest[address]
    _leave_proxies_out(newest, omissions)
    kept = {address: newest[address] for address in sorted(newest, key=_place)}
    return Gathered(omissions, kept, {name: frozenset(tables[name]) for name in sorted(tables)})


def refusal_of(address: str, targets: TargetSet) -> LeftOut | None:
    """Return why nothing is concluded about an address here, None when something may be."""
    one = ip_address(address)
    if one in targets:
        return None
    return LeftOut.EXCLUDED if one in TargetSet(targets.allowed) else LeftOut.NOT_ALLOWED


def _place(address: str) -> tuple[int, int]:
    one = ip_address(address)
    return one.version, int(one)


def _keep(row: SeenRow, newest: dict[str, SeenRow], disputed: set[str]) -> None:
    held = newest.get(row.address)
    if held is None or _is_newer(row, held):
        newest[row.address] = row
        disputed.discard(row.address)
    elif held.mac != row.mac and not _is_newer(held, row):
        disputed.add(row.address)


def _is_newer(row: SeenRow, held: SeenRow) -> bool:
    """Tell whether one row surely saw later than the other: a time counts more than none."""
    if row.seen_at is None or held.seen_at is None:
        return row.seen_at is not None and held.seen_at is None
    return row.seen_at > held.seen_at


def _leave_proxies_out(newest: dict[str, SeenRow], omissions: Omissions) -> None:
    counts = Counter(row.mac for row in newest.values() if mac_kind(row.mac) is MacKind.UNIVERSAL)
    for address, row in sorted(newest.items()):
        if counts[row.mac] > MOST_ADDRESSES:
            omissions.add(LeftOut.PROXY, f"{address} {row.mac}")
            del newest[address]
