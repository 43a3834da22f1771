"""A process of its own for rules that nobody has checked yet: killed from outside when an expression hangs it.

`python -m discovery.identification.bench` reads one JSON object from standard input, answers one on standard output:

    {"text", "others": [texts], "replaced": text, "devices": [[key, base64 of a stored reading]], "seconds"}
    {"name", "problems": [{message, line, field}], "tried": how many, "devices": [{key, applies, values, changes}]}
"""

import base64
import json
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from discovery.identification.checks import checked, usable, with_site
from discovery.identification.loading import standard_rules
from discovery.identification.trying import tried
from discovery.rules.readings import Reading
from discovery.rules.stored import unpacked

#: The process ends itself after so much computing, however busy the machine is.
CPU_SECONDS = 12


def answered(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a question."""
    standard = standard_rules()
    others = tuple(usable(asked["others"], standard))
    found = checked(asked["text"], standard, others)
    answer: dict[str, Any] = {
        "name": found.rule.name if found.rule else "",
        "problems": [asdict(one) for one in found.problems],
        "tried": 0,
        "devices": [],
    }
    if found.rule is None or not found.is_safe:
        return answer
    replaced = next(iter(usable([asked["replaced"]], standard)), None)
    rows = tried(
        _readings(asked["devices"]),
        found.rule,
        before=with_site(standard, (*others, *filter(None, [replaced]))),
        after=with_site(standard, (*others, found.rule)),
        replaced=replaced,
        seconds=asked["seconds"],
    )
    for row in rows:
        answer["tried"] += 1
        if row.applies or row.changes:
            answer["devices"].append(asdict(row))
    return answer


def _readings(devices: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Reading]]:
    for key, raw in devices:
        yield key, unpacked(base64.b64decode(raw))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    json.dump(answered(json.load(sys.stdin)), sys.stdout)
