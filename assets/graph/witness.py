"""Why is this item hit? One shortest chain of dependencies from a cause to it, found on demand."""

from collections.abc import Iterator

import numpy as np

from assets.graph.csr import Int64s, UnknownItem
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.relation_effects import ChangeEffects, Effect, ItemState
from assets.graph.spread import Outcome


class Witness:
    """Walks an outcome backwards: what reached an item at depth d came from something at d - 1."""

    def __init__(
        self, graph: DependencyGraph, effects: ChangeEffects, targets: Int64s, outcome: Outcome
    ) -> None:
        self.graph = graph
        self.effects = effects
        nodes = outcome.nodes.tolist()
        # A target that stays up is in no outcome, yet every path starts at one.
        self.depths: dict[int, int] = dict.fromkeys(targets.tolist(), 0)
        self.states: dict[int, int] = dict.fromkeys(self.depths, ItemState.UP)
        self.depths |= zip(nodes, outcome.depths.tolist(), strict=True)
        self.states |= zip(nodes, outcome.states.tolist(), strict=True)

    def path(self, item: int) -> tuple[int, ...]:
        """Return ids from a cause to the item."""
        index = self.graph.index_of(item)
        if index not in self.depths:
            raise UnknownItem(item)
        chain = [index]
        while self.depths[chain[-1]] > 0:
            chain.append(self._cause_of(chain[-1]))
        ids = self.graph.ids_of(np.array(chain[::-1], np.int64))
        return tuple(ids.tolist())

    def _cause_of(self, node: int) -> int:
        """Return the provider one layer nearer that explains the state best."""
        return min(self._explanations(node))[-1]

    def _explanations(self, node: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield (how weak the explanation is ..., provider)."""
        row = self.graph.providers_of(node)
        edges = zip(*(column.tolist() for column in row), strict=True)
        for provider, class_code, group in edges:
            if self.depths.get(provider) != self.depths[node] - 1:
                continue
            effect = (self.effects.grouped if group >= 0 else self.effects.single)[class_code]
            if effect is Effect.NONE:
                continue
            weakness = abs(self._state_over(provider, group, effect) - self.states[node])
            yield weakness, -self.states[provider], int(group >= 0), provider

    def _state_over(self, provider: int, group: int, effect: Effect) -> int:
        """Return the state this provider alone (or its failing group) explains."""
        lost = self.states[provider]
        if self.effects.target_state < ItemState.DOWN:
            return ItemState.DEGRADED if group < 0 else ItemState.REDUNDANCY_LOST
        if lost < ItemState.UNKNOWN:
            return ItemState.UP
        if group < 0:
            return lost if effect is Effect.HARD else ItemState.DEGRADED
        return self._state_of_group(group, effect)

    def _state_of_group(self, group: int, effect: Effect) -> int:
        facts = self.graph.group(group)
        row = self.graph.providers_of(facts.item)
        members = set(row.neighbours[row.groups == group].tolist())
        down = sum(self.states.get(member) == ItemState.DOWN for member in members)
        maybe = sum(self.states.get(member, 0) >= ItemState.UNKNOWN for member in members)
        is_declared = facts.required >= 0
        need = max(facts.members - facts.required + 1, 1) if is_declared else facts.members
        worst = ItemState.DOWN if effect is Effect.HARD else ItemState.DEGRADED
        if down >= need:
            return worst
        if maybe >= (need if is_declared else 1):
            return min(worst, ItemState.UNKNOWN)
        return ItemState.REDUNDANCY_LOST
