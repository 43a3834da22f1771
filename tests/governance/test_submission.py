"""Submitting a change: who is derived to decide, and what is refused before anybody is asked.

filler --depends on--> switch <--depends on-- MES (Marta), historian (Hari)
"""

from datetime import timedelta

import pytest

from assets.models import Relation
from common.errors import DomainError, NotAllowedError, StaleVersionError
from evidence.models import LedgerEntry
from governance.choices import ChangeState, SeatBasis
from governance.models import Approval, ChangeRequest
from governance.services import draft_change, edit_change, submit_change
from governance.services.submission import NobodyDecidesError, WindowOverError
from tests.factories.accounts import MembershipFactory, TeamFactory
from tests.factories.assets import RelationFactory, SystemFactory, ZoneFactory
from tests.factories.governance import MONDAY
from tests.factories.raci import MatrixFactory


def seated(change: ChangeRequest, basis: str) -> set[str]:
    rows = Approval.objects.filter(round__change=change, basis=basis)
    return {seat.party for seat in rows.select_related("person", "team")}


def findings_of(change: ChangeRequest) -> list[str]:
    return [one["sentence"] for one in change.rounds.get().snapshot.facts["findings"]]


def test_a_draft_takes_the_next_number_of_the_year(plant):
    first, second = plant.drafted(), plant.drafted()
    assert (first.number, second.number) == ("CHG-2026-0001", "CHG-2026-0002")
    assert first.state == ChangeState.DRAFT


def test_a_draft_lies_in_the_smallest_location_of_its_targets(plant):
    assert plant.drafted().scope_path == plant.line.path
    assert plant.drafted(targets=[plant.switch, plant.mes]).scope_path == plant.site.path


def test_a_change_needs_a_target(plant):
    with pytest.raises(DomainError, match="at least one asset"):
        plant.drafted(targets=[])


def test_nobody_without_the_right_asks_for_a_change(plant):
    with pytest.raises(NotAllowedError, match="request_changes"):
        draft_change(
            actor=plant.actor("marta"), targets=[plant.switch], values=plant.values(), now=MONDAY
        )


def test_a_value_that_is_derived_cannot_be_set(plant):
    with pytest.raises(DomainError, match="'state' cannot be set"):
        plant.drafted(state="approved")


def test_the_accountable_of_every_impacted_system_decides(plant):
    change = plant.submitted()
    assert seated(change, SeatBasis.ACCOUNTABLE) == {"Marta", "Hari"}
    hari = plant.seat(change, "hari")
    assert hari.because[0]["code"] == "HIST"
    assert "Historian" in " ".join(hari.because[0]["trace"]) or hari.because[0]["trace"]


def test_the_board_decides_above_the_loss_threshold(plant):
    change = plant.submitted(duration_minutes=8 * 60)
    assert seated(change, SeatBasis.BOARD) == {"Bea", "Bob", "Bo"}
    assert change.rounds.get().quorum == 2
    assert change.expected_loss > 500


def test_the_board_stays_out_below_the_threshold(plant):
    change = plant.submitted(duration_minutes=60)
    assert seated(change, SeatBasis.BOARD) == set()
    assert change.rounds.get().quorum == 0


def test_the_board_decides_about_a_safety_zone_and_an_untested_back_out(plant):
    plant.mes.zone = ZoneFactory(site=plant.site, is_safety=True)
    plant.mes.save()
    change = plant.submitted(is_back_out_tested=False)
    reasons = [code for code, _value in change.rounds.get().board_reasons]
    assert reasons == ["safety", "back_out"]
    assert change.is_safety_relevant


def test_an_unowned_system_is_a_finding_and_goes_to_the_board(plant):
    orphan = SystemFactory(code="LIMS", name="LIMS", location=plant.site)
    RelationFactory(source=orphan, target=plant.switch)
    change = plant.submitted()
    assert seated(change, SeatBasis.BOARD) == {"Bea", "Bob", "Bo"}
    assert any("LIMS" in finding for finding in findings_of(change))


def test_a_tie_is_a_finding_and_goes_to_the_board(plant):
    other = TeamFactory(code="T-2")
    MembershipFactory(team=other, person=plant.person("dora"))
    plant.accountable(plant.mes, other, matrix=MatrixFactory(code="projects"))
    change = plant.submitted()
    assert seated(change, SeatBasis.ACCOUNTABLE) == {"Marta", "Hari"}
    assert "MES" in " ".join(findings_of(change))
    assert seated(change, SeatBasis.BOARD)


