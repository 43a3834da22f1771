"""How a failure spreads: a monotone fixpoint over breadth-first layers, certain losses before possible ones.

Cycle-safe and independent of order: an item enters a layer once, when its state first gets worse.
"""

from typing import NamedTuple

import numpy as np

from assets.graph.csr import EMPTY, Int8s, Int32s, Row
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.effect_index import EffectIndex, GroupNeeds, needed_losses
from assets.graph.layers import Layers, entries_of, entry_counts
from assets.graph.overlay import EMPTY_ROW, NO_OVERLAY
from assets.graph.relation_effects import ChangeEffects, Effect, ItemState

_UP, _POSSIBLE, _CERTAIN, _TOUCHED = 0, 1, 2, 3
#: Up to this many items a layer is walked in plain Python: numpy's calls cost more than the work.
SMALL_FRONTIER = 12


class Outcome(NamedTuple):
    """What a failure reaches, by item index: state (an ItemState) and depth in layers."""

    nodes: Int32s
    states: Int8s
    depths: Int32s


def spread(
    graph: DependencyGraph, effects: ChangeEffects, down: Int32s, possibly_down: Int32s = EMPTY
) -> Outcome:
    """Return everything that the loss of `down` (certain) and `possibly_down` reaches."""
    question = _Question(graph, effects)
    question.lose_for_certain(down)
    question.lose_possibly(possibly_down)
    outcome = question.outcome()
    question.close(outcome)
    return outcome


