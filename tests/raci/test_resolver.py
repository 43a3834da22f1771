"""Who answers: inheritance, override, block, ties, holders, deputies, escalation, any date."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assets.choices import Criticality, PurdueLevel
from assets.models import Tag
from raci.choices import FindingKind
from raci.queries import UnknownActivityError, resolve, resolve_activities, resolve_location
from raci.services import draft_next_revision, publish_matrix
from tests.factories.accounts import MembershipFactory, PersonFactory, TeamFactory
from tests.factories.assets import ItemClassFactory, SystemFactory, ZoneFactory
from tests.factories.raci import AbsenceFactory, MatrixFactory, RoleFactory, RoleHolderFactory


def who(plant, item=None, activity="change", at=None):
    return resolve(item or plant.filler, activity_code=activity, at=at or plant.now)


def test_inherits_the_accountable_party_from_the_enterprise(plant):
    mina = PersonFactory(name="Mina Okafor")
    plant.rule("A", plant.role("head-of-ot", mina))
    plant.publish()

    answer = who(plant).accountable

    assert answer.assigned.code == "head-of-ot"
    assert answer.acting.name == "Mina Okafor"
    assert "Inherited from the whole enterprise." in answer.steps


def test_the_deeper_location_wins(plant):
    plant.rule("A", plant.role("site-lead"), location=plant.site)
    plant.rule("A", plant.role("line-lead"), location=plant.line)
    plant.publish()

    assert who(plant).accountable.assigned.code == "line-lead"
    assert who(plant, plant.packer).accountable.assigned.code == "site-lead"


def test_an_item_named_itself_wins_over_a_deeper_activity(plant):
    plant.rule("A", plant.role("owner"), item=plant.filler)
    plant.rule("A", plant.role("firmware-lead"), activity=plant.firmware, location=plant.line)
    plant.publish()

    answer = who(plant, activity="change-firmware").accountable

    assert answer.assigned.code == "owner"
    assert answer.trace.is_direct
    assert answer.trace.is_activity_inherited


def test_a_deeper_activity_wins_over_a_deeper_location(plant):
    plant.rule("A", plant.role("line-lead"), location=plant.line)
    plant.rule("A", plant.role("firmware-lead"), activity=plant.firmware)
    plant.publish()

    assert who(plant, activity="change-firmware").accountable.assigned.code == "firmware-lead"
    assert who(plant).accountable.assigned.code == "line-lead"


def test_an_asset_inherits_from_its_system(plant):
    scada = SystemFactory(location=plant.site)
    plant.filler.system = scada
    plant.filler.save()
    plant.rule("A", plant.role("line-lead"), location=plant.line)
    plant.rule("A", plant.role("scada-owner"), item=scada)
    plant.publish()

    answer = who(plant).accountable

    assert answer.assigned.code == "scada-owner"
    assert not answer.trace.is_direct


@pytest.mark.parametrize("predicate", ["class", "purdue", "criticality", "tag"])
def test_a_selector_narrows_a_scope_and_counts_as_more_specific(plant, predicate):
    tag = Tag.objects.create(slug="gmp", name="GMP", created_at=plant.now, updated_at=plant.now)
    plant.filler.zone = ZoneFactory(site=plant.site, purdue_level=PurdueLevel.L2)
    plant.filler.criticality_override = Criticality.CRITICAL
    plant.filler.save()
    plant.filler.tags.add(tag)
    plc = plant.filler.item_class
    plant.packer.item_class = ItemClassFactory(slug="hmi")
    plant.packer.save()
    value = {"class": plc, "purdue": "2", "criticality": 4, "tag": tag}[predicate]
    plant.rule("A", plant.role("anybody"), location=plant.site)
    plant.rule("A", plant.role("chosen"), location=plant.site, **{f"selector_{predicate}": value})
    plant.publish()

    assert who(plant).accountable.assigned.code == "chosen"
    assert who(plant, plant.packer).accountable.assigned.code == "anybody"


def test_a_tie_is_a_finding_and_nobody_is_picked(plant):
    one, other = plant.role("it-owner"), plant.role("ot-owner")
    plant.rule("A", one, location=plant.line, selector_criticality=3)
    plant.rule("A", other, location=plant.line, selector_class=plant.filler.item_class)
    plant.publish()
    plant.filler.criticality_override = 3
    plant.filler.save()

    found = who(plant)

    assert found.accountable is None
    assert {answer.assigned.code for answer in found.contenders} == {"it-owner", "ot-owner"}
    assert FindingKind.TIE in {finding.kind for finding in found.findings}
    assert not found.is_unowned


def test_two_matrices_that_disagree_are_a_tie(plant):
    plant.rule("A", plant.role("it-owner"), location=plant.line)
    plant.publish()
    plant.matrix = MatrixFactory(code="it-services")
    plant.rule("A", plant.role("ot-owner"), location=plant.line)
    plant.publish()

    assert who(plant).is_tied


def test_two_holders_of_the_accountable_role_are_a_tie(plant):
    role = plant.role("line-lead")
    RoleHolderFactory(role=role)
    plant.rule("A", role)
    plant.publish()

    assert who(plant).is_tied


def test_a_block_removes_what_is_inherited_and_leaves_the_next(plant):
    lead, expert = plant.role("site-lead"), plant.role("expert")
    plant.rule("A", plant.role("head-of-ot"))
    plant.rule("A", lead, location=plant.site)
    plant.rule("A", lead, location=plant.line, effect="block")
    plant.rule("I", expert, location=plant.site)
    plant.rule("I", expert, item=plant.filler, effect="block")
    plant.publish()

    assert who(plant).accountable.assigned.code == "head-of-ot"
    assert who(plant).informed == ()
    assert [a.assigned.code for a in who(plant, plant.packer).informed] == ["expert"]


def test_responsible_is_the_union_down_to_the_first_override(plant):
    plant.rule("R", plant.role("it-service"))
    plant.rule("R", plant.role("maintenance"), location=plant.site, effect="override")
    plant.rule("R", plant.role("shift-tech"), location=plant.line)
    plant.publish()

    found = [answer.assigned.code for answer in who(plant).responsible]

    assert found == ["shift-tech", "maintenance"]


def test_an_item_nobody_answers_for_is_unowned(plant):
    plant.rule("A", plant.role("line-lead"), location=plant.other_line)
    plant.publish()

    found = who(plant)

    assert found.is_unowned
    assert {f.kind for f in found.findings} == {FindingKind.UNOWNED, FindingKind.NO_RESPONSIBLE}


def test_a_draft_answers_nothing(plant):
    plant.rule("A", plant.role("line-lead"))

    assert who(plant).is_unowned


def test_the_nearest_holder_of_the_role_answers(plant):
    role = RoleFactory(code="maintenance-lead")
    RoleHolderFactory(role=role, location=None, person=PersonFactory(name="Everywhere"))
    RoleHolderFactory(role=role, location=plant.site, person=PersonFactory(name="Site"))
    RoleHolderFactory(role=role, location=plant.line, person=PersonFactory(name="Line"))
    plant.rule("A", role)
    plant.publish()

    assert who(plant).accountable.acting.name == "Line"
    assert who(plant, plant.packer).accountable.acting.name == "Site"


def test_the_deputy_acts_while_the_holder_is_away_and_the_trace_says_why(plant):
    mina, tomas = PersonFactory(name="Mina"), PersonFactory(name="Tomas")
    AbsenceFactory(
        person=mina,
        deputy=tomas,
        starts_at=plant.now - timedelta(days=1),
        ends_at=plant.now + timedelta(days=3),
        reason="surgery",
    )
    plant.rule("A", plant.role("line-lead", mina))
    plant.publish()

    answer = who(plant).accountable

    assert (answer.holder.name, answer.acting.name) == ("Mina", "Tomas")
    assert "Tomas acts as deputy until 2026-11-19: Mina → Tomas." in answer.steps
    assert "surgery" not in " ".join(answer.steps)
    assert who(plant, at=plant.now - timedelta(days=2)).accountable.acting.name == "Mina"


def test_an_absent_deputy_passes_on_once_and_no_further(plant):
    people = [PersonFactory(name=name) for name in ("one", "two", "three", "four")]
    started = plant.now - timedelta(days=1)
    AbsenceFactory(person=people[0], deputy=people[1], starts_at=started)
    AbsenceFactory(person=people[1], deputy=people[2], starts_at=started)
    plant.rule("A", plant.role("line-lead", people[0]))
    plant.publish()
    assert who(plant).accountable.acting.name == "three"

    AbsenceFactory(person=people[2], deputy=people[3], starts_at=started)

    assert who(plant).accountable.acting is None
    assert FindingKind.ABSENT in {finding.kind for finding in who(plant).findings}


def test_a_vacant_role_escalates_to_the_matrix_default_and_stays_a_finding(plant):
    manager = PersonFactory(name="Plant manager")
    plant.matrix.escalation_role = plant.role("plant-manager", manager)
    plant.matrix.save()
    plant.rule("A", RoleFactory(code="line-lead"))
    plant.publish()

    found = who(plant)

    assert found.accountable.holder is None
    assert found.accountable.acting.name == "Plant manager"
    assert found.accountable.trace.by == "escalation"
    assert FindingKind.VACANT in {finding.kind for finding in found.findings}


def test_a_holder_who_left_does_not_act(plant):
    plant.rule("A", plant.role("line-lead", PersonFactory(is_active=False)))
    plant.publish()

    found = who(plant)

    assert found.accountable.acting is None
    assert FindingKind.INACTIVE in {finding.kind for finding in found.findings}


def test_an_empty_team_gives_way_to_the_team_above(plant):
    parent = TeamFactory(code="OT")
    team = TeamFactory(code="OT-NIGHT", parent=parent)
    MembershipFactory(team=parent)
    MembershipFactory(team=team, person=PersonFactory(is_active=False))
    role = RoleFactory(code="night-shift")
    RoleHolderFactory(role=role, person=None, team=team)
    plant.rule("A", role)
    plant.publish()

    answer = who(plant).accountable

    assert (answer.holder.code, answer.acting.code) == ("OT-NIGHT", "OT")


def test_answers_as_of_a_date_by_the_revision_and_the_validity_of_that_date(plant):
    plant.rule("A", plant.role("old-lead"), valid_until=date(2025, 12, 31))
    plant.rule("A", plant.role("new-lead"), valid_from=date(2026, 1, 1))
    first = plant.publish()
    plant.matrix = draft_next_revision(actor=plant.actor, matrix=first, now=plant.now)
    later = plant.now + timedelta(days=10)
    plant.rule("A", plant.role("third-lead"), location=plant.site)
    publish_matrix(actor=plant.actor, matrix=plant.matrix, now=later)

    def lead(at):
        answer = who(plant, at=at).accountable
        return answer.assigned.code if answer else None

    assert lead(datetime(2025, 6, 1, tzinfo=UTC)) == "old-lead"
    assert lead(plant.now) == "new-lead"
    assert lead(later) == "third-lead"
    assert lead(datetime(2020, 1, 1, tzinfo=UTC)) is None


def test_the_last_day_of_validity_counts(plant):
    plant.rule("A", plant.role("lead"), valid_until=date(2026, 11, 16))
    plant.publish()

    assert who(plant).accountable
    assert who(plant, at=plant.now + timedelta(days=1)).is_unowned


def test_an_unknown_activity_is_refused_by_name(plant):
    with pytest.raises(
        UnknownActivityError, match=r"no activity 'chnage'.*change, change-firmware"
    ):
        who(plant, activity="chnage")


def test_every_activity_of_an_item_and_of_a_location_is_answered(plant):
    plant.rule("A", plant.role("line-lead"), location=plant.line)
    plant.rule(
        "A", plant.role("plc-lead"), location=plant.line, selector_class=plant.filler.item_class
    )
    plant.publish()

    item = resolve_activities(plant.filler, at=plant.now)
    place = resolve_location(plant.line, at=plant.now)

    assert [one.activity_code for one in item] == ["change", "change-firmware"]
    assert item[0].accountable.assigned.code == "plc-lead"
    assert place[0].accountable.assigned.code == "line-lead"
