"""Executing: only what was approved, only in its window, only while it still hits the same."""

from datetime import timedelta

import pytest

from common.errors import ConflictError, DomainError, NotAllowedError
from governance.choices import ChangeState, RoundState
from governance.models import Approval
from governance.services import complete_change, execute_change, fail_change, withdraw_change
from governance.services.execution import NotApprovedError, NotInWindowError
from tests.factories.assets import AssetFactory, RelationFactory
from tests.factories.governance import MONDAY

IN_WINDOW = MONDAY + timedelta(hours=2)


def test_an_approved_change_is_executed_and_completed(plant):
    change = plant.approved()
    begun = execute_change(actor=plant.actor("ivan"), change=change, now=IN_WINDOW)
    assert (begun.is_started, begun.change.state) == (True, ChangeState.EXECUTING)
    done = complete_change(
        actor=plant.actor("ivan"), change=begun.change, note="Twenty minutes.", now=IN_WINDOW
    )
    assert (done.state, done.outcome_note) == (ChangeState.COMPLETED, "Twenty minutes.")


def test_a_change_without_approval_is_not_executed(plant):
    with pytest.raises(ConflictError, match="Awaiting approval"):
        execute_change(actor=plant.actor("ivan"), change=plant.submitted(), now=IN_WINDOW)


def test_a_state_set_by_hand_is_not_an_approval(plant):
    change = plant.submitted()
    type(change).objects.filter(pk=change.pk).update(state=ChangeState.APPROVED)
    with pytest.raises(NotApprovedError):
        execute_change(actor=plant.actor("ivan"), change=change, now=IN_WINDOW)


def test_a_bystander_does_not_execute(plant):
    with pytest.raises(NotAllowedError, match="Only Rita"):
        execute_change(actor=plant.actor("marta"), change=plant.approved(), now=IN_WINDOW)


@pytest.mark.parametrize("hours", [0, 6])
def test_outside_its_window_a_change_is_not_executed(plant, hours):
    with pytest.raises(NotInWindowError, match="approved for"):
        execute_change(
            actor=plant.actor("ivan"), change=plant.approved(), now=MONDAY + timedelta(hours=hours)
        )


def test_a_changed_impact_set_lapses_the_approval_and_asks_again(plant):
    change = plant.approved()
    printer = AssetFactory(code="PRN-1", name="Label printer", location=plant.line)
    RelationFactory(source=printer, target=plant.switch)
    found = execute_change(actor=plant.actor("ivan"), change=change, now=IN_WINDOW)
    assert not found.is_started
    assert found.difference["added"] == [{"code": "PRN-1", "before": "", "after": "down"}]
    assert found.change.state == ChangeState.SUBMITTED
    second, first = found.change.rounds.all()
    assert (first.state, second.state) == (RoundState.LAPSED, RoundState.OPEN)
    assert second.impact_difference == found.difference
    assert not Approval.objects.filter(round=second, vote__isnull=False).exists()


def test_a_content_altered_after_approval_lapses(plant):
    change = plant.approved()
    type(change).objects.filter(pk=change.pk).update(plan="Cut the power instead.")
    found = execute_change(actor=plant.actor("ivan"), change=change, now=IN_WINDOW)
    assert not found.is_started
    assert "content" in found.reason


def test_a_graph_that_fails_lets_nothing_begin(plant, monkeypatch):
    change = plant.approved()

    def broken(question):
        raise RuntimeError("snapshot unreadable")

    monkeypatch.setattr("governance.queries.consequence.impact_of", broken)
    with pytest.raises(RuntimeError):
        execute_change(actor=plant.actor("ivan"), change=change, now=IN_WINDOW)
    change.refresh_from_db()
    assert change.state == ChangeState.APPROVED


def test_an_emergency_acts_now_and_is_decided_afterwards(plant):
    change = plant.drafted(change_model="emergency")
    plant.publish()
    begun = execute_change(actor=plant.actor("rita"), change=change, now=MONDAY)
    assert begun.is_started
    assert begun.change.review_due_at == MONDAY + timedelta(hours=48)
    complete_change(actor=plant.actor("rita"), change=change, note="Restored.", now=IN_WINDOW)
    approval_round = change.rounds.get()
    assert (approval_round.is_retrospective, approval_round.state) == (True, RoundState.OPEN)
    for name in ("marta", "hari"):
        plant.votes(change, name)
    change.refresh_from_db()
    assert change.state == ChangeState.COMPLETED
    assert change.rounds.get().state == RoundState.APPROVED


def test_an_emergency_rejected_in_retrospect_says_so(plant):
    change = plant.drafted(change_model="emergency")
    plant.publish()
    execute_change(actor=plant.actor("rita"), change=change, now=MONDAY)
    plant.votes(change, "marta", "reject", reason="This was no emergency.")
    change.refresh_from_db()
    assert change.state == ChangeState.EXECUTING
    assert change.rounds.get().state == RoundState.REJECTED


def test_closing_takes_a_note(plant):
    begun = execute_change(actor=plant.actor("ivan"), change=plant.approved(), now=IN_WINDOW)
    with pytest.raises(DomainError, match="Write what happened"):
        fail_change(actor=plant.actor("ivan"), change=begun.change, note=" ", now=IN_WINDOW)
    failed = fail_change(
        actor=plant.actor("ivan"), change=begun.change, note="Backed out.", now=IN_WINDOW
    )
    assert failed.state == ChangeState.FAILED


def test_a_withdrawn_change_is_final(plant):
    change = withdraw_change(actor=plant.actor("rita"), change=plant.approved(), now=MONDAY)
    assert change.state == ChangeState.WITHDRAWN
    with pytest.raises(ConflictError):
        execute_change(actor=plant.actor("ivan"), change=change, now=IN_WINDOW)


def test_a_running_change_cannot_be_withdrawn(plant):
    begun = execute_change(actor=plant.actor("ivan"), change=plant.approved(), now=IN_WINDOW)
    with pytest.raises(ConflictError, match="In execution"):
        withdraw_change(actor=plant.actor("rita"), change=begun.change, now=IN_WINDOW)
