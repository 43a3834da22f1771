"""How fast devices are read over SNMP: datagrams, CPU and devices a minute, with snmpbulkwalk in the same run.

`python -m benchmarks.discovery_speed --recordings DIR`; DIR holds .snmprec files (by default the project's own).
"""

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.snmp_devices import ROOT, Devices, Run, can_walk, devices, scan, walk
from discovery.collectors.snmp.plan import IT_LIMITS, OT_LIMITS, Plan, standard_plan

CONCURRENCY = 50
#: Enough devices that fifty are under way nearly all the time.
LEAST_DEVICES = 600
LATENCIES_MS = (0, 20)
#: One simulated device can be walked by any number of processes; so many recordings give a stable figure.
WALKED_DEVICES = 60


def measure_speed(recordings: Path, plan: Plan | None = None) -> dict[str, Any]:
    """Return {"figures": …, "ratios": …} of reading every recording in a folder several times over.

    `plan` is what to read (by default the standard plan within the limits for IT).
    """
    plan = plan or standard_plan(IT_LIMITS)
    names = sorted(recordings.glob("*.snmprec"))
    if not names:
        raise ValueError(f"There is no .snmprec file in {recordings}.")
    count = len(names) * -(-LEAST_DEVICES // len(names))
    figures: dict[str, Any] = {
        "recordings": len(names),
        "devices": count,
        "concurrency": CONCURRENCY,
    }
    ratios: dict[str, float] = {}
    for latency in LATENCIES_MS:
        ours, served = _scanned(recordings, count, latency, plan)
        figures |= _figures(ours, served, latency)
        if can_walk():
            per_minute = _walked(recordings, latency, plan, figures)
            ratios[f"devices_a_minute_to_snmpbulkwalk_{latency}ms"] = round(
                figures[f"devices_a_minute_{latency}ms"] / per_minute, 2
            )
    gentle = standard_plan(OT_LIMITS, plan.vendors)
    weak, _served = _scanned(recordings, len(names), 0, gentle)
    figures["pdus_a_device_ot_limits"] = _mean(weak)
    return {"figures": figures, "ratios": ratios}


def _scanned(recordings: Path, count: int, latency: float, plan: Plan) -> tuple[Run, Devices]:
    with devices(recordings, count, latency) as served:
        run = scan(served, plan, CONCURRENCY)
    return run, served


def _walked(recordings: Path, latency: float, plan: Plan, figures: dict[str, Any]) -> float:
    """Walk with net-snmp; note its figures and return its devices a minute."""
    with devices(recordings, WALKED_DEVICES, latency) as served:
        theirs = walk(served, plan, CONCURRENCY)
    figures[f"snmpbulkwalk_devices_a_minute_{latency}ms"] = round(WALKED_DEVICES / theirs.wall * 60)
    figures[f"snmpbulkwalk_cpu_ms_a_device_{latency}ms"] = round(
        theirs.cpu / WALKED_DEVICES * 1000, 1
    )
    figures[f"snmpbulkwalk_pdus_a_device_{latency}ms"] = round(
        sum(served.packets.values()) / WALKED_DEVICES, 1
    )
    return WALKED_DEVICES / theirs.wall * 60


def _figures(run: Run, served: Devices, latency: int) -> dict[str, Any]:
    count = len(run.reads)
    if sum(served.packets.values()) != sum(read.requests for read in run.reads):
        raise RuntimeError("the devices did not get the datagrams that the collector counted")
    return {
        f"devices_a_minute_{latency}ms": round(count / run.wall * 60),
        f"cpu_ms_a_device_{latency}ms": round(run.cpu / count * 1000, 1),
        f"pdus_a_device_{latency}ms": _mean(run),
        f"variables_a_device_{latency}ms": round(
            sum(len(read.reading) for read in run.reads) / count
        ),
        f"false_timeouts_{latency}ms": run.timeouts,
        f"incomplete_{latency}ms": sum(not read.is_complete for read in run.reads),
    }


def _mean(run: Run) -> float:
    return round(sum(read.requests for read in run.reads) / len(run.reads), 2)


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--recordings", type=Path, default=ROOT / "tests" / "discovery" / "recordings"
    )
    options = parser.parse_args()
    print(json.dumps({"name": "discovery_speed", **measure_speed(options.recordings)}, indent=2))


if __name__ == "__main__":
    main()
