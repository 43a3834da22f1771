"""Layers of a breadth-first walk, and the step from one layer along compressed rows."""

import numpy as np

from assets.graph.csr import EMPTY, NO_NODES, Int32s, Int64s
from assets.graph.effect_index import Targets


class Layers:
    """Nodes with the layer they were reached in."""

    def __init__(self) -> None:
        self._nodes: list[Int64s] = []
        self._depths: list[int] = []

    def add(self, depth: int, nodes: Int64s) -> None:
        """Note nodes reached at a depth."""
        if len(nodes):
            self._nodes.append(nodes)
            self._depths.append(depth)

    def columns(self) -> tuple[Int64s, Int32s]:
        """Return (nodes, depths), nearest first."""
        if not self._nodes:
            return NO_NODES, EMPTY
        order = sorted(range(len(self._depths)), key=self._depths.__getitem__)
        nodes = np.concatenate([self._nodes[i] for i in order])
        sizes = [len(self._nodes[i]) for i in order]
        depths = np.array([self._depths[i] for i in order], np.int32)
        return nodes, np.repeat(depths, sizes)


def entry_counts(table: Targets, nodes: Int64s) -> Int32s:
    """Return how many entries each node has."""
    counts: Int32s = table.indptr[nodes + 1] - table.indptr[nodes]
    return counts


def entries_of(table: Targets, nodes: Int64s) -> Int64s:
    """Return the entries of all nodes, one node after the other.

    >>> table = Targets(np.array([0, 2, 2, 3]), np.array([7, 8, 9]))
    >>> entries_of(table, np.array([2, 0])).tolist()
    [9, 7, 8]
    """
    starts = table.indptr[nodes]
    stops = table.indptr[nodes + 1]
    counts = stops - starts
    ends = counts.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    if not total:
        return NO_NODES
    places = (stops - ends).repeat(counts)
    places += np.arange(total)
    entries: Int64s = table.targets[places].astype(np.int64)
    return entries
