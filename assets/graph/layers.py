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


#: 0, 1, 2...: cut to length where a fresh range would be made for every layer.
_RAMP: Int64s = np.arange(1 << 16)


def ramp(count: int) -> Int64s:
    """Return 0 to count - 1, not to be written to."""
    return _RAMP[:count] if count <= len(_RAMP) else np.arange(count)


def entry_counts(table: Targets, nodes: Int64s) -> Int64s:
    """Return how many entries each node has."""
    counts: Int64s = table.stops[nodes] - table.starts[nodes]
    return counts


def entries_of(table: Targets, nodes: Int64s) -> Int64s:
    """Return the entries of all nodes, one node after the other.

    >>> table = Targets.of(np.array([0, 2, 2, 3]), np.array([7, 8, 9]))
    >>> entries_of(table, np.array([2, 0])).tolist()
    [9, 7, 8]
    """
    stops = table.stops[nodes]
    counts = stops - table.starts[nodes]
    ends = counts.cumsum()
    total = ends.item(-1) if len(ends) else 0
    if not total:
        return NO_NODES
    places = (stops - ends).repeat(counts)
    places += ramp(total)
    entries: Int64s = table.targets[places]
    return entries
