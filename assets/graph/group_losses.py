"""Redundancy groups during one question: how many providers each has lost, and what follows from it."""

import numpy as np

from assets.graph.csr import EMPTY, NO_NODES, Bools, Int32s, Int64s
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.effect_index import NEVER, EffectIndex, GroupNeeds, group_needs
from assets.graph.layers import Layers
from assets.graph.overlay import NO_OVERLAY
from assets.graph.scratch import UP, Scratch

_ONE = np.int32(1)
NOBODY = -1


class GroupLosses:
    """Counts losses by group; a group that is edited since the load is judged by its current facts."""

    def __init__(self, graph: DependencyGraph, index: EffectIndex, scratch: Scratch) -> None:
        self.graph = graph
        self.index = index
        self.lost = scratch.lost
        self._lost_view = scratch.lost_view
        self.stamps = scratch.stamps
        self.is_edited = graph.overlay is not NO_OVERLAY
        self._certain, self._possible = Layers(), Layers()
        self._certain_columns = NO_NODES, EMPTY
        self._asked_for = scratch.asked_for
        self._replay = Replay(NO_NODES, EMPTY, self.lost, self._asked_for)

    def lose(self, groups: Int64s, depth: int, nobody: int, *, certainly: bool) -> Int64s:
        """Count one lost provider per entry; return for each the item that fails of it, or `nobody`."""
        if certainly:
            self._certain.add(depth + 1, groups)
        else:
            self._possible.add(depth + 1, groups)
            self._replay.expect(groups, depth + 1)
        return self.count(groups, nobody, certainly=certainly)

    def lose_few(self, groups: list[int], depth: int, *, certainly: bool) -> list[int]:
        """Do the same for a handful of entries, for which numpy's calls cost more than the work."""
        if self.is_edited:
            entries = np.array(groups, np.int64)
            found: list[int] = self.lose(entries, depth, NOBODY, certainly=certainly).tolist()
            return [item for item in found if item != NOBODY]
        if certainly:
            self._certain.add(depth + 1, groups)
        else:
            self._possible.add(depth + 1, groups)
            if any(map(self._lost_view.__getitem__, groups)):
                self._replay.expect(np.array(groups, np.int64), depth + 1)
        return self.count_few(groups, certainly=certainly)

    def count_few(self, groups: list[int], *, certainly: bool) -> list[int]:
        """Do what `lose_few` does without noting the loss; not for an edited graph."""
        views = self.index.views
        need = views.certain if certainly else views.possible
        lost, items = self._lost_view, views.items
        for group in groups:
            lost[group] += 1
        return [items[group] for group in groups if lost[group] >= need[group]]

    def count(self, groups: Int64s, nobody: int, *, certainly: bool) -> Int64s:
        """Do what `lose` does without noting the loss."""
        if not len(groups):
            return NO_NODES
        np.add.at(self.lost, groups, _ONE)
        if self.is_edited:
            needs = self._needs_of(groups)
            need = needs.certain if certainly else needs.possible
            items, holds = needs.items, self.lost[groups] < need
        else:
            needs = self.index.needs
            need = needs.certain if certainly else needs.possible
            items, holds = needs.items[groups], self.lost[groups] < need[groups]
        items[holds] = nobody
        return items

    def replay(self) -> "Replay":
        """Take the losses of groups of unclear need back, to be counted again as possible ones."""
        groups, depths = self._certain_columns = self._certain.columns()
        standing = (self.stamps[self.items_of(groups)] == UP).nonzero()[0]
        groups, depths = groups[standing], depths[standing]
        if self.is_edited:
            needs = self._needs_of(groups)
            is_unclear = needs.possible < needs.certain
        else:
            is_unclear = self.index.is_unclear[groups]
        self._replay = Replay(groups, depths, self.lost, self._asked_for)
        self._replay.take_back(is_unclear)
        return self._replay

    def columns(self) -> tuple[Int64s, Int32s]:
        """Return (group, depth) of every loss: the certain ones, then the possible ones, each nearest first."""
        groups, depths = self._possible.columns()
        if not len(groups):
            return self._certain_columns
        certain, certain_depths = self._certain_columns
        return np.concatenate([certain, groups]), np.concatenate([certain_depths, depths])

    def items_of(self, groups: Int64s) -> Int64s:
        """Return the items that depend on groups."""
        return self._needs_of(groups).items if self.is_edited else self.index.needs.items[groups]

    def degraded(self, groups: Int64s, depths: Int32s) -> tuple[Int64s, Int32s]:
        """Return the items that losses in groups of soft relations fail (or may), with the depth of that."""
        if self.is_edited:
            degrades = self._needs_of(groups).degrading < NEVER
        else:
            degrades = self.index.degrades[groups]
        groups, depths = groups.compress(degrades), depths.compress(degrades)
        if not len(groups):
            return NO_NODES, EMPTY
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
    """Certain losses counted once more, nearest first, when it is about what may fail.

    Losses of most groups stay counted (*parked*): only a possible loss on top of them makes their order matter.
    `asked_for` is a flag for each group of the graph, all down between two calls.
    """

    def __init__(self, groups: Int64s, depths: Int32s, lost: Int32s, asked_for: Bools) -> None:
        self._groups, self._depths = groups, depths
        self._lost = lost
        self._asked_for = asked_for
        self._waiting: dict[int, list[int]] = {}

    def take_back(self, chosen: Bools) -> None:
        """Uncount some of the parked losses; `until` hands them out again."""
        places = chosen.nonzero()[0]
        if not len(places):
            return
        groups, depths = self._groups[places], self._depths[places]
        np.subtract.at(self._lost, groups, _ONE)
        for group, depth in zip(groups.tolist(), depths.tolist(), strict=True):
            self._waiting.setdefault(depth, []).append(group)
        kept = (~chosen).nonzero()[0]
        self._groups, self._depths = self._groups[kept], self._depths[kept]

    def expect(self, groups: Int64s, depth: int) -> None:
        """Take note that these groups may have lost another provider at a depth: later losses come after it."""
        if not len(self._groups):
            return
        self._asked_for[groups] = True
        chosen = self._asked_for[self._groups]
        self._asked_for[groups] = False
        chosen &= self._depths > depth
        self.take_back(chosen)

    def is_turning(self) -> bool:
        """Say whether anything is left to be counted."""
        return bool(self._waiting)

    def next_turn(self) -> int:
        """Return the depth of the nearest loss that is left."""
        return min(self._waiting)

    def until(self, depth: int) -> list[int]:
        """Return the groups of the losses up to a depth that were not returned before."""
        if not self._waiting:
            return []
        due = sorted(turn for turn in self._waiting if turn <= depth)
        return [group for turn in due for group in self._waiting.pop(turn)]
