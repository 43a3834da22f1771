"""Changes over the API: everything the pages do, refusal beside success."""

from datetime import timedelta

import pytest
from django.utils import timezone
from guardian.shortcuts import remove_perm
from rest_framework.test import APIClient

from governance.choices import ChangeState
from governance.models import Vote
from tests.factories.assets import AssetFactory, RelationFactory

CHANGES = "/api/governance/changes/"


@pytest.fixture
def api():
    """Return an API client acting as somebody."""

    def act_as(user) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    return act_as


def body(plant, **given):
    now = timezone.now()
    return {
        "title": "Firmware of the cell switch",
        "change_type": "firmware",
        "targets": ["SW-1"],
        "implementer": plant.person("ivan").pk,
        "window_start_at": (now - timedelta(minutes=1)).isoformat(),
        "window_end_at": (now + timedelta(hours=4)).isoformat(),
        "duration_minutes": 60,
        "plan": "Load the image.",
        "back_out_plan": "Load the old image.",
        "is_back_out_tested": True,
    } | given


def drafted(plant, api, **given):
    return api(plant.user("rita")).post(CHANGES, body(plant, **given), format="json").json()


def submitted(plant, api, **given):
    plant.publish()
    found = drafted(plant, api, **given)
    return api(plant.user("rita")).post(f"{CHANGES}{found['id']}/submit/").json()


def vote(plant, api, change, name, choice="approve", **given):
    seats = (
        api(plant.user(name))
        .get(
            "/api/governance/approvals/",
            {"change": change["number"], "person": plant.person(name).employee_number},
        )
        .json()["results"]
    )
    data = {"approval": seats[0]["id"], "choice": choice, "content_hash": change["content_hash"]}
    return api(plant.user(name)).post(f"{CHANGES}{change['id']}/vote/", data | given, format="json")


def test_the_whole_way_over_http(plant, api):
    change = submitted(plant, api)
    assert (change["state"], change["number"]) == ("submitted", "CHG-2026-0001")
    for name in ("marta", "hari"):
        assert vote(plant, api, change, name).status_code == 200
    ivan = api(plant.user("ivan"))
    begun = ivan.post(f"{CHANGES}{change['id']}/execute/")
    assert (begun.status_code, begun.json()["state"]) == (200, "executing")
    done = ivan.post(f"{CHANGES}{change['id']}/complete/", {"note": "Fine."}, format="json")
    assert (done.json()["state"], done.json()["outcome_note"]) == ("completed", "Fine.")


def test_a_change_without_rights_is_refused(plant, api):
    answer = api(plant.user("marta")).post(CHANGES, body(plant), format="json")
    assert answer.status_code == 403


def test_an_unknown_field_and_a_derived_one_are_refused(plant, api):
    rita = api(plant.user("rita"))
    assert rita.post(CHANGES, body(plant, approver="me"), format="json").status_code == 400
    found = drafted(plant, api, state="approved")
    assert found.get("state", "draft") == "draft"


def test_an_edit_needs_the_current_version(plant, api):
    change = submitted(plant, api)
    rita, url = api(plant.user("rita")), f"{CHANGES}{change['id']}/"
    stale = rita.patch(url, {"title": "New"}, format="json", HTTP_IF_MATCH='"1"')
    assert stale.status_code == 412
    tag = rita.get(url).headers["ETag"]
    edited = rita.patch(url, {"title": "New"}, format="json", HTTP_IF_MATCH=tag)
    assert (edited.status_code, edited.json()["state"]) == (200, "draft")


def test_a_vote_on_lapsed_content_is_refused(plant, api):
    change = submitted(plant, api)
    answer = vote(plant, api, change, "marta", content_hash="0" * 64)
    assert answer.status_code == 409
    assert not Vote.objects.exists()


def test_a_forged_approver_is_refused(plant, api):
    change = submitted(plant, api)
    seat = plant.policy.rounds.model.objects.get().approvals.first()
    data = {"approval": seat.pk, "choice": "approve", "content_hash": change["content_hash"]}
    answer = api(plant.user("bo")).post(f"{CHANGES}{change['id']}/vote/", data, format="json")
    assert answer.status_code == 403


def test_the_requester_cannot_approve(plant, api):
    change = submitted(plant, api)
    seat = plant.policy.rounds.model.objects.get().approvals.first()
    data = {"approval": seat.pk, "choice": "approve", "content_hash": change["content_hash"]}
    answer = api(plant.user("rita")).post(f"{CHANGES}{change['id']}/vote/", data, format="json")
    assert answer.status_code == 403


