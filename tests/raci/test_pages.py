"""The ownership pages: what they show, how a matrix is edited on them, how many queries they take."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm

from raci.services import draft_next_revision
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.assets import AssetFactory, LocationFactory, SystemFactory
from tests.factories.raci import RoleFactory, RoleHolderFactory, ServiceLevelFactory


@pytest.fixture
def client(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def text_of(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_site_says_what_the_map_is_for(client):
    assert "Nothing to map yet" in text_of(client.get("/ownership/"))


def test_the_map_shows_owners_gaps_and_promises(client, plant):
    SystemFactory(name="Recipe share", location=plant.line)
    ServiceLevelFactory(location=plant.other_line, cost_per_hour=800, currency="EUR")
    mina = PersonFactory(name="Mina Okafor")
    plant.rule("A", plant.role("lead", mina), location=plant.other_line)
    plant.publish()

    page = text_of(client.get("/ownership/"))

    assert "Mina Okafor" in page
    assert "tile-unowned" in page
    assert "Recipe share" in page
    assert "800 EUR an hour" in page
    assert " style=" not in page


def test_the_map_names_the_parties_of_a_tie(client, plant):
    plant.filler.criticality_override = 4
    plant.filler.save()
    plant.rule("A", plant.role("it", PersonFactory(name="Ida")), selector_criticality=4)
    plant.rule(
        "A",
        plant.role("ot", PersonFactory(name="Otto")),
        selector_class=plant.filler.item_class,
    )
    plant.publish()

    page = text_of(client.get("/ownership/"))

    assert "tile-tie" in page
    assert "Several are accountable: Ida, Otto" in page


def test_the_number_of_queries_of_the_map_does_not_depend_on_the_items(client, plant):
    plant.rule("A", plant.role("lead"))
    plant.publish()

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get("/ownership/")
        return len(found)

    queries()
    few = queries()
    AssetFactory.create_batch(60, location=plant.line)
    assert queries() == few


def test_findings_are_grouped_by_cause(client, plant):
    plant.rule("A", RoleFactory(name="Energy manager"), location=plant.site)
    plant.publish()

    page = text_of(client.get("/ownership/findings/"))

    assert "Role is vacant" in page
    assert "Energy manager" in page
    assert "Nobody is responsible" in page


def test_the_ownership_tab_carries_the_trace(client, plant):
    plant.rule("A", plant.role("lead", PersonFactory(name="Mina Okafor")), location=plant.site)
    plant.publish()

    item = text_of(client.get(f"/ownership/items/{plant.filler.pk}/"))
    place = text_of(client.get(f"/ownership/locations/{plant.line.pk}/"))
    trace = text_of(client.get(f"/ownership/items/{plant.filler.pk}/trace/"))

    for page in (item, place, trace):
        assert "Mina Okafor" in page
        assert f"Inherited from location {plant.site.name}." in page


def test_the_grid_shows_inherited_letters_with_their_origin(client, plant):
    plant.rule("A", plant.role("lead"), location=plant.site)
    plant.rule("R", plant.role("shift"), location=plant.line)
    plant.publish()

    page = text_of(
        client.get(f"/ownership/matrices/{plant.matrix.pk}/?scope=location:{plant.line.pk}")
    )

    assert f"Accountable, inherited from {plant.site.name}" in page
    assert "is-inherited" in page


def test_a_letter_is_set_and_cleared_in_its_cell(client, plant):
    plant.rule("R", plant.role("lead"))
    role = RoleFactory(code="new")
    address = f"/ownership/matrices/{plant.matrix.pk}/"
    cell = {"activity": plant.change.pk, "letter": "A", "party": f"role:{role.pk}", "scope": ""}

    text_of(client.post(address, cell))
    assert plant.matrix.assignments.filter(letter="A", role=role).exists()

    text_of(client.post(address, cell))
    assert not plant.matrix.assignments.filter(letter="A").exists()


def test_a_refused_letter_says_why_on_the_grid(client, plant):
    plant.rule("A", plant.role("lead"))
    other = RoleFactory(code="other")
    cell = {"activity": plant.change.pk, "letter": "A", "party": f"role:{other.pk}", "scope": ""}

    page = text_of(client.post(f"/ownership/matrices/{plant.matrix.pk}/", cell))

    assert "Lead is accountable for “Change”" in page
    assert plant.matrix.assignments.count() == 1


def test_an_assignment_is_added_and_the_draft_published_through_the_forms(client, plant):
    role = plant.role("lead")
    form = {
        "activity": plant.change.pk,
        "letter": "A",
        "effect": "add",
        "role": role.pk,
        "scope_kind": "location",
        "location": plant.line.pk,
        "valid_from": "2026-01-01",
        "comment": "agreed in the board",
    }
    added = client.post(f"/ownership/matrices/{plant.matrix.pk}/assign/", form)
    published = client.post(f"/ownership/matrices/{plant.matrix.pk}/publish/")

    assert (added.status_code, published.status_code) == (302, 302)
    plant.matrix.refresh_from_db()
    assert plant.matrix.status == "published"


def test_a_second_a_lands_on_the_forms_field(client, plant):
    plant.rule("A", plant.role("lead"))
    form = {
        "activity": plant.change.pk,
        "letter": "A",
        "effect": "add",
        "role": RoleFactory().pk,
        "scope_kind": "enterprise",
        "valid_from": "2026-01-01",
    }

    answer = client.post(f"/ownership/matrices/{plant.matrix.pk}/assign/", form)

    assert answer.status_code == 400
    assert "A second A for the same thing" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["matrices", "activities", "roles", "holders", "absences", "service-levels"],
)
def test_every_list_and_its_form_open(client, plant, address):
    plant.rule("A", plant.role("lead"))
    ServiceLevelFactory()

    assert client.get(f"/ownership/{address}/").status_code == 200
    assert client.get(f"/ownership/{address}/add/").status_code == 200


def test_every_edit_form_opens(client, plant):
    row = plant.rule("A", plant.role("lead"))
    holder = row.role.holders.get()
    promise = ServiceLevelFactory()
    draft = plant.matrix.pk

    for address in (
        f"assignments/{row.pk}/",
        f"assignments/{row.pk}/remove/",
        f"roles/{row.role_id}/",
        f"holders/{holder.pk}/",
        f"activities/{plant.change.pk}/",
        f"service-levels/{promise.pk}/",
        f"matrices/{draft}/edit/",
        f"matrices/{draft}/publish/",
        f"matrices/{draft}/discard/",
    ):
        assert client.get(f"/ownership/{address}").status_code == 200, address


def test_the_next_revision_is_drafted_by_a_button(client, plant):
    plant.rule("A", plant.role("lead"))
    matrix = plant.publish()

    answer = client.post(f"/ownership/matrices/{matrix.pk}/draft/")

    assert answer.status_code == 302
    with pytest.raises(Exception, match="being drafted already"):
        draft_next_revision(actor=plant.actor, matrix=matrix, now=plant.now)


def test_the_command_answers_with_the_trace(plant, capsys):
    plant.rule("A", plant.role("lead", PersonFactory(name="Mina Okafor")))
    plant.publish()

    call_command("who", "FILLER", "change")
    told = capsys.readouterr().out
    call_command("who", "FILLER", "change", "--at", "2023-05-01", "--json")
    past = capsys.readouterr().out

    assert "A Accountable: Mina Okafor" in told
    assert "Inherited from the whole enterprise." in told
    assert '"accountable": null' in past


@pytest.mark.parametrize(
    ("item", "activity", "words"),
    [("NOWHERE", "change", "no asset or system"), ("FILLER", "dance", "no activity 'dance'")],
)
def test_the_command_refuses_what_it_does_not_know(plant, item, activity, words):
    with pytest.raises(CommandError, match=words):
        call_command("who", item, activity)


def test_a_persons_page_names_the_roles_they_hold_where_the_reader_may_look(plant, client):
    holding = RoleHolderFactory(location=plant.site, person=PersonFactory())
    elsewhere = RoleHolderFactory(location=LocationFactory(), person=holding.person)
    reader = UserFactory()
    assign_perm("assets.view_items", reader, plant.site)
    client.force_login(reader)

    text = client.get(f"/ownership/people/{holding.person_id}/roles/").content.decode()

    assert holding.role.name in text
    assert elsewhere.role.name not in text
