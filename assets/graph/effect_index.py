"""The edges one kind of change travels on, compiled once per loaded graph and kind.

Without it every step of a question would look at relation classes that carry nothing.
"""

from typing import NamedTuple

import numpy as np

from assets.graph.csr import EMPTY, Bools, CsrGraph, Int8s, Int32s, Row
from assets.graph.relation_effects import ChangeEffects, Effect


class Targets(NamedTuple):
    """CSR by provider: what each item's loss reaches."""

    indptr: Int32s
    targets: Int32s


class GroupNeeds(NamedTuple):
    """By group: dependent item, losses that certainly fail it, losses that may, effect of its failure."""

    items: Int32s
    certain: Int32s
    possible: Int32s
    effects: Int8s

    def of(self, groups: Int32s) -> "GroupNeeds":
        """Return the needs of some groups (of -1: something, when there is any group at all)."""
        if not len(self.items):
            items, certain, possible = np.zeros((3, len(groups)), np.int32)
            return GroupNeeds(items, certain, possible, np.zeros(len(groups), np.uint8))
        return GroupNeeds(
            self.items[groups], self.certain[groups], self.possible[groups], self.effects[groups]
        )


class EffectIndex(NamedTuple):
    """`losses` holds dependents over lone hard edges, and ~group for edges inside a group."""

    losses: Targets
    soft: Targets
    needs: GroupNeeds
    single: Int8s
    grouped: Int8s

    @property
    def nbytes(self) -> int:
        """Return the bytes held by the arrays."""
        arrays = (*self.losses, *self.soft, *self.needs)
        return sum(array.nbytes for array in arrays)

    def losses_in(self, rows: Row, owners: Int32s) -> Int32s:
        """Return the entries `losses` would hold for loose rows; `owners` tells the rows apart."""
        lone, inside = _lone_hard(self, rows), _inside(self, rows)
        groups = rows.groups[inside]
        return np.append(rows.neighbours[lone], ~groups[_first_of_pairs(owners[inside], groups)])

    def soft_in(self, rows: Row) -> Int32s:
        """Return the entries `soft` would hold for loose rows."""
        return rows.neighbours[self.is_soft(rows)]

    def is_soft(self, rows: Row) -> Bools:
        """Say which edges lose comfort, not function."""
        is_soft: Bools = self.single[rows.classes] == Effect.SOFT
        return (rows.groups < 0) & is_soft


def needed_losses(members: Int32s, required: Int32s) -> tuple[Int32s, Int32s]:
    """Return how many lost providers certainly and possibly fail a group.

    Certainly: n - k + 1, or all n when k is not declared. Possibly: the same, or 1 when it is not.

    >>> certain, possible = needed_losses(np.array([3, 3, 2]), np.array([2, -1, 5]))
    >>> certain.tolist(), possible.tolist()
    ([2, 3, 1], [2, 1, 1])
    """
    declared = np.maximum(members - required + 1, 1)
    is_declared = required >= 0
    certain = np.where(is_declared, declared, np.maximum(members, 1))
    return certain, np.where(is_declared, declared, 1)


def compile_index(csr: CsrGraph, effects: ChangeEffects) -> EffectIndex:
    """Select the edges that carry an effect under a kind of change."""
    single, grouped = np.array(effects.single, np.uint8), np.array(effects.grouped, np.uint8)
    empty = Targets(EMPTY, EMPTY)
    no_needs = GroupNeeds(EMPTY, EMPTY, EMPTY, np.empty(0, np.uint8))
    index = EffectIndex(empty, empty, no_needs, single, grouped)
    adjacency = csr.dependents
    rows = Row(adjacency.neighbours, adjacency.classes, adjacency.groups)
    inside = np.flatnonzero(_inside(index, rows))
    owners = np.searchsorted(adjacency.indptr, inside, "right").astype(np.int32)
    inside = inside[_first_of_pairs(owners, rows.groups[inside])]
    carried = _lone_hard(index, rows)
    carried[inside] = True
    entries = rows.neighbours.copy()
    entries[inside] = ~rows.groups[inside]
    soft = index.is_soft(rows)
    return index._replace(
        losses=Targets(_indptr(adjacency.indptr, carried), entries[carried]),
        soft=Targets(_indptr(adjacency.indptr, soft), rows.neighbours[soft]),
        needs=_needs(csr, rows, grouped),
    )


def _needs(csr: CsrGraph, rows: Row, grouped: Int8s) -> GroupNeeds:
    inside = rows.groups >= 0
    effects = np.zeros(csr.group_count, np.uint8)
    np.maximum.at(effects, rows.groups[inside], grouped[rows.classes[inside]])
    certain, possible = needed_losses(csr.groups.members, csr.groups.required)
    return GroupNeeds(csr.groups.items, certain, possible, effects)


def _lone_hard(index: EffectIndex, rows: Row) -> Bools:
    is_hard: Bools = index.single[rows.classes] == Effect.HARD
    return (rows.groups < 0) & is_hard


def _inside(index: EffectIndex, rows: Row) -> Bools:
    carries: Bools = index.grouped[rows.classes] != Effect.NONE
    return (rows.groups >= 0) & carries


def _first_of_pairs(owners: Int32s, groups: Int32s) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the positions that keep one edge per (provider, group): parallel ones are one loss."""
    pairs = owners.astype(np.int64) * (int(groups.max(initial=0)) + 1) + groups
    return np.sort(np.unique(pairs, return_index=True)[1])


def _indptr(indptr: Int32s, selected: Bools) -> Int32s:
    running = np.zeros(len(selected) + 1, np.int32)
    np.cumsum(selected, out=running[1:], dtype=np.int32)
    return running[indptr]


class EffectIndexes:
    """The compiled indexes of one loaded graph, by kind of change."""

    def __init__(self) -> None:
        self._by_effects: dict[ChangeEffects, EffectIndex] = {}

    def of(self, csr: CsrGraph, effects: ChangeEffects) -> EffectIndex:
        """Return the index of a kind of change, compiled at its first question."""
        index = self._by_effects.get(effects)
        if index is None:
            index = self._by_effects[effects] = compile_index(csr, effects)
        return index

    @property
    def nbytes(self) -> int:
        """Return the bytes held by the compiled indexes."""
        return sum(index.nbytes for index in self._by_effects.values())
