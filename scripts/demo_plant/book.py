"""The book the plant is written into: rows per import kind, addresses, serials, relations.

Everything drawn by chance is drawn from a generator seeded with the item's own code, so adding
one item never changes another and the files come out the same on every machine.
"""

from __future__ import annotations

import csv
import random
import string
import zlib
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from demo_plant.catalogue import MAC_PREFIXES, ON_SALE_SINCE, PRODUCTS, SERIAL_PATTERNS, Product
from demo_plant.columns import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

DOMAIN = "haldenworks.example"
LIFE_YEARS = {"workstation": 6, "server": 7, "hypervisor-host": 7, "storage": 7, "nas": 7}
LIFE_YEARS |= {"it-switch": 10, "firewall": 8, "router": 9, "access-point": 8, "ups": 10}
LIFE_YEARS |= {"barcode-scanner": 6, "printer": 7, "camera": 9, "industrial-switch": 15}
NAMED_HOSTS = {"workstation", "server", "hypervisor-host", "storage", "nas", "vm", "it-switch"}
NAMED_HOSTS |= {"firewall", "router", "access-point", "printer", "wlan-controller", "time-server"}
UNADDRESSED = {"container", "software"}
STALE_SHARE = 0.16

Row = dict[str, str]


def dice(key: str) -> random.Random:
    """A generator that depends on nothing but the key."""
    return random.Random(zlib.crc32(key.encode()))


def serial_number(vendor: str, key: str) -> str:
    """A serial in the vendor's format: # digit, @ letter, % letter or digit, & hex digit."""
    rng = dice("serial " + key)
    sets = {
        "#": string.digits,
        "@": "ABCDEFGHJKLMNPRSTUVWXYZ",
        "%": "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ",
        "&": "0123456789ABCDEF",
    }
    pattern = SERIAL_PATTERNS.get(vendor, "##########")
    return "".join(rng.choice(sets[mark]) if mark in sets else mark for mark in pattern)


def mac_address(vendor: str, key: str) -> str:
    """A MAC address below the vendor's prefix."""
    rng = dice("mac " + key)
    tail = ":".join(f"{rng.randrange(256):02X}" for _ in range(3))
    return f"{MAC_PREFIXES.get(vendor, '02:1C:0B')}:{tail}"


def day_in(year: int, key: str) -> date:
    """A working day of the year; lines are commissioned between February and November."""
    day = date(year, 2, 1) + timedelta(days=dice("day " + key).randrange(300))
    return day - timedelta(days=max(0, day.weekday() - 4))


def firmware_of(product: Product, key: str) -> str:
    """The recommended firmware, or for some items one that was never updated."""
    rng = dice("firmware " + key)
    if product.older and rng.random() < STALE_SHARE:
        return rng.choice(product.older)
    return product.recommended


