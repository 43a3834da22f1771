"""Making the CMDB follow what was seen: observations a second, queries a batch, and that a second run writes nothing.

`python -m benchmarks.reconciling [--size 100000] [--observations 20000]` builds items in a database of its own (SQLite
in memory, or DATABASE_URL's test database) and prints one JSON object {name, figures, ratios}. Of the observations
nine in ten are of known devices, one in twenty of these with newer firmware; one in ten is new. The baseline creates
the same number of items through the service that people's bulk writes use.
"""

import argparse
import json
import os
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# Django must be set up before its models are imported.
from django.db import connection  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    setup_databases,
    setup_test_environment,
    teardown_databases,
)
from django.utils import timezone  # noqa: E402

from accounts.models import Organisation  # noqa: E402
from assets.choices import ItemKind, LocationLevel  # noqa: E402
from assets.models import ConfigurationItem, ItemClass, Location, Product  # noqa: E402
from assets.services.items import create_items  # noqa: E402
from common.actor import Actor  # noqa: E402
from discovery.models import Network, Observation, Scan  # noqa: E402
from discovery.services.reconciling import BATCH, reconcile  # noqa: E402
from discovery.services.staging import plain_sighting  # noqa: E402
from discovery.topology.sightings import Sighting  # noqa: E402
from evidence.models import LedgerEntry  # noqa: E402

NOW = timezone.now()
STAMPS = {"created_at": NOW, "updated_at": NOW}
ACTOR = Actor.system("benchmark")


def mac_of(number: int) -> str:
    """Return a hardware address of Moxa's."""
    return f"00:90:e8:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"


def build(size: int) -> tuple[Network, dict[str, ItemClass]]:
    """Build a site of `size` switches and a network."""
    site = Location.objects.create(code="SITE", name="Site", level=LocationLevel.SITE, **STAMPS)
    site.path = f"{site.pk}/"
    site.save(update_fields=["path"])
    classes = {
        slug: ItemClass.objects.create(slug=slug, name=slug, kind=ItemKind.ASSET, **STAMPS)
        for slug in ("industrial-switch", "network-device")
    }
    maker = Organisation.objects.create(slug="moxa", name="Moxa", **STAMPS)
    product = Product.objects.create(vendor=maker, model="EDS-408A", **STAMPS)
    ConfigurationItem.objects.bulk_create(
        (
            ConfigurationItem(
                code=f"I{number}",
                name=f"sw{number}",
                kind=ItemKind.ASSET,
                item_class=classes["industrial-switch"],
                location=site,
                product=product,
                serial_number=f"TAIA{number:07}",
                firmware_version="3.8",
                hostname=f"sw{number}",
                network_address=address_of(number),
                mac_address=mac_of(number),
                **STAMPS,
            )
            for number in range(size)
        ),
        batch_size=2000,
    )
    network = Network.objects.create(
        code="bench", name="Bench", location=site, allowed_blocks="10.0.0.0/8", **STAMPS
    )
    return network, classes


def address_of(number: int) -> str:
    """Return the address of a device."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def stage(network: Network, count: int, size: int) -> None:
    """Stage observations of devices spread over the plant."""
    scan = Scan.objects.create(network=network, **STAMPS)
    known = count * 9 // 10
    numbers = [n * (size // known) for n in range(known)]
    numbers += [size + n for n in range(count - known)]
    Observation.objects.bulk_create(
        (_observation(scan, network, number) for number in numbers), batch_size=2000
    )


def _observation(scan: Scan, network: Network, number: int) -> Observation:
    serial, name = f"TAIA{number:07}", f"sw{number}"
    sighting = Sighting(
        key=name,
        network=network.code,
        address=address_of(number),
        kind="industrial-switch",
        vendor="Moxa",
        model="EDS-408A",
        serials=(serial,),
        base_mac=mac_of(number),
        macs=frozenset({mac_of(number)}),
        name=name,
    )
    values = {
        "vendor": "Moxa",
        "model": "EDS-408A",
        "version": "3.9" if number % 20 == 0 else "3.8",
        "serial": serial,
        "item_class": "industrial-switch",
        "name": name,
        "mac": mac_of(number),
    }
    return Observation(
        network=network,
        scan=scan,
        address=address_of(number),
        seen_at=NOW,
        sighting=plain_sighting(sighting),
        values=values,
    )


def run(network: Network) -> dict[str, Any]:
    """Reconcile what is staged; return seconds, verdicts and queries a batch."""
    count = Observation.objects.filter(verdict="staged").count()
    with CaptureQueriesContext(connection) as caught:
        started, burnt = time.perf_counter(), time.process_time()
        verdicts = reconcile(actor=ACTOR, network=network, now=timezone.now())
        seconds, cpu = time.perf_counter() - started, time.process_time() - burnt
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "observations_a_second": round(count / seconds),
        "queries_a_batch": round(len(caught) / -(-count // BATCH), 1),
        **{str(verdict): number for verdict, number in verdicts.items()},
    }


def baseline(classes: dict[str, ItemClass], count: int) -> float:
    """Return items a second that the service for bulk writes creates."""
    rows = [{"name": f"bulk {n}", "item_class": classes["network-device"]} for n in range(count)]
    started = time.perf_counter()
    create_items(actor=ACTOR, kind=ItemKind.ASSET, rows=rows, now=NOW)
    return count / (time.perf_counter() - started)


def measure(size: int, count: int) -> dict[str, Any]:
    """Return figures and ratios."""
    network, classes = build(size)
    figures: dict[str, Any] = {"items": size, "observations": count, "database": connection.vendor}
    stage(network, count, size)
    figures["first"] = run(network)
    before = LedgerEntry.objects.count()
    stage(network, count, size)
    figures["second"] = run(network)
    figures["ledger_entries_of_second_run"] = LedgerEntry.objects.count() - before
    figures["created_in_bulk_a_second"] = round(baseline(classes, 2000))
    bulk = figures["created_in_bulk_a_second"]
    return {
        "name": "reconciling",
        "figures": figures,
        "ratios": {
            "first_to_bulk_create": round(figures["first"]["observations_a_second"] / bulk, 2),
            "second_to_bulk_create": round(figures["second"]["observations_a_second"] / bulk, 2),
        },
    }


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--observations", type=int, default=20_000)
    options = parser.parse_args()
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        print(json.dumps(measure(options.size, options.observations), indent=2))
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main()
