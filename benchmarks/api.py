"""Lists and API at 20,000 assets and 40,000 relations: latency, server CPU, and a floor in the same run.

`python -m benchmarks.api [--size N]`. The floor is the same rows by psycopg, encoded by orjson.
"""

import argparse
import logging
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import httpx
import orjson
import psycopg
from django.core.management import call_command
from django.db import connection

from benchmarks.site import (
    cpu_seconds,
    family,
    memory_mb,
    own_database,
    running,
    web_processes,
)

PORT = 8199
#: What users have today at this size, p50 in ms on such a machine (NetBox 4.6 / Nautobot 3.2).
THEIRS = {
    "list_50": (162, 263),
    "list_1000": (1990, 2910),
    "detail": (81, 57),
    "html_list": (206, 331),
    "html_detail": (57, 252),
    "impact_2000": (180, 1584),
}


@dataclass(frozen=True)
class Case:
    """One kind of request: `call(client, n)` sends the n-th."""

    name: str
    call: Callable[[httpx.Client, int], httpx.Response]
    times: int
    objects: int = 1


def measure(client: httpx.Client, case: Case, pids: list[int]) -> dict[str, float]:
    """Return p50 and p95 latency and server CPU per request in ms; a failed request ends the run."""
    for n in range(5):
        _checked(case.call(client, -1 - n))
    latencies, before = [], cpu_seconds(pids)
    for n in range(case.times):
        started = time.perf_counter()
        answer = case.call(client, n)
        latencies.append((time.perf_counter() - started) * 1000)
        _checked(answer)
    cpu = (cpu_seconds(pids) - before) * 1000 / case.times
    latencies.sort()
    found = {
        "p50_ms": statistics.median(latencies),
        "p95_ms": latencies[int(len(latencies) * 0.95) - 1],
        "cpu_ms": cpu,
        "kilobytes": len(answer.content) / 1024,
    }
    if case.objects > 1:
        found["objects_per_second"] = case.objects * case.times * 1000 / sum(latencies)
    return {name: round(value, 2) for name, value in found.items()}


def _checked(answer: httpx.Response) -> None:
    if answer.status_code not in {200, 201}:
        raise RuntimeError(f"{answer.request.url}: {answer.status_code} {answer.text[:500]}")


def cases(hub: int) -> list[Case]:
    """Return the requests to measure."""
    api = "/api/assets/assets/"

    def new(n: int, k: int) -> dict[str, object]:
        return {
            "name": f"Made {n}.{k}",
            "item_class": "plc",
            "location": "S0A0L0",
            "zone": "Z0-1",
            "serial_number": f"NEW{n}-{k}",
        }

    return [
        Case("list_50", lambda c, n: c.get(api, params={"offset": 50 * (n % 20)}), 100),
        Case("list_1000", lambda c, n: c.get(api, params={"limit": 1000}), 30),
        Case("detail", lambda c, n: c.get(f"{api}{hub + 37 * (n % 100)}/"), 100),
        Case("filter_name", lambda c, n: c.get(api, params={"name__ic": f"{n % 900:03} of"}), 60),
        Case("filter_q", lambda c, n: c.get(api, params={"q": f"plc {n % 900:03}"}), 60),
        Case("create", lambda c, n: c.post(api, json=new(n, 0)), 60),
        Case(
            "bulk_create_100",
            lambda c, n: c.post(api, json=[new(n, k) for k in range(100)]),
            20,
            objects=100,
        ),
        Case(
            "impact_2000",
            lambda c, n: c.get(
                "/api/assets/impact/",
                params={"item": hub, "change_type": "power_off", "limit": 2000},
            ),
            60,
        ),
        Case("ledger_50", lambda c, n: c.get("/api/evidence/entries/"), 60),
        Case("html_list", lambda c, n: c.get("/plant/assets/"), 60),
        Case("html_detail", lambda c, n: c.get(f"/plant/items/{hub + 37 * (n % 100)}/"), 60),
    ]


