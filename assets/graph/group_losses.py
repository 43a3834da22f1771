"""Redundancy groups during one question: how many providers each has lost, and what follows from it."""

import numpy as np

from assets.graph.csr import EMPTY, NO_NODES, Int32s, Int64s
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.effect_index import NEVER, EffectIndex, GroupNeeds, group_needs
from assets.graph.layers import Layers
from assets.graph.overlay import NO_OVERLAY
from assets.graph.scratch import Scratch

_ONE = np.int32(1)


class GroupLosses:
    """Counts losses by group; a group that is edited since the load is judged by its current facts."""

    def __init__(self, graph: DependencyGraph, index: EffectIndex, scratch: Scratch) -> None:
        self.graph = graph
        self.index = index
        self.lost = scratch.lost
        self.status = scratch.status
        self.is_edited = graph.overlay is not NO_OVERLAY
        self._losses = Layers()
        self._replay = Replay(NO_NODES, EMPTY, EMPTY)
        self._columns: tuple[Int64s, Int32s] | None = None

    def lose(self, groups: Int64s, depth: int, *, certainly: bool) -> Int64s:
        """Count one lost provider per entry; return the items whose group fails because of it."""
        self._losses.add(depth + 1, groups)
        self._columns = None
        if not certainly:
            self._replay.expect(groups)
        return self.count(groups, certainly=certainly)

    def count(self, groups: Int64s, *, certainly: bool) -> Int64s:
        """Do so without noting the loss."""
        if not len(groups):
            return NO_NODES
        np.add.at(self.lost, groups, _ONE)
        needs = self._needs_of(groups) if self.is_edited else self.index.needs
        need = needs.certain if certainly else needs.possible
        if self.is_edited:
            return np.compress(self.lost[groups] >= need, needs.items)
        failing = groups.compress(self.lost[groups] >= need[groups])
        items: Int64s = needs.items[failing]
        return items

    def replay(self, *, always: bool) -> "Replay":
        """Take the losses of items that are still up back, to be counted again.

        Nothing to do when every group is sure of its need, unless `always`.
        """
        groups, depths = self._all()
        needs = self._needs_of(groups)
        standing = self.status[needs.items] == 0
        is_unclear = standing & (needs.possible < needs.certain)
        if not (always or is_unclear.any()):
            return self._replay
        turns = depths.compress(is_unclear)
        groups, depths = groups.compress(standing), depths.compress(standing)
        self.lost[groups] = 0
        self._replay = Replay(groups, depths, turns)
        return self._replay

    def _all(self) -> tuple[Int64s, Int32s]:
        """Return (group, depth) of every loss, nearest first."""
        if self._columns is None:
            self._columns = self._losses.columns()
        return self._columns

    def touched(self) -> Int64s:
        """Return the groups that lost a provider."""
        return self._all()[0]

    def touched_items(self) -> tuple[Int64s, Int32s]:
        """Return the items whose groups lost a provider, with depth, nearest first."""
        groups, depths = self._all()
        return self._needs_of(groups).items, depths

    def degraded(self) -> tuple[Int64s, Int32s]:
        """Return the items a group of soft relations fails (or may), with the depth of that."""
        groups, depths = self._all()
        if not len(groups):
            return NO_NODES, EMPTY
        soft = self._needs_of(groups).degrading < NEVER
        groups, depths = groups.compress(soft), depths.compress(soft)
        order = np.lexsort((depths, groups))
        groups, depths = groups[order], depths[order]
        needs = self._needs_of(groups)
        # Losses of one group now stand together, nearest first: the one that fills the need counts.
        nth_loss = np.arange(len(groups)) - np.searchsorted(groups, groups) + 1
        fails = nth_loss >= needs.degrading
        return needs.items.compress(fails), depths.compress(fails)

    def _needs_of(self, groups: Int64s) -> GroupNeeds:
        if not self.is_edited:
            return self.index.needs.of(groups)
        loaded = groups < self.graph.csr.group_count
        found = self.index.needs.of(np.where(loaded, groups, -1))
        edited = np.flatnonzero(self.graph.csr.maybe_edited_groups[groups])
        for place, group in zip(edited.tolist(), groups[edited].tolist(), strict=True):
            now = self._needs_now(group)
            found.items[place], found.certain[place] = now.items[0], now.certain[0]
            found.possible[place], found.degrading[place] = now.possible[0], now.degrading[0]
        return found

    def _needs_now(self, group: int) -> GroupNeeds:
        facts = self.graph.group(group)
        row = self.graph.providers_of(facts.item)
        effects = self.index.grouped[row.classes[row.groups == group]]
        return group_needs(
            np.array([facts.item]),
            np.array([facts.members]),
            np.array([facts.required]),
            np.array([effects.max(initial=0)]),
        )


class Replay:
    """Losses to be counted again, nearest first; at a *turn* one of them may fail an item."""

    def __init__(self, groups: Int64s, depths: Int32s, turns: Int32s) -> None:
        self._groups = groups
        self._depths = depths
        self._turns = turns.tolist()[::-1]
        self._done = 0

    def expect(self, groups: Int64s) -> None:
        """Take note that these groups may have lost another provider: from now on each loss counts."""
        left, depths = self._groups[self._done :], self._depths[self._done :]
        if len(left):
            turns = depths.compress(np.isin(left, groups)).tolist()
            self._turns = sorted({*self._turns, *turns}, reverse=True)

    def is_turning(self) -> bool:
        """Say whether anything that is left can fail an item by itself."""
        return bool(self._turns)

    def next_turn(self) -> int:
        """Return the depth of the next loss that does."""
        return int(self._turns[-1])

    def until(self, depth: int) -> Int64s:
        """Return the losses up to a depth that were not returned before."""
        while self._turns and self._turns[-1] <= depth:
            self._turns.pop()
        begin, self._done = self._done, int(self._depths.searchsorted(depth, "right"))
        return self._groups[begin : self._done]