class Plant:
    """Collects rows; the modules of this package each write their chapter into it."""

    def __init__(self) -> None:
        """Start an empty book."""
        self.rows: dict[str, list[Row]] = {kind: [] for kind in COLUMNS}
        self._next_host: dict[str, int] = defaultdict(lambda: 11)
        self._serial_numbers: dict[str, int] = defaultdict(int)
        self.items: dict[str, Row] = {}

    def add(self, kind: str, /, **values: object) -> Row:
        """Append one row of a kind; unknown columns are refused."""
        unknown = set(values) - set(COLUMNS[kind])
        if unknown:
            message = f"{kind}: unknown columns {sorted(unknown)}"
            raise KeyError(message)
        row = {name: text_of(values.get(name)) for name in COLUMNS[kind]}
        if "name" in row:
            row["name"] = undoubled(row["name"])
        self.rows[kind].append(row)
        return row

    def number(self, prefix: str) -> str:
        """The next code of a prefix: NF-FIL-L1-PLC gives NF-FIL-L1-PLC01, then 02."""
        self._serial_numbers[prefix] += 1
        return f"{prefix}{self._serial_numbers[prefix]:02d}"

    def address(self, subnet: str) -> str:
        """The next free host address in a /24 given by its first three octets."""
        host = self._next_host[subnet]
        self._next_host[subnet] = host + 1
        if host > 250:
            message = f"subnet {subnet}.0/24 is full"
            raise ValueError(message)
        return f"{subnet}.{host}"

    def asset(
        self,
        code: str,
        name: str,
        product_key: str,
        *,
        location: str,
        zone: str,
        subnet: str,
        year: int,
        system: str = "",
        **more: object,
    ) -> str:
        """Write one asset and return its code; serial, firmware and address follow from it."""
        product = PRODUCTS[product_key]
        item_class = str(more.pop("item_class", product.item_class))
        installed = day_in(max(year, ON_SALE_SINCE.get(product_key, 0)), code)
        values: dict[str, object] = {
            "status": "active",
            "firmware_version": firmware_of(product, code),
            "serial_number": "" if item_class == "vm" else serial_number(product.vendor, code),
            "mac_address": mac_address(product.vendor, code) if subnet else "",
            "network_address": self.address(subnet) if subnet else "",
            "hostname": hostname_of(code, zone) if item_class in NAMED_HOSTS else "",
            "installed_date": installed,
            "end_of_life_date": end_of_life(item_class, installed),
        }
        values |= more
        row = self.add(
            "assets", code=code, name=name, item_class=item_class, location=location, zone=zone,
            system=system, vendor=product.vendor, model=product.model, **values,
        )  # fmt: skip
        self._remember(row)
        return code

    def system(self, code: str, name: str, item_class: str, **values: object) -> str:
        """Write one system and return its code."""
        values.setdefault("status", "active")
        self._remember(self.add("systems", code=code, name=name, item_class=item_class, **values))
        return code

    def _remember(self, row: Row) -> None:
        if row["code"] in self.items:
            message = f"code used twice: {row['code']}"
            raise ValueError(message)
        self.items[row["code"]] = row

    def link(
        self,
        source: str,
        relation_class: str,
        target: str,
        protocol: str = "",
        *,
        group: str = "",
        need: int | None = None,
        **more: object,
    ) -> None:
        """Write one relation; `group` and `need` make it one of the k-of-n a dependent needs."""
        rng = dice(f"verified {source} {relation_class} {target}")
        if rng.random() < 0.55:
            seen = date(2024, 2, 1) + timedelta(days=rng.randrange(880))
            more.setdefault("verified_at", f"{seen}T09:00:00Z")
        self.add(
            "relations", source=source, relation_class=relation_class, target=target,
            protocol=protocol, redundancy_group=group, required=need, **more,
        )  # fmt: skip

    def link_group(
        self,
        source: str,
        relation_class: str,
        targets: list[str] | tuple[str, ...],
        group: str,
        need: int | None,
        protocol: str = "",
    ) -> None:
        """Write the k-of-n providers of one dependent (source depends on targets)."""
        for target in targets:
            self.link(source, relation_class, target, protocol, group=group, need=need)

    def write(self, folder: Path) -> None:
        """Write one CSV file per kind."""
        folder.mkdir(parents=True, exist_ok=True)
        for kind, columns in COLUMNS.items():
            with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, columns, lineterminator="\n")
                writer.writeheader()
                writer.writerows(self.rows[kind])


def text_of(value: object) -> str:
    """How the importer reads a value: true/false, ISO dates, lists with semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ";".join(str(part) for part in value)
    return str(value)


def undoubled(name: str) -> str:
    """Leave out a word that repeats the one before: names are put together from a place and a thing.

    >>> undoubled("Aseptic aseptic filler controller")
    'Aseptic filler controller'
    """
    words: list[str] = []
    for word in name.split():
        if not words or word.lower() != words[-1].lower():
            words.append(word)
    return " ".join(words)


def hostname_of(code: str, zone: str) -> str:
    """Machines in the office network carry the group's domain, all others the OT domain."""
    return f"{code.lower()}.{'' if zone.endswith('-ENT') else 'ot.'}{DOMAIN}"


def end_of_life(item_class: str, installed: date) -> date | None:
    """Planned replacement: by class; control equipment is kept as long as it runs."""
    years = LIFE_YEARS.get(item_class)
    return date(installed.year + years, 12, 31) if years else None