def test_the_requester_is_never_an_approver(plant):
    plant.matrix.assignments.filter(item=plant.historian).update(person=plant.person("rita"))
    change = plant.submitted()
    assert "Rita" not in seated(change, SeatBasis.ACCOUNTABLE)
    assert seated(change, SeatBasis.BOARD)


def test_the_implementer_is_never_the_only_approver(plant):
    plant.matrix.assignments.update(person=plant.person("ivan"))
    change = plant.submitted()
    assert seated(change, SeatBasis.ACCOUNTABLE) == {"Ivan"}
    assert ["independence", ""] in change.rounds.get().board_reasons


def test_without_a_board_policy_what_needs_the_board_is_not_submitted(plant):
    plant.policy.is_active = False
    plant.policy.save()
    change = plant.drafted(is_back_out_tested=False)
    plant.publish()
    with pytest.raises(NobodyDecidesError, match="no board policy covers"):
        submit_change(actor=plant.actor("rita"), change=change, now=MONDAY)
    change.refresh_from_db()
    assert change.state == ChangeState.DRAFT
    assert not change.rounds.exists()


def test_a_board_that_cannot_reach_its_quorum_is_refused(plant):
    plant.policy.quorum = 4
    plant.policy.save()
    change = plant.drafted(is_back_out_tested=False)
    plant.publish()
    with pytest.raises(NobodyDecidesError, match="needs 4 yes votes, but only 3"):
        submit_change(actor=plant.actor("rita"), change=change, now=MONDAY)


def test_the_escalation_team_fills_a_board_that_is_too_small(plant):
    upper = TeamFactory(code="SITE", name="Site board")
    MembershipFactory(team=upper, person=plant.person("dora"))
    plant.policy.quorum = 4
    plant.policy.escalation_team = upper
    plant.policy.save()
    change = plant.submitted(is_back_out_tested=False)
    assert seated(change, SeatBasis.ESCALATION) == {"Dora"}


def test_a_resolver_that_fails_lets_nothing_through(plant):
    change = plant.drafted()
    activity = plant.activity
    activity.assignments.all().delete()
    activity.delete()
    with pytest.raises(DomainError, match="change"):
        submit_change(actor=plant.actor("rita"), change=change, now=MONDAY)
    change.refresh_from_db()
    assert change.state == ChangeState.DRAFT


def test_a_window_that_has_passed_is_refused(plant):
    change = plant.drafted()
    with pytest.raises(WindowOverError, match="ended at"):
        submit_change(actor=plant.actor("rita"), change=change, now=MONDAY + timedelta(days=2))


def test_only_the_requester_submits(plant):
    with pytest.raises(NotAllowedError, match="Only Rita"):
        submit_change(actor=plant.actor("ivan"), change=plant.drafted(), now=MONDAY)


def test_a_stale_form_is_refused(plant):
    change = plant.drafted()
    edit_change(actor=plant.actor("rita"), change=change, values={"title": "New"}, now=MONDAY)
    with pytest.raises(StaleVersionError):
        edit_change(
            actor=plant.actor("rita"),
            change=change,
            values={"title": "Newer"},
            now=MONDAY,
            expected_version=1,
        )


def test_every_step_is_in_the_ledger(plant):
    change = plant.submitted()
    actions = set(LedgerEntry.objects.values_list("action", flat=True))
    assert {"draft", "submit", "open round", "freeze impact"} <= actions
    assert LedgerEntry.objects.filter(scope_path=plant.line.path).exists()
    assert change.content_hash


def test_the_frozen_impact_holds_what_was_hit(plant):
    change = plant.submitted()
    snapshot = change.rounds.get().snapshot
    assert snapshot.states == {"SW-1": "down", "FILL-1": "down", "MES": "down", "HIST": "down"}
    assert [line["name"] for line in snapshot.facts["lines"]] == ["Line 1"]


def test_another_relation_is_another_impact_hash(plant):
    before = plant.submitted().impact_hash
    Relation.objects.filter(source=plant.historian).delete()
    assert plant.submitted().impact_hash != before
