"""Two changes in one window can do together what neither does alone: deciders see it, execution checks it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from assets.choices import RelationClass
from governance.choices import ChangeState
from governance.queries.consequence import consequence_of
from governance.queries.content import question_of
from governance.queries.visible import shown_consequence, shown_snapshot
from governance.services import execute_change
from tests.factories.assets import (
    AssetFactory,
    LocationFactory,
    RedundancyGroupFactory,
    RelationFactory,
)
from tests.factories.governance import MONDAY

IN_WINDOW = MONDAY + timedelta(hours=2)


@pytest.fixture
def pair(plant):
    """A press that runs on one of two feeds; both belong to the MES, so Marta answers for them."""
    press = AssetFactory(code="PRESS", name="Press", location=plant.line, stops_line=True)
    feeds = [
        AssetFactory(code=code, location=plant.line, system=plant.mes)
        for code in ("UPS-A", "UPS-B")
    ]
    group = RedundancyGroupFactory(item=press, required_count=1)
    for feed in feeds:
        RelationFactory(
            source=press,
            target=feed,
            relation_class=RelationClass.POWERED_BY,
            redundancy_group=group,
        )
    return press, *feeds


def facts_of(change):
    return change.rounds.first().snapshot.facts["together"]


def test_alone_a_feed_costs_redundancy_only(plant, pair):
    _press, feed, _other = pair
    change = plant.submitted(targets=[feed])
    assert change.rounds.first().snapshot.states["PRESS"] == "redundancy_lost"
    assert facts_of(change) == []


def test_an_approved_change_of_the_other_feed_is_shown_to_the_deciders(plant, pair):
    press, feed, other = pair
    first = plant.approved(targets=[feed])
    second = plant.submitted(targets=[other])
    assert facts_of(second) == [
        {
            "item_id": press.pk,
            "code": "PRESS",
            "name": "Press",
            "state": "unknown",
            "alone": "redundancy_lost",
            "changes": [first.number],
        }
    ]
    assert second.rounds.first().snapshot.states["PRESS"] == "redundancy_lost"


@pytest.mark.parametrize(
    "given",
    [
        {
            "window_start_at": MONDAY + timedelta(hours=5),
            "window_end_at": MONDAY + timedelta(hours=9),
        },
        {"change_type": "open_port"},
    ],
    ids=["at another time", "keeps its target up"],
)
def test_a_change_that_does_not_meet_it_is_no_context(plant, pair, given):
    _press, feed, other = pair
    plant.approved(targets=[feed], **given)
    assert facts_of(plant.submitted(targets=[other])) == []


def test_the_first_to_begin_goes_ahead_and_the_second_goes_back_to_its_deciders(plant, pair):
    _press, feed, other = pair
    first, second = plant.approved(targets=[feed]), plant.approved(targets=[other])
    ivan = plant.actor("ivan")
    assert execute_change(actor=ivan, change=first, now=IN_WINDOW).is_started

    answer = execute_change(actor=ivan, change=second, now=IN_WINDOW)

    assert not answer.is_started
    assert "harder than those who approved it knew" in answer.reason
    assert "PRESS" not in answer.reason
    assert {"code": "PRESS", "before": "unknown", "after": "down"} in answer.difference["changed"]
    second.refresh_from_db()
    assert second.state == ChangeState.SUBMITTED
    assert facts_of(second)[0]["state"] == "down"


def test_deciders_who_were_shown_it_are_not_asked_twice(plant, pair):
    _press, feed, other = pair
    first = plant.approved(targets=[feed])
    assert execute_change(actor=plant.actor("ivan"), change=first, now=IN_WINDOW).is_started
    second = plant.approved(targets=[other])
    assert facts_of(second)[0]["state"] == "down"
    assert execute_change(actor=plant.actor("ivan"), change=second, now=IN_WINDOW).is_started


def test_who_may_not_see_the_item_or_the_change_gets_a_count_and_no_name(plant, pair):
    press, feed, other = pair
    elsewhere = LocationFactory(code="HID", name="Hidden hall")
    plant.approved(targets=[feed])
    type(press).objects.filter(pk=press.pk).update(location=elsewhere)
    second = plant.submitted(targets=[other])
    shown = shown_snapshot(plant.user("hari"), second.rounds.first().snapshot)
    assert shown.facts["together"] == []
    assert shown.hidden["together"] == 1

    type(press).objects.filter(pk=press.pk).update(location=plant.line)
    type(feed).objects.filter(pk=feed.pk).update(location=elsewhere)
    row = shown_snapshot(plant.user("hari"), second.rounds.first().snapshot).facts["together"][0]
    assert row["changes"] == []


def test_two_changes_that_take_both_to_explain_it_are_both_named(plant, pair):
    press, feed, other = pair
    third = AssetFactory(code="UPS-C", location=plant.line, system=plant.mes)
    group = press.redundancy_groups.get()
    RelationFactory(
        source=press,
        target=third,
        relation_class=RelationClass.POWERED_BY,
        redundancy_group=group,
    )
    changes = [plant.approved(targets=[feed]), plant.approved(targets=[other])]
    found = consequence_of(question_of(plant.drafted(targets=[third])), at=MONDAY)
    row = next(row for row in found.together if row.code == "PRESS")
    assert (row.state, row.changes) == ("unknown", tuple(one.number for one in changes))
    assert shown_consequence(plant.user("marta"), found).facts["together"]


def test_page_and_api_say_it(plant, pair, signed_in):
    _press, feed, other = pair
    first, second = plant.approved(targets=[feed]), plant.submitted(targets=[other])
    client = signed_in(plant.user("marta"))
    page = client.get(reverse("governance:changerequest-detail", args=[second.pk])).content.decode()
    assert "Worse while other changes are at work" in page
    assert f"while {first.number} is at work" in page
    answer = client.get(f"/api/governance/changes/{second.pk}/impact/").json()
    assert answer["facts"]["together"][0]["changes"] == [first.number]
