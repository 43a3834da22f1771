"""The impact page and its API: the question left, the answer in the middle, the consequence right.

filler (stops Line 1) --depends on--> switch <--depends on-- MES, historian
"""

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm

from assets.choices import RelationClass
from tests.factories.accounts import UserFactory
from tests.factories.assets import AssetFactory, LocationFactory, RelationFactory, SystemFactory

HTMX = {"HX-Request": "true", "HX-Target": "impact"}


@pytest.fixture
def ask(plant, signed_in):
    plant.publish()

    def get(name="rita", *, headers=None, url=None, **query):
        client = signed_in(plant.user(name))
        return client.get(url or reverse("governance:impact"), query, headers=headers)

    return get


def test_an_empty_question_says_what_the_page_is_for(ask):
    page = ask()

    assert page.status_code == 200
    assert "What do you want to change?" in page.content.decode()


def test_answers_with_states_groups_deciders_cost_and_lines(ask):
    page = ask(item="SW-1", change_type="power_off", hours="2")

    words = page.content.decode()
    assert page.context["asked"].answer.counts == {"down": 3}
    assert "Marta" in words
    assert "Hari" in words
    assert "2,000 EUR" in words
    assert [line["name"] for line in page.context["asked"].following.shown.facts["lines"]] == [
        "Line 1"
    ]


def test_several_targets_are_one_question(ask):
    page = ask(item=["SW-1", "MES"], change_type="power_off")

    assert [one.item.code for one in page.context["picked"]] == ["SW-1", "MES"]
    assert page.context["picked"][0].without == "?item=MES&change_type=power_off"
    assert page.context["total"] == 2


def test_htmx_gets_the_part_that_changes(ask):
    page = ask(headers=HTMX, item="SW-1", change_type="reboot")

    assert b"<html" not in page.content
    assert b"3 items are hit" in page.content


def test_the_question_becomes_a_change_request_with_the_same_words(ask, plant):
    url = ask(item="SW-1", change_type="reboot", hours="1.5").context["change_url"]

    assert f"target={plant.switch.pk}" in url
    assert "change_type=reboot" in url
    assert "duration=90" in url
    form = ask(url=url).content.decode()
    assert "Reboot: Cell switch" in form


def test_who_may_not_request_changes_is_told_so_instead_of_getting_the_button(ask):
    words = ask("marta", item="SW-1").content.decode()

    assert "right to request changes" in words
    assert "Turn into a change request" not in words


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"item": "NOPE"}, "There is no item &#x27;NOPE&#x27; here"),
        ({"item": "SW-1", "hours": "long"}, "Hours: &#x27;long&#x27; is not a duration"),
        ({"item": "SW-1", "hours": "nan"}, "Hours: &#x27;nan&#x27; is not a duration"),
        ({"item": "SW-1", "change_type": "explode"}, "&#x27;explode&#x27; is not one of"),
    ],
)
def test_a_wrong_question_is_answered_with_what_is_wrong(ask, query, sentence):
    page = ask(**query)

    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_a_path_is_told_on_demand(ask, plant):
    page = ask(item="SW-1", part="path", hit=plant.filler.pk)

    assert b"<html" not in page.content
    assert "Filler depends on Cell switch" in page.content.decode()


def test_a_path_to_an_item_that_is_not_hit_is_refused(ask, plant):
    stranger = AssetFactory(location=plant.site)

    page = ask(item="SW-1", part="path", hit=stranger.pk)

    assert "not among the items" in page.content.decode()


@pytest.fixture
def hidden(plant):
    """A second site whose server and packing line hang on Northfield's switch; nobody here may see it."""
    other = LocationFactory(code="SB", name="Stahlbach")
    line = LocationFactory(code="SB-L1", name="Secret line", level="line", parent=other)
    packer = AssetFactory(code="PACK", name="Secret packer", location=line, stops_line=True)
    system = SystemFactory(code="SEC", name="Secret system", location=other)
    behind = AssetFactory(code="BEHIND", name="Behind it", location=plant.line)
    for source, target in ((packer, plant.switch), (system, plant.switch), (behind, packer)):
        RelationFactory(source=source, target=target, relation_class=RelationClass.DEPENDS_ON)
    return behind


