"""Who answers for what is new: resolved after each scan, and a gap where nobody does or several do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.rows import update_rows
from discovery.choices import ObservationVerdict
from discovery.models import Network, Observation, OwnerGap, Scan
from discovery.queries.owners import owners_of


@dataclass(frozen=True)
class Owned:
    """How many items were new, and for how many of these nobody in particular answers."""

    new: int
    gaps: int


def note_owners(*, scan: Scan, now: datetime) -> Owned:
    """Resolve the owners of what a scan added, and of what still had none in its network."""
    added = Observation.objects.filter(
        scan=scan, verdict=ObservationVerdict.ADDED, item__isnull=False
    )
    ids = {pk for pk in added.order_by().values_list("item_id", flat=True) if pk is not None}
    gaps = note_gaps(network=scan.network, scan=scan, item_ids=ids, now=now)
    return Owned(len(ids), len(gaps & ids))


@transaction.atomic
def note_gaps(
    *, network: Network, scan: Scan | None, item_ids: Collection[int], now: datetime
) -> set[int]:
    """Open, keep or close the gaps of new items and of those open in a network; return the items without an owner."""
    held = {
        one.item_id: one
        for one in OwnerGap.objects.filter(network=network, closed_at=None)
        | OwnerGap.objects.filter(item__in=item_ids)
    }
    owners = owners_of({*item_ids, *held}, at=now)
    without = {pk: one.gap for pk, one in owners.items() if one.gap}
    new = [
        OwnerGap(item_id=pk, network=network, scan=scan, kind=kind, found_at=now)
        for pk, kind in without.items()
        if pk not in held
    ]
    OwnerGap.objects.bulk_create(new, batch_size=1000)
    changed = [one for pk, one in held.items() if _settled(one, without.get(pk, ""), now)]
    update_rows(changed, ["kind", "closed_at"])
    return set(without)


def _settled(one: OwnerGap, kind: str, now: datetime) -> bool:
    """Bring a gap up to date; tell whether anything changed."""
    before = one.kind, one.closed_at
    if kind:
        one.kind, one.closed_at = kind, None
    else:
        one.closed_at = one.closed_at or now
    return (one.kind, one.closed_at) != before
