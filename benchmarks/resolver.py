"""Ownership in bulk: one question for all items against one question per item, in the same run.

`python -m benchmarks.resolver [--size 5000]` builds a plant in a database of its own (SQLite in memory, or
DATABASE_URL's test database) and prints one JSON object {name, figures, ratios}.
"""

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import date
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

from accounts.models import Person, User  # noqa: E402
from assets.choices import ItemKind, LocationLevel  # noqa: E402
from assets.models import ConfigurationItem, ItemClass, Location, Zone  # noqa: E402
from common.actor import Actor  # noqa: E402
from raci.models import Activity, Assignment, Matrix, Role, RoleHolder  # noqa: E402
from raci.queries import Resolution, resolve, resolve_many, service_levels_of  # noqa: E402
from raci.queries.site_map import site_map  # noqa: E402
from raci.services import create_activity, publish_matrix  # noqa: E402

NOW = timezone.now()
STAMPS = {"created_at": NOW, "updated_at": NOW}
SAMPLE = 40
ROUNDS = 3


def build(size: int) -> Location:
    """Build a site of `size` items: 8 areas of 6 lines, 12 classes, 300 assignments, 40 roles."""
    dice = random.Random(7)
    actor = Actor.system("benchmark")
    site = _location("SITE", LocationLevel.SITE, None)
    areas = [_location(f"A{n}", LocationLevel.AREA, site) for n in range(8)]
    lines = [_location(f"{a.code}-L{n}", LocationLevel.LINE, a) for a in areas for n in range(6)]
    zones = [
        Zone.objects.create(
            code=f"Z{n}", name=f"Zone {n}", site=site, purdue_level=str(n % 4), **STAMPS
        )
        for n in range(8)
    ]
    classes = [
        ItemClass.objects.create(slug=f"class-{n}", name=f"Class {n}", kind="asset", **STAMPS)
        for n in range(12)
    ]
    _items(size, lines, zones, classes, dice)
    change = create_activity(actor=actor, values={"code": "change", "name": "Change"}, now=NOW)
    _operating_model(site, [*areas, *lines], classes, change, dice)
    publish_matrix(actor=actor, matrix=Matrix.objects.get(), now=NOW)
    return site


def _location(code: str, level: str, parent: Location | None) -> Location:
    row = Location.objects.create(code=code, name=code, level=level, parent=parent, **STAMPS)
    row.path = f"{parent.path if parent else ''}{row.pk}/"
    row.save(update_fields=["path"])
    return row


def _items(
    size: int,
    lines: list[Location],
    zones: list[Zone],
    classes: list[ItemClass],
    dice: random.Random,
) -> None:
    rows = [
        ConfigurationItem(
            code=f"I{n}",
            name=f"Item {n}",
            kind=ItemKind.ASSET,
            item_class=dice.choice(classes),
            location=dice.choice(lines),
            zone=dice.choice(zones),
            criticality_override=dice.choice([None, 1, 2, 3, 4]),
            **STAMPS,
        )
        for n in range(size)
    ]
    ConfigurationItem.objects.bulk_create(rows, batch_size=1000)


def _operating_model(
    site: Location,
    places: list[Location],
    classes: list[ItemClass],
    change: Activity,
    dice: random.Random,
) -> None:
    people = Person.objects.bulk_create(
        Person(employee_number=f"E{n}", name=f"Person {n}", **STAMPS) for n in range(60)
    )
    roles = Role.objects.bulk_create(
        Role(code=f"R{n}", name=f"Role {n}", **STAMPS) for n in range(40)
    )
    since = {"valid_from": date(2024, 1, 1), **STAMPS}
    RoleHolder.objects.bulk_create(
        RoleHolder(role=role, person=dice.choice(people), location=place, **since)
        for role in roles
        for place in [site, *dice.sample(places, 4)]
    )
    matrix = Matrix.objects.create(code="bench", name="Benchmark", **STAMPS)
    common = {"matrix": matrix, "activity": change, **since}
    Assignment.objects.create(letter="A", role=roles[0], **common)
    for place in places:
        for item_class in dice.sample(classes, 3):
            where = {"scope_kind": "location", "location": place, "selector_class": item_class}
            Assignment.objects.create(letter="A", role=dice.choice(roles), **where, **common)
            Assignment.objects.create(letter="R", role=dice.choice(roles), **where, **common)


def timed(question: Callable[[], Any]) -> tuple[float, float]:
    """Return the median milliseconds of some rounds: by the clock, and of this process's CPU."""
    clock, cpu = [], []
    for _ in range(ROUNDS):
        start, burnt = time.perf_counter(), time.process_time()
        question()
        clock.append((time.perf_counter() - start) * 1000)
        cpu.append((time.process_time() - burnt) * 1000)
    return statistics.median(clock), statistics.median(cpu)


def measure(site: Location, size: int) -> dict[str, Any]:
    """Return figures and ratios."""
    items = ConfigurationItem.objects.all()
    now = timezone.now()
    user = User(username="benchmark", is_superuser=True, is_active=True)
    sample = list(items.order_by("pk")[:SAMPLE])
    ids = list(items.values_list("pk", flat=True))

    def in_bulk() -> dict[int, Resolution]:
        return resolve_many(items, activity_code="change", at=now)

    def one_by_one() -> list[Resolution]:
        return [resolve(item, activity_code="change", at=now) for item in sample]

    with CaptureQueriesContext(connection) as queries:
        found = in_bulk()
    with CaptureQueriesContext(connection) as single_queries:
        assert one_by_one() == [found[item.pk] for item in sample]  # noqa: S101
    with CaptureQueriesContext(connection) as map_queries:
        site_map(user, site, activity_code="change", at=now)
    bulk, bulk_cpu = timed(in_bulk)
    single, single_cpu = (part / SAMPLE for part in timed(one_by_one))
    map_ms, map_cpu = timed(lambda: site_map(user, site, activity_code="change", at=now))
    figures = {
        "database": connection.vendor,
        "items": size,
        "bulk_queries": len(queries),
        "bulk_ms": round(bulk, 1),
        "bulk_cpu_ms": round(bulk_cpu, 1),
        "single_queries_per_item": len(single_queries) / SAMPLE,
        "single_ms_per_item": round(single, 2),
        "single_cpu_ms_per_item": round(single_cpu, 2),
        "single_sample": SAMPLE,
        "map_queries": len(map_queries),
        "map_ms": round(map_ms, 1),
        "map_cpu_ms": round(map_cpu, 1),
        "service_levels_ms": round(timed(lambda: service_levels_of(ids, at=now))[0], 1),
    }
    ratios = {
        "single_to_bulk_time": round(single * size / bulk, 1),
        "single_to_bulk_cpu": round(single_cpu * size / bulk_cpu, 1),
    }
    return {"figures": figures, "ratios": ratios}


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=5000)
    size = parser.parse_args().size
    setup_test_environment(debug=False)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        result = measure(build(size), size)
    finally:
        teardown_databases(databases, verbosity=0)
    print(json.dumps({"name": "resolver", **result}, indent=2))


if __name__ == "__main__":
    main()
