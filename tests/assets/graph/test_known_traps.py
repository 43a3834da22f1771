"""The mistakes dependency engines make, one test each."""

import time

import pytest

from assets.graph.csr import UnknownItem
from assets.graph.impact import Impact, UnknownChangeType, impact
from assets.graph.loading import graph_of


def words(answer: Impact) -> dict[int, str]:
    return {item: state.label for item, state in answer.states().items()}


def test_reaches_items_at_any_depth() -> None:
    chain = graph_of([(item + 1, "depends_on", item) for item in range(1, 5000)])
    answer = impact(chain, [1])
    assert len(answer.ids()) == 5000
    assert answer.items()[-1].depth == 4999


def test_a_shortcut_found_late_does_not_hide_what_a_depth_first_walk_saw_first() -> None:
    """1 <- 2 <- 3 <- 4 and 1 <- 4 <- 5: a depth-limited walk through 3 would stop before 5."""
    plant = graph_of(
        [
            (2, "runs_on", 1),
            (3, "runs_on", 2),
            (4, "runs_on", 3),
            (4, "runs_on", 1),
            (5, "runs_on", 4),
        ]
    )
    depths = {hit.item: hit.depth for hit in impact(plant, [1]).items()}
    assert depths == {1: 0, 2: 1, 3: 2, 4: 1, 5: 2}


def test_a_chain_of_diamonds_does_not_explode() -> None:
    """Each diamond doubles the number of paths: 2 ** 400 of them."""
    relations = []
    for top in range(0, 1200, 3):
        relations += [
            (top + 1, "depends_on", top),
            (top + 2, "depends_on", top),
            (top + 3, "depends_on", top + 1),
            (top + 3, "depends_on", top + 2),
        ]
    started = time.monotonic()
    assert len(impact(graph_of(relations), [0])) == 1201
    assert time.monotonic() - started < 5


def test_the_failure_of_a_grandparent_does_not_kill_a_whole_group() -> None:
    """Two of three servers stand on host 9; the group needs one and the third stands elsewhere."""
    plant = graph_of(
        [
            (1, "runs_on", 2, 50),
            (1, "runs_on", 3, 50),
            (1, "runs_on", 4, 50),
            (2, "runs_on", 9),
            (3, "runs_on", 9),
            (4, "runs_on", 8),
        ],
        groups=[(50, 1, 1)],
    )
    assert words(impact(plant, [9])) == {9: "down", 2: "down", 3: "down", 1: "redundancy_lost"}


def test_an_item_in_maintenance_is_neither_up_nor_failed() -> None:
    plant = graph_of(
        [(1, "runs_on", 2, 50), (1, "runs_on", 3, 50), (4, "depends_on", 1)], groups=[(50, 1, 1)]
    )
    assert words(impact(plant, [2])) == {2: "down", 1: "redundancy_lost"}
    assert words(impact(plant, [2], already_down=[3])) == {2: "down", 1: "down", 4: "down"}
    in_between = words(impact(plant, [2], in_maintenance=[3]))
    assert in_between == {2: "down", 1: "unknown", 4: "unknown"}


def test_groups_mix_and_with_or() -> None:
    """1 needs the power supply 2 AND (3 OR 4)."""
    plant = graph_of(
        [(1, "powered_by", 2), (1, "connects_via", 3, 50), (1, "connects_via", 4, 50)],
        groups=[(50, 1, 1)],
    )
    assert words(impact(plant, [2])) == {2: "down", 1: "down"}
    assert words(impact(plant, [3])) == {3: "down", 1: "redundancy_lost"}
    assert words(impact(plant, [3, 4])) == {3: "down", 4: "down", 1: "down"}


def test_an_item_with_two_required_parents_recovers_only_with_both() -> None:
    """While one required parent is still out, returning the other changes nothing."""
    plant = graph_of([(1, "runs_on", 2), (1, "powered_by", 3), (4, "depends_on", 1)])
    both = words(impact(plant, [2, 3]))
    assert both == {2: "down", 3: "down", 1: "down", 4: "down"}
    assert words(impact(plant, [2])) == {2: "down", 1: "down", 4: "down"}
    assert words(impact(plant, [3])) == {3: "down", 1: "down", 4: "down"}


