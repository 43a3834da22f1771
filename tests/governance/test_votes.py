"""Voting: only the derived approver or the recorded deputy, only on what is asked, once."""

from datetime import timedelta

import pytest

from common.errors import DomainError, NotAllowedError
from evidence.models import LedgerEntry
from governance.choices import ChangeState, RoundState, SeatBasis
from governance.models import Approval, Vote
from governance.services import edit_change, submit_change, withdraw_change
from governance.services.voting import AlreadyVotedError, LapsedError, NotYourSeatError
from tests.factories.accounts import MembershipFactory, TeamFactory
from tests.factories.governance import MONDAY
from tests.factories.raci import AbsenceFactory


def test_all_accountable_parties_approve_a_small_change(plant):
    change = plant.submitted()
    plant.votes(change, "marta")
    change.refresh_from_db()
    assert change.state == ChangeState.SUBMITTED
    plant.votes(change, "hari")
    change.refresh_from_db()
    assert change.state == ChangeState.APPROVED


def test_one_no_of_an_accountable_party_rejects(plant):
    change = plant.submitted()
    plant.votes(change, "marta", "reject", reason="Batch 4711 runs until six.")
    change.refresh_from_db()
    assert change.state == ChangeState.REJECTED
    assert change.rounds.get().state == RoundState.REJECTED


def test_a_no_without_a_reason_is_refused(plant):
    change = plant.submitted()
    with pytest.raises(DomainError, match="needs a reason"):
        plant.votes(change, "marta", "reject", reason="  ")
    assert not Vote.objects.exists()


def test_the_requester_cannot_vote_even_on_the_board(plant):
    MembershipFactory(team=plant.board, person=plant.person("rita"))
    change = plant.submitted(is_back_out_tested=False)
    assert not Approval.objects.filter(person=plant.person("rita")).exists()
    with pytest.raises(NotYourSeatError, match="You ask for"):
        plant.votes(change, "rita", approval=plant.seat(change, "marta"))


def test_a_forged_approver_is_refused(plant):
    change = plant.submitted()
    with pytest.raises(NotYourSeatError, match="belongs to Marta"):
        plant.votes(change, "bo", approval=plant.seat(change, "marta"))
    assert not Vote.objects.exists()


def test_a_login_without_a_person_cannot_vote(plant, administrator):
    administrator.person = None
    administrator.save()
    plant.people["root"] = administrator
    change = plant.submitted()
    with pytest.raises(NotAllowedError, match="not linked"):
        plant.votes(change, "root", approval=plant.seat(change, "marta"))


def test_the_recorded_deputy_votes_for_an_absent_approver(plant):
    change = plant.submitted()
    AbsenceFactory(
        person=plant.person("marta"),
        deputy=plant.person("dora"),
        starts_at=MONDAY - timedelta(days=1),
        ends_at=MONDAY + timedelta(days=1),
    )
    cast = plant.votes(change, "dora", approval=plant.seat(change, "marta"))
    assert (cast.person, cast.acting_for) == (plant.person("dora"), plant.person("marta"))
    entry = LedgerEntry.objects.get(action="vote: approve")
    assert (entry.actor_label, entry.acting_for) == ("Dora", "Marta")


def test_a_deputy_of_somebody_present_is_refused(plant):
    change = plant.submitted()
    AbsenceFactory(
        person=plant.person("marta"),
        deputy=plant.person("dora"),
        starts_at=MONDAY - timedelta(days=9),
        ends_at=MONDAY - timedelta(days=1),
    )
    with pytest.raises(NotYourSeatError):
        plant.votes(change, "dora", approval=plant.seat(change, "marta"))


def test_the_requester_cannot_vote_as_a_deputy(plant):
    change = plant.submitted()
    AbsenceFactory(person=plant.person("marta"), deputy=plant.person("rita"), starts_at=MONDAY)
    with pytest.raises(NotYourSeatError):
        plant.votes(change, "rita", approval=plant.seat(change, "marta"))


def test_any_member_speaks_for_an_accountable_team_but_not_the_implementer(plant):
    team = TeamFactory(code="MES-TEAM", name="MES team")
    for name in ("dora", "ivan"):
        MembershipFactory(team=team, person=plant.person(name))
    plant.matrix.assignments.filter(item=plant.mes).update(person=None, team=team)
    change = plant.submitted()
    seat = Approval.objects.get(team=team)
    with pytest.raises(NotYourSeatError, match="carry"):
        plant.votes(change, "ivan", approval=seat)
    assert plant.votes(change, "dora", approval=seat).person == plant.person("dora")


def test_a_second_vote_on_a_seat_is_refused(plant):
    change = plant.submitted()
    plant.votes(change, "marta")
    with pytest.raises(AlreadyVotedError, match="voted already"):
        plant.votes(change, "marta", "reject", reason="changed my mind")
    assert Vote.objects.count() == 1


def test_a_vote_on_another_content_is_refused(plant):
    change = plant.submitted()
    with pytest.raises(LapsedError, match="no longer what you have read"):
        plant.votes(change, "marta", content_hash="f" * 64)


