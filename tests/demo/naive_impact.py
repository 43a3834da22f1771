"""The plainest possible reading of an outage, to see that the demonstration plant answers well.

It repeats the rules of the graph engine in a few lines of Python and shares no code with it.
"""

from collections import defaultdict
from dataclasses import dataclass, field

Row = dict[str, str]
TARGET_DEPENDS = {"feeds_data", "controls", "member_of"}
ALL = {"depends_on", "runs_on", "connects_via", "powered_by", "controls"}
HARD = {"reboot": ALL - {"connects_via"}, "power_off": ALL}
ORDER = ["up", "redundancy_lost", "degraded", "unknown", "down"]


@dataclass
class Plant:
    """Who depends on whom: single providers and groups of them."""

    dependents: dict[str, list[tuple[str, str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    groups: dict[tuple[str, str], tuple[list[str], str, str]] = field(default_factory=dict)


def read_plant(relations: list[Row]) -> Plant:
    """Turn relation rows into dependents by provider and members by group."""
    plant = Plant()
    for row in relations:
        kind, group = row["relation_class"], row["redundancy_group"]
        if kind == "backs_up":
            continue
        ends = (row["source"], row["target"])
        dependent, provider = ends[::-1] if kind in TARGET_DEPENDS else ends
        plant.dependents[provider].append((dependent, kind, group))
        if group:
            members, _, _ = plant.groups.setdefault((dependent, group), ([], row["required"], kind))
            members.append(provider)
    return plant


def group_state(plant: Plant, key: tuple[str, str], state: dict[str, str], hard: set[str]) -> str:
    """What a dependent suffers from its group: k of n, or nobody declared k."""
    members, required, kind = plant.groups[key]
    down = sum(1 for member in members if state.get(member) == "down")
    if not down:
        return "up"
    is_hard = kind in hard or kind == "member_of"
    if not required and down < len(members):
        return "unknown" if is_hard else "degraded"
    if len(members) - down >= int(required or 0) and down < len(members):
        return "redundancy_lost"
    return "down" if is_hard else "degraded"


def outage(relations: list[Row], targets: list[str], change_type: str) -> dict[str, str]:
    """State of every item hit, the targets included; only what is down reaches further."""
    plant, hard = read_plant(relations), HARD[change_type]
    state = dict.fromkeys(targets, "down")
    waiting = list(targets)
    while waiting:
        for dependent, kind, group in plant.dependents[waiting.pop()]:
            if group:
                worse = group_state(plant, (dependent, group), state, hard)
            else:
                worse = "down" if kind in hard else "degraded"
            if ORDER.index(worse) > ORDER.index(state.get(dependent, "up")):
                state[dependent] = worse
                if worse == "down":
                    waiting.append(dependent)
    return state
