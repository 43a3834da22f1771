"""Breadth-first walks over all relations, whatever they carry: by scipy's C code where the arrays are current."""

from enum import Enum

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from assets.graph.csr import NO_NODES, Adjacency, Int64s
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.effect_index import Targets
from assets.graph.layers import entries_of
from assets.graph.overlay import NO_OVERLAY, row_of

_NO_PREDECESSOR = -9999


class Direction(Enum):
    """Along "depends on" (to providers), or against it (to dependents)."""

    PROVIDERS = "providers"
    DEPENDENTS = "dependents"


def reachable(graph: DependencyGraph, start: int, direction: Direction) -> Int64s:
    """Return the indices of all items reached from an index, itself first."""
    if graph.overlay is not NO_OVERLAY:
        return _reachable_with_edits(graph, start, direction)
    order = breadth_first_order(_matrix(graph, direction), start, return_predecessors=False)
    nodes: Int64s = order.astype(np.int64)
    return nodes


def shortest(graph: DependencyGraph, start: int, end: int) -> list[int]:
    """Return the indices of a shortest chain of providers from start to end, [] when there is none."""
    if start == end:
        return [start]
    before = _predecessors(graph, start, end)
    if before.get(end, _NO_PREDECESSOR) == _NO_PREDECESSOR:
        return []
    chain = [end]
    while chain[-1] != start:
        chain.append(before[chain[-1]])
    return chain[::-1]


def _matrix(graph: DependencyGraph, direction: Direction) -> csr_array:
    adjacency = _adjacency(graph, direction)
    # The walk never reads weights: one number, repeated by a stride of zero, serves all edges.
    weights = np.broadcast_to(np.float64(1), (len(adjacency.neighbours),))
    size = graph.csr.item_count
    return csr_array((weights, adjacency.neighbours, adjacency.indptr), shape=(size, size))


def _adjacency(graph: DependencyGraph, direction: Direction) -> Adjacency:
    csr = graph.csr
    return csr.providers if direction is Direction.PROVIDERS else csr.dependents


def _predecessors(graph: DependencyGraph, start: int, end: int) -> dict[int, int]:
    if graph.overlay is not NO_OVERLAY:
        return _predecessors_with_edits(graph, start, end)
    matrix = _matrix(graph, Direction.PROVIDERS)
    order, before = breadth_first_order(matrix, start, return_predecessors=True)
    return dict(zip(order.tolist(), before[order].tolist(), strict=True))


def _predecessors_with_edits(graph: DependencyGraph, start: int, end: int) -> dict[int, int]:
    before = {start: _NO_PREDECESSOR}
    layer = [start]
    while layer and end not in before:
        reached = []
        for node in layer:
            for provider in graph.providers_of(node).neighbours.tolist():
                if provider not in before:
                    before[provider] = node
                    reached.append(provider)
        layer = reached
    return before


def _reachable_with_edits(graph: DependencyGraph, start: int, direction: Direction) -> Int64s:
    adjacency = _adjacency(graph, direction)
    edited = getattr(graph.overlay, direction.value)
    edited_nodes = np.fromiter(edited, np.int64)
    table = Targets.of(adjacency.indptr, adjacency.neighbours)
    seen = np.zeros(graph.capacity, np.bool_)
    layers = [np.array([start], np.int64)]
    seen[start] = True
    while len(layers[-1]):
        layer = layers[-1]
        is_loaded = (layer < graph.csr.item_count) & ~np.isin(layer, edited_nodes)
        rows = [row_of(adjacency, edited, node).neighbours for node in layer[~is_loaded].tolist()]
        reached = np.concatenate([entries_of(table, layer[is_loaded]), NO_NODES, *rows])
        reached = np.unique(reached[~seen[reached]]).astype(np.int64)
        seen[reached] = True
        layers.append(reached)
    return np.concatenate(layers)
