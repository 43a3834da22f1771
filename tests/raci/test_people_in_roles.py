"""Holders, absences, activities and service levels: what is written and what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from common.errors import DomainError
from evidence.models import LedgerEntry
from raci.queries import line_costs, resolve, service_levels_of
from raci.services import (
    AbsenceError,
    ActivityError,
    HolderError,
    appoint_holder,
    change_activity,
    create_activity,
    hand_over_role,
    record_absence,
    set_service_level,
)
from tests.factories.accounts import PersonFactory
from tests.factories.assets import AssetFactory, SystemFactory
from tests.factories.raci import ServiceLevelFactory


def absent(plant, person, deputy, days=5):
    values = {
        "person": person,
        "deputy": deputy,
        "starts_at": plant.now,
        "ends_at": plant.now + timedelta(days=days),
    }
    return record_absence(actor=plant.actor, values=values, now=plant.now)


def test_handing_over_a_role_ends_the_holder_before(plant):
    old, new = PersonFactory(name="Old"), PersonFactory(name="New")
    role = plant.role("lead", old, location=plant.site)
    plant.rule("A", role)
    plant.publish()

    hand_over_role(
        actor=plant.actor,
        role=role,
        to=new,
        location=plant.site,
        valid_from=date(2026, 12, 1),
        now=plant.now,
    )

    def lead(at):
        return resolve(plant.filler, activity_code="change", at=at).accountable.acting.name

    assert lead(plant.now) == "Old"
    assert lead(plant.now + timedelta(days=30)) == "New"
    assert LedgerEntry.objects.filter(object_type="raci.roleholder").count() == 2


def test_somebody_who_left_is_not_appointed(plant):
    values = {
        "role": plant.role("lead"),
        "person": PersonFactory(is_active=False, name="Gone"),
        "valid_from": date(2026, 1, 1),
    }
    with pytest.raises(HolderError, match="Gone has left"):
        appoint_holder(actor=plant.actor, values=values, now=plant.now)


def test_a_role_is_held_by_a_person_or_a_team(plant):
    with pytest.raises(DomainError, match="by a person or by a team"):
        appoint_holder(
            actor=plant.actor,
            values={"role": plant.role("lead"), "valid_from": date(2026, 1, 1)},
            now=plant.now,
        )


def test_nobody_deputises_for_themselves(plant):
    person = PersonFactory(name="Mina")
    with pytest.raises(AbsenceError, match="Mina cannot be their own deputy"):
        absent(plant, person, person)


def test_deputies_in_a_circle_are_refused(plant):
    one, two = PersonFactory(name="One"), PersonFactory(name="Two")
    absent(plant, one, two)

    with pytest.raises(AbsenceError, match="circle"):
        absent(plant, two, one)


def test_a_third_deputy_in_a_row_is_refused_and_a_second_is_not(plant):
    people = [PersonFactory(name=name) for name in ("One", "Two", "Three", "Four")]
    absent(plant, people[0], people[1])
    absent(plant, people[1], people[2])

    with pytest.raises(AbsenceError, match="One → Two → Three → Four"):
        absent(plant, people[2], people[3])


def test_absences_at_other_times_do_not_matter(plant):
    one, two = PersonFactory(), PersonFactory()
    absent(plant, one, two, days=1)
    values = {"person": two, "deputy": one, "starts_at": plant.now + timedelta(days=2)}

    assert record_absence(actor=plant.actor, values=values, now=plant.now).pk


def test_an_activity_takes_everything_below_with_it(plant):
    above = create_activity(actor=plant.actor, values={"code": "it", "name": "IT"}, now=plant.now)

    change_activity(
        actor=plant.actor, activity=plant.change, values={"parent": above}, now=plant.now
    )

    plant.firmware.refresh_from_db()
    assert plant.firmware.path == f"{above.pk}/{plant.change.pk}/{plant.firmware.pk}/"


def test_an_activity_does_not_stand_below_itself(plant):
    with pytest.raises(ActivityError, match="stands below it"):
        change_activity(
            actor=plant.actor,
            activity=plant.change,
            values={"parent": plant.firmware},
            now=plant.now,
        )


def test_an_item_has_its_own_promise_else_its_systems_else_its_places(plant):
    mes = SystemFactory(location=plant.site)
    part = AssetFactory(location=plant.line, system=mes)
    ServiceLevelFactory(location=plant.site, cost_per_hour=100, currency="EUR")
    ServiceLevelFactory(item=mes, cost_per_hour=900, currency="EUR")
    ServiceLevelFactory(item=plant.packer, restore_minutes=30)

    found = service_levels_of([part.pk, mes.pk, plant.packer.pk, plant.filler.pk], at=plant.now)

    assert (found[mes.pk].scope_kind, found[mes.pk].cost_per_hour) == ("item", 900)
    assert (found[part.pk].scope_kind, found[part.pk].id) == ("system", found[mes.pk].id)
    assert found[plant.packer.pk].restore_minutes == 30
    assert found[plant.filler.pk].scope_kind == "location"


def test_the_latest_promise_in_force_holds(plant):
    ServiceLevelFactory(item=plant.filler, restore_minutes=60)
    ServiceLevelFactory(item=plant.filler, restore_minutes=30, valid_from=date(2026, 1, 1))
    ServiceLevelFactory(item=plant.filler, restore_minutes=10, valid_from=date(2027, 1, 1))

    found = service_levels_of([plant.filler.pk], at=plant.now)

    assert found[plant.filler.pk].restore_minutes == 30


def test_a_line_costs_what_it_says_itself_and_inherits_nothing(plant):
    ServiceLevelFactory(location=plant.site, cost_per_hour=5000, currency="EUR")
    ServiceLevelFactory(location=plant.line, cost_per_hour=800, currency="EUR")

    found = line_costs([plant.line.pk, plant.other_line.pk], at=plant.now)

    assert found[plant.line.pk].cost_per_hour == 800
    assert plant.other_line.pk not in found


def test_setting_a_promise_again_for_the_same_day_corrects_it(plant):
    values = {
        "item": plant.filler,
        "valid_from": date(2026, 1, 1),
        "cost_per_hour": Decimal(10),
        "currency": "EUR",
    }
    first = set_service_level(actor=plant.actor, values=values, now=plant.now)

    again = set_service_level(
        actor=plant.actor, values={**values, "cost_per_hour": Decimal(20)}, now=plant.now
    )

    assert (again.pk, again.cost_per_hour) == (first.pk, 20)


def test_a_cost_without_a_currency_is_refused(plant):
    with pytest.raises(DomainError, match="needs its currency"):
        set_service_level(
            actor=plant.actor,
            values={"item": plant.filler, "valid_from": date(2026, 1, 1), "cost_per_hour": 5},
            now=plant.now,
        )