@pytest.mark.parametrize("view", ["", "graph"])
def test_hidden_items_are_counted_and_not_named(ask, hidden, view):
    page = ask(item="SW-1", change_type="power_off", view=view)

    words = page.content.decode()
    assert "Secret" not in words
    assert page.context["asked"].answer.hidden == {"down": 2}
    assert "2 of them lie outside your part of the plant" in words
    assert page.context["asked"].following.shown.hidden["lines"] == 1


def test_a_path_through_a_hidden_item_does_not_name_it(ask, hidden):
    words = ask(item="SW-1", change_type="power_off", part="path", hit=hidden.pk).content.decode()

    assert "Behind it" in words
    assert "An item outside your part of the plant" in words
    assert "Secret" not in words


def test_a_target_of_another_site_cannot_be_asked_about(ask, hidden):
    words = ask(item="PACK").content.decode()

    assert "There is no item &#x27;PACK&#x27; here" in words


def test_many_hits_come_group_by_group(ask, plant, monkeypatch):
    monkeypatch.setattr("governance.views.impact.INLINE_HITS", 10)
    monkeypatch.setattr("governance.views.impact.UNFOLDED_HITS", 5)
    part_of = SystemFactory(code="BIG", name="Big system", location=plant.site)
    for _ in range(30):
        item = AssetFactory(location=plant.site, system=part_of)
        RelationFactory(source=item, target=plant.switch)

    page = ask(item="SW-1", change_type="power_off")

    big = next(group for group in page.context["groups"] if group.title == "Big system")
    assert not big.by_state
    fragment = ask(url=big.url)
    assert fragment.content.decode().count("hit-why") == 30


def test_the_page_takes_the_same_queries_for_three_hits_and_fifty(
    ask, plant, django_assert_max_num_queries
):
    for _ in range(50):
        RelationFactory(source=AssetFactory(location=plant.line), target=plant.switch)
    ask(item="SW-1", change_type="power_off")

    with django_assert_max_num_queries(60):
        ask(item="SW-1", change_type="power_off")


def test_the_tab_of_an_item_asks_about_it(ask, plant):
    page = ask(url=reverse("governance:item-impact", args=[plant.switch.pk]))

    assert page.context["total"] == 3
    assert [one.without for one in page.context["picked"]] == [""]


def test_the_tab_of_a_hidden_item_is_not_found(ask, plant, hidden):
    packer = AssetFactory(location=LocationFactory())

    assert ask(url=reverse("governance:item-impact", args=[packer.pk])).status_code == 404


def test_the_api_answers_impact_and_consequence_together(ask, hidden):
    answer = ask(url="/api/governance/impact/", item="SW-1", change_type="power_off", hours="2")

    assert answer.status_code == 200
    body = answer.json()
    assert body["hidden"] == {"down": 2}
    assert {seat["label"] for seat in body["consequence"]["deciders"]} == {"Marta", "Hari"}
    assert body["consequence"]["cost_of_outage"] == 2000
    assert "Secret" not in answer.content.decode()


def test_the_api_names_what_is_missing(ask):
    answer = ask(url="/api/governance/impact/")

    assert answer.status_code == 400
    assert "at least one item" in answer.json()["detail"]


@pytest.mark.django_db
def test_without_an_operating_model_the_impact_stands_and_says_what_is_missing(signed_in):
    target = AssetFactory(code="LONE")
    RelationFactory(source=AssetFactory(), target=target)
    client = signed_in(UserFactory(is_superuser=True))

    words = client.get(reverse("governance:impact"), {"item": "LONE"}).content.decode()
    body = client.get("/api/governance/impact/", {"item": "LONE"}).json()

    assert "1 item is hit" in words
    assert "Turn into a change request" not in words
    assert body["counts"] == {"down": 1}
    assert body["consequence"]["problem"]


def test_a_stranger_sees_nothing(plant, signed_in):
    assign_perm("view_items", plant.user("dora"), LocationFactory(code="ELSE"))

    words = signed_in(plant.user("dora")).get(reverse("governance:impact"), {"item": "SW-1"})

    assert "There is no item" in words.content.decode()
