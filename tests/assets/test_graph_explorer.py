"""The explorer: an item's surroundings as a drawing and a table, grown by opening, with nothing hidden named.

VM --runs on--> host --powered by--> UPS          sensor --feeds data--> VM
host --connects via--> GHOST-7 (not in the inventory)
"""

import json

import pytest
from django.test import Client
from django.urls import reverse
from guardian.shortcuts import assign_perm

from assets.choices import RelationClass
from assets.queries.drawing import as_data
from assets.queries.neighbourhood import MOST_SINGLE, neighbourhood_of, relation_words
from tests.factories.accounts import UserFactory
from tests.factories.assets import (
    AssetFactory,
    ItemClassFactory,
    LocationFactory,
    RedundancyGroupFactory,
    RelationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant():
    site, other = LocationFactory(code="NF", name="Northfield"), LocationFactory(code="SB")
    items = {
        "vm": AssetFactory(code="VM", name="Virtual machine", location=site),
        "host": AssetFactory(code="HOST", name="Host", location=site),
        "ups": AssetFactory(code="UPS", name="Supply", location=site, status="maintenance"),
        "sensor": AssetFactory(code="SENSOR", name="Secret sensor", location=other),
    }
    for source, name, target in (
        ("vm", RelationClass.RUNS_ON, "host"),
        ("host", RelationClass.POWERED_BY, "ups"),
        ("sensor", RelationClass.FEEDS_DATA, "vm"),
    ):
        RelationFactory(source=items[source], target=items[target], relation_class=name)
    RelationFactory(
        source=items["host"],
        target=None,
        unresolved_target="GHOST-7",
        relation_class="connects_via",
    )
    return {**items, "site": site}


@pytest.fixture
def member(plant):
    user = UserFactory()
    assign_perm("view_items", user, plant["site"])
    return user


def columns_of(found) -> dict[str, int]:
    return {node.label: node.column for node in found.nodes}


def test_starts_with_the_neighbours_of_one_item(plant, administrator):
    found = neighbourhood_of(user=administrator, item_id=plant["host"].pk)

    assert columns_of(found) == {"Host": 0, "Virtual machine": 1, "Supply": -1, "GHOST-7": -1}
    assert found.unknown == 1


def test_grows_by_opening_a_neighbour(plant, administrator):
    found = neighbourhood_of(
        user=administrator, item_id=plant["host"].pk, opened=[str(plant["vm"].pk)]
    )

    # The sensor feeds the virtual machine: the machine rests on it.
    assert columns_of(found)["Secret sensor"] == 0
    grown = {node.label: node.grow for node in found.nodes}
    assert grown["Virtual machine"] == ""
    assert grown["Secret sensor"] == str(plant["sensor"].pk)


def test_follows_only_the_chosen_classes(plant, administrator):
    found = neighbourhood_of(
        user=administrator, item_id=plant["host"].pk, classes=["powered_by", "nonsense"]
    )

    assert set(columns_of(found)) == {"Host", "Supply"}


def test_hidden_neighbours_are_counted_and_not_named(plant, member):
    found = neighbourhood_of(user=member, item_id=plant["vm"].pk)

    assert found.hidden == 1
    said = json.dumps(as_data(found.nodes, found.edges, relation_words())) + repr(found.lines)
    assert "Secret" not in said
    assert "feeds" not in said
    assert "1 hidden item" in said


def test_opening_a_hidden_item_shows_nothing(plant, member):
    found = neighbourhood_of(
        user=member, item_id=plant["vm"].pk, opened=[str(plant["sensor"].pk), "b1.r.x.y", "1e3"]
    )

    assert "Secret sensor" not in columns_of(found)


def test_a_ring_shows_what_is_not_in_normal_service(plant, administrator):
    found = neighbourhood_of(user=administrator, item_id=plant["host"].pk)

    assert {node.label: node.ring for node in found.nodes if node.ring} == {"Supply": "maintenance"}


def test_very_many_alike_become_one_sign_that_opens(plant, administrator):
    drive = ItemClassFactory(slug="drive", name="Drive")
    for _ in range(MOST_SINGLE + 6):
        RelationFactory(
            source=AssetFactory(item_class=drive, location=plant["site"]), target=plant["ups"]
        )

    found = neighbourhood_of(user=administrator, item_id=plant["ups"].pk)
    (bundle,) = [node for node in found.nodes if node.shape == "bundle"]
    assert bundle.amount == MOST_SINGLE + 6
    assert bundle.label == f"{MOST_SINGLE + 6} × Drive"  # noqa: RUF001

    opened = neighbourhood_of(user=administrator, item_id=plant["ups"].pk, opened=[bundle.grow])
    assert len(opened.nodes) == MOST_SINGLE + 6 + 2
    assert not [node for node in opened.nodes if node.shape == "bundle"]


def test_stays_within_its_bound_and_says_what_is_left_out(plant, administrator, monkeypatch):
    monkeypatch.setattr("assets.queries.neighbourhood.MOST_NODES", 5)
    for _ in range(8):
        RelationFactory(source=AssetFactory(location=plant["site"]), target=plant["ups"])

    found = neighbourhood_of(user=administrator, item_id=plant["ups"].pk)

    assert len(found.nodes) == 5
    assert found.left_out == 5
    assert {end for edge in found.edges for end in edge[:2]} <= {node.key for node in found.nodes}


def test_a_redundancy_group_says_how_many_are_needed(plant, administrator):
    group = RedundancyGroupFactory(item=plant["vm"], required_count=1)
    for _ in range(2):
        RelationFactory(source=plant["vm"], target=AssetFactory(), redundancy_group=group)

    found = neighbourhood_of(user=administrator, item_id=plant["vm"].pk)

    assert {edge.note for edge in found.edges if edge.note} == {"1 of 2 needed"}


def test_takes_the_same_queries_for_one_neighbour_and_forty(
    plant, member, django_assert_max_num_queries
):
    for _ in range(40):
        RelationFactory(source=AssetFactory(location=plant["site"]), target=plant["ups"])
    neighbourhood_of(user=member, item_id=plant["ups"].pk)  # whoever asks first loads the graph

    with django_assert_max_num_queries(9):
        neighbourhood_of(user=member, item_id=plant["ups"].pk)


def test_the_tab_shows_drawing_and_table(plant, administrator, client: Client):
    client.force_login(administrator)

    page = client.get(reverse("assets:item-graph", args=[plant["host"].pk]))

    words = page.content.decode()
    assert 'id="explorer-data"' in words
    assert "Virtual machine runs on Host" in words
    assert "not in the inventory" in words


def test_the_page_answers_htmx_with_the_part_that_changes(plant, administrator, client: Client):
    client.force_login(administrator)
    fragment = {"HX-Request": "true", "HX-Target": "graph-answer"}

    page = client.get(
        reverse("assets:graph"),
        {"item": "HOST", "change_type": "power_off", "open": plant["vm"].pk},
        headers=fragment,
    )

    assert b"<html" not in page.content
    assert "state-down" in page.content.decode()


def test_the_page_of_an_item_that_is_not_there_says_so(plant, member, client: Client):
    client.force_login(member)

    page = client.get(reverse("assets:graph"), {"item": "SENSOR"})

    assert "There is no item" in page.content.decode()
    assert client.get(reverse("assets:item-graph", args=[plant["sensor"].pk])).status_code == 404


def test_the_api_gives_positions_and_counts(plant, member, client: Client):
    client.force_login(member)

    answer = client.get("/api/assets/graph/", {"item": "VM"}).json()

    assert answer["hidden"] == 1
    assert {"x", "y", "key", "shape", "box"} <= set(answer["nodes"][0])
    assert client.get("/api/assets/graph/", {"item": "SENSOR"}).status_code == 400
    assert client.get("/api/assets/graph/").status_code == 400