class _Question:
    """One run of the fixpoint on a scratch."""

    def __init__(self, graph: DependencyGraph, effects: ChangeEffects) -> None:
        self.graph = graph
        self.index: EffectIndex = graph.effect_indexes.of(graph.csr, effects)
        self.scratch = graph.scratches.take(graph.capacity, len(graph.csr.maybe_edited_groups))
        self.status = self.scratch.status
        self.certain, self.possible = Layers(), Layers()
        self.touched_groups, self.soft_hits = Layers(), Layers()
        self.pending: dict[int, list[Int32s]] = {}

    def lose_for_certain(self, seeds: Int32s) -> None:
        """Run the layers of what certainly fails."""
        self.status[seeds] = _CERTAIN
        frontier, depth = seeds, 0
        while len(frontier):
            self.certain.add(depth, frontier)
            frontier = self._next_layer(frontier, depth, _CERTAIN)
            depth += 1

    def lose_possibly(self, seeds: Int32s) -> None:
        """Run the layers of what may fail, from the seeds and from groups of undeclared need."""
        self.pending.setdefault(0, []).append(seeds)
        frontier, depth = EMPTY, 0
        while len(frontier) or self.pending:
            frontier = np.concatenate([frontier, self._enter(self.pending.pop(depth, []))])
            self.possible.add(depth, frontier)
            frontier = self._next_layer(frontier, depth, _POSSIBLE)
            depth += 1

    def _enter(self, waiting: list[Int32s]) -> Int32s:
        return self._unseen(np.concatenate(waiting), _POSSIBLE) if waiting else EMPTY

    def _next_layer(self, frontier: Int32s, depth: int, status: int) -> Int32s:
        """Return the items that newly reach `status` because the frontier did."""
        if len(frontier) <= SMALL_FRONTIER and not self._is_edited(frontier):
            return self._next_small_layer(frontier.tolist(), depth, status)
        reached = self._losses_of(frontier)
        if len(reached) and int(reached.min()) < 0:
            grouped = reached < 0
            failed = self._lose_in_groups(~reached[grouped], depth, status)
            reached = np.concatenate([reached[~grouped], failed])
        return self._unseen(reached, status)

    def _next_small_layer(self, frontier: list[int], depth: int, status: int) -> Int32s:
        indptr, targets = self.index.losses.indptr.data, self.index.losses.targets.data
        seen = self.scratch.status_view
        reached: list[int] = []
        groups: list[int] = []
        for node in frontier:
            for target in targets[indptr[node] : indptr[node + 1]]:
                if target < 0:
                    groups.append(~target)
                elif seen[target] < status:
                    seen[target] = status
                    reached.append(target)
        found = np.array(reached, np.int32)
        if not groups:
            return found
        failed = self._lose_in_groups(np.array(groups, np.int32), depth, status)
        return np.concatenate([found, self._unseen(failed, status)])

    def _unseen(self, nodes: Int32s, status: int) -> Int32s:
        """Return the nodes below a status, each once, and lift them to it."""
        nodes = nodes[self.status[nodes] < status]
        if len(nodes) > len(self.status) >> 5:
            self.status[nodes] = _TOUCHED
            nodes = np.flatnonzero(self.status == _TOUCHED).astype(np.int32)
        elif len(nodes) > 1:
            nodes = nodes[self.scratch.first_of_each(nodes)]
        self.status[nodes] = status
        return nodes

    def _is_edited(self, frontier: Int32s) -> bool:
        if self.graph.overlay is NO_OVERLAY:
            return False
        return bool(self.graph.csr.maybe_edited[frontier].any())

    def _losses_of(self, frontier: Int32s) -> Int32s:
        loaded, rows, owners = self._split(frontier)
        reached = entries_of(self.index.losses, loaded)
        if not len(owners):
            return reached
        return np.concatenate([reached, self.index.losses_in(rows, owners)])

    def _split(self, frontier: Int32s) -> tuple[Int32s, Row, Int32s]:
        """Return the nodes whose arrays hold, and the joined rows (with owners) of the edited ones."""
        if not self._is_edited(frontier):
            return frontier, EMPTY_ROW, EMPTY
        edited_rows = self.graph.overlay.dependents
        loaded_count = self.graph.csr.item_count
        maybe = self.graph.csr.maybe_edited[frontier] != 0
        suspects = frontier[maybe].tolist()
        edited = [node for node in suspects if node in edited_rows]
        still = [node for node in suspects if node not in edited_rows and node < loaded_count]
        loaded = np.append(frontier[~maybe], np.array(still, np.int32))
        if not edited:
            return loaded, EMPTY_ROW, EMPTY
        rows = [edited_rows[node] for node in edited]
        joined = Row(*(np.concatenate(column) for column in zip(*rows, strict=True)))
        sizes = [len(row.neighbours) for row in rows]
        return loaded, joined, np.repeat(np.array(edited, np.int32), sizes)

    def _lose_in_groups(self, groups: Int32s, depth: int, status: int) -> Int32s:
        """Count one lost provider per entry; return the items whose group fails because of it."""
        np.add.at(self.scratch.lost, groups, 1)
        self.touched_groups.add(depth + 1, groups)
        needs = self._needs_of(groups)
        lost = self.scratch.lost[groups]
        is_hard = needs.effects == Effect.HARD
        may_fail = lost >= needs.possible
        self.soft_hits.add(depth + 1, needs.items[may_fail & (needs.effects == Effect.SOFT)])
        if status == _POSSIBLE:
            return np.extract(may_fail & is_hard, needs.items)
        fails = lost >= needs.certain
        unclear = needs.items[may_fail & is_hard & ~fails]
        if len(unclear):
            self.pending.setdefault(depth + 1, []).append(unclear)
        return np.extract(fails & is_hard, needs.items)

    def _needs_of(self, groups: Int32s) -> GroupNeeds:
        if self.graph.overlay is NO_OVERLAY:
            return self.index.needs.of(groups)
        loaded = groups < self.graph.csr.group_count
        found = self.index.needs.of(np.where(loaded, groups, -1))
        edited = np.flatnonzero(self.graph.csr.maybe_edited_groups[groups])
        for place, group in zip(edited.tolist(), groups[edited].tolist(), strict=True):
            now = self._needs_now(group)
            found.items[place], found.certain[place], found.possible[place] = now[:3]
            found.effects[place] = now[3]
        return found

    def _needs_now(self, group: int) -> tuple[int, int, int, int]:
        facts = self.graph.group(group)
        row = self.graph.providers_of(facts.item)
        effect = self.index.grouped[row.classes[row.groups == group]].max(initial=0)
        certain, possible = needed_losses(
            np.array([facts.members], np.int32), np.array([facts.required], np.int32)
        )
        return facts.item, int(certain[0]), int(possible[0]), int(effect)

    def outcome(self) -> Outcome:
        """Join what failed, what is degraded and what has lost its redundancy."""
        down, down_depths = self.certain.columns()
        unknown, unknown_depths = self.possible.columns()
        degraded, degraded_depths = self._degraded()
        bare, bare_depths = self._without_redundancy()
        parts = (
            (ItemState.DOWN, down, down_depths),
            (ItemState.UNKNOWN, unknown, unknown_depths),
            (ItemState.DEGRADED, degraded, degraded_depths),
            (ItemState.REDUNDANCY_LOST, bare, bare_depths),
        )
        return Outcome(
            np.concatenate([nodes for _, nodes, _ in parts]),
            np.repeat(np.array([part[0] for part in parts], np.uint8), [len(part[1]) for part in parts]),
            np.concatenate([depths for _, _, depths in parts]),
        )

    def _degraded(self) -> tuple[Int32s, Int32s]:
        """Return who loses a soft dependency and is otherwise up, with the nearest depth."""
        (down, down_depths), (unknown, unknown_depths) = (
            self.certain.columns(),
            self.possible.columns(),
        )
        failed = np.concatenate([down, unknown])
        depth_of = self.scratch.mark
        depth_of[failed] = np.concatenate([down_depths, unknown_depths]) + 1
        loaded, rows, owners = self._split(failed)
        soft = self.index.is_soft(rows)
        hits, hit_depths = self.soft_hits.columns()
        return self._first_untouched(
            np.concatenate([entries_of(self.index.soft, loaded), rows.neighbours[soft], hits]),
            np.concatenate(
                [
                    np.repeat(depth_of[loaded], entry_counts(self.index.soft, loaded)),
                    depth_of[owners[soft]],
                    hit_depths,
                ]
            ),
        )

    def _without_redundancy(self) -> tuple[Int32s, Int32s]:
        """Return who still works, but on a group that has lost a provider."""
        groups, depths = self.touched_groups.columns()
        return self._first_untouched(self._needs_of(groups).items, depths)

    def _first_untouched(self, nodes: Int32s, depths: Int32s) -> tuple[Int32s, Int32s]:
        """Return nodes nothing worse has happened to, each with its smallest depth, and touch them."""
        free = self.status[nodes] == _UP
        nodes, depths = nodes[free], depths[free]
        if len(depths) and (np.diff(depths) < 0).any():
            order = np.argsort(depths, kind="stable")
            nodes, depths = nodes[order], depths[order]
        first = self.scratch.first_of_each(nodes)
        self.status[nodes[first]] = _TOUCHED
        return nodes[first], depths[first]

    def close(self, outcome: Outcome) -> None:
        """Clean the scratch and give it back."""
        self.scratch.clear(outcome.nodes, self.touched_groups.columns()[0])
        self.graph.scratches.give_back(self.scratch)
