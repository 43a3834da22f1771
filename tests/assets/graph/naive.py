"""The oracle: the rules of impact written as slowly and plainly as possible, on sets and dicts.

It shares only the table of effects with the engine.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assets.graph.relation_effects import CHANGE_EFFECTS, CLASS_CODE, TARGET_DEPENDS, Effect

Relation = tuple[int, str, int] | tuple[int, str, int, int]
HARD, SOFT, NONE = Effect.HARD, Effect.SOFT, Effect.NONE


@dataclass
class Plant:
    """Relations and groups, as `graph_of` takes them."""

    relations: Sequence[Relation]
    groups: Sequence[tuple[int, int, int | None]] = ()
    items: Iterable[int] = ()
    lone: dict[int, list[tuple[int, str]]] = field(init=False)
    members: dict[int, list[tuple[int, str]]] = field(init=False)

    def __post_init__(self) -> None:
        self.lone, self.members = defaultdict(list), defaultdict(list)
        owner = {group: item for group, item, _ in self.groups}
        for source, name, target, *group in self.relations:
            dependent, provider = (target, source) if name in TARGET_DEPENDS else (source, target)
            if group and owner.get(group[0]) == dependent:
                self.members[group[0]].append((provider, name))
            else:
                self.lone[dependent].append((provider, name))

    def every_item(self) -> set[int]:
        ends = {end for relation in self.relations for end in (relation[0], relation[2])}
        return ends | set(self.items) | {item for _, item, _ in self.groups}


def naive_impact(
    plant: Plant,
    targets: Iterable[int],
    change_type: str,
    already_down: Iterable[int] = (),
    in_maintenance: Iterable[int] = (),
) -> dict[int, tuple[str, int]]:
    """Return {item: (state, depth)} of what the change hits beyond the context."""
    before = _states(plant, "power_off", set(already_down), set(in_maintenance))
    if CHANGE_EFFECTS[change_type].target_state.label != "down":
        after = _beside(plant, set(targets), change_type)
    else:
        down = {item for item, (state, _) in before.items() if state == "down"}
        maybe = {item for item, (state, _) in before.items() if state == "unknown"}
        after = _states(plant, change_type, set(targets) | down, maybe)
    return {
        item: found
        for item, found in after.items()
        if _rank(found[0]) > _rank(before.get(item, ("up", 0))[0])
    }


def _rank(state: str) -> int:
    return ("up", "redundancy_lost", "degraded", "unknown", "down").index(state)


def _states(
    plant: Plant, change_type: str, down: set[int], maybe: set[int]
) -> dict[int, tuple[str, int]]:
    rules = _Rules(plant, change_type)
    certain = rules.closure(dict.fromkeys(down, 0), {}, certainly=True)
    possible = rules.closure(dict.fromkeys(maybe - certain.keys(), 0), certain, certainly=False)
    states = {item: ("down", depth) for item, depth in certain.items()}
    states |= {item: ("unknown", depth) for item, depth in possible.items()}
    lost = certain | possible
    for word, depth_of in (("degraded", rules.degraded), ("redundancy_lost", rules.bare)):
        for item in plant.every_item() - states.keys():
            depth = depth_of(item, lost)
            if depth is not None:
                states[item] = (word, depth)
    return states


class _Rules:
    def __init__(self, plant: Plant, change_type: str) -> None:
        self.plant = plant
        self.effects = CHANGE_EFFECTS[change_type]

    def closure(
        self, found: dict[int, int], given: dict[int, int], *, certainly: bool
    ) -> dict[int, int]:
        """Items enter at depth d when what was lost before d suffices."""
        depth = 0
        horizon = len(self.plant.every_item()) + 2
        while depth < 2 * horizon:
            depth += 1
            lost = {i for i, d in (given | found).items() if d < depth}
            for item in self.plant.every_item() - found.keys() - given.keys():
                if self.fails(item, lost, certainly=certainly):
                    found[item] = depth
        return found

    def fails(self, item: int, lost: set[int], *, certainly: bool) -> bool:
        lone = any(
            provider in lost and self.effects.single[CLASS_CODE[name]] is HARD
            for provider, name in self.plant.lone[item]
        )
        return lone or any(
            self.group_fails(group, required, lost, HARD, certainly=certainly)
            for group, owner, required in self.plant.groups
            if owner == item
        )

    def lost_members(self, group: int, lost: set[int]) -> set[int]:
        return {
            provider
            for provider, name in self.plant.members[group]
            if provider in lost and self.effects.grouped[CLASS_CODE[name]] is not NONE
        }

    def group_fails(
        self, group: int, required: int | None, lost: set[int], effect: Effect, *, certainly: bool
    ) -> bool:
        members = self.plant.members[group]
        strongest = max((self.effects.grouped[CLASS_CODE[name]] for _, name in members), default=0)
        gone = len(self.lost_members(group, lost))
        count = len({provider for provider, _ in members})
        if strongest is not effect or not gone:
            return False
        if required is None:
            return gone == count if certainly else True
        return count - gone < required

    def degraded(self, item: int, lost: dict[int, int]) -> int | None:
        soft = [
            lost[provider] + 1
            for provider, name in self.plant.lone[item]
            if provider in lost and self.effects.single[CLASS_CODE[name]] is SOFT
        ]
        for depth in range(1, max(lost.values(), default=0) + 2):
            gone = {i for i, d in lost.items() if d < depth}
            for group, owner, required in self.plant.groups:
                if owner == item and self.group_fails(group, required, gone, SOFT, certainly=False):
                    soft.append(depth)
        return min(soft, default=None)

    def bare(self, item: int, lost: dict[int, int]) -> int | None:
        depths = [
            lost[provider] + 1
            for group, owner, _ in self.plant.groups
            if owner == item
            for provider in self.lost_members(group, set(lost))
        ]
        return min(depths, default=None)


def _beside(plant: Plant, targets: set[int], change_type: str) -> dict[int, tuple[str, int]]:
    effects = CHANGE_EFFECTS[change_type]
    states = dict.fromkeys(targets, (effects.target_state.label, 0))

    def hit(item: int, state: str) -> None:
        was, depth = states.get(item, ("up", 1))
        states[item] = (max(was, state, key=_rank), depth)

    for dependent, edges in plant.lone.items():
        for provider, name in edges:
            if provider in targets and effects.single[CLASS_CODE[name]] is not NONE:
                hit(dependent, "degraded")
    for group, owner, _ in plant.groups:
        for provider, name in plant.members[group]:
            if provider in targets and effects.single[CLASS_CODE[name]] is not NONE:
                hit(owner, "redundancy_lost")
    return {item: found for item, found in states.items() if found[0] != "up"}
