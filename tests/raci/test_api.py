"""The operating model over the API: who, ownership, matrices from draft to published."""

import pytest
from django.test import Client

from evidence.models import LedgerEntry
from raci.models import Matrix
from tests.factories.raci import (
    AbsenceFactory,
    ActivityFactory,
    RoleFactory,
    RoleHolderFactory,
    ServiceLevelFactory,
)

URL = "/api/raci/"


@pytest.fixture
def api(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def post(api, path, body, **headers):
    return api.post(f"{URL}{path}", body, content_type="application/json", headers=headers)


def test_walks_a_matrix_from_draft_to_an_answer(api, plant):
    activity = post(api, "activities/", {"code": "repair", "name": "Repair"}).json()
    role = post(api, "roles/", {"code": "lead", "name": "Line lead", "discipline": "ot"}).json()
    holder = RoleHolderFactory(role_id=role["id"])
    matrix = post(api, "matrices/", {"code": "site", "name": "Site"}).json()
    rule = {
        "matrix": "site",
        "activity": activity["id"],
        "letter": "A",
        "role": "lead",
        "scope_kind": "location",
        "location": "LINE",
        "valid_from": "2026-01-01",
    }
    assert post(api, "assignments/", rule).status_code == 201

    published = post(api, f"matrices/{matrix['id']}/publish/", {})
    answer = api.get(f"{URL}who/", {"item": "FILLER", "activity": "repair"}).json()

    assert published.json()["status"] == "published"
    assert answer["accountable"]["acting"]["name"] == holder.person.name
    assert answer["accountable"]["trace"]["scope"] == str(plant.line)
    assert [one["kind"] for one in answer["findings"]] == ["no_responsible"]
    kinds = set(LedgerEntry.objects.values_list("object_type", "action"))
    assert {
        ("raci.activity", "create"),
        ("raci.role", "create"),
        ("raci.matrix", "create"),
        ("raci.assignment", "create"),
        ("raci.matrix", "publish"),
    } <= kinds


def test_a_published_matrix_is_refused_with_409(api, plant):
    row = plant.rule("A", plant.role("lead"))
    matrix = plant.publish()

    answer = api.patch(
        f"{URL}assignments/{row.pk}/", {"letter": "R"}, content_type="application/json"
    )

    assert answer.status_code == 409
    assert "never changes" in answer.json()["detail"]
    assert post(api, f"matrices/{matrix.pk}/draft/", {}).json()["revision"] == 2


def test_a_second_a_is_refused_and_nothing_of_the_list_is_written(api, plant):
    role = RoleFactory(code="lead")
    one = {
        "matrix": "operations",
        "activity": "change",
        "letter": "A",
        "role": role.pk,
        "valid_from": "2026-01-01",
    }
    other = {**one, "role": RoleFactory(code="other").pk}

    answer = post(api, "assignments/", [one, other])

    assert answer.status_code == 400
    assert "there is one A at a time" in answer.json()["detail"]
    assert not plant.matrix.assignments.exists()


def test_an_old_version_is_refused_with_412(api, plant):
    answer = api.patch(
        f"{URL}matrices/{plant.matrix.pk}/",
        {"name": "New"},
        content_type="application/json",
        headers={"If-Match": '"7"'},
    )

    assert answer.status_code == 412
    assert Matrix.objects.get().name != "New"


def test_who_answers_as_of_a_day(api, plant):
    plant.rule("A", plant.role("lead"))
    plant.publish()

    past = api.get(f"{URL}who/", {"item": "FILLER", "activity": "change", "at": "2023-01-01"})

    assert past.json()["accountable"] is None


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ({"activity": "change"}, 400, "item: this parameter is needed"),
        ({"item": "FILLER", "activity": "chnage"}, 400, "no activity 'chnage'"),
        ({"item": "FILLER", "activity": "change", "at": "soon"}, 400, "'soon' is not a day"),
        ({"item": "NOWHERE", "activity": "change"}, 404, ""),
    ],
)
def test_a_bad_question_is_refused_by_name(api, plant, query, status, words):
    answer = api.get(f"{URL}who/", query)

    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_ownership_of_a_site_comes_in_pages_with_promises(api, plant):
    plant.rule("A", plant.role("lead"), location=plant.line)
    plant.publish()
    ServiceLevelFactory(item=plant.filler, cost_per_hour=800, currency="EUR")

    body = api.get(f"{URL}ownership/", {"site": "SITE", "activity": "change", "limit": 1}).json()

    assert body["count"] == 2
    assert body["next"]
    (row,) = body["results"]
    assert row["accountable"]["name"]
    assert row["service_level"]["cost_per_hour"] == "800.00"


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize(
    ("path", "factory"),
    [
        ("activities/", ActivityFactory),
        ("roles/", RoleFactory),
        ("holders/", RoleHolderFactory),
        ("service-levels/", ServiceLevelFactory),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    api, path, factory, rows, django_assert_max_num_queries
):
    factory.create_batch(rows)

    with django_assert_max_num_queries(5):
        assert api.get(f"{URL}{path}").json()["count"] == rows


def test_an_absence_with_a_deputy_is_recorded(api, plant):
    away = AbsenceFactory(starts_at=plant.now)
    body = {
        "person": away.person.employee_number,
        "deputy": away.person.pk,
        "starts_at": "2027-01-01T00:00:00Z",
    }

    answer = post(api, "absences/", body)

    assert answer.status_code == 400
    assert "own deputy" in answer.json()["detail"]
