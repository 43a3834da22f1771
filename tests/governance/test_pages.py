"""The pages of changes: what each person sees and can do there, and what is refused.

filler --depends on--> switch <--depends on-- MES (Marta), historian (Hari)
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm

from governance.choices import ChangeState
from governance.models import Approval, ChangeRequest, Vote
from tests.factories.assets import AssetFactory, LocationFactory, RelationFactory, SystemFactory
from tests.factories.governance import BoardPolicyFactory

PAGES = ["/changes/", "/changes/queue/", "/changes/calendar/", "/changes/board/", "/changes/add/"]


@pytest.fixture
def now_change(plant):
    """A submitted change whose window is open on the real clock, on which pages run."""
    now = timezone.now()
    return plant.submitted(
        window_start_at=now - timedelta(minutes=5), window_end_at=now + timedelta(hours=4)
    )


def voted(client, change, seat, choice="approve", **given):
    change.refresh_from_db()
    data = {"choice": choice, "content_hash": change.content_hash, "seat": seat.pk} | given
    return client.post(f"/changes/{change.pk}/vote/", data)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_for_a_login_and_then_answers(plant, signed_in, client, page):
    assert client.get(page).status_code == 302
    assert signed_in(plant.user("rita")).get(page).status_code == 200


def test_an_approver_finds_the_change_in_the_queue_and_votes(plant, signed_in, now_change):
    client = signed_in(plant.user("marta"))
    queue = client.get("/changes/queue/").content.decode()
    assert f"/changes/{now_change.pk}/#vote" in queue
    page = client.get(f"/changes/{now_change.pk}/").content.decode()
    assert "Your decision" in page
    seat = plant.seat(now_change, "marta")
    assert voted(client, now_change, seat).status_code == 302
    assert Vote.objects.get().person == plant.person("marta")
    assert "Your decision" not in client.get(f"/changes/{now_change.pk}/").content.decode()


def test_one_decision_covers_all_own_seats(plant, signed_in):
    plant.matrix.assignments.filter(item=plant.historian).update(person=plant.person("bea"))
    change = plant.submitted(is_back_out_tested=False)
    client = signed_in(plant.user("bea"))
    assert client.get(f"/changes/{change.pk}/").content.decode().count("vote-form") == 1
    seats = [plant.seat(change, "bea", basis=basis).pk for basis in ("accountable", "board")]
    data = {"choice": "approve", "content_hash": change.content_hash, "seat": seats}
    assert client.post(f"/changes/{change.pk}/vote/", data).status_code == 302
    assert Vote.objects.count() == 2


def test_the_history_shows_who_did_what(plant, signed_in, now_change):
    plant.votes(now_change, "marta", now=timezone.now())
    text = signed_in(plant.user("hari")).get(f"/changes/{now_change.pk}/history/").content.decode()
    assert "Voted yes" in text
    assert "Marta" in text


def test_a_no_without_reason_comes_back_with_the_page(plant, signed_in, now_change):
    client = signed_in(plant.user("marta"))
    answer = voted(client, now_change, plant.seat(now_change, "marta"), "reject", reason="")
    assert answer.status_code == 400
    assert "needs a reason" in answer.content.decode()


def test_a_forged_approver_is_refused(plant, signed_in, now_change):
    answer = voted(signed_in(plant.user("bo")), now_change, plant.seat(now_change, "marta"))
    assert answer.status_code == 403
    assert not Vote.objects.exists()


def test_the_requester_sees_no_vote_and_is_refused_one(plant, signed_in, now_change):
    client = signed_in(plant.user("rita"))
    assert "Your decision" not in client.get(f"/changes/{now_change.pk}/").content.decode()
    assert voted(client, now_change, plant.seat(now_change, "marta")).status_code == 403


def test_a_form_sent_twice_changes_nothing(plant, signed_in, now_change):
    client, seat = signed_in(plant.user("marta")), plant.seat(now_change, "marta")
    assert voted(client, now_change, seat).status_code == 302
    assert voted(client, now_change, seat).status_code == 409
    assert Vote.objects.count() == 1


def test_a_form_of_a_lapsed_round_is_refused(plant, signed_in, now_change):
    seat, old = plant.seat(now_change, "marta"), now_change.content_hash
    client = signed_in(plant.user("rita"))
    client.post(f"/changes/{now_change.pk}/edit/", edited(plant, now_change, plan="Another plan."))
    now_change.refresh_from_db()
    assert now_change.state == ChangeState.DRAFT
    answer = voted(signed_in(plant.user("marta")), now_change, seat, content_hash=old)
    assert answer.status_code == 409
    assert "lapsed" in answer.content.decode()


def edited(plant, change, **given):
    return {
        "targets": [plant.switch.pk],
        "title": change.title,
        "change_type": change.change_type,
        "change_model": change.change_model,
        "implementer": change.implementer_id,
        "window_start_at": change.window_start_at.isoformat(),
        "window_end_at": change.window_end_at.isoformat(),
        "duration_minutes": change.duration_minutes,
        "plan": change.plan,
        "back_out_plan": change.back_out_plan,
        "is_back_out_tested": "on",
        "version": change.version,
    } | given


def test_a_stale_edit_is_refused(plant, signed_in, now_change):
    client = signed_in(plant.user("rita"))
    answer = client.post(
        f"/changes/{now_change.pk}/edit/", edited(plant, now_change, plan="New.", version=1)
    )
    assert answer.status_code == 412


def test_the_form_fills_itself_from_its_target(plant, signed_in):
    page = signed_in(plant.user("rita")).get(
        f"/changes/add/?target={plant.switch.pk}&change_type=reboot&duration=20"
    )
    text = page.content.decode()
    assert "Reboot: Cell switch" in text
    assert f'name="targets" value="{plant.switch.pk}" checked' in text
    assert 'name="duration_minutes" value="20"' in text


def test_the_preview_says_who_must_decide_before_anything_is_saved(plant, signed_in):
    plant.publish()
    answer = signed_in(plant.user("rita")).get(
        "/changes/preview/",
        {"targets": plant.switch.pk, "change_type": "firmware", "duration_minutes": 60},
    )
    text = answer.content.decode()
    assert "Marta" in text
    assert "Line 1" in text
    assert not ChangeRequest.objects.exists()


def test_the_preview_asks_for_a_target_first(plant, signed_in):
    text = signed_in(plant.user("rita")).get("/changes/preview/").content.decode()
    assert "Pick what is to be changed" in text


def test_a_change_is_drafted_submitted_executed_and_closed_in_the_browser(plant, signed_in):
    plant.publish()
    rita, now = signed_in(plant.user("rita")), timezone.now()
    sent = edited(plant, plant.drafted()) | {
        "window_start_at": (now - timedelta(minutes=1)).isoformat(),
        "window_end_at": (now + timedelta(hours=3)).isoformat(),
    }
    assert rita.post("/changes/add/", sent).status_code == 302
    change = ChangeRequest.objects.first()
    assert rita.post(f"/changes/{change.pk}/submit/").status_code == 302
    for name in ("marta", "hari"):
        voted(signed_in(plant.user(name)), change, plant.seat(change, name))
    ivan = signed_in(plant.user("ivan"))
    assert ivan.post(f"/changes/{change.pk}/execute/").status_code == 302
    answer = ivan.post(f"/changes/{change.pk}/close/", {"outcome": "completed", "note": "Fine."})
    assert answer.status_code == 302
    change.refresh_from_db()
    assert (change.state, change.outcome_note) == (ChangeState.COMPLETED, "Fine.")


def test_a_changed_impact_set_shows_the_difference_at_execution(plant, signed_in, now_change):
    for name in ("marta", "hari"):
        plant.votes(now_change, name, now=timezone.now())
    printer = AssetFactory(code="PRN-1", name="Label printer", location=plant.line)
    RelationFactory(source=printer, target=plant.switch)
    answer = signed_in(plant.user("ivan")).post(f"/changes/{now_change.pk}/execute/")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "went back to approval" in text
    assert "PRN-1" in text
    now_change.refresh_from_db()
    assert now_change.state == ChangeState.SUBMITTED


def test_who_may_not_see_a_target_gets_404(plant, signed_in, now_change):
    remove_perm("view_items", plant.user("bo"), plant.site)
    client = signed_in(plant.user("bo"))
    assert client.get(f"/changes/{now_change.pk}/").status_code == 404
    assert now_change.title not in client.get("/changes/").content.decode()
    assert client.post(f"/changes/{now_change.pk}/submit/").status_code == 404


def test_an_approver_sees_the_change_but_no_hidden_names(plant, signed_in):
    elsewhere = LocationFactory(code="SB", name="Southbay")
    secret = SystemFactory(code="SEC-1", name="Secret press", location=elsewhere)
    RelationFactory(source=secret, target=plant.switch)
    plant.accountable(secret, plant.person("dora"))
    change = plant.submitted(is_back_out_tested=False)
    assign_perm("view_items", plant.user("dora"), elsewhere)
    dora = signed_in(plant.user("dora")).get(f"/changes/{change.pk}/").content.decode()
    assert "Secret press" in dora
    assert "Filler" not in dora
    assert "hidden from you" in dora
    marta = signed_in(plant.user("marta")).get(f"/changes/{change.pk}/").content.decode()
    assert "Secret press" not in marta
    assert "Filler" in marta


def test_an_outsider_seat_is_not_found(plant, signed_in, now_change):
    other = LocationFactory(code="SB")
    stranger = plant.user("olga")
    assign_perm("view_items", stranger, other)
    seat = Approval.objects.first()
    assert voted(signed_in(stranger), now_change, seat).status_code == 404


def test_the_board_page_shows_the_quorum(plant, signed_in):
    change = plant.submitted(is_back_out_tested=False)
    plant.votes(change, "bea")
    text = signed_in(plant.user("bob")).get("/changes/board/").content.decode()
    assert change.title in text
    assert "1 of 2 yes" in text


def test_boards_are_set_by_who_has_the_right(plant, signed_in, administrator):
    page = f"/changes/board/{plant.policy.pk}/edit/"
    assert signed_in(plant.user("rita")).get(page).status_code == 403
    sent = {
        "name": "Board",
        "code": "northfield",
        "board": plant.board.pk,
        "scope": plant.site.pk,
        "quorum": 3,
        "loss_threshold": 100,
        "currency": "EUR",
        "decision_hours": 24,
        "review_hours": 24,
        "is_active": "on",
        "version": 1,
    }
    assert signed_in(administrator).post(page, sent).status_code == 302
    plant.policy.refresh_from_db()
    assert plant.policy.quorum == 3


def test_the_number_of_queries_of_the_list_does_not_grow(
    plant, signed_in, django_assert_max_num_queries
):
    client = signed_in(plant.user("rita"))
    for _ in range(3):
        plant.drafted()
    client.get("/changes/")
    with django_assert_max_num_queries(20) as few:
        client.get("/changes/")
    for _ in range(5):
        plant.drafted()
    with django_assert_max_num_queries(len(few)):
        client.get("/changes/")


def test_withdrawing_asks_first(plant, signed_in, now_change):
    client = signed_in(plant.user("rita"))
    assert "lapses" in client.get(f"/changes/{now_change.pk}/withdraw/").content.decode()
    assert client.post(f"/changes/{now_change.pk}/withdraw/").status_code == 302
    now_change.refresh_from_db()
    assert now_change.state == ChangeState.WITHDRAWN


def test_a_board_elsewhere_does_not_decide_here(plant):
    BoardPolicyFactory(code="southbay", scope=LocationFactory(code="SB"), loss_threshold=0)
    assert plant.submitted().rounds.get().quorum == 0
