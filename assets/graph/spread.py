"""How a failure spreads: a monotone fixpoint over breadth-first layers, certain losses before possible ones.

Cycle-safe and independent of order: an item enters a layer once, when its state first gets worse.
"""

from typing import NamedTuple

import numpy as np

from assets.graph.csr import EMPTY, NO_NODES, Int8s, Int32s, Int64s, Row
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.group_losses import NOBODY, GroupLosses
from assets.graph.layers import Layers, Nodes, entries_of, entry_counts, joined
from assets.graph.overlay import EMPTY_ROW, NO_OVERLAY
from assets.graph.relation_effects import ChangeEffects, ItemState
from assets.graph.scratch import CERTAIN, POSSIBLE, UP, Level

#: Up to this many items a layer is walked in plain Python: numpy's calls cost more than the work.
SMALL_FRONTIER = 24
_ZERO = np.array(0)
_STATES = np.array(
    (ItemState.DOWN, ItemState.UNKNOWN, ItemState.DEGRADED, ItemState.REDUNDANCY_LOST), np.uint8
)


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
        self.groups = GroupLosses(graph, self.index, self.scratch)
        self.is_edited = graph.overlay is not NO_OVERLAY
        self.certain, self.possible = Layers(), Layers()

    def lose_for_certain(self, seeds: Int64s) -> None:
        """Run the layers of what certainly fails."""
        self.scratch.lift(seeds, CERTAIN)
        frontier: Nodes = seeds
        depth = 0
        while len(frontier):
            self.certain.add(depth, frontier)
            frontier = self._next_layer(frontier, depth, CERTAIN)
            depth += 1

    def lose_possibly(self, seeds: Int64s) -> None:
        """Run the layers of what may fail, from the seeds and from groups of undeclared need.

        Certain losses are counted again layer by layer, so that a depth never depends on which kind
        of loss was computed first.
        """
        again = self.groups.replay()
        frontier: Nodes = self.scratch.lift(seeds, POSSIBLE)
        depth = 0
        while len(frontier) or again.is_turning():
            if not len(frontier):
                depth = again.next_turn() - 1
            self.possible.add(depth, frontier)
            failed = self._failed_again(again.until(depth + 1))
            reached = self._next_layer(frontier, depth, POSSIBLE)
            frontier = joined(failed, reached)
            depth += 1

    def _failed_again(self, groups: list[int]) -> Nodes:
        """Count certain losses on top of possible ones; return the items that may fail of both."""
        if not groups:
            return []
        if self.is_edited or len(groups) > SMALL_FRONTIER:
            failed = self.groups.count(np.array(groups), NOBODY, certainly=False)
            return self.scratch.lift(failed.compress(failed != NOBODY), POSSIBLE)
        return self.scratch.lift_few(self.groups.count_few(groups, certainly=False), POSSIBLE)

    def _next_layer(self, frontier: Nodes, depth: int, level: Level) -> Nodes:
        """Return the items that newly reach a level because the frontier did."""
        if len(frontier) <= SMALL_FRONTIER and not self._meets_edits(frontier):
            few = frontier if isinstance(frontier, list) else frontier.tolist()
            return self._next_few(few, depth, level)
        if isinstance(frontier, list):
            frontier = np.array(frontier, np.int64)
        reached = self._losses_of(frontier)
        grouped = (reached < _ZERO).nonzero()[0]
        if len(grouped):
            # A group that holds stands for an item of the frontier, which is seen already.
            reached[grouped] = self.groups.lose(
                ~reached[grouped], depth, frontier.item(0), certainly=level is CERTAIN
            )
        return self.scratch.lift(reached, level)

    def _next_few(self, frontier: list[int], depth: int, level: Level) -> list[int]:
        """Do the same for a handful of items."""
        starts, stops, targets, *_ = self.index.views
        stamps, floor = self.scratch.stamps_view, level.floor
        reached: list[int] = []
        groups: list[int] = []
        for node in frontier:
            for target in targets[starts[node] : stops[node]]:
                if target < 0:
                    groups.append(~target)
                elif stamps[target] < floor:
                    stamps[target] = floor
                    reached.append(target)
        if groups:
            failed = self.groups.lose_few(groups, depth, certainly=level is CERTAIN)
            reached += self.scratch.lift_few(failed, level)
        return reached

    def _meets_edits(self, frontier: Nodes) -> bool:
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
        edges = Row(np.concatenate(neighbours), np.concatenate(classes), np.concatenate(groups))
        sizes = [len(row.neighbours) for row in rows]
        return loaded, edges, np.repeat(np.array(edited, np.int64), sizes)

    def outcome(self) -> Outcome:
        """Join what failed, what is degraded and what has lost its redundancy; free the scratch."""
        down, unknown = self.certain.columns(), self.possible.columns()
        groups, depths = self.groups.columns()
        failed = np.concatenate([down[0], unknown[0]])
        failed_depths = np.concatenate([down[1], unknown[1]])
        soft = self._softly_hit(failed, failed_depths)
        by_group = self.groups.degraded(groups, depths)
        degraded = self._untouched(
            np.concatenate([soft[0], by_group[0]]), np.concatenate([soft[1], by_group[1]])
        )
        bare = self._untouched(self.groups.items_of(groups), depths)
        nodes = np.concatenate([failed, degraded[0], bare[0]])
        parts = (down, unknown, degraded, bare)
        self.scratch.clear(nodes, groups)
        self.graph.scratches.give_back(self.scratch)
        return Outcome(
            nodes,
            _STATES.repeat([len(part[0]) for part in parts]),
            np.concatenate([failed_depths, degraded[1], bare[1]]),
        )

    def _softly_hit(self, failed: Int64s, depths: Int32s) -> tuple[Int64s, Int32s]:
        """Return the dependents over soft relations, loaded and edited ones, with their depths."""
        if not self._meets_edits(failed):
            return self._comforted(failed, depths)
        loaded, rows, owners = self._split(failed)
        depth_of = self.scratch.stamps
        # Nothing asks for levels any more, only for what is up still.
        depth_of[failed] = depths + 1
        nodes, node_depths = self._comforted(loaded, depth_of[loaded] - 1)
        is_soft = self.index.is_soft(rows)
        return (
            np.concatenate([nodes, rows.neighbours[is_soft].astype(np.int64)]),
            np.concatenate([node_depths, depth_of[owners[is_soft]]]),
        )

    def _comforted(self, nodes: Int64s, depths: Int32s) -> tuple[Int64s, Int32s]:
        soft = self.index.soft
        # Most items comfort nobody: without them the step is a tenth of the work.
        some = self.index.gives_comfort[nodes].nonzero()[0]
        nodes = nodes[some]
        return entries_of(soft, nodes), (depths[some] + 1).repeat(entry_counts(soft, nodes))

    def _untouched(self, nodes: Int64s, depths: Int32s) -> tuple[Int64s, Int32s]:
        """Return nodes nothing worse has happened to, each with its smallest depth, and touch them."""
        free = (self.scratch.stamps[nodes] == UP).nonzero()[0]
        nodes, depths = nodes[free], depths[free]
        if not len(nodes):
            return NO_NODES, EMPTY
        if (depths[1:] < depths[:-1]).any():
            order = depths.argsort(kind="stable")
            nodes, depths = nodes[order], depths[order]
        first = self.scratch.touch_first(nodes)
        return nodes[first], depths[first]