def test_content_altered_behind_the_services_back_takes_no_vote(plant):
    change = plant.submitted()
    type(change).objects.filter(pk=change.pk).update(plan="Something else entirely.")
    with pytest.raises(LapsedError):
        plant.votes(change, "marta")


def test_an_edit_lapses_the_votes_and_keeps_them(plant):
    change = plant.submitted()
    plant.votes(change, "marta")
    seat, old_hash = plant.seat(change, "hari"), change.content_hash
    edited = edit_change(
        actor=plant.actor("rita"), change=change, values={"duration_minutes": 90}, now=MONDAY
    )
    assert edited.state == ChangeState.DRAFT
    assert change.rounds.get().state == RoundState.LAPSED
    assert Vote.objects.count() == 1
    with pytest.raises(LapsedError, match="lapsed"):
        plant.votes(edited, "hari", approval=seat, content_hash=old_hash)


def test_an_edit_that_changes_nothing_keeps_the_votes(plant):
    change = plant.submitted()
    plant.votes(change, "marta")
    edit_change(
        actor=plant.actor("rita"),
        change=change,
        values={"title": change.title},
        targets=[plant.switch],
        now=MONDAY,
    )
    change.refresh_from_db()
    assert change.state == ChangeState.SUBMITTED


def test_after_an_edit_everybody_is_asked_again(plant):
    change = plant.submitted()
    plant.votes(change, "marta")
    edit_change(actor=plant.actor("rita"), change=change, values={"plan": "New"}, now=MONDAY)
    change.refresh_from_db()
    again = submit_change(actor=plant.actor("rita"), change=change, now=MONDAY)
    assert again.rounds.first().sequence == 2
    assert plant.seat(again, "marta").cast is None


def test_a_withdrawn_change_takes_no_votes(plant):
    change = plant.submitted()
    seat, asked = plant.seat(change, "marta"), change.content_hash
    withdraw_change(actor=plant.actor("rita"), change=change, now=MONDAY)
    with pytest.raises(LapsedError):
        plant.votes(change, "marta", approval=seat, content_hash=asked)


def test_the_board_approves_by_quorum(plant):
    change = plant.submitted(is_back_out_tested=False)
    for name in ("marta", "hari", "bea"):
        plant.votes(change, name)
    change.refresh_from_db()
    assert change.state == ChangeState.SUBMITTED
    plant.votes(change, "bob")
    change.refresh_from_db()
    assert change.state == ChangeState.APPROVED


def test_the_board_rejects_when_the_quorum_is_out_of_reach(plant):
    change = plant.submitted(is_back_out_tested=False)
    plant.votes(change, "bea", "reject", reason="No tested back-out.")
    change.refresh_from_db()
    assert change.state == ChangeState.SUBMITTED
    plant.votes(change, "bob", "reject", reason="Same.")
    change.refresh_from_db()
    assert change.state == ChangeState.REJECTED


def test_recusals_below_the_quorum_escalate(plant):
    upper = TeamFactory(code="SITE", name="Site board")
    MembershipFactory(team=upper, person=plant.person("dora"))
    plant.policy.escalation_team = upper
    plant.policy.save()
    change = plant.submitted(is_back_out_tested=False)
    for name in ("bea", "bob"):
        plant.votes(change, name, "recuse")
    assert plant.seat(change, "dora").basis == SeatBasis.ESCALATION
    for name in ("marta", "hari", "bo", "dora"):
        plant.votes(change, name)
    change.refresh_from_db()
    assert change.state == ChangeState.APPROVED


def test_recusals_with_nowhere_to_escalate_decide_nothing(plant):
    change = plant.submitted(is_back_out_tested=False)
    for name in ("marta", "hari"):
        plant.votes(change, name)
    for name in ("bea", "bob"):
        plant.votes(change, name, "recuse")
    plant.votes(change, "bo")
    change.refresh_from_db()
    assert change.state == ChangeState.SUBMITTED
    assert change.rounds.get().state == RoundState.OPEN


def test_a_recused_accountable_party_hands_the_change_to_the_board(plant):
    change = plant.submitted()
    plant.votes(change, "marta", "recuse")
    plant.votes(change, "hari")
    for name in ("bea", "bob"):
        plant.votes(change, name)
    change.refresh_from_db()
    assert change.state == ChangeState.APPROVED


def test_one_person_votes_once_on_a_board_also_as_a_deputy(plant):
    change = plant.submitted(is_back_out_tested=False)
    AbsenceFactory(person=plant.person("bob"), deputy=plant.person("bea"), starts_at=MONDAY)
    plant.votes(change, "bea")
    with pytest.raises(AlreadyVotedError, match="one person, one vote"):
        plant.votes(change, "bea", approval=plant.seat(change, "bob"))


def test_nothing_approves_by_time_out(plant):
    change = plant.submitted()
    late = MONDAY + timedelta(days=30)
    change.refresh_from_db()
    assert change.rounds.get().is_overdue(late)
    assert change.state == ChangeState.SUBMITTED
