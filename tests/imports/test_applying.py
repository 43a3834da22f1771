"""Applying a file: all or nothing, one ledger entry a row, a second run changes nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Person, Team
from assets.models import Asset, Location
from evidence.models import LedgerEntry
from tests.factories.accounts import OrganisationFactory
from tests.factories.assets import ItemClassFactory, LocationFactory

PEOPLE = (
    "employee_number,name,email,teams,site,is_active\n"
    "E1,Rosa Delgado,rosa@example.com,OT;IT,NF,true\n"
    "E2,Kenji Mori,,,NF,false\n"
)


def test_a_second_run_changes_nothing_and_writes_nothing(run):
    run("teams", "code,name\nOT,OT\nIT,IT\n")
    run("people", PEOPLE)
    entries = LedgerEntry.objects.count()

    report = run("people", PEOPLE)

    assert dict(report.counts) == {"added": 0, "changed": 0, "unchanged": 2, "failed": 0}
    assert not report.is_applied
    assert LedgerEntry.objects.count() == entries


def test_each_row_has_its_ledger_entry_with_what_changed(run):
    OrganisationFactory(slug="abb", name="Abb")

    run("organisations", "slug,name\nabb,ABB\nsick,SICK\n")

    added, changed = LedgerEntry.objects.filter(object_type="accounts.organisation").order_by(
        "action"
    )
    assert (added.action, added.after["slug"]) == ("create", "sick")
    assert (changed.before, changed.after) == ({"name": "Abb"}, {"name": "ABB"})
    assert changed.actor_label == "Rosa Delgado"


def test_an_empty_cell_leaves_a_value_and_a_hyphen_clears_it(run):
    run("people", "employee_number,name,phone,job_title\nE1,Rosa,123,Engineer\n")

    run("people", "employee_number,name,phone,job_title\nE1,Rosa,,-\n")

    rosa = Person.objects.get(employee_number="E1")
    assert (rosa.phone, rosa.job_title) == ("123", "")


def test_a_key_cannot_be_cleared(run):
    report = run("people", "employee_number,name\n-,Rosa\n", write=False)

    assert "cannot be cleared" in report.errors[0].message


def test_people_join_and_leave_teams(run):
    run("teams", "code,name\nOT,OT\nIT,IT\nHR,HR\n")
    run("people", PEOPLE)

    run("people", "employee_number,teams\nE1,IT;HR\n")

    held = Membership.objects.values_list("person__employee_number", "team__code")
    assert sorted(held) == [("E1", "HR"), ("E1", "IT")]


def test_a_team_above_may_stand_further_down_in_the_file(run):
    run("teams", "code,name,parent\nSHIFT,Shift,PLANT\nPLANT,Plant,\n")

    assert Team.objects.get(code="SHIFT").parent.code == "PLANT"


def test_ledger_entries_carry_the_scope_of_the_row(run):
    ItemClassFactory(slug="plc")
    run("locations", "code,name,level,parent\nL1,Line,line,NF\nNF,Northfield,site,\n")

    run("assets", "code,name,item_class,location\nP1,PLC,plc,L1\n")

    line = Location.objects.get(code="L1")
    scopes = dict(LedgerEntry.objects.values_list("object_label", "scope_path"))
    assert scopes["PLC"] == line.path == scopes["Line"]


def test_twenty_thousand_rows_take_a_handful_of_queries_a_batch(run):
    ItemClassFactory(slug="plc")
    LocationFactory(code="NF")
    rows = "".join(f"A-{n},Pump {n},plc,NF,SN{n}\n" for n in range(20_000))

    with CaptureQueriesContext(
        connection,
    ) as captured:
        report = run("assets", "code,name,item_class,location,serial_number\n" + rows)

    assert report.counts["added"] == 20_000
    assert Asset.objects.count() == 20_000
    assert LedgerEntry.objects.filter(action="create").count() == 20_000
    assert len(captured) < 20 * 40


@pytest.mark.django_db
def test_a_large_report_names_only_its_first_rows(run):
    rows = "".join(f"o-{n},O\n" for n in range(2_000))

    report = run("organisations", "slug,name\n" + rows)

    assert len(report.rows) == 500
    assert report.counts["added"] == 2_000
