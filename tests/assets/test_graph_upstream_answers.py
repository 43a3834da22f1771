"""Looking upstream as a reader may: causes of an outage, single points of failure of a system.

MES --runs on (1 of 2)--> server 1, server 2, both --powered by--> UPS
SCADA --depends on--> UPS
"""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from guardian.shortcuts import assign_perm

from assets.choices import RelationClass
from assets.queries.upstream import causes_of, single_points_of
from common.errors import DomainError
from tests.factories.accounts import UserFactory
from tests.factories.assets import (
    AssetFactory,
    LocationFactory,
    RedundancyGroupFactory,
    RelationFactory,
    SystemFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant():
    site, room = LocationFactory(code="NF"), LocationFactory(code="DC")
    mes, scada = (
        SystemFactory(code="MES", location=site),
        SystemFactory(code="SCADA", location=site),
    )
    ups = AssetFactory(code="UPS", name="Secret supply", location=room)
    group = RedundancyGroupFactory(item=mes, required_count=1)
    for number in (1, 2):
        server = AssetFactory(code=f"SRV{number}", location=site)
        RelationFactory(source=mes, target=server, relation_class="runs_on", redundancy_group=group)
        RelationFactory(source=server, target=ups, relation_class=RelationClass.POWERED_BY)
    RelationFactory(source=scada, target=ups)
    return {"mes": mes, "scada": scada, "ups": ups, "site": site}


@pytest.fixture
def member(plant):
    user = UserFactory()
    assign_perm("view_items", user, plant["site"])
    return user


def test_the_supply_behind_both_servers_is_a_single_point(plant, administrator):
    answer = single_points_of(user=administrator, item_id=plant["mes"].pk)

    assert [(point.item.code, point.state) for point in answer.points] == [("UPS", "down")]


def test_a_hidden_single_point_is_counted(plant, member):
    answer = single_points_of(user=member, item_id=plant["mes"].pk)

    assert answer.points == ()
    assert answer.hidden == 1


def test_the_cause_that_explains_everything_comes_first(plant, administrator):
    answer = causes_of(user=administrator, symptom_ids=[plant["mes"].pk, plant["scada"].pk])

    assert answer.causes[0].item.code == "UPS"
    assert len(answer.causes[0].covers) == 2
    assert all(cause.covers for cause in answer.causes)


def test_a_hidden_cause_is_counted(plant, member):
    answer = causes_of(user=member, symptom_ids=[plant["mes"].pk, plant["scada"].pk])

    assert answer.hidden == 1
    assert "Secret" not in repr(answer)


def test_an_item_cannot_be_down_and_running(plant, administrator):
    pk = plant["mes"].pk
    with pytest.raises(DomainError, match="down and running at once"):
        causes_of(user=administrator, symptom_ids=[pk], known_up=[pk])


def test_asking_about_a_hidden_item_is_refused(plant, member):
    with pytest.raises(DomainError, match="yours to see"):
        single_points_of(user=member, item_id=plant["ups"].pk)


def test_the_pages_show_the_same(plant, administrator, client: Client):
    client.force_login(administrator)

    points = client.get(reverse("assets:system-single-points", args=[plant["mes"].pk]))
    causes = client.get(reverse("assets:causes"), {"item": ["MES", "SCADA"]})

    assert b"Secret supply" in points.content
    assert b"2 of 2" in causes.content


def test_the_pages_name_nothing_hidden(plant, member, client: Client):
    client.force_login(member)

    points = client.get(reverse("assets:system-single-points", args=[plant["mes"].pk]))
    causes = client.get(reverse("assets:causes"), {"item": ["MES", "SCADA"]})

    for page in (points, causes):
        assert b"Secret" not in page.content
        assert b"outside your part of the plant" in page.content


def test_the_causes_page_says_what_is_wrong(plant, administrator, client: Client):
    client.force_login(administrator)

    page = client.get(reverse("assets:causes"), {"item": "NOPE"})

    assert "There is no item &#x27;NOPE&#x27;" in page.content.decode()


def test_the_api_answers_both_questions(plant, administrator, client: Client):
    client.force_login(administrator)

    points = client.get("/api/assets/single-points/", {"item": "MES"}).json()
    causes = client.get("/api/assets/causes/", {"item": ["MES", "SCADA"]}).json()

    assert [point["item"]["code"] for point in points["points"]] == ["UPS"]
    assert causes["causes"][0]["item"]["code"] == "UPS"
    assert client.get("/api/assets/causes/").status_code == 400


def test_the_command_prints_the_impact(plant):
    out = StringIO()
    call_command("impact", "UPS", change_type="power_off", stdout=out)

    assert "4 down" in out.getvalue()
    assert "MES" in out.getvalue()


def test_the_command_prints_json_with_paths(plant):
    out = StringIO()
    call_command("impact", "UPS", "--json", stdout=out)

    answer = json.loads(out.getvalue())
    scada = next(one for one in answer["items"] if one["code"] == "SCADA")
    assert scada["path"] == [plant["ups"].pk, plant["scada"].pk]


def test_the_command_names_an_item_that_is_not_there(plant):
    with pytest.raises(CommandError, match="There is no item 'NOPE'"):
        call_command("impact", "NOPE")
