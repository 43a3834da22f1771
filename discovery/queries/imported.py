"""Which observations come from files, and what is known of the items they speak of from elsewhere."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address

from django.db.models import Count, Max, Q

from discovery.choices import ScanSource
from discovery.models import Network, Observation, Scan
from discovery.models.networks import lines_of
from discovery.rules.targets import TargetSet


@dataclass(frozen=True)
class Imported:
    """The imports among a batch's runs; `told_at` is when an item was last seen, `scanned` are those that scans read."""

    runs: Collection[int | None] = ()
    told_at: Mapping[int, datetime] = field(default_factory=dict)
    scanned: Collection[int] = ()

    def is_of_file(self, row: Observation) -> bool:
        """Tell whether an observation is from a file."""
        return row.scan_id in self.runs

    @staticmethod
    def covers(network: Network, address: str | None) -> bool:
        """Tell whether a file about a network knows about an address."""
        blocks = TargetSet.of(lines_of(network.allowed_blocks), lines_of(network.excluded_blocks))
        return bool(address) and ip_address(str(address)) in blocks


def imported_among(rows: Sequence[Observation], items: Collection[int]) -> Imported:
    """Return what matters about imports among observations; one not stored yet is of a file. Two queries."""
    stored = {row.scan_id for row in rows if row.scan_id is not None}
    files = Scan.objects.filter(pk__in=stored).exclude(source=ScanSource.SCAN).order_by()
    runs: set[int | None] = {*files.values_list("pk", flat=True)}
    if any(row.scan_id is None for row in rows):
        runs.add(None)
    if not runs:
        return Imported()
    own = Count("pk", filter=Q(scan__source=ScanSource.SCAN))
    seen = (
        Observation.objects.filter(item__in=items)
        .order_by()
        .values("item_id")
        .annotate(last=Max("seen_at"), own=own)
    )
    found = list(seen.values_list("item_id", "last", "own"))
    return Imported(
        frozenset(runs),
        {item: last for item, last, _own in found if item is not None},
        frozenset(item for item, _last, own in found if own),
    )