def test_a_rejection_without_reason_names_the_field(plant, api):
    answer = vote(plant, api, submitted(plant, api), "marta", "reject")
    assert answer.status_code == 400
    assert "reason" in str(answer.json())


def test_a_changed_impact_set_answers_409_with_the_difference(plant, api):
    change = submitted(plant, api)
    for name in ("marta", "hari"):
        vote(plant, api, change, name)
    printer = AssetFactory(code="PRN-1", location=plant.line)
    RelationFactory(source=printer, target=plant.switch)
    answer = api(plant.user("ivan")).post(f"{CHANGES}{change['id']}/execute/")
    assert answer.status_code == 409
    assert answer.json()["difference"] == [{"code": "PRN-1", "before": "", "after": "down"}]


def test_a_change_outside_ones_view_is_not_found(plant, api):
    change = drafted(plant, api)
    remove_perm("view_items", plant.user("bo"), plant.site)
    bo = api(plant.user("bo"))
    assert bo.get(f"{CHANGES}{change['id']}/").status_code == 404
    assert bo.get(CHANGES).json()["count"] == 0
    assert bo.get("/api/governance/approvals/").json()["count"] == 0


def test_hidden_targets_have_no_name(plant, api):
    change = submitted(plant, api)
    remove_perm("view_items", plant.user("marta"), plant.site)
    found = api(plant.user("marta")).get(f"{CHANGES}{change['id']}/").json()
    assert found["targets"] == [{"id": None, "label": "(hidden)", "url": None}]
    impact = api(plant.user("marta")).get(f"{CHANGES}{change['id']}/impact/").json()
    assert impact["items"] == []
    assert impact["hidden"]["items"] == 4


def test_the_frozen_impact_is_read(plant, api):
    change = submitted(plant, api)
    found = api(plant.user("rita")).get(f"{CHANGES}{change['id']}/impact/").json()
    assert found["impact_hash"] == change["impact_hash"]
    assert found["counts"] == {"down": 4}


def test_rounds_and_seats_are_listed(plant, api):
    change = submitted(plant, api, is_back_out_tested=False)
    marta = api(plant.user("marta"))
    (found,) = marta.get("/api/governance/rounds/", {"change": change["number"]}).json()["results"]
    assert (found["state"], found["quorum"]) == ("open", 2)
    assert found["board"]["label"] == "Review board"
    seats = marta.get("/api/governance/approvals/", {"is_pending": "true"}).json()
    assert seats["count"] == 5


def test_a_question_is_answered_before_anything_is_saved(plant, api):
    plant.publish()
    found = (
        api(plant.user("rita"))
        .get("/api/governance/consequence/", {"item": "SW-1", "change_type": "firmware"})
        .json()
    )
    assert {one["party"] for one in found["deciders"]} >= {"Marta", "Hari"}
    assert found["facts"]["lines"][0]["name"] == "Line 1"


def test_a_question_about_a_hidden_item_is_refused(plant, api):
    answer = api(plant.user("olga")).get(
        "/api/governance/consequence/", {"item": "SW-1", "change_type": "firmware"}
    )
    assert answer.status_code in {400, 404}


def test_a_change_is_withdrawn_never_deleted(plant, api):
    change = drafted(plant, api)
    rita = api(plant.user("rita"))
    assert rita.delete(f"{CHANGES}{change['id']}/").status_code == 400
    gone = rita.post(f"{CHANGES}{change['id']}/withdraw/", {}, format="json")
    assert gone.json()["state"] == ChangeState.WITHDRAWN


def test_boards_are_read_by_all_and_set_by_few(plant, api, administrator):
    url = f"/api/governance/board-policies/{plant.policy.pk}/"
    assert api(plant.user("olga")).get(url).json()["quorum"] == 2
    assert api(plant.user("rita")).patch(url, {"quorum": 1}, format="json").status_code == 403
    assert api(administrator).patch(url, {"quorum": 3}, format="json").json()["quorum"] == 3


def test_the_record_is_asked_for_and_fetched(
    plant, api, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.KEY_DIR = tmp_path / "keys"
    change = submitted(plant, api)
    rita = api(plant.user("rita"))
    with django_capture_on_commit_callbacks(execute=True):
        asked = rita.post(f"{CHANGES}{change['id']}/record/")
    assert asked.status_code == 202
    fetched = rita.get(asked.json()["url"])
    assert fetched.status_code == 200
    assert b"".join(fetched.streaming_content).startswith(b"%PDF")
    assert api(plant.user("marta")).get(asked.json()["url"]).status_code == 404
