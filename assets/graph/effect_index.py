"""The edges one kind of change travels on, compiled once per loaded graph and kind.

Without it every step of a question would look at relation classes that carry nothing.
"""

from typing import NamedTuple

import numpy as np

from assets.graph.csr import Bools, CsrGraph, Int8s, Int32s, Int64s, Row
from assets.graph.relation_effects import ChangeEffects, Effect

#: More losses than any group has providers.
NEVER = 2**31 - 1


class Targets(NamedTuple):
    """CSR by provider: what each item's loss reaches, from `starts` of its row up to `stops`.

    Of numpy's own index type: a question indexes with every one of them, and conversions cost more than memory.
    """

    starts: Int64s
    stops: Int64s
    targets: Int64s

    @classmethod
    def of(cls, indptr: Int32s, targets: Int32s) -> "Targets":
        """Return the rows that `indptr` cuts the targets into."""
        wide = indptr.astype(np.int64)
        return cls(wide[:-1], wide[1:], targets.astype(np.int64))


class GroupNeeds(NamedTuple):
    """By group: the dependent item and how many losses certainly fail it, may fail it, degrade it.

    NEVER where the classes of its relations carry no such effect under this kind of change.
    """

    items: Int64s
    certain: Int32s
    possible: Int32s
    degrading: Int32s

    def of(self, groups: Int64s) -> "GroupNeeds":
        """Return the needs of some groups (of -1: something, when there is any group at all)."""
        if not len(self.items):
            return GroupNeeds(groups, *np.zeros((3, len(groups)), np.int32))
        return GroupNeeds(
            self.items[groups], self.certain[groups], self.possible[groups], self.degrading[groups]
        )


class Views(NamedTuple):
    """The arrays of `losses` and `needs` for plain Python, which reads single numbers faster so."""

    starts: "memoryview[int]"
    stops: "memoryview[int]"
    targets: "memoryview[int]"
    items: "memoryview[int]"
    certain: "memoryview[int]"
    possible: "memoryview[int]"

    @classmethod
    def of(cls, losses: Targets, needs: GroupNeeds) -> "Views":
        """Return views that share the bytes of the arrays."""
        arrays = (*losses, needs.items, needs.certain, needs.possible)
        return cls(*(memoryview(array.data) for array in arrays))


class EffectIndex(NamedTuple):
    """`losses` holds dependents over lone hard edges, and ~group for edges inside a group.

    `gives_comfort` flags the items with entries in `soft`, `is_unclear` the groups that may fail
    before they certainly do, `degrades` those whose failure only degrades.
    """

    losses: Targets
    soft: Targets
    needs: GroupNeeds
    single: Int8s
    grouped: Int8s
    gives_comfort: Bools
    is_unclear: Bools
    degrades: Bools
    views: Views

    @property
    def nbytes(self) -> int:
        """Return the bytes held by the arrays."""
        targets = (*self.losses[1:], *self.soft[1:])  # starts and stops share their bytes
        flags = (self.gives_comfort, self.is_unclear, self.degrades)
        return sum(array.nbytes for array in (*targets, *self.needs, *flags))

    def losses_in(self, rows: Row, owners: Int64s) -> Int32s:
        """Return the entries `losses` would hold for loose rows; `owners` tells the rows apart."""
        lone, inside = _lone(self.single, Effect.HARD, rows), _inside(self.grouped, rows)
        groups = rows.groups[inside]
        return np.append(rows.neighbours[lone], ~groups[_first_of_pairs(owners[inside], groups)])

    def is_soft(self, rows: Row) -> Bools:
        """Say which edges lose comfort, not function."""
        return _lone(self.single, Effect.SOFT, rows)


def group_needs(items: Int64s, members: Int32s, required: Int32s, effects: Int8s) -> GroupNeeds:
    """Return how many lost providers fail a group of n `members` of which k are `required`.

    Certainly: n - k + 1, or all n when k is not declared. Possibly: the same, or 1 when it is not.

    >>> column = [np.array(values) for values in ([7, 8, 9], [3, 3, 2], [2, -1, 5], [2, 2, 2])]
    >>> needs = group_needs(*column)
    >>> needs.certain.tolist(), needs.possible.tolist()
    ([2, 3, 1], [2, 1, 1])
    """
    declared = np.maximum(members - required + 1, 1)
    is_declared = required >= 0
    certain = np.where(is_declared, declared, np.maximum(members, 1))
    possible = np.where(is_declared, declared, 1)
    is_hard = effects == Effect.HARD
    return GroupNeeds(
        items,
        np.where(is_hard, certain, NEVER).astype(np.int32),
        np.where(is_hard, possible, NEVER).astype(np.int32),
        np.where(effects == Effect.SOFT, possible, NEVER).astype(np.int32),
    )


def compile_index(csr: CsrGraph, effects: ChangeEffects) -> EffectIndex:
    """Select the edges that carry an effect under a kind of change."""
    single, grouped = np.array(effects.single, np.uint8), np.array(effects.grouped, np.uint8)
    adjacency = csr.dependents
    rows = Row(adjacency.neighbours, adjacency.classes, adjacency.groups)
    losses = _losses(adjacency.indptr, rows, single, grouped)
    is_soft = _lone(single, Effect.SOFT, rows)
    soft = Targets.of(_indptr(adjacency.indptr, is_soft), rows.neighbours[is_soft])
    needs = _needs(csr, rows, grouped)
    return EffectIndex(
        losses,
        soft,
        needs,
        single,
        grouped,
        gives_comfort=soft.stops > soft.starts,
        is_unclear=needs.possible < needs.certain,
        degrades=needs.degrading < NEVER,
        views=Views.of(losses, needs),
    )


def _losses(indptr: Int32s, rows: Row, single: Int8s, grouped: Int8s) -> Targets:
    inside = np.flatnonzero(_inside(grouped, rows))
    owners = np.searchsorted(indptr, inside, "right")
    inside = inside[_first_of_pairs(owners, rows.groups[inside])]
    carried = _lone(single, Effect.HARD, rows)
    carried[inside] = True
    entries = rows.neighbours.copy()
    entries[inside] = ~rows.groups[inside]
    return Targets.of(_indptr(indptr, carried), entries[carried])


def _needs(csr: CsrGraph, rows: Row, grouped: Int8s) -> GroupNeeds:
    inside = rows.groups >= 0
    effects = np.zeros(csr.group_count, np.uint8)
    np.maximum.at(effects, rows.groups[inside], grouped[rows.classes[inside]])
    items = csr.groups.items.astype(np.int64)
    return group_needs(items, csr.groups.members, csr.groups.required, effects)


def _lone(single: Int8s, effect: Effect, rows: Row) -> Bools:
    """Say which edges outside groups have an effect."""
    has_effect: Bools = single[rows.classes] == effect
    return (rows.groups < 0) & has_effect


def _inside(grouped: Int8s, rows: Row) -> Bools:
    """Say which edges inside groups have any effect."""
    carries: Bools = grouped[rows.classes] != Effect.NONE
    return (rows.groups >= 0) & carries


def _first_of_pairs(owners: Int64s, groups: Int32s) -> Int64s:
    """Return the positions that keep one edge per (provider, group): parallel ones are one loss."""
    pairs = owners * (int(groups.max(initial=0)) + 1) + groups
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
