"""The ledger: what an entry costs a write, entries appended and verified in a second.

`python -m benchmarks.ledger [--size N] [--postgres]`: SQLite in a temporary folder, or a PostgreSQL database of its own.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.site import own_database

SINGLE_WRITES = 300
NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)


def seconds(call: Callable[[], Any]) -> tuple[float, float]:
    """Return wall and CPU seconds of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


class Plant:
    """Items to write, with and without their entries."""

    def __init__(self) -> None:
        location, item_class = (
            apps.get_model("assets", "Location"),
            apps.get_model("assets", "ItemClass"),
        )
        times = {"created_at": NOW, "updated_at": NOW}
        self.site = location.objects.create(
            code="NF", name="Northfield", level="site", path="1/", **times
        )
        self.item_class, _made = item_class.objects.get_or_create(
            slug="plc", defaults={"name": "PLC", "kind": "asset", **times}
        )
        self.model = apps.get_model("assets", "ConfigurationItem")
        self.made = 0

    def items(self, count: int) -> list[Any]:
        """Return unsaved items."""
        start, self.made = self.made, self.made + count
        return [
            self.model(
                code=f"A-{n:07}",
                name=f"Filler PLC {n}",
                kind="asset",
                item_class=self.item_class,
                location=self.site,
                serial_number=f"6ES7-{n}",
                firmware_version="V2.9.4",
                network_address="10.2.0.17",
                created_at=NOW,
                updated_at=NOW,
            )
            for n in range(start, start + count)
        ]


def measure(size: int) -> dict[str, Any]:
    """Return figures and ratios; everything is written before anything is verified."""
    from evidence.queries.verification import verify_ledger  # noqa: PLC0415 - after django.setup()
    from evidence.services.checkpoints import make_checkpoint  # noqa: PLC0415

    verdicts: list[Any] = []
    writes = write(size)
    signed = seconds(lambda: make_checkpoint(now=NOW))
    verified = seconds(lambda: verdicts.extend(verify_ledger()))
    if not all(verdict.holds for verdict in verdicts):
        raise SystemExit("the ledger written by this benchmark does not verify")
    count = SINGLE_WRITES + 2 * size
    single, many, appended = writes["single_with"], writes["bulk_with"], writes["appended"]
    return {
        "figures": {
            "database": connection.vendor,
            "entries": count,
            "single_write_ms": round(single[0] / SINGLE_WRITES * 1000, 3),
            "bulk_objects_with_entries_per_second": round(size / many[0]),
            "entries_appended_per_second": round(size / appended[0]),
            "entry_cpu_microseconds": round(appended[1] / size * 1e6, 1),
            "entries_verified_per_second": round(count / verified[0]),
            "entries_verified_per_cpu_second": round(count / verified[1]),
            "checkpoint_seconds": round(signed[0], 2),
        },
        "ratios": {
            "single_write_with_entry_to_without": round(single[0] / writes["single"][0], 2),
            "bulk_write_with_entries_to_without": round(many[0] / writes["bulk"][0], 2),
        },
    }


def write(size: int) -> dict[str, tuple[float, float]]:
    """Write one by one and in bulk, with and without entries; return the seconds of each."""
    from common.actor import Actor  # noqa: PLC0415 - after django.setup()
    from evidence.services import create_many, create_object  # noqa: PLC0415
    from evidence.services.entries import append, entry_for  # noqa: PLC0415
    from evidence.services.snapshots import set_fields  # noqa: PLC0415

    actor, plant = Actor(label="Rosa Delgado", user_id=1, channel="api"), Plant()

    def single(items: list[Any], save: Callable[[Any], Any]) -> Callable[[], None]:
        def run() -> None:
            for item in items:
                with transaction.atomic():
                    save(item)

        return run

    def recorded(item: Any) -> None:  # noqa: ANN401
        create_object(actor=actor, instance=item, now=NOW)

    few, more, many, last = (plant.items(n) for n in (SINGLE_WRITES, SINGLE_WRITES, size, size))
    found = {
        "single": seconds(single(few, saved)),
        "single_with": seconds(single(more, recorded)),
        "bulk": seconds(lambda: plant.model.objects.bulk_create(many, batch_size=1000)),
        "bulk_with": seconds(lambda: create_many(actor=actor, instances=last, now=NOW)),
    }
    entries = [entry_for(i, action="update", before={}, after=set_fields(i)) for i in last]
    found["appended"] = seconds(lambda: append(actor=actor, entries=entries, now=NOW))
    return found


def saved(item: Any) -> None:  # noqa: ANN401
    """Check and insert a row, as Django alone does."""
    item.full_clean()
    item.save(force_insert=True)


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=50_000, help="objects in bulk (50000)")
    parser.add_argument(
        "--postgres", action="store_true", help="on a PostgreSQL database of its own"
    )
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ.update(RACEWAY_VAR=folder, DJANGO_SETTINGS_MODULE="config.settings")
        os.environ["DATABASE_URL"] = (
            stack.enter_context(own_database("raceway_bench_ledger"))
            if options.postgres
            else f"sqlite:///{folder}/bench.sqlite3"
        )
        django.setup()
        call_command("migrate", verbosity=0)
        print(json.dumps({"name": "ledger", **measure(options.size)}, indent=2))
        connection.close()


if __name__ == "__main__":
    main()
