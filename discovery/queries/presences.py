"""When an item was seen last and missed since, in words; and what has nobody to answer for it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from assets.access import visible_item_ids
from assets.models import ConfigurationItem
from discovery.access import networks_visible_to, owner_gaps_managed_by
from discovery.models import Network, Presence, Scan
from discovery.queries.owners import owners_of

#: An inbox asks for so many items at most; the list has them all.
MOST_ASKED = 500


@dataclass(frozen=True, slots=True)
class ShownPresence:
    """An item's presence in a network the reader sees, and when it counts as stale there."""

    row: Presence
    limits: str
    observer: str = ""

    @property
    def missed(self) -> str:
        """Return how often it was missed since."""
        count = self.row.missed_looks
        if not count:
            return _("not once")
        return ngettext("in %d look", "in %d looks", count) % count


def presence_of(user: User, item: ConfigurationItem) -> ShownPresence | None:
    """Return when an item was seen last, as far as the reader sees the network."""
    rows = Presence.objects.filter(item=item, network__in=networks_visible_to(user))
    row = rows.select_related("network", "observer", "seen_scan", "missed_scan").first()
    if row is None:
        return None
    observer = ""
    if row.observer is not None:
        is_shown = row.observer.pk in visible_item_ids(user, {row.observer.pk})
        observer = row.observer.name if is_shown else _("an item you may not see")
    return ShownPresence(row, limits_in_words(row.network), observer)


def limits_in_words(network: Network) -> str:
    """Return when an item of a network counts as stale."""
    looks = ngettext("%d look", "%d looks", network.stale_looks) % network.stale_looks
    days = ngettext("%d day", "%d days", network.stale_days) % network.stale_days
    return _("Stale after %(looks)s in which it was missed, over at least %(days)s.") % {
        "looks": looks,
        "days": days,
    }


@dataclass(frozen=True, slots=True)
class OwnerSummary:
    """The new items of a scan: how many, and how many of these nobody in particular answers for now."""

    new: int
    without: int


def owner_summary(scan: Scan, *, at: datetime) -> OwnerSummary:
    """Return the new items of a scan and their gaps as they stand."""
    rows = scan.observations.filter(verdict="added", item__isnull=False).order_by()
    ids = {pk for pk in rows.values_list("item_id", flat=True) if pk is not None}
    owners = owners_of(ids, at=at)
    return OwnerSummary(len(ids), sum(bool(one.gap) for one in owners.values()))


@dataclass(frozen=True, slots=True)
class GapsAtNetwork:
    """How many new items of a network have nobody to answer for them."""

    network: Network
    count: int


def gaps_waiting_for(user: User, *, at: datetime) -> list[GapsAtNetwork]:
    """Return the gaps that the user can close, by network, as they stand: asked again of the operating model."""
    gaps = owner_gaps_managed_by(user).filter(closed_at=None)
    pairs = dict(gaps.order_by("pk").values_list("item_id", "network_id")[:MOST_ASKED])
    if not pairs:
        return []
    owners = owners_of(list(pairs), at=at)
    counts: dict[int, int] = {}
    for item_id, owner in owners.items():
        if owner.gap:
            network_id = pairs[item_id]
            counts[network_id] = counts.get(network_id, 0) + 1
    networks = Network.objects.filter(pk__in=counts).order_by("name")
    return [GapsAtNetwork(one, counts[one.pk]) for one in networks]


def verdicts_of_scans(ids: list[int]) -> dict[int, dict[str, int]]:
    """Return {scan: {verdict: how many}} in one query."""
    from_scan = Scan.objects.filter(pk__in=ids).order_by()
    rows = from_scan.values_list("pk", "observations__verdict").annotate(
        count=Count("observations")
    )
    found: dict[int, dict[str, int]] = {}
    for pk, verdict, count in rows:
        if verdict is not None:
            found.setdefault(pk, {})[verdict] = count
    return found
