"""networkx's own calls answer from the plant's arrays, with and without later edits."""

import networkx as nx
import pytest
from hypothesis import given, settings

from assets.graph.changes import EdgeChange, ItemChange
from assets.graph.classic import around, dependents, providers, subgraph
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.loading import graph_of
from assets.graph.networkx_backend import convert_to_nx
from tests.assets.graph.naive import Plant
from tests.assets.graph.plants import ITEMS, plants


@settings(max_examples=100)
@given(plants())
def test_answers_what_networkx_answers_on_its_own_graph(plant: Plant) -> None:
    graph = graph_of(plant.relations, plant.groups, plant.items)
    edited = graph.with_changes(
        [ItemChange(+1, 99), EdgeChange(+1, 99, 10, 0), EdgeChange(+1, 12, 99, 0)]
    )
    for view in (graph, edited):
        plain = convert_to_nx(view)
        for item in ITEMS:
            assert nx.descendants(view, item) == nx.descendants(plain, item)
            assert nx.ancestors(view, item) == nx.ancestors(plain, item)
            for other in (10, 15):
                assert nx.has_path(view, item, other) == nx.has_path(plain, item, other)


def test_finds_a_shortest_chain_of_dependencies() -> None:
    graph = graph_of(
        [(1, "runs_on", 2), (2, "runs_on", 3), (3, "runs_on", 4), (1, "depends_on", 3)]
    )
    assert nx.shortest_path(graph, 1, 4) == [1, 3, 4]
    assert nx.shortest_path_length(graph, 1, 4) == 2
    with pytest.raises(nx.NetworkXNoPath):
        nx.shortest_path(graph, 4, 1)


def test_an_unknown_item_is_networkx_s_own_error() -> None:
    with pytest.raises(nx.NodeNotFound):
        nx.descendants(graph_of([(1, "runs_on", 2)]), 5)


def test_an_algorithm_it_does_not_offer_runs_on_an_extracted_subgraph() -> None:
    graph = graph_of([(1, "runs_on", 2), (2, "runs_on", 3), (3, "runs_on", 1), (7, "runs_on", 8)])
    with pytest.raises(NotImplementedError):
        nx.pagerank(graph)
    part = around(graph, [1], radius=5)
    assert sorted(part) == [1, 2, 3]
    assert len(list(nx.simple_cycles(part))) == 1


def test_names_what_is_above_and_below() -> None:
    graph = graph_of([(1, "runs_on", 2), (2, "feeds_data", 3)])
    assert dependents(graph, 2) == {1, 3}
    assert providers(graph, 3) == {2}


def test_a_subgraph_keeps_parallel_relations_and_groups() -> None:
    graph = graph_of(
        [(1, "runs_on", 2, 50), (1, "connects_via", 2), (1, "runs_on", 3)], [(50, 1, None)]
    )
    edges = sorted(subgraph(graph, [1, 2]).edges(data=True), key=str)
    assert [(data["relation_class"], data["group"]) for *_, data in edges] == [
        ("connects_via", None),
        ("runs_on", 0),
    ]


def test_a_neighbourhood_is_cut_at_the_limit() -> None:
    star = graph_of([(item, "runs_on", 1) for item in range(2, 50)])
    assert len(around(star, [1], limit=10)) == 10


def test_plain_networkx_graphs_are_untouched_by_the_backend() -> None:
    assert nx.descendants(nx.DiGraph([(1, 2), (2, 3)]), 1) == {2, 3}
    assert isinstance(nx.DiGraph(), nx.DiGraph)
    assert DependencyGraph.__networkx_backend__ in nx.utils.backends.backends
