"""Activities, roles, holders, absences, matrices and service levels."""

import pytest

from common.errors import DomainError
from common.imports import ImportRefusedError
from raci.models import Absence, Activity, Assignment, Matrix, RoleHolder, ServiceLevel
from raci.services import publish_matrix
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.assets import AssetFactory, LocationFactory

RACI = "matrix,activity,letter,role,scope,effect,valid_from,valid_until\n"


@pytest.fixture
def model(run):
    LocationFactory(code="NF")
    AssetFactory(code="P1", location=LocationFactory(code="SB"))
    PersonFactory(employee_number="E1")
    PersonFactory(employee_number="E2", is_active=False)
    TeamFactory(code="OT")
    run("activities", "code,name,parent\nchange.firmware,Firmware,change\nchange,Change,\n")
    run("roles", "code,name,discipline\nOT-MGR,OT manager,ot\nOT-ENG,OT engineer,ot\n")


def test_activities_stand_in_a_tree(model):
    child = Activity.objects.get(code="change.firmware")

    assert child.path.startswith(Activity.objects.get(code="change").path)


def test_a_role_is_held_by_a_person_or_a_team(run, model):
    text = "role,holder,location,valid_from\nOT-MGR,person:E1,NF,2026-01-01\nOT-ENG,team:OT,,2026-01-01\n"
    run("role_holders", text)

    assert RoleHolder.objects.count() == 2
    assert run("role_holders", text).counts["unchanged"] == 2


def test_somebody_who_left_cannot_hold_a_role_that_goes_on(run, model):
    head = "role,holder,location,valid_from,valid_until\n"

    with pytest.raises(ImportRefusedError, match="has left and cannot hold a role"):
        run("role_holders", head + "OT-MGR,person:E2,NF,2020-01-01,\n")
    run("role_holders", head + "OT-MGR,person:E2,NF,2020-01-01,2025-12-31\n")


def test_rows_of_a_matrix_go_into_its_draft(run, model):
    text = (
        RACI
        + "M1,change,A,OT-MGR,location:NF,add,2026-01-01,\nM1,change,R,OT-ENG,enterprise,add,2026-01-01,\n"
    )
    run("raci", text)

    assert Matrix.objects.get().status == "draft"
    assert Assignment.objects.count() == 2
    assert run("raci", text).counts["unchanged"] == 2


def test_a_published_matrix_is_left_alone_and_a_change_opens_its_next_draft(run, model, actor, now):
    text = RACI + "M1,change,A,OT-MGR,location:NF,add,2026-01-01,\n"
    run("raci", text)
    publish_matrix(actor=actor, matrix=Matrix.objects.get(), now=now)

    assert run("raci", text).counts["unchanged"] == 1
    run("raci", RACI + "M1,change,A,OT-MGR,location:NF,add,2026-01-01,2026-12-31\n")

    draft = Matrix.objects.get(status="draft")
    assert str(draft.assignments.get().valid_until) == "2026-12-31"
    published = Matrix.objects.get(status="published").assignments.get()
    assert published.valid_until is None


def test_a_second_accountable_is_refused(run, model):
    with pytest.raises(ImportRefusedError, match="row 2 gives it for the same activity and scope"):
        run(
            "raci",
            RACI
            + "M1,change,A,OT-MGR,location:NF,add,2026-01-01,\nM1,change,A,OT-ENG,location:NF,add,2026-06-01,\n",
        )
    assert not Matrix.objects.exists()


def test_one_accountable_after_the_other_is_fine(run, model):
    run(
        "raci",
        RACI
        + "M1,change,A,OT-MGR,location:NF,add,2026-01-01,2026-05-31\nM1,change,A,OT-ENG,location:NF,add,2026-06-01,\n",
    )


def test_service_levels_are_for_items_and_locations(run, model):
    text = (
        "scope,availability_percent,cost_per_hour,currency,valid_from\n"
        "item:P1,99.9,1800.00,EUR,2026-01-01\nlocation:NF,99.5,,,2026-01-01\n"
    )
    run("service_levels", text)

    assert ServiceLevel.objects.count() == 2
    assert run("service_levels", text).counts["unchanged"] == 2


def test_a_cost_needs_its_currency(run, model):
    with pytest.raises(ImportRefusedError, match="a cost needs its currency"):
        run("service_levels", "scope,cost_per_hour,valid_from\nitem:P1,5,2026-01-01\n")


def test_an_absence_names_a_deputy_who_may_act(run, model):
    PersonFactory(employee_number="E3")
    head = "person,starts_at,ends_at,deputy\n"
    run("absences", head + "E1,2026-07-01T08:00Z,2026-07-14T08:00Z,E3\n")

    with pytest.raises(ImportRefusedError, match="has left and cannot deputise"):
        run("absences", head + "E3,2026-08-01T08:00Z,2026-08-14T08:00Z,E2\n")


def test_deputies_in_a_circle_within_one_file_write_nothing(run, model):
    PersonFactory(employee_number="E3")
    text = (
        "person,starts_at,ends_at,deputy\n"
        "E1,2026-07-01T08:00Z,2026-07-14T08:00Z,E3\nE3,2026-07-01T08:00Z,2026-07-14T08:00Z,E1\n"
    )

    with pytest.raises(DomainError):
        run("absences", text)
    assert not Absence.objects.exists()
