"""What does a change hit? Items with state, depth and, on demand, the path by which it reaches them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from assets.graph.csr import EMPTY, NO_NODES, Int8s, Int64s
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.relation_effects import CHANGE_EFFECTS, ChangeEffects, Effect, ItemState
from assets.graph.spread import Outcome, spread
from assets.graph.witness import Witness

NOTHING = Outcome(NO_NODES, np.empty(0, np.uint8), EMPTY)


class UnknownChangeType(ValueError):  # noqa: N818
    """A change type without a row in the table of effects."""

    def __init__(self, change_type: str) -> None:
        allowed = ", ".join(CHANGE_EFFECTS)
        super().__init__(f"“{change_type}” is not a change type; allowed are {allowed}.")


class ItemImpact(NamedTuple):
    """One item hit: its id, its state, and how many steps it is away from the change."""

    item: int
    state: ItemState
    depth: int


@dataclass(frozen=True, eq=False)
class Impact:
    """The answer. Columns are index-aligned; the targets themselves are in it at depth 0.

    Items that a context (open incidents, maintenance) holds in the same or a worse state anyway are
    not part of it.
    """

    graph: DependencyGraph
    effects: ChangeEffects
    targets: tuple[int, ...]
    outcome: Outcome
    #: Everything reached with the context counted in; what a witness path may pass through.
    reached: Outcome

    def __len__(self) -> int:
        """Return the number of items hit."""
        return len(self.outcome.nodes)

    @cached_property
    def counts(self) -> Mapping[ItemState, int]:
        """Return how many items are in each state, always complete."""
        totals = np.bincount(self.outcome.states, minlength=len(ItemState))
        return {state: int(totals[state]) for state in ItemState if state is not ItemState.UP}

    def ids(self, state: ItemState | None = None) -> list[int]:
        """Return the ids of the items in a state (of all when none is given), nearest first."""
        nodes = self.outcome.nodes
        if state is not None:
            nodes = nodes[self.outcome.states == state]
        ids: list[int] = self.graph.ids_of(nodes).tolist()
        return ids

    def states(self) -> dict[int, ItemState]:
        """Return the state of every item hit, by id."""
        states = map(tuple(ItemState).__getitem__, self.outcome.states.tolist())
        return dict(zip(self.ids(), states, strict=True))

    def items(self, limit: int | None = None) -> list[ItemImpact]:
        """Return the items hit, worst first, then nearest, then by id; at most `limit` of them."""
        return list(map(ItemImpact._make, self.rows(limit)))

    def rows(self, limit: int | None = None) -> Iterator[tuple[int, ItemState, int]]:
        """Return (id, state, depth) of each of `items(limit)`: less than half the cost with thousands."""
        ids = self.graph.ids_of(self.outcome.nodes)
        states, depths = self.outcome.states, self.outcome.depths
        order = np.lexsort((ids, depths, -states.astype(np.int8)))[:limit]
        words = map(tuple(ItemState).__getitem__, states[order].tolist())
        return zip(ids[order].tolist(), words, depths[order].tolist(), strict=True)

    def truncated(self, limit: int) -> int:
        """Return how many items `items(limit)` leaves out."""
        return max(len(self) - limit, 0)

    @cached_property
    def _witness(self) -> Witness:
        targets = self.graph.indices_of(self.targets)
        return Witness(self.graph, self.effects, targets, self.reached)

    def witness(self, item: int) -> tuple[int, ...]:
        """Return ids from a cause (a target, or an item down already) to the item.

        Each depends on the one before it. Raises UnknownItem when the item is not hit.
        """
        return self._witness.path(item)


def impact(
    graph: DependencyGraph,
    targets: Iterable[int],
    change_type: str = "power_off",
    *,
    already_down: Collection[int] = (),
    in_maintenance: Collection[int] = (),
) -> Impact:
    """Return what a change to the targets hits.

    `already_down` items (open incidents, other changes in the window) count as lost.
    `in_maintenance` items are neither up nor failed: they may be missing when they are needed.
    Raises UnknownItem, UnknownChangeType.

    >>> from assets.graph.loading import graph_of
    >>> plant = graph_of([(1, "runs_on", 2), (3, "depends_on", 1), (1, "feeds_data", 4)])
    >>> answer = impact(plant, [2], "power_off")
    >>> [(hit.item, hit.state.label, hit.depth) for hit in answer.items()]
    [(2, 'down', 0), (1, 'down', 1), (3, 'down', 2), (4, 'degraded', 2)]
    >>> answer.witness(3)
    (2, 1, 3)
    """
    effects = CHANGE_EFFECTS.get(change_type)
    if effects is None:
        raise UnknownChangeType(change_type)
    chosen = tuple(dict.fromkeys(targets))
    seeds = graph.indices_of(chosen)
    before = _context(graph, already_down, in_maintenance)
    if effects.target_state < ItemState.DOWN:
        reached = _beside(graph, effects, seeds)
    else:
        reached = _with_context(graph, effects, seeds, before)
    return Impact(graph, effects, chosen, _worsened(reached, before), reached)


def _context(
    graph: DependencyGraph, already_down: Collection[int], in_maintenance: Collection[int]
) -> Outcome:
    """Return the state of the plant before the change."""
    if not already_down and not in_maintenance:
        return NOTHING
    down = graph.indices_of(already_down)
    maybe = graph.indices_of(in_maintenance)
    return spread(graph, CHANGE_EFFECTS["power_off"], down, maybe)


def _with_context(
    graph: DependencyGraph, effects: ChangeEffects, seeds: Int64s, before: Outcome
) -> Outcome:
    """Spread from the targets on top of what has failed already, so that depth counts from the change."""
    if before is NOTHING:
        return spread(graph, effects, seeds)
    down = before.nodes[before.states == ItemState.DOWN]
    maybe = before.nodes[before.states == ItemState.UNKNOWN]
    return spread(graph, effects, np.union1d(seeds, down), maybe)


def _beside(graph: DependencyGraph, effects: ChangeEffects, seeds: Int64s) -> Outcome:
    """Return the direct neighbours of targets that stay up: no flood.

    A lone relation degrades the dependent; inside a group the partners carry on.
    """
    states = dict.fromkeys(seeds.tolist(), effects.target_state)
    depths = dict.fromkeys(states, 0)
    single = np.array(effects.single)
    for seed in seeds.tolist():
        row = graph.dependents_of(seed)
        carries = single[row.classes] != Effect.NONE
        lone = (row.groups < 0)[carries].tolist()
        for node, is_lone in zip(row.neighbours[carries].tolist(), lone, strict=True):
            state = ItemState.DEGRADED if is_lone else ItemState.REDUNDANCY_LOST
            states[node] = max(states.get(node, ItemState.UP), state)
            depths.setdefault(node, 1)
    hit = [node for node, state in states.items() if state > ItemState.UP]
    return Outcome(
        np.array(hit, np.int64),
        np.array([states[node] for node in hit], np.uint8),
        np.array([depths[node] for node in hit], np.int32),
    )


def _worsened(after: Outcome, before: Outcome) -> Outcome:
    """Leave out what the context alone explains."""
    if not len(before.nodes):
        return after
    order = np.argsort(before.nodes)
    nodes, states = before.nodes[order], before.states[order]
    places = np.minimum(np.searchsorted(nodes, after.nodes), len(nodes) - 1)
    was: Int8s = np.where(nodes[places] == after.nodes, states[places], 0).astype(np.uint8)
    worse = after.states > was
    return Outcome(after.nodes[worse], after.states[worse], after.depths[worse])
