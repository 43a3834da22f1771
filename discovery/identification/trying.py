"""What a rule would change: every stored reading is identified without it and with it."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from discovery.identification.devices import Device
from discovery.identification.identify import identify
from discovery.identification.rules import Rule, RuleSet
from discovery.rules.readings import Reading

#: Attribute -> (before, after); "" is unknown.
Changes = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Tried:
    """One reading: whether the rule applies to it, what is told of it with the rule, what differs."""

    key: str
    applies: bool
    values: Mapping[str, str]
    changes: Changes


def tried(
    readings: Iterable[tuple[str, Reading]],
    rule: Rule,
    *,
    before: RuleSet,
    after: RuleSet,
    replaced: Rule | None = None,
    seconds: float,
) -> Iterator[Tried]:
    """Yield what becomes of each reading, until the time is over.

    `replaced` is the rule as it was, when one is edited: where neither applies, nothing can differ.
    """
    ends = time.monotonic() + seconds
    for key, reading in readings:
        if time.monotonic() > ends:
            return
        device = Device(reading)
        if not any(one.when.applies(device) for one in (rule, replaced) if one):
            yield Tried(key, applies=False, values={}, changes={})
            continue
        was, becomes = identify(reading, before), identify(reading, after)
        old, new = (
            {name.value: finding.value for name, finding in one.findings.items()}
            for one in (was, becomes)
        )
        changes = {
            name: (old.get(name, ""), new.get(name, ""))
            for name in sorted({*old, *new})
            if old.get(name, "") != new.get(name, "")
        }
        yield Tried(key, applies=rule.name in becomes.rules, values=new, changes=changes)
