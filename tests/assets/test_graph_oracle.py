"""The database's own answer equals the engine's and the plain rules': three ways, one impact."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.graph.impact import impact
from assets.graph.relation_effects import CHANGE_EFFECTS, TARGET_DEPENDS
from assets.models import ConfigurationItem, RedundancyGroup, Relation
from assets.queries.graph_oracle import hard_closure, impact_in_database
from assets.queries.live_graph import current_graph
from tests.assets.graph.naive import Plant, naive_impact
from tests.assets.graph.naive import Relation as Relation_
from tests.assets.graph.plants import ITEMS, plants, targets
from tests.factories.assets import (
    AssetFactory,
    ItemClassFactory,
    LocationFactory,
    RedundancyGroupFactory,
    RelationFactory,
)


def store(plant: Plant) -> dict[int, int]:
    """Store a plant; return {its number of an item: the stored id}. A relation to itself is left out."""
    where, what = LocationFactory(), ItemClassFactory()
    batch = AssetFactory.create_batch(len(ITEMS), location=where, item_class=what)
    stored = dict(zip(ITEMS, batch, strict=True))
    groups = {
        number: RedundancyGroupFactory(item=stored[owner], required_count=required)
        for number, owner, required in plant.groups
    }
    for step, (source, name, target, *group) in enumerate(plant.relations):
        RelationFactory(
            source=stored[source],
            target=stored[target],
            relation_class=name,
            protocol=str(step),
            redundancy_group=groups[group[0]] if group else None,
        )
    return {number: item.pk for number, item in stored.items()}


def as_services_allow(plant: Plant) -> Plant:
    """Leave out what is refused: a relation of an item to itself, a group of another item."""
    owners = {group: owner for group, owner, _ in plant.groups}
    relations: list[Relation_] = []
    for source, name, target, *group in plant.relations:
        dependent = target if name in TARGET_DEPENDS else source
        if source != target:
            is_own = bool(group) and owners[group[0]] == dependent
            relations.append((source, name, target, group[0]) if is_own else (source, name, target))
    return Plant(relations, plant.groups, plant.items)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plants(), targets, st.sampled_from(sorted(CHANGE_EFFECTS)))
def test_engine_database_and_plain_rules_agree(
    plant: Plant, chosen: list[int], change_type: str
) -> None:
    plant = as_services_allow(plant)
    Relation.objects.all().delete()
    RedundancyGroup.objects.all().delete()
    ConfigurationItem.objects.all().delete()
    pks = store(plant)
    asked = [pks[item] for item in chosen]
    by_rules = naive_impact(plant, chosen, change_type)
    expected = {pks[item]: state for item, (state, _) in by_rules.items()}
    by_database = impact_in_database(asked, change_type)
    by_engine = impact(current_graph(), asked, change_type).states()
    assert {item: state.label for item, state in by_database.items()} == expected
    assert {item: state.label for item, state in by_engine.items()} == expected


@pytest.mark.django_db
def test_the_closure_alone_follows_lone_hard_relations_round_a_cycle() -> None:
    plant = Plant(
        [
            (10, "runs_on", 11),
            (11, "runs_on", 12),
            (12, "runs_on", 10),
            (10, "controls", 13),
            (11, "feeds_data", 14),
        ],
        items=ITEMS,
    )
    pks = store(plant)
    assert hard_closure([pks[12]]) == {pks[item] for item in (10, 11, 12, 13)}
