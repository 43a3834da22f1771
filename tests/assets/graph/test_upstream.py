"""Looking upstream equals failing every item one by one and looking."""

from hypothesis import given, settings

from assets.graph.causes import explain, single_points_of_failure
from assets.graph.impact import impact
from assets.graph.loading import graph_of
from assets.graph.relation_effects import ItemState
from tests.assets.graph.naive import Plant, naive_impact
from tests.assets.graph.plants import ITEMS, plants, targets


def failed_by(plant: Plant, item: int) -> dict[int, str]:
    """What is down or may be when one item fails, by the plain rules."""
    found = naive_impact(plant, [item], "power_off")
    return {hit: state for hit, (state, _) in found.items() if state in {"down", "unknown"}}


@settings(max_examples=100)
@given(plants())
def test_single_points_of_failure_are_those_whose_lone_failure_takes_the_item_down(
    plant: Plant,
) -> None:
    graph = graph_of(plant.relations, plant.groups, plant.items)
    for item in (10, 14):
        found = {p.item: p.state.label for p in single_points_of_failure(graph, item).points}
        each = {other: failed_by(plant, other).get(item) for other in ITEMS if other != item}
        assert found == {other: state for other, state in each.items() if state}


@settings(max_examples=100)
@given(plants(), targets)
def test_causes_cover_what_their_failure_takes_down(plant: Plant, symptoms: list[int]) -> None:
    graph = graph_of(plant.relations, plant.groups, plant.items)
    answer = explain(graph, symptoms, limit=100)
    for cause in answer.causes:
        failed = failed_by(plant, cause.item)
        assert set(cause.covers) == failed.keys() & set(symptoms)
        everything = naive_impact(plant, [cause.item], "power_off").keys()
        assert cause.extra == len(everything - set(cause.covers) - {cause.item})
    covering = {i for i in ITEMS if failed_by(plant, i).keys() >= set(symptoms)}
    assert covering == {c.item for c in answer.causes if len(c.covers) == len(symptoms)}


def test_dominators_would_miss_this_single_point_of_failure() -> None:
    """1 needs two of {2, 3, 4}; 9 carries two of them: no path to 1 has to pass 9, yet 9 takes it down."""
    plant = graph_of(
        [(1, "runs_on", m, 50) for m in (2, 3, 4)] + [(2, "powered_by", 9), (3, "powered_by", 9)],
        groups=[(50, 1, 2)],
    )
    points = single_points_of_failure(plant, 1).points
    assert [(point.item, point.state) for point in points] == [(9, ItemState.DOWN)]


def test_the_cause_that_hits_least_besides_the_symptoms_comes_first() -> None:
    """Three controllers hang on switch 20, the switch and much else on UPS 30."""
    plant = graph_of(
        [(item, "connects_via", 20) for item in (1, 2, 3)]
        + [(20, "powered_by", 30)]
        + [(item, "powered_by", 30) for item in range(40, 60)]
    )
    causes = explain(plant, [1, 2, 3]).causes
    assert [cause.item for cause in causes[:2]] == [20, 30]
    assert causes[0].extra == 0
    assert causes[1].extra == 21


def test_a_cause_that_contradicts_what_is_up_ranks_lower() -> None:
    plant = graph_of(
        [
            (1, "runs_on", 5),
            (2, "runs_on", 5),
            (5, "powered_by", 6),
            (7, "runs_on", 5),
            (1, "powered_by", 8),
            (2, "powered_by", 8),
            (9, "powered_by", 8),
            (10, "powered_by", 8),
        ]
    )
    assert explain(plant, [1, 2]).causes[0].item == 5
    assert explain(plant, [1, 2], known_up=[7]).causes[0].item == 8


def test_a_distant_single_point_is_named_with_its_distance() -> None:
    chain = graph_of([(item, "runs_on", item + 1) for item in range(1, 50)])
    points = single_points_of_failure(chain, 1).points
    assert len(points) == 49
    assert (points[-1].item, points[-1].distance) == (50, 49)
    assert len(impact(chain, [50])) == 50
