"""Classic graph algorithms: networkx's own calls, and plain networkx graphs cut out around a question.

Importing this costs a process some 45 MB (networkx and scipy): the web asks `impact` and `causes`.
"""

from collections.abc import Iterable

import networkx as nx
import numpy as np

from assets.graph import networkx_backend
from assets.graph.csr import Row
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.relation_effects import RELATION_CLASSES

networkx_backend.register()


def dependents(graph: DependencyGraph, item: int) -> set[int]:
    """Return the ids of everything that depends on an item; raises networkx.NodeNotFound.

    >>> from assets.graph.loading import graph_of
    >>> sorted(dependents(graph_of([(1, "runs_on", 2), (3, "depends_on", 1)]), 2))
    [1, 3]
    """
    found: set[int] = nx.ancestors(graph, item)  # type: ignore[call-overload]
    return found


def providers(graph: DependencyGraph, item: int) -> set[int]:
    """Return the ids of everything an item depends on; raises networkx.NodeNotFound."""
    found: set[int] = nx.descendants(graph, item)  # type: ignore[call-overload]
    return found


def subgraph(graph: DependencyGraph, items: Iterable[int]) -> "nx.MultiDiGraph[int]":
    """Return the items and the relations among them; edges carry `relation_class` and `group`.

    `group` numbers redundancy groups within this graph (None outside of one).

    >>> from assets.graph.loading import graph_of
    >>> part = subgraph(graph_of([(1, "runs_on", 2), (3, "depends_on", 1)]), [1, 2])
    >>> list(part.edges(data="relation_class"))
    [(1, 2, 'runs_on')]
    """
    part: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    part.add_nodes_from(items)
    inside = {graph.index_of(item): item for item in part}
    for index, item in inside.items():
        for provider, code, group in _edges(graph.providers_of(index)):
            if provider in inside:
                part.add_edge(
                    item,
                    inside[provider],
                    relation_class=RELATION_CLASSES[code],
                    group=group if group >= 0 else None,
                )
    return part


def _edges(row: Row) -> Iterable[tuple[int, int, int]]:
    return zip(row.neighbours.tolist(), row.classes.tolist(), row.groups.tolist(), strict=True)


def around(
    graph: DependencyGraph, items: Iterable[int], *, radius: int = 1, limit: int = 2000
) -> "nx.MultiDiGraph[int]":
    """Return the subgraph within `radius` relations of the items, either way; nearest `limit` items.

    >>> from assets.graph.loading import graph_of
    >>> chain = graph_of([(1, "runs_on", 2), (2, "runs_on", 3), (3, "runs_on", 4)])
    >>> sorted(around(chain, [2]))
    [1, 2, 3]
    """
    layer = graph.indices_of(items).tolist()
    found = dict.fromkeys(layer)
    for _ in range(radius):
        reached: dict[int, None] = {}
        for index in layer:
            rows = (graph.providers_of(index), graph.dependents_of(index))
            for row in rows:
                reached |= dict.fromkeys(row.neighbours.tolist())
        layer = [index for index in reached if index not in found]
        found |= dict.fromkeys(layer)
        if len(found) >= limit:
            break
    nearest = np.fromiter(found, np.int64)[:limit]
    return subgraph(graph, graph.ids_of(nearest).tolist())
