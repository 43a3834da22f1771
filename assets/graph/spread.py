"""How a failure spreads: a monotone fixpoint over breadth-first layers, certain losses before possible ones.

Cycle-safe and independent of order: an item enters a layer once, when its state first gets worse.
"""

from typing import NamedTuple

import numpy as np

from assets.graph.csr import EMPTY, NO_NODES, Int8s, Int32s, Int64s, Row
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.group_losses import NOBODY, GroupLosses
from assets.graph.layers import Layers, entries_of, entry_counts
from assets.graph.overlay import EMPTY_ROW, NO_OVERLAY
from assets.graph.relation_effects import ChangeEffects, ItemState

_UP, _POSSIBLE, _CERTAIN, _TOUCHED = 0, 1, 2, 3
#: Up to this many items a layer is walked in plain Python: numpy's calls cost more than the work.
SMALL_FRONTIER = 24


class Outcome(NamedTuple):
    """What a failure reaches, by item index: state (an ItemState) and depth in layers."""

    nodes: Int64s
    states: Int8s
    depths: Int32s


def spread(
    graph: DependencyGraph, effects: ChangeEffects, down: Int64s, possibly_down: Int64s = NO_NODES
) -> Outcome:
    """Return everything that the loss of `down` (certain) and `possibly_down` reaches."""
    question = _Question(graph, effects)
    question.lose_for_certain(down)
    question.lose_possibly(possibly_down)
    return question.outcome()


