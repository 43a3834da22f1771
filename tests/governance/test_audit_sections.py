"""Audit sections of changes: each with its votes and its count, and what must not have happened."""

from datetime import timedelta

import pytest

from evidence.choices import PackKind
from evidence.models import LedgerEntry
from evidence.packs.content import total_of
from evidence.packs.sections import AuditScope
from evidence.queries.audit import audit_content
from evidence.rules.canonical import canonical_bytes, plain
from governance.evidence.changes import changes_section
from governance.evidence.segregation import segregation_section
from governance.models import Vote
from governance.services import draft_change, execute_change, withdraw_change
from tests.factories.assets import AssetFactory, LocationFactory
from tests.factories.governance import (
    MONDAY,
    ApprovalFactory,
    ApprovalRoundFactory,
    ChangeRequestFactory,
    ChangeTargetFactory,
    VoteFactory,
)


@pytest.fixture
def scope(plant):
    day = timedelta(days=1)
    return AuditScope(plant.site.path, "Northfield", MONDAY - day, MONDAY + day)


def told(section) -> str:
    return canonical_bytes(plain(section)).decode()


def tables_of(part):
    return {table["title"]: table["rows"] for table in part["tables"]}


def violations(scope):
    return [row[2] for row in segregation_section(scope)["tables"][0]["rows"]]


def test_a_change_shows_request_risk_votes_and_the_entry_of_each(plant, scope):
    change = plant.approved()
    (part,) = changes_section(scope)["parts"]
    assert part["facts"]["Requested by"] == "Rita"
    assert "down" in part["facts"]["Items hit"]
    assert part["notes"]["Back-out plan"] == "Load the old image."
    votes = tables_of(part)["Votes and recusals"]
    entry = LedgerEntry.objects.filter(object_type="governance.vote").order_by("sequence").first()
    assert any(row[5] == f"{entry.sequence} / {entry.hash[:12]}" for row in votes)
    assert {row[4] for row in votes} == {change.content_hash[:12]}
    assert "gives approved" in tables_of(part)["Rounds of approval"][0][4]


def test_the_accountable_party_is_the_one_at_the_decision(plant, scope):
    plant.approved()
    plant.person("marta").name = "Marta"
    title = "Targets, and who was accountable for their change when it was decided"
    (part,) = changes_section(scope)["parts"]
    assert tables_of(part)[title] == [["SW-1 Cell switch", "Marta"]]


def test_the_population_is_counted_by_state_and_counted_again(plant, scope):
    plant.approved()
    plant.drafted(title="Another")
    content = audit_content(scope, sections=["changes"])
    data = plain(content.data)
    assert content.kind == PackKind.AUDIT
    found = {t.name: total_of({"of": t.of, "where": t.where}, data) for t in content.totals}
    assert found["Changes: approved"] == 1
    assert found["Changes: draft"] == 1


def test_an_emergency_shows_how_long_after_its_start_it_was_decided(plant, scope):
    plant.publish()
    change = plant.drafted(change_model="emergency")
    execute_change(actor=plant.actor("rita"), change=change, now=MONDAY)
    change.refresh_from_db()
    for seat in change.rounds.get().approvals.filter(vote=None):
        change.refresh_from_db()
        name = seat.person.name.lower()
        if change.rounds.get().state == "open":
            later = MONDAY + timedelta(hours=3)
            plant.votes(change, name, approval=seat, now=later)
    emergencies = changes_section(scope)["tables"][1]["rows"]
    assert [(row[0], row[3], row[5]) for row in emergencies] == [(change.number, "3.0", "yes")]


def test_a_lapsed_round_keeps_its_votes_and_says_why(plant, scope):
    change = plant.approved()
    withdraw_change(actor=plant.actor("rita"), change=change, now=MONDAY)
    (row,) = changes_section(scope)["tables"][2]["rows"]
    assert row[0] == change.number
    assert "withdrawn" in row[3]
    assert row[4] == Vote.objects.count()


def test_changes_of_other_places_and_other_times_stay_out(plant, scope):
    elsewhere = LocationFactory(code="SECRET")
    plant.publish()
    ChangeRequestFactory(
        number="CHG-2025-9001", scope_path=elsewhere.path, submitted_at=MONDAY, created_at=MONDAY
    )
    ChangeRequestFactory(
        number="CHG-2025-9002", scope_path=plant.site.path, created_at=MONDAY - timedelta(days=90)
    )
    assert changes_section(scope)["parts"] == []
    mine = plant.drafted()
    assert [one["title"] for one in changes_section(scope)["parts"]] == [str(mine)]


def test_impacted_systems_outside_the_scope_are_counted_not_named(plant, now):
    plant.approved()
    day = timedelta(days=1)
    line = AuditScope(plant.line.path, "Line 1", MONDAY - day, MONDAY + day)
    section = changes_section(line)
    assert "outside the scope" in told(section)
    assert "HIST" not in told(section)


def test_nothing_is_found_where_the_services_were_used(plant, scope):
    plant.approved()
    assert violations(scope) == [0, 0, 0, 0, 0]


def test_each_violation_is_found(plant, scope):
    change = ChangeRequestFactory(
        number="CHG-2025-0666",
        scope_path=plant.site.path,
        created_at=MONDAY,
        started_at=MONDAY,
        state="executing",
    )
    for_requester, other = (
        ApprovalRoundFactory(change=change, sequence=n, state="approved", closed_at=at)
        for n, at in ((1, MONDAY + timedelta(hours=1)), (2, MONDAY + timedelta(hours=2)))
    )
    VoteFactory(approval=ApprovalFactory(round=for_requester, person=change.requester))
    VoteFactory(approval=ApprovalFactory(round=for_requester), acting_for=change.requester)
    VoteFactory(
        approval=ApprovalFactory(round=other, person=change.implementer), content_hash="f" * 64
    )
    assert violations(scope) == [1, 1, 1, 1, 1]


def test_more_changes_cost_no_more_queries_and_the_bytes_are_the_same(
    plant, scope, django_assert_max_num_queries
):
    plant.approved()
    with django_assert_max_num_queries(20) as first:
        before = told(changes_section(scope))
    assert told(changes_section(scope)) == before
    for number in range(5):
        change = ChangeRequestFactory(
            scope_path=plant.site.path,
            created_at=MONDAY,
            decided_at=MONDAY + timedelta(hours=number),
        )
        ChangeTargetFactory(change=change, item=AssetFactory(location=plant.line))
        VoteFactory(approval=ApprovalFactory(round=ApprovalRoundFactory(change=change)))
    with django_assert_max_num_queries(len(first)):
        changes_section(scope)


def test_a_draft_is_never_decided(plant, scope):
    draft_change(
        actor=plant.actor("rita"), targets=[plant.switch], values=plant.values(), now=MONDAY
    )
    (part,) = changes_section(scope)["parts"]
    assert part["facts"]["Decided"] == "-"
