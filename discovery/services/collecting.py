"""Where a scan's packets are sent from: by this worker, or by the collector of the network's place."""

import threading
from collections.abc import Iterator

from django.utils.translation import gettext as _

from discovery.choices import CollectorState
from discovery.collectors.remote.centre import Way, remote_scan
from discovery.collectors.scanning import Event, ScanOrder, scan
from discovery.models import Collector, Scan
from discovery.services.collectors import CollectorGoneError, broker, key_of


def events_of(
    row: Scan, collector: Collector | None, order: ScanOrder, stop: threading.Event
) -> Iterator[Event | None]:
    """Yield what happens in a scan, wherever it is carried out."""
    if collector is None:
        return scan(order, stop)
    if collector.state != CollectorState.ACTIVE:
        raise CollectorGoneError(
            _("The key of collector %s is revoked: give it a new one, or retire it.") % collector
        )
    way = Way(
        broker(), collector.location.code, collector.name, key_of(collector), f"scan-{row.pk}"
    )
    return remote_scan(order, stop, way)


def still_holds(collector: Collector) -> bool:
    """Tell whether a collector's key is the one that a scan began with."""
    same = Collector.objects.filter(pk=collector.pk, key_set_at=collector.key_set_at)
    return same.filter(state=CollectorState.ACTIVE).exists()
