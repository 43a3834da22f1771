"""Makes a DependencyGraph an argument of networkx: `nx.descendants(graph, item)` answers from CSR.

An edge A -> B says "A depends on B": descendants are what an item rests on, ancestors what rests on it.
"""

from importlib.metadata import EntryPoint
from typing import Any

import networkx as nx
import numpy as np

from assets.graph.csr import UnknownItem
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.relation_effects import RELATION_CLASSES
from assets.graph.walk import Direction, reachable, shortest

NAME = "raceway"


def info() -> dict[str, Any]:
    """Describe the backend to networkx."""
    return {
        "backend_name": NAME,
        "project": NAME,
        "short_summary": "Dependency graph of a plant as compressed sparse rows.",
        "functions": {
            name: {}
            for name in (
                "descendants",
                "ancestors",
                "has_path",
                "shortest_path",
                "shortest_path_length",
            )
        },
    }


def register() -> None:
    """Tell networkx about the backend also where the package is not installed.

    networkx reads entry points of installed packages once, when it is imported; a source tree has none.
    """
    registry: Any = nx.utils.backends  # its tables are not in the type stubs
    if NAME in registry.backends:
        return
    registry.backends[NAME] = EntryPoint(NAME, __name__, "networkx.backends")
    registry.backend_info[NAME] = info()
    # Without any backend networkx binds a shortcut that does not look at the graph's type.
    dispatch = registry._dispatchable
    dispatch.__call__ = dispatch._call_if_any_backends_installed


# G is what networkx calls the argument; callers may pass it by that name.
def descendants(G: DependencyGraph, source: int) -> set[int]:  # noqa: N803
    """Return the ids of everything an item depends on, directly or not."""
    return _others(G, source, Direction.PROVIDERS)


def ancestors(G: DependencyGraph, source: int) -> set[int]:  # noqa: N803
    """Return the ids of everything that depends on an item, directly or not."""
    return _others(G, source, Direction.DEPENDENTS)


def has_path(G: DependencyGraph, source: int, target: int) -> bool:  # noqa: N803
    """Say whether an item depends on another, directly or not."""
    return bool(shortest(G, _index(G, source), _index(G, target)))


def shortest_path(
    G: DependencyGraph,  # noqa: N803
    source: int | None = None,
    target: int | None = None,
    weight: str | None = None,
    method: str = "dijkstra",
) -> list[int]:
    """Return the ids of a shortest chain of dependencies; networkx's other forms are not offered."""
    if source is None or target is None or weight is not None:
        raise NotImplementedError
    chain = shortest(G, _index(G, source), _index(G, target))
    if not chain:
        message = f"No path between {source} and {target}."
        raise nx.NetworkXNoPath(message)
    ids: list[int] = G.ids_of(np.array(chain, np.int64)).tolist()
    return ids


def shortest_path_length(
    G: DependencyGraph,  # noqa: N803
    source: int | None = None,
    target: int | None = None,
    weight: str | None = None,
    method: str = "dijkstra",
) -> int:
    """Return the number of steps of a shortest chain of dependencies."""
    return len(shortest_path(G, source, target, weight, method)) - 1


def convert_to_nx(graph: DependencyGraph, **_options: object) -> "nx.DiGraph[int]":
    """Return a plain networkx graph with the same items and relations (memory: some 500 bytes an edge)."""
    plain: nx.DiGraph[int] = nx.DiGraph()
    plain.add_nodes_from(graph.items())
    for item in graph.items():
        row = graph.providers_of(graph.index_of(item))
        providers = graph.ids_of(row.neighbours.astype(np.int64)).tolist()
        for provider, code in zip(providers, row.classes.tolist(), strict=True):
            plain.add_edge(item, provider, relation_class=RELATION_CLASSES[code])
    return plain


def _others(graph: DependencyGraph, item: int, direction: Direction) -> set[int]:
    nodes = reachable(graph, _index(graph, item), direction)[1:]
    return set(graph.ids_of(nodes).tolist())


def _index(graph: DependencyGraph, item: int) -> int:
    try:
        return graph.index_of(item)
    except UnknownItem as unknown:
        message = f"The node {item} is not in the graph."
        raise nx.NodeNotFound(message) from unknown


register()
