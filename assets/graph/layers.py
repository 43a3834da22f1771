"""Layers of a breadth-first walk, and the step from one layer along compressed rows."""

from typing import TypeAlias

import numpy as np

from assets.graph.csr import EMPTY, NO_NODES, Int32s, Int64s
from assets.graph.effect_index import Targets

#: Nodes of a layer: a list where it is a handful, since numpy's calls cost more than the work then.
Nodes: TypeAlias = Int64s | list[int]


class Layers:
    """Nodes with the layer they were reached in, added from the nearest on."""

    def __init__(self) -> None:
        self._nodes: list[Nodes] = []
        self._depths: list[int] = []

    def add(self, depth: int, nodes: Nodes) -> None:
        """Note nodes reached at a depth."""
        if len(nodes):
            self._nodes.append(nodes)
            self._depths.append(depth)

    def columns(self) -> tuple[Int64s, Int32s]:
        """Return (nodes, depths), nearest first."""
        if not self._nodes:
            return NO_NODES, EMPTY
        depths = np.array(self._depths, np.int32)
        return _end_to_end(self._nodes), depths.repeat([len(nodes) for nodes in self._nodes])


def _end_to_end(layers: list[Nodes]) -> Int64s:
    """Return the layers end to end; neighbouring lists become one array."""
    parts: list[Int64s] = []
    few: list[int] = []
    for layer in layers:
        if isinstance(layer, list):
            few += layer
            continue
        if few:
            parts.append(np.array(few, np.int64))
            few = []
        parts.append(layer)
    if few:
        parts.append(np.array(few, np.int64))
    return np.concatenate(parts)


def joined(first: Nodes, second: Nodes) -> Nodes:
    """Return two layers as one.

    >>> joined([1], [2])
    [1, 2]
    """
    if not len(first):
        return second
    if not len(second):
        return first
    if isinstance(first, list) and isinstance(second, list):
        return first + second
    return _end_to_end([first, second])


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
    ends = np.add.accumulate(counts)
    total = ends.item(-1) if len(ends) else 0
    if not total:
        return NO_NODES
    places = (stops - ends).repeat(counts)
    places += ramp(total)
    entries: Int64s = table.targets[places]
    return entries
