"""How well and how fast recorded devices are read, identified and connected.

`python -m benchmarks.discovery --recordings DIR --expected FILE` prints one JSON object; DIR and FILE are in the format
of discovery-expected/1. The devices answer over SNMP from another process, and the collector reads them through its gate
as the identification rules plan it: what was not asked for is not known. `--misses` adds what was missed and how.
"""

import argparse
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.discovery_scores import FIELDS, Score, scores
from benchmarks.discovery_speed import CONCURRENCY, measure_speed
from benchmarks.discovery_topology import topology_figures
from benchmarks.snmp_devices import devices, scan
from discovery.collectors.snmp.plan import IT_LIMITS, Plan, standard_plan
from discovery.collectors.snmp.reading import DeviceRead
from discovery.identification.identify import Identity, identify
from discovery.identification.loading import standard_rules
from discovery.identification.reads import vendor_reads
from discovery.identification.rules import PRECEDENCE, RuleSet
from discovery.identification.values import Attribute
from discovery.topology.observations import observation_of


def plan_of(rules: RuleSet) -> Plan:
    """Return what is read so that the rules have what they look at."""
    return standard_plan(IT_LIMITS, vendor_reads(rules))


def general_rules() -> RuleSet:
    """Return the rules that hold for any maker: what is left when nobody ever wrote a rule for a family."""
    every = standard_rules()
    return RuleSet(
        tuple(r for r in every.rules if r.precedence < PRECEDENCE["family"]), every.classes
    )


def read_all(recordings: Path, plan: Plan) -> dict[str, DeviceRead]:
    """Return what the collector read of each recording, by file name."""
    names = [path.name for path in sorted(recordings.glob("*.snmprec"))]
    with devices(recordings, len(names), 0) as served:
        run = scan(served, plan, CONCURRENCY)
    return dict(zip(names, run.reads, strict=True))


def folder_of(given: Path) -> Path:
    """Return the folder with the recordings: the given one, or `recordings` in it."""
    return given if any(given.glob("*.snmprec")) else given / "recordings"


def measure(recordings: Path, expected: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return {"figures": …, "ratios": …} and what was missed."""
    known = [one for one in expected["devices"] if (recordings / one["file"]).exists()]
    rules = standard_rules()
    reads = read_all(recordings, plan_of(rules))
    before = time.process_time()
    identities = {name: identify(read.reading, rules) for name, read in reads.items()}
    spent = time.process_time() - before
    result = scores(known, identities)
    observations = [
        observation_of(one["file"], reads[one["file"]], network="field") for one in known
    ]
    speed = measure_speed(recordings, plan_of(rules))
    figures: dict[str, Any] = {"devices": len(known)}
    figures |= {name.value: score.figures() for name, score in result.items()}
    figures |= topology_figures({**expected, "devices": known}, observations, identities)
    figures["general_rules_only"] = _general(recordings, known)
    figures |= _headline(speed["figures"], round(spent / len(reads) * 1000, 2))
    figures["speed"] = speed["figures"]
    ratios = {f"{name.value}_found": _share(score) for name, score in result.items()}
    return {"figures": figures, "ratios": ratios | speed["ratios"]}, _misses(result)


def _headline(speed: Mapping[str, Any], identify_ms: float) -> dict[str, Any]:
    """The figures of speed that are asked for, without latency: CPU is that of reading and identifying."""
    return {
        "devices_a_minute": speed["devices_a_minute_0ms"],
        "identify_ms_a_device": identify_ms,
        "cpu_ms_a_device": round(speed["cpu_ms_a_device_0ms"] + identify_ms, 1),
        "pdus_a_device": speed["pdus_a_device_0ms"],
    }


def _general(recordings: Path, known: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Read and identify again as if no maker's family were known: what a wholly new device gets."""
    rules = general_rules()
    reads = read_all(recordings, plan_of(rules))
    identities: dict[str, Identity] = {
        name: identify(read.reading, rules) for name, read in reads.items()
    }
    return {name.value: score.figures() for name, score in scores(known, identities).items()}


def _share(score: Score) -> float:
    return round(score.found / score.known, 3) if score.known else 0.0


def _misses(result: Mapping[Attribute, Score]) -> dict[str, Any]:
    return {name.value: result[name].misses for name in FIELDS if result[name].misses}


def main() -> None:
    """Read, identify, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=Path, required=True)
    parser.add_argument("--expected", type=Path, required=True)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    expected = json.loads(options.expected.read_text())
    measured, misses = measure(folder_of(options.recordings), expected)
    extra = {"misses": misses} if options.misses else {}
    print(json.dumps({"name": "discovery", **measured, **extra}, indent=2))


if __name__ == "__main__":
    main()
