"""What a change hits, as a user may see it.

PLC (stops line L1) --connects via--> switch --powered by--> UPS
historian (system)  --depends on----> server --connects via--> switch
historian           --feeds data----> report (system)
"""

import pytest
from django.test import Client
from guardian.shortcuts import assign_perm

from assets.queries.impact import impact_of
from common.errors import DomainError
from tests.factories.accounts import UserFactory
from tests.factories.assets import AssetFactory, LocationFactory, RelationFactory, SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant():
    root = LocationFactory(code="HW", level="enterprise")
    site = LocationFactory(code="NF", level="site", parent=root)
    other = LocationFactory(code="SB", level="site", parent=root)
    area = LocationFactory(code="NF-A", level="area", parent=site)
    line = LocationFactory(code="NF-A-L1", level="line", parent=area)
    items = {
        "ups": AssetFactory(code="UPS", location=site),
        "switch": AssetFactory(code="SW", location=site),
        "plc": AssetFactory(code="PLC", location=line, stops_line=True),
        "server": AssetFactory(code="SRV", location=other),
        "historian": SystemFactory(code="HIS", location=site),
        "report": SystemFactory(code="REP", location=site),
    }
    for source, relation_class, target in [
        ("plc", "depends_on", "switch"),
        ("switch", "powered_by", "ups"),
        ("historian", "depends_on", "server"),
        ("server", "depends_on", "switch"),
        ("historian", "feeds_data", "report"),
    ]:
        RelationFactory(source=items[source], target=items[target], relation_class=relation_class)
    items["site"], items["line"] = site, line
    return items


def test_answers_with_states_lines_and_systems(plant, administrator):
    answer = impact_of(user=administrator, target_ids=[plant["ups"].pk], change_type="power_off")
    assert {hit.code: hit.state for hit in answer.hits} == {
        "SW": "down",
        "PLC": "down",
        "SRV": "down",
        "HIS": "down",
        "REP": "degraded",
    }
    assert answer.counts == {"down": 4, "degraded": 1}
    assert [place.code for place in answer.lines_stopped] == ["NF-A-L1"]
    assert not answer.hidden
    assert answer.groups[0].hits[0].state == "down"


def test_hidden_items_are_counted_and_not_named(plant):
    member = UserFactory()
    assign_perm("view_items", member, plant["site"])
    answer = impact_of(user=member, target_ids=[plant["ups"].pk], change_type="power_off")
    assert "SRV" not in {hit.code for hit in answer.hits}
    assert answer.hidden == {"down": 1}
    assert answer.counts == {"down": 4, "degraded": 1}


def test_an_unknown_end_is_shown(plant, administrator):
    RelationFactory(source=plant["plc"], target=None, unresolved_target="GHOST-7")
    answer = impact_of(user=administrator, target_ids=[plant["switch"].pk], change_type="power_off")
    assert [end.unknown for end in answer.unknown_ends] == ["GHOST-7"]


def test_the_digest_binds_to_the_whole_set(plant, administrator):
    ask = {"user": administrator, "target_ids": [plant["ups"].pk], "change_type": "power_off"}
    before = impact_of(**ask).digest
    assert impact_of(**ask).digest == before
    RelationFactory(source=AssetFactory(), target=plant["ups"])
    assert impact_of(**ask).digest != before


@pytest.mark.parametrize("change_type", ["", "explode"])
def test_refuses_an_unknown_change_type(plant, administrator, change_type):
    with pytest.raises(DomainError, match="is not a change type; there is: power_off"):
        impact_of(user=administrator, target_ids=[plant["ups"].pk], change_type=change_type)


def test_refuses_a_target_the_user_may_not_see(plant):
    member = UserFactory()
    assign_perm("view_items", member, plant["site"])
    with pytest.raises(DomainError, match="yours to see"):
        impact_of(user=member, target_ids=[plant["server"].pk], change_type="power_off")


def test_the_api_answers_by_code_with_paths(plant, administrator):
    client = Client()
    client.force_login(administrator)
    answer = client.get(
        "/api/assets/impact/", {"item": "UPS", "change_type": "power_off", "paths": "true"}
    ).json()
    plc = next(one for one in answer["items"] if one["code"] == "PLC")
    assert plc["path"] == [plant["ups"].pk, plant["switch"].pk, plant["plc"].pk]
    assert plc["line_id"] == plant["line"].pk


def test_the_api_names_an_item_that_does_not_exist(plant, administrator):
    client = Client()
    client.force_login(administrator)
    answer = client.get("/api/assets/impact/", {"item": "NOPE", "change_type": "reboot"})
    assert answer.status_code == 400
    assert "There is no item 'NOPE'" in answer.json()["detail"]


def test_queries_do_not_grow_with_the_impact(administrator, django_assert_max_num_queries):
    ups = AssetFactory()
    for _ in range(40):
        RelationFactory(source=AssetFactory(system=SystemFactory()), target=ups)
    with django_assert_max_num_queries(10):
        impact_of(user=administrator, target_ids=[ups.pk], change_type="power_off")
