"""Property tests: the engine answers what the plain rules say, whatever the plant looks like."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.graph import spread as spread_module
from assets.graph.impact import Impact, impact
from assets.graph.loading import graph_of
from assets.graph.relation_effects import CHANGE_EFFECTS
from tests.assets.graph.naive import Plant, naive_impact
from tests.assets.graph.plants import plants, some_items, targets

change_types = st.sampled_from(sorted(CHANGE_EFFECTS))


def as_found(answer: Impact) -> dict[int, tuple[str, int]]:
    return {hit.item: (hit.state.label, hit.depth) for hit in answer.items()}


@settings(max_examples=400)
@given(plants(), targets, change_types, some_items, some_items)
def test_engine_equals_the_naive_oracle(
    plant: Plant, chosen: list[int], change_type: str, down: list[int], maintenance: list[int]
) -> None:
    graph = graph_of(plant.relations, plant.groups, plant.items)
    answer = impact(graph, chosen, change_type, already_down=down, in_maintenance=maintenance)
    assert as_found(answer) == naive_impact(plant, chosen, change_type, down, maintenance)


@settings(max_examples=120)
@given(plants(), targets, some_items, some_items)
def test_the_array_path_equals_the_small_path(
    plant: Plant, chosen: list[int], down: list[int], maintenance: list[int]
) -> None:
    graph = graph_of(plant.relations, plant.groups, plant.items)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spread_module, "SMALL_FRONTIER", -1)
        by_arrays = impact(graph, chosen, already_down=down, in_maintenance=maintenance)
    by_loop = impact(graph, chosen, already_down=down, in_maintenance=maintenance)
    assert as_found(by_arrays) == as_found(by_loop)


@settings(max_examples=100)
@given(plants(), targets, st.randoms())
def test_the_order_of_relations_does_not_matter(
    plant: Plant, chosen: list[int], order: random.Random
) -> None:
    shuffled = list(plant.relations)
    order.shuffle(shuffled)
    first = impact(graph_of(plant.relations, plant.groups, plant.items), chosen)
    second = impact(graph_of(shuffled, plant.groups, plant.items), chosen)
    assert as_found(first) == as_found(second)


@settings(max_examples=100)
@given(plants(), targets, change_types, some_items, some_items)
def test_every_witness_path_leads_from_a_cause_along_dependencies(
    plant: Plant, chosen: list[int], change_type: str, down: list[int], maintenance: list[int]
) -> None:
    graph = graph_of(plant.relations, plant.groups, plant.items)
    answer = impact(graph, chosen, change_type, already_down=down, in_maintenance=maintenance)
    providers = plant.lone | {
        owner: [
            *plant.lone[owner],
            *(m for g, o, _ in plant.groups if o == owner for m in plant.members[g]),
        ]
        for _, owner, _ in plant.groups
    }
    for hit in answer.items():
        path = answer.witness(hit.item)
        assert path[-1] == hit.item
        assert len(path) == hit.depth + 1
        for provider, dependent in itertools.pairwise(path):
            assert provider in {found for found, _ in providers[dependent]}