def test_what_is_down_already_is_not_blamed_on_the_change() -> None:
    plant = graph_of(
        [(1, "runs_on", 2), (3, "runs_on", 2), (4, "depends_on", 3), (3, "powered_by", 5)]
    )
    assert words(impact(plant, [5], already_down=[2])) == {5: "down"}


def test_a_cycle_ends() -> None:
    ring = graph_of([(1, "depends_on", 2), (2, "depends_on", 3), (3, "depends_on", 1)])
    assert words(impact(ring, [3])) == {1: "down", 2: "down", 3: "down"}


def test_a_group_of_undeclared_need_leaves_the_item_unknown_until_all_are_lost() -> None:
    plant = graph_of(
        [(1, "runs_on", 2, 50), (1, "runs_on", 3, 50), (4, "depends_on", 1), (5, "feeds_data", 6)],
        groups=[(50, 1, None)],
    )
    assert words(impact(plant, [2])) == {2: "down", 1: "unknown", 4: "unknown"}
    assert words(impact(plant, [2, 3])) == {2: "down", 3: "down", 1: "down", 4: "down"}


def test_a_certain_loss_that_comes_after_a_possible_one_still_counts() -> None:
    """Item 1 needs two of {2, 3, 4}: 2 is in maintenance, 3 falls late, and only then may 1 fail."""
    plant = graph_of(
        [(1, "runs_on", provider, 50) for provider in (2, 3, 4)]
        + [(3, "runs_on", 5), (5, "runs_on", 6), (6, "runs_on", 7)],
        groups=[(50, 1, 2)],
    )
    answer = impact(plant, [7], in_maintenance=[2])
    assert {hit.item: (hit.state.label, hit.depth) for hit in answer.items()}[1] == ("unknown", 4)


def test_two_relations_to_one_provider_are_one_loss_of_a_group() -> None:
    plant = graph_of(
        [(1, "runs_on", 2, 50), (1, "connects_via", 2, 50), (1, "runs_on", 3, 50)],
        groups=[(50, 1, 1)],
    )
    assert words(impact(plant, [2])) == {2: "down", 1: "redundancy_lost"}


def test_degraded_does_not_travel_on_as_down() -> None:
    plant = graph_of([(1, "feeds_data", 2), (3, "depends_on", 2)])
    assert words(impact(plant, [1])) == {1: "down", 2: "degraded"}


def test_an_open_port_does_not_flood() -> None:
    plant = graph_of(
        [(1, "connects_via", 9), (2, "connects_via", 1), (3, "depends_on", 9), (4, "runs_on", 1)]
    )
    assert words(impact(plant, [9], "open_port")) == {1: "degraded"}


def test_a_backup_relation_carries_nothing() -> None:
    plant = graph_of([(1, "backs_up", 2)])
    assert words(impact(plant, [1])) == {1: "down"}
    assert words(impact(plant, [2])) == {2: "down"}


def test_a_group_says_nothing_about_items_that_are_not_its_own() -> None:
    plant = graph_of(
        [(1, "runs_on", 2, 50), (7, "runs_on", 2, 50), (1, "runs_on", 3, 50)], groups=[(50, 1, 1)]
    )
    assert words(impact(plant, [2])) == {2: "down", 7: "down", 1: "redundancy_lost"}


def test_counts_stay_complete_when_the_list_is_cut() -> None:
    plant = graph_of([(item, "runs_on", 1) for item in range(2, 102)])
    answer = impact(plant, [1])
    assert len(answer.items(limit=10)) == 10
    assert answer.truncated(10) == 91
    assert sum(answer.counts.values()) == 101


def test_an_item_the_graph_does_not_hold_is_named() -> None:
    with pytest.raises(UnknownItem, match="Item 42"):
        impact(graph_of([(1, "runs_on", 2)]), [42])


def test_a_change_type_without_meaning_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(UnknownChangeType, match="power_off, firmware"):
        impact(graph_of([(1, "runs_on", 2)]), [1], "explode")
