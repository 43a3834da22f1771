"""Audit sections of ownership: who answered at the end of the period, whatever came after."""

from datetime import timedelta

import pytest

from evidence.packs.sections import AuditScope
from evidence.rules.canonical import canonical_bytes, plain
from raci.evidence import ownership_section, service_level_section
from raci.queries import resolve
from raci.queries.subjects import subjects_of
from raci.queries.timeline import load_timeline
from raci.services import draft_next_revision, publish_matrix
from tests.factories.accounts import PersonFactory
from tests.factories.assets import AssetFactory, LocationFactory, SystemFactory
from tests.factories.raci import (
    AbsenceFactory,
    RoleFactory,
    RoleHolderFactory,
    ServiceLevelFactory,
)


@pytest.fixture
def scope(plant, now):
    return AuditScope(plant.site.path, "Site", now - timedelta(days=30), now + timedelta(days=1))


@pytest.fixture
def mes(plant):
    return SystemFactory(code="MES", name="Execution", location=plant.site)


def told(section) -> str:
    return canonical_bytes(plain(section)).decode()


def test_each_system_shows_its_holder_and_who_acts(plant, mes, scope, now):
    marta, dora = PersonFactory(name="Marta"), PersonFactory(name="Dora")
    plant.rule("A", plant.role("owner", marta))
    plant.publish()
    AbsenceFactory(person=marta, deputy=dora, starts_at=now, reason="Knee operation")
    section = ownership_section(scope)
    (row,) = section["tables"][0]["rows"]
    assert row[:1] == ["MES Execution"]
    assert row[3].startswith("Marta (Owner)")
    assert row[3].endswith("acting: Dora")
    away = section["tables"][4]["rows"]
    assert [(one[0], one[3]) for one in away] == [("Marta", "Dora")]
    assert "Knee" not in told(section)


def test_a_holder_who_came_after_the_period_is_not_in_it(plant, mes, scope, day):
    old, new = PersonFactory(name="Old hand"), PersonFactory(name="Newcomer")
    role = plant.role("owner", old, valid_until=day + timedelta(days=2))
    RoleHolderFactory(role=role, person=new, valid_from=day + timedelta(days=3))
    plant.rule("A", role)
    plant.publish()
    assert "Old hand" in told(ownership_section(scope))
    assert "Newcomer" not in told(ownership_section(scope))


def test_nobody_several_and_vacant_are_findings(plant, mes, scope):
    shared = plant.role("one")
    RoleHolderFactory(role=shared)
    plant.rule("A", shared, location=plant.line)
    plant.rule("A", RoleFactory(code="empty"), location=plant.other_line)
    plant.publish()
    section = ownership_section(scope)
    facts = list(section["facts"].values())
    assert facts == [3, 1, 1, 1]
    text = told(section["tables"][1])
    assert all(code in text for code in ("MES", "FILLER", "PACKER"))


def test_matrices_holders_and_promises_of_other_places_stay_out(plant, mes, scope):
    elsewhere = LocationFactory(code="ELSEWHERE", name="Elsewhere")
    plant.role("hidden", PersonFactory(name="Hidden person"), location=elsewhere)
    plant.rule("A", plant.role("owner"))
    ServiceLevelFactory(item=None, location=elsewhere, restore_minutes=77)
    ServiceLevelFactory(item=mes, restore_minutes=55)
    plant.publish()
    assert "Hidden" not in told(ownership_section(scope))
    rows = service_level_section(scope)["tables"][0]["rows"]
    assert [(row[0], row[3]) for row in rows] == [("MES Execution", 55)]


def test_the_timeline_answers_as_the_resolver_does_at_each_moment(plant, mes, now):
    first = PersonFactory(name="First")
    plant.rule("A", plant.role("owner", first))
    published = plant.publish()
    later = now + timedelta(days=10)
    revision = draft_next_revision(actor=plant.actor, matrix=published, now=later)
    publish_matrix(actor=plant.actor, matrix=revision, now=later)
    timeline = load_timeline()
    (subject,) = subjects_of([mes])
    for moment in (now - timedelta(days=1), now, later, later + timedelta(days=5)):
        expected = resolve(mes, activity_code="change", at=moment)
        assert timeline.at(moment).resolve(subject, "change") == expected


def test_more_items_cost_no_more_queries_and_the_bytes_are_the_same(
    plant, scope, django_assert_max_num_queries
):
    plant.rule("A", plant.role("owner"))
    plant.publish()
    with django_assert_max_num_queries(13) as first:
        bytes_before = told(ownership_section(scope))
    assert told(ownership_section(scope)) == bytes_before
    for _ in range(5):
        AssetFactory(location=plant.line)
        SystemFactory(location=plant.line)
    with django_assert_max_num_queries(len(first)):
        ownership_section(scope)
