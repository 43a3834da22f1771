"""What each address of a network told when it was last looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q
from django.db.models.functions import Coalesce

from discovery.choices import ScanSource, TargetOutcome
from discovery.models import Network
from discovery.models import Observation as Row
from discovery.models.scans import unpacked
from discovery.topology.observations import Observation

OWN = Q(scan__source=ScanSource.SCAN)


@dataclass(frozen=True)
class Latest:
    """Observations by the address that was asked, the item each is, and when each was made."""

    observations: tuple[Observation, ...]
    items: Mapping[str, int]
    seen_at: Mapping[str, datetime]


def latest_looks(network: Network, *, before: int | None = None) -> Latest:
    """Return the newest observation of every address that is an item by now, with all it told.

    What an address told itself comes before what a file says of it; without variables there is nothing to look at.
    `before` leaves out a scan and those after it: the network as it was.
    """
    earlier = {"scan__lt": before} if before is not None else {}
    newest = (
        Row.objects.filter(network=network, target__variable_count__gt=0, **earlier)
        .order_by()
        .values("address")
        .annotate(newest=Coalesce(Max("pk", filter=OWN), Max("pk")))
        .values("newest")
    )
    rows = Row.objects.filter(pk__in=newest, item__isnull=False, target__isnull=False)
    found: list[Observation] = []
    items: dict[str, int] = {}
    seen_at: dict[str, datetime] = {}
    for row in rows.select_related("target").order_by("pk"):
        if row.target is None or row.item_id is None:
            continue
        key = str(row.address)
        items[key], seen_at[key] = row.item_id, row.seen_at
        found.append(
            Observation(
                key,
                unpacked(bytes(row.target.raw), row.target.problems),
                network.code,
                key,
                is_complete=row.target.outcome == TargetOutcome.READ,
            )
        )
    return Latest(tuple(found), items, seen_at)