class _Question:
    """One run of the fixpoint on a scratch."""

    def __init__(self, graph: DependencyGraph, effects: ChangeEffects) -> None:
        self.graph = graph
        self.index = graph.effect_indexes.of(graph.csr, effects)
        self.scratch = graph.scratches.take(graph.capacity, len(graph.csr.maybe_edited_groups))
        self.status = self.scratch.status
        self.groups = GroupLosses(graph, self.index, self.scratch)
        self.is_edited = graph.overlay is not NO_OVERLAY
        self.certain, self.possible = Layers(), Layers()

    def lose_for_certain(self, seeds: Int64s) -> None:
        """Run the layers of what certainly fails."""
        self.status[seeds] = _CERTAIN
        frontier, depth = seeds, 0
        while len(frontier):
            self.certain.add(depth, frontier)
            frontier = self._next_layer(frontier, depth, _CERTAIN)
            depth += 1

    def lose_possibly(self, seeds: Int64s) -> None:
        """Run the layers of what may fail, from the seeds and from groups of undeclared need.

        Certain losses are counted again layer by layer, so that a depth never depends on which kind
        of loss was computed first.
        """
        again = self.groups.replay()
        frontier, depth = self._unseen(seeds, _POSSIBLE), 0
        while len(frontier) or again.is_turning():
            if not len(frontier):
                depth = again.next_turn() - 1
            self.possible.add(depth, frontier)
            failed = self._failed_again(again.until(depth + 1))
            reached = self._next_layer(frontier, depth, _POSSIBLE)
            frontier = np.concatenate([failed, reached]) if len(failed) else reached
            depth += 1

    def _failed_again(self, groups: list[int]) -> Int64s:
        """Count certain losses on top of possible ones; return the items that may fail of both."""
        if not groups:
            return NO_NODES
        if self.is_edited or len(groups) > SMALL_FRONTIER:
            failed = self.groups.count(np.array(groups), NOBODY, certainly=False)
            return self._unseen(failed.compress(failed != NOBODY), _POSSIBLE)
        return self._newly(self.groups.count_few(groups, certainly=False), _POSSIBLE)

    def _newly(self, items: list[int], status: int) -> Int64s:
        """Do what `_unseen` does for a handful."""
        seen = self.scratch.status_view
        reached = []
        for item in items:
            if seen[item] < status:
                seen[item] = status
                reached.append(item)
        return np.array(reached, np.int64)

    def _next_layer(self, frontier: Int64s, depth: int, status: int) -> Int64s:
        """Return the items that newly reach `status` because the frontier did."""
        if not len(frontier):
            return frontier
        if len(frontier) <= SMALL_FRONTIER and not self._meets_edits(frontier):
            return self._next_small_layer(frontier.tolist(), depth, status)
        reached = self._losses_of(frontier)
        grouped = (reached < 0).nonzero()[0]
        if len(grouped):
            # A group that holds stands for an item of the frontier, which is seen already.
            reached[grouped] = self.groups.lose(
                ~reached[grouped], depth, frontier.item(0), certainly=status == _CERTAIN
            )
        return self._unseen(reached, status)

    def _next_small_layer(self, frontier: list[int], depth: int, status: int) -> Int64s:
        starts, stops, targets = (column.data for column in self.index.losses)
        seen = self.scratch.status_view
        reached: list[int] = []
        groups: list[int] = []
        for node in frontier:
            for target in targets[starts[node] : stops[node]]:
                if target < 0:
                    groups.append(~target)
                elif seen[target] < status:
                    seen[target] = status
                    reached.append(target)
        if groups:
            failed = self.groups.lose_few(groups, depth, certainly=status == _CERTAIN)
            for item in failed:
                if seen[item] < status:
                    seen[item] = status
                    reached.append(item)
        return np.array(reached, np.int64)

    def _unseen(self, nodes: Int64s, status: int) -> Int64s:
        """Return the nodes below a status, each once, and lift them to it."""
        if not len(nodes):
            return nodes
        nodes = nodes.compress(self.status[nodes] < status)
        if len(nodes) > len(self.status) >> 5:
            self.status[nodes] = _TOUCHED
            nodes = np.flatnonzero(self.status == _TOUCHED)
        elif len(nodes) > 1:
            nodes = self.scratch.distinct(nodes)
        self.status[nodes] = status
        return nodes

    def _meets_edits(self, frontier: Int64s) -> bool:
        return self.is_edited and bool(self.graph.csr.maybe_edited[frontier].any())

    def _losses_of(self, frontier: Int64s) -> Int64s:
        if not self._meets_edits(frontier):
            return entries_of(self.index.losses, frontier)
        loaded, rows, owners = self._split(frontier)
        return np.concatenate(
            [entries_of(self.index.losses, loaded), self.index.losses_in(rows, owners)]
        )

    def _split(self, frontier: Int64s) -> tuple[Int64s, Row, Int64s]:
        """Return the nodes whose arrays hold, and the joined rows (with owners) of the edited ones."""
        if not self._meets_edits(frontier):
            return frontier, EMPTY_ROW, NO_NODES
        edited_rows = self.graph.overlay.dependents
        loaded_count = self.graph.csr.item_count
        maybe = self.graph.csr.maybe_edited[frontier] != 0
        suspects = frontier[maybe].tolist()
        edited = [node for node in suspects if node in edited_rows]
        still = [node for node in suspects if node not in edited_rows and node < loaded_count]
        loaded = np.append(frontier[~maybe], np.array(still, np.int64))
        if not edited:
            return loaded, EMPTY_ROW, NO_NODES
        rows = [edited_rows[node] for node in edited]
        neighbours, classes, groups = zip(*rows, strict=True)
        joined = Row(np.concatenate(neighbours), np.concatenate(classes), np.concatenate(groups))
        sizes = [len(row.neighbours) for row in rows]
        return loaded, joined, np.repeat(np.array(edited, np.int64), sizes)

    def outcome(self) -> Outcome:
        """Join what failed, what is degraded and what has lost its redundancy; free the scratch."""
        down, unknown = self.certain.columns(), self.possible.columns()
        degraded = self._degraded(down, unknown)
        bare = self._first_untouched(*self.groups.touched_items())
        parts = (down, unknown, degraded, bare)
        states = (ItemState.DOWN, ItemState.UNKNOWN, ItemState.DEGRADED, ItemState.REDUNDANCY_LOST)
        nodes = np.concatenate([part[0] for part in parts])
        sizes = [len(part[0]) for part in parts]
        self.scratch.clear(nodes, self.groups.touched())
        self.graph.scratches.give_back(self.scratch)
        return Outcome(
            nodes,
            np.array(states, np.uint8).repeat(sizes),
            np.concatenate([part[1] for part in parts]),
        )

    def _degraded(
        self, down: tuple[Int64s, Int32s], unknown: tuple[Int64s, Int32s]
    ) -> tuple[Int64s, Int32s]:
        """Return who loses a soft dependency and is otherwise up, with the nearest depth."""
        failed = np.concatenate([down[0], unknown[0]])
        depth_of = self.scratch.mark
        depth_of[failed] = np.concatenate([down[1], unknown[1]]) + 1
        hits, depths = self._softly_hit(failed, depth_of)
        by_group, group_depths = self.groups.degraded()
        return self._first_untouched(
            np.concatenate([*hits, by_group]), np.concatenate([*depths, group_depths])
        )

    def _softly_hit(self, failed: Int64s, depth_of: Int32s) -> tuple[list[Int64s], list[Int32s]]:
        """Return the dependents over soft relations, loaded and edited ones, with their depths."""
        loaded, rows, owners = self._split(failed)
        counts = entry_counts(self.index.soft, loaded)
        # Most items comfort nobody: without them the step is a tenth of the work.
        some = counts.nonzero()[0]
        loaded, counts = loaded[some], counts[some]
        hits, depths = [entries_of(self.index.soft, loaded)], [depth_of[loaded].repeat(counts)]
        if len(owners):
            soft = self.index.is_soft(rows)
            hits.append(rows.neighbours[soft].astype(np.int64))
            depths.append(depth_of[owners[soft]])
        return hits, depths

    def _first_untouched(self, nodes: Int64s, depths: Int32s) -> tuple[Int64s, Int32s]:
        """Return nodes nothing worse has happened to, each with its smallest depth, and touch them."""
        free = self.status[nodes] == _UP
        nodes, depths = nodes.compress(free), depths.compress(free)
        if not len(nodes):
            return NO_NODES, EMPTY
        if (depths[1:] < depths[:-1]).any():
            order = depths.argsort(kind="stable")
            nodes, depths = nodes[order], depths[order]
        first = self.scratch.first_of_each(nodes)
        nodes = nodes[first]
        self.status[nodes] = _TOUCHED
        return nodes, depths[first]
