"""A graph that follows edits answers like one that was loaded after them; older views do not move."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.graph import spread as spread_module
from assets.graph.changes import Change, EdgeChange, GroupChange, ItemChange, ReloadNeeded
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.impact import impact
from assets.graph.loading import graph_of
from assets.graph.relation_effects import CHANGE_EFFECTS, CLASS_CODE
from tests.assets.graph.naive import Plant, Relation, naive_impact
from tests.assets.graph.plants import ITEMS, plants, targets


@dataclass
class Edited:
    """A plant, the changes that lead to another, and that other."""

    before: Plant
    changes: list[Change]
    after: Plant


def edge_change(sign: int, relation: Relation) -> EdgeChange:
    source, name, target, *group = relation
    return EdgeChange(sign, source, target, CLASS_CODE[name], group[0] if group else -1)


@st.composite
def edits(draw: st.DrawFn) -> Edited:
    before, wanted = draw(plants()), draw(plants())
    owners = {group: item for group, item, _ in before.groups}
    added_items = [99]
    relations = list(before.relations)
    changes: list[Change] = [ItemChange(+1, item) for item in added_items]
    for relation in draw(st.lists(st.sampled_from(relations), max_size=6)) if relations else []:
        if relation in relations:
            relations.remove(relation)
            changes.append(edge_change(-1, relation))
    groups = [(g, owner, draw(st.sampled_from([None, 1, 2]))) for g, owner, _ in before.groups]
    groups.append((50, 99, draw(st.sampled_from([None, 1]))))
    changes += [GroupChange(+1, g, owner, -1 if k is None else k) for g, owner, k in groups]
    fresh = [r for r in wanted.relations if len(r) == 3 or owners.get(r[3]) in (r[0], r[2])]
    fresh += [
        (99, "runs_on", 10),
        (99, "depends_on", 11, 50),
        (99, "depends_on", 12, 50),
        (13, "runs_on", 99),
    ]
    for relation in draw(st.permutations(fresh)):
        relations.append(relation)
        changes.append(edge_change(+1, relation))
    return Edited(before, changes, Plant(relations, groups, [*ITEMS, *added_items]))


def answers(
    graph: DependencyGraph, chosen: list[int], change_type: str
) -> dict[int, tuple[str, int]]:
    hits = impact(graph, chosen, change_type).items()
    return {hit.item: (hit.state.label, hit.depth) for hit in hits}


@settings(max_examples=150)
@given(edits(), targets, st.sampled_from(sorted(CHANGE_EFFECTS)), st.integers(1, 5), st.booleans())
def test_edited_graph_answers_like_a_fresh_one_and_the_older_view_stays(
    case: Edited, chosen: list[int], change_type: str, batches: int, by_arrays: bool
) -> None:
    older = graph_of(case.before.relations, case.before.groups, case.before.items)
    graph = older
    size = len(case.changes) // batches + 1
    with pytest.MonkeyPatch.context() as patch:
        if by_arrays:
            patch.setattr(spread_module, "SMALL_FRONTIER", -1)
        for start in range(0, len(case.changes), size):
            graph = graph.with_changes(case.changes[start : start + size])
        expected = naive_impact(case.after, chosen, change_type)
        assert answers(graph, chosen, change_type) == expected
        assert answers(older, chosen, change_type) == naive_impact(case.before, chosen, change_type)
    assert graph.edge_count == len(case.after.relations)
    assert sorted(graph.items()) == sorted(case.after.every_item())


def test_a_removed_item_is_gone_and_a_new_one_known() -> None:
    graph = graph_of([(1, "runs_on", 2)], items=[3])
    edited = graph.with_changes(
        [EdgeChange(-1, 1, 2, CLASS_CODE["runs_on"]), ItemChange(-1, 1), ItemChange(+1, 7)]
    )
    assert 1 not in edited
    assert 7 in edited
    assert sorted(edited.items()) == [2, 3, 7]
    assert 1 in graph
    assert 7 not in graph


@pytest.mark.parametrize(
    "change",
    [
        EdgeChange(-1, 1, 3, CLASS_CODE["runs_on"]),
        EdgeChange(+1, 1, 99, CLASS_CODE["runs_on"]),
        GroupChange(+1, 5, 2, 1),
    ],
    ids=["an edge it never had", "an end it does not know", "a group that moved to another item"],
)
def test_asks_for_a_reload_rather_than_guess(change: Change) -> None:
    graph = graph_of([(1, "runs_on", 2)], [(5, 1, None)], items=[3])
    with pytest.raises(ReloadNeeded):
        graph.with_changes([change])
