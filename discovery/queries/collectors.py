"""Which collector scans a network, and how collectors stand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assets.models import Location
from discovery.choices import CollectorState, ScanState
from discovery.collectors.remote import terms
from discovery.collectors.remote.messages import queue_of
from discovery.models import Collector, Network, Scan

#: A collector that was greeted, and has answered nothing for so long, is not there. It is greeted every 10 seconds.
SILENT_AFTER = timedelta(seconds=35)
#: When nobody has greeted it for so long, no worker runs; then nothing is known of it.
UNASKED_AFTER = timedelta(seconds=60)

ALIVE, SILENT, NEVER, UNASKED = "alive", "silent", "never", "unasked"
REVOKED, RETIRED = CollectorState.REVOKED.value, CollectorState.RETIRED.value


@dataclass(frozen=True, slots=True)
class CollectorStanding:
    """How a collector stands: `word` is alive, silent, never, unasked, revoked or retired; its scans under way."""

    word: str
    queue: str
    scans: tuple[int, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether a scan may be ordered: it is heard of, or nobody has asked and the scan itself will."""
        return self.word in {ALIVE, UNASKED}


def in_use() -> QuerySet[Collector]:
    """Return the collectors that keep networks to themselves: all but the retired."""
    return Collector.objects.exclude(state=CollectorState.RETIRED)


def collector_of(network: Network) -> Collector | None:
    """Return the collector a network is scanned through, the nearest at its place or above; None for the worker."""
    above = Location.objects.above(network.location)
    rows = in_use().filter(location__in=above).select_related("location")
    return max(rows, key=lambda one: len(one.location.path), default=None)


def networks_of(collector: Collector) -> QuerySet[Network]:
    """Return the networks scanned through a collector."""
    found = Network.objects.filter(location__path__startswith=collector.location.path)
    if collector.state == CollectorState.RETIRED:
        return found.none()
    below = in_use().filter(location__path__startswith=collector.location.path)
    for other in below.exclude(pk=collector.pk).select_related("location"):
        found = found.exclude(location__path__startswith=other.location.path)
    return found


def standing_of(collector: Collector, *, at: datetime) -> CollectorStanding:
    """Return how one collector stands."""
    return standings_of([collector.pk], at=at)[collector.pk]


def standings_of(ids: Collection[int], *, at: datetime) -> dict[int, CollectorStanding]:
    """Return how collectors stand at a moment: three queries, however many they are."""
    rows = list(Collector.objects.filter(pk__in=ids).select_related("location").order_by())
    scans = _scans_by_path(rows)
    return {
        one.pk: CollectorStanding(
            word_of(one, at=at), queue_of(one.location.code), tuple(scans.get(one.pk, ()))
        )
        for one in rows
    }


def word_of(collector: Collector, *, at: datetime) -> str:
    """Return whether a collector is there, in one of the words of a standing."""
    if collector.state != CollectorState.ACTIVE:
        return str(collector.state)
    greeted, seen = collector.greeted_at, collector.last_seen_at
    if at - (greeted or collector.key_set_at) > UNASKED_AFTER:
        return UNASKED
    if seen is None or greeted is None:
        return NEVER
    return ALIVE if greeted - seen <= SILENT_AFTER else SILENT


def obstacle(collector: Collector, *, at: datetime) -> str:
    """Return why nothing can be scanned through a collector now, "" when it can."""
    word = word_of(collector, at=at)
    names = {"name": collector.name}
    if word == REVOKED:
        return (
            _("The key of collector %(name)s is revoked: give it a new one, or retire it.") % names
        )
    if word == NEVER:
        return _("Collector %(name)s has never been heard of: start it at its site.") % names
    if word == SILENT:
        seconds = {"count": round((at - (collector.last_seen_at or at)).total_seconds())}
        sentence = _("Collector %(name)s has not been heard of for %(count)d seconds.")
        return sentence % {**names, **seconds}
    if not collector.is_same_build:
        return _("Collector %(name)s runs another build of Raceway: update it.") % names
    if abs(collector.clock_offset or 0) > terms.CLOCK_TOLERANCE:
        sentence = _("The clock of collector %(name)s is %(count)d seconds off: set it right.")
        return sentence % {**names, "count": round(abs(collector.clock_offset or 0))}
    return ""


def _scans_by_path(rows: Iterable[Collector]) -> dict[int, list[int]]:
    """Return the scans under way by the nearest of all collectors in use above their network."""
    wanted = {one.pk for one in rows}
    if not wanted:
        return {}
    places = list(in_use().values_list("pk", "location__path").order_by())
    running = Scan.objects.filter(state__in=(ScanState.QUEUED, ScanState.RUNNING)).order_by("pk")
    found: dict[int, list[int]] = {}
    for scan, path in running.values_list("pk", "network__location__path"):
        above = [(len(place), pk) for pk, place in places if path.startswith(place)]
        if above and (nearest := max(above)[1]) in wanted:
            found.setdefault(nearest, []).append(scan)
    return found
