"""Networks scanned through a real collector, and what their scans store in a form that can be compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.test import override_settings
from django.utils import timezone

from discovery.models import Collector, Observation, Scan
from discovery.models.scans import unpacked
from discovery.services import start_scan
from discovery.services.collectors import greet_collectors, register_collector
from discovery.services.running import run_scan
from tests.discovery.remote_parts import Field, field_on, until


@contextmanager
def shared_field(folder: Path) -> Iterator[Field]:
    """A folder broker that this process and its collectors share."""
    found = field_on("folder", folder)
    options = {"CELERY_BROKER_TRANSPORT_OPTIONS": dict(found.broker.options)}
    with override_settings(CELERY_BROKER_URL=found.broker.url, **options):
        yield found
    found.stop()


def collected(field: Field, actor, network) -> Collector:
    """Register the collector of a network's place, start it, and hear of it."""
    field.site = network.location.code
    row, field.key = register_collector(
        actor=actor, name="Shed", location=network.location, now=timezone.now()
    )
    field.start()
    until(lambda: greet_collectors(now=timezone.now()))
    row.refresh_from_db()
    return row


def begun(actor, network, targets="") -> Scan:
    return start_scan(
        actor=actor, network=network, requester=None, targets=targets, now=timezone.now()
    )


def run(scan: Scan, progress=lambda *_: None) -> Scan:
    return run_scan(scan_id=scan.pk, progress=progress, clock=timezone.now)


def rows_of(scan: Scan) -> list[tuple]:
    return [
        (
            row.address,
            row.outcome,
            row.reason,
            row.identity,
            row.problems,
            row.packet_count,
            dict(unpacked(row.raw).varbinds),
        )
        for row in scan.addresses.order_by("address")
    ]


def seen_in(scan: Scan) -> list[tuple]:
    rows = Observation.objects.filter(scan=scan).order_by("address")
    return list(rows.values_list("address", "values", "sighting"))


def probes_of(scan: Scan) -> list[tuple]:
    return sorted(scan.probes.values_list("address", "request", "port", "outcome", "was_sent"))
