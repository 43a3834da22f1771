"""Layers of a breadth-first walk, and the step from one layer along compressed rows."""

import numpy as np

from assets.graph.csr import EMPTY, Int32s
from assets.graph.effect_index import Targets


class Layers:
    """Nodes with the layer they were reached in."""

    def __init__(self) -> None:
        self._nodes: list[Int32s] = []
        self._depths: list[int] = []

    def add(self, depth: int, nodes: Int32s) -> None:
        """Note nodes reached at a depth."""
        if len(nodes):
            self._nodes.append(nodes)
            self._depths.append(depth)

    def columns(self) -> tuple[Int32s, Int32s]:
        """Return (nodes, depths), nearest first."""
        if not self._nodes:
            return EMPTY, EMPTY
        order = sorted(range(len(self._depths)), key=self._depths.__getitem__)
        nodes = np.concatenate([self._nodes[i] for i in order])
        sizes = [len(self._nodes[i]) for i in order]
        depths = np.array([self._depths[i] for i in order], np.int32)
        return nodes, np.repeat(depths, sizes)


def entry_counts(table: Targets, nodes: Int32s) -> Int32s:
    """Return how many entries each node has."""
    counts: Int32s = table.indptr[nodes + 1] - table.indptr[nodes]
    return counts


def entries_of(table: Targets, nodes: Int32s) -> Int32s:
    """Return the entries of all nodes, one node after the other.

    >>> table = Targets(np.array([0, 2, 2, 3]), np.array([7, 8, 9]))
    >>> entries_of(table, np.array([2, 0])).tolist()
    [9, 7, 8]
    """
    starts = table.indptr[nodes]
    counts = table.indptr[nodes + 1] - starts
    ends = np.cumsum(counts, dtype=np.int32)
    total = int(ends[-1]) if len(ends) else 0
    if not total:
        return EMPTY
    places = np.arange(total, dtype=np.int32)
    places += np.repeat(starts - ends + counts, counts)
    entries: Int32s = table.targets[places]
    return entries