def floor(url: str, limit: int, times: int = 50) -> float:
    """Return CPU ms for the same rows by psycopg, encoded by orjson: what Python cannot go below."""
    query = """
        SELECT i.id, i.code, i.name, i.kind, i.function, i.status, i.serial_number, i.firmware_version,
               i.hostname, host(i.network_address), i.mac_address, i.installed_date, i.end_of_life_date,
               i.stops_line, i.description, i.attributes, i.version, i.created_at, i.updated_at,
               c.id, c.name, l.id, l.name, z.id, z.name, z.purdue_level, s.id, s.name,
               s.criticality_override, p.id, p.model
        FROM assets_configurationitem i
        JOIN assets_itemclass c ON c.id = i.item_class_id
        LEFT JOIN assets_location l ON l.id = i.location_id
        LEFT JOIN assets_zone z ON z.id = i.zone_id
        LEFT JOIN assets_configurationitem s ON s.id = i.system_id
        LEFT JOIN assets_product p ON p.id = i.product_id
        WHERE i.kind = 'asset' ORDER BY i.name, i.id LIMIT %s"""
    with psycopg.connect(url) as connection:
        connection.execute(query, [limit]).fetchall()
        started = time.process_time()
        for _ in range(times):
            cursor = connection.execute(query, [limit])
            names = [column.name for column in cursor.description or ()]
            orjson.dumps([dict(zip(names, row, strict=True)) for row in cursor])
        return (time.process_time() - started) * 1000 / times


def concurrency(base: str, headers: dict[str, str], *, clients: int, seconds: float) -> float:
    """Return lists of 50 a second that `clients` connections get at once."""
    done = [0] * clients
    end = time.monotonic() + seconds

    def ask(place: int) -> None:
        with httpx.Client(base_url=base, headers=headers, timeout=60) as client:
            while time.monotonic() < end:
                _checked(client.get("/api/assets/assets/"))
                done[place] += 1

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def run(size: int, only: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Measure everything once; returns {name, figures, ratios}."""
    with tempfile.TemporaryDirectory() as folder, own_database("raceway_bench_api") as url:
        var = Path(folder)
        os.environ.update(DATABASE_URL=url, RACEWAY_VAR=folder)
        hub = _prepare(size)
        headers = {"Authorization": f"Bearer {_secret()}"}
        base = f"http://127.0.0.1:{PORT}"
        figures: dict[str, Any] = {"assets": size, "relations": 2 * size}
        with running(url, port=PORT, workers=1, var=var) as pid:
            time.sleep(3)
            figures["memory_at_rest_mb"] = round(memory_mb(family(pid)), 1)
            web = web_processes(pid)
            with httpx.Client(base_url=base, headers=headers, timeout=60) as client:
                _log_in(client, var)
                for case in cases(hub):
                    if only and case.name not in only:
                        continue
                    figures[case.name] = measure(client, case, web)
        floors = {"list_50": floor(url, 50), "list_1000": floor(url, 1000)}
        figures["floor_cpu_ms"] = {name: round(value, 2) for name, value in floors.items()}
        if not only:
            with running(url, port=PORT, workers=2, var=var):
                rate = concurrency(base, headers, clients=8, seconds=6)
            figures["list_50_per_second_at_8"] = round(rate, 1)
    return {"name": "api", "figures": figures, "ratios": _ratios(figures, floors)}


def _prepare(size: int) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    from benchmarks.plant_rows import fill  # noqa: PLC0415 - models load after django.setup()

    hub = fill(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return hub


def _secret() -> str:
    from benchmarks.plant_rows import SECRET  # noqa: PLC0415 - models load after django.setup()

    return SECRET


def _log_in(client: httpx.Client, var: Path) -> None:
    """Give the client a session for the pages."""
    from benchmarks.plant_rows import session_key  # noqa: PLC0415 - models load after django.setup()

    client.cookies.set("sessionid", session_key())


def _ratios(figures: dict[str, Any], floors: dict[str, float]) -> dict[str, float]:
    ratios = {
        f"{name}_cpu_to_floor": round(figures[name]["cpu_ms"] / value, 2)
        for name, value in floors.items()
        if name in figures
    }
    for name, (netbox, nautobot) in THEIRS.items():
        if name not in figures:
            continue
        ratios[f"{name}_netbox_to_ours"] = round(netbox / figures[name]["p50_ms"], 1)
        ratios[f"{name}_nautobot_to_ours"] = round(nautobot / figures[name]["p50_ms"], 1)
    for name, one in figures.items():
        if isinstance(one, dict) and "p95_ms" in one:
            ratios[f"{name}_p95_to_p50"] = round(one["p95_ms"] / one["p50_ms"], 2)
    return ratios


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000, help="number of assets")
    parser.add_argument("--only", default="", help="comma-separated names of cases")
    options = parser.parse_args()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    found = run(options.size, frozenset(options.only.split(",")) - {""})
    sys.stdout.buffer.write(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
