"""Rows for the benchmarks of lists and API: a plant of N assets and 2 N relations, written in bulk.

Written past the services on purpose: what is measured is reading and single writes, not this.
"""

import random
from datetime import UTC, datetime

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from accounts.access import token_digest
from accounts.models import ApiToken, Organisation, User
from assets.choices import ItemKind, LocationLevel, PurdueLevel, RelationClass
from assets.models import ConfigurationItem, ItemClass, Location, Product, Relation, Zone

NOW = datetime(2026, 11, 1, tzinfo=UTC)
STAMP = {"created_at": NOW, "updated_at": NOW}
SECRET = "rw_benchmark_token_that_lives_for_one_run"  # noqa: S105 - dropped with its database
CLASSES = ("plc", "hmi", "drive", "remote-io", "industrial-switch", "server", "vm", "workstation")


@transaction.atomic
def fill(assets: int, *, seed: int = 7) -> int:
    """Write the plant; returns the id of an item that 2,000 others depend on."""
    chance = random.Random(seed)
    user = User.objects.create_superuser("benchmark", password=None)
    ApiToken.objects.create(
        user=user, name="benchmark", prefix=SECRET[:8], digest=token_digest(SECRET), **STAMP
    )
    lines, zones = _places()
    classes = [
        ItemClass.objects.create(slug=slug, name=slug.title(), kind=ItemKind.ASSET, **STAMP)
        for slug in CLASSES
    ]
    mes = ItemClass.objects.create(slug="mes", name="MES", kind=ItemKind.SYSTEM, **STAMP)
    products = _products(classes)
    systems = ConfigurationItem.objects.bulk_create(
        ConfigurationItem(
            code=f"S-{n:05}",
            name=f"System {n}",
            kind=ItemKind.SYSTEM,
            item_class=mes,
            criticality_override=1 + n % 4,
            location=lines[n % len(lines)],
            **STAMP,
        )
        for n in range(200)
    )
    items = ConfigurationItem.objects.bulk_create(
        (_asset(n, chance, lines, zones, classes, products, systems) for n in range(assets)),
        batch_size=2000,
    )
    _relations(items, chance)
    return items[0].pk


def _places() -> tuple[list[Location], list[Zone]]:
    def place(code: str, level: str, parent: Location | None) -> Location:
        row = Location.objects.create(
            code=code, name=f"{level.title()} {code}", level=level, parent=parent, **STAMP
        )
        row.path = f"{parent.path if parent else ''}{row.pk}/"
        row.save(update_fields=["path"])
        return row

    root = place("HQ", LocationLevel.ENTERPRISE, None)
    lines, zones = [], []
    for s in range(4):
        site = place(f"S{s}", LocationLevel.SITE, root)
        zones += [
            Zone.objects.create(
                code=f"Z{s}-{level}",
                name=f"Zone {s}.{level}",
                site=site,
                purdue_level=level,
                **STAMP,
            )
            for level in (PurdueLevel.L1, PurdueLevel.L2, PurdueLevel.L3, PurdueLevel.L4)
        ]
        for a in range(5):
            area = place(f"S{s}A{a}", LocationLevel.AREA, site)
            lines += [place(f"S{s}A{a}L{n}", LocationLevel.LINE, area) for n in range(5)]
    return lines, zones


def _products(classes: list[ItemClass]) -> list[Product]:
    vendor = Organisation.objects.create(slug="acme", name="Acme", **STAMP)
    return [
        Product.objects.create(vendor=vendor, model=f"M-{n}", item_class=c, **STAMP)
        for n, c in enumerate(classes)
    ]


def _asset(
    n: int,
    chance: random.Random,
    lines: list[Location],
    zones: list[Zone],
    classes: list[ItemClass],
    products: list[Product],
    systems: list[ConfigurationItem],
) -> ConfigurationItem:
    kind = n % len(classes)
    return ConfigurationItem(
        code=f"A-{n:06}",
        name=f"{CLASSES[kind]} {chance.randrange(1000):03} of line {n % len(lines)}",
        kind=ItemKind.ASSET,
        item_class=classes[kind],
        function="control",
        location=lines[n % len(lines)],
        zone=zones[n % len(zones)],
        system=systems[n % len(systems)],
        product=products[kind],
        serial_number=f"SN{n:08}",
        firmware_version=f"{n % 5}.{n % 10}",
        hostname=f"host-{n}",
        network_address=f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}",
        mac_address=f"00:1b:1b:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x}",
        attributes={"rack": n % 40},
        stops_line=n % 50 == 0,
        **STAMP,
    )


def _relations(items: list[ConfigurationItem], chance: random.Random) -> None:
    """2 a row: the first 2,000 hang on item 0 in a tree of fan-out 12, the rest stays local."""
    pairs: set[tuple[int, int]] = set()
    for n in range(1, min(2001, len(items))):
        pairs.add((n, (n - 1) // 12))
    while len(pairs) < 2 * len(items):
        source = (
            chance.randrange(2001, len(items))
            if len(items) > 2100
            else chance.randrange(1, len(items))
        )
        target = max(source - chance.randrange(1, 60), min(2001, len(items) - 1))
        if source != target:
            pairs.add((source, target))
        elif len(items) <= 2100:
            break
    Relation.objects.bulk_create(
        (
            Relation(
                source=items[source],
                target=items[target],
                relation_class=RelationClass.DEPENDS_ON,
                **STAMP,
            )
            for source, target in sorted(pairs)
        ),
        batch_size=2000,
    )


def session_key() -> str:
    """Return the key of a session of the benchmark's user, for the pages."""
    user = User.objects.get(username="benchmark")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
