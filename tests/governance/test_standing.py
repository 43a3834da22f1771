"""How changes stand as a whole: counted by state, and at whom decisions stick."""

from datetime import timedelta

import pytest

from governance.choices import ChangeState
from governance.queries.standing import awaited_voters, counted_by_state
from tests.factories.accounts import UserFactory
from tests.factories.governance import MONDAY

pytestmark = pytest.mark.django_db


def test_changes_are_counted_by_state_in_the_order_of_their_life(plant):
    plant.drafted()
    plant.submitted()

    counts = counted_by_state(plant.user("rita"), since=MONDAY - timedelta(days=1))

    assert [(one.state, one.count) for one in counts] == [
        (ChangeState.DRAFT, 1),
        (ChangeState.SUBMITTED, 1),
    ]
    assert counts[0].percent == 100


def test_older_changes_are_not_counted(plant):
    plant.drafted()

    assert counted_by_state(plant.user("rita"), since=MONDAY + timedelta(days=1)) == []


def test_whoever_has_not_voted_is_awaited_until_they_vote(plant):
    change = plant.submitted()
    before = {one.name for one in awaited_voters(plant.user("rita"), at=MONDAY)}
    plant.votes(change, "marta")

    after = {one.name for one in awaited_voters(plant.user("rita"), at=MONDAY)}

    assert before - after == {plant.person("marta").name}
    assert after


def test_a_vote_past_its_time_is_called_overdue(plant):
    plant.submitted()

    (first, *_rest) = awaited_voters(plant.user("rita"), at=MONDAY + timedelta(days=30))

    assert first.overdue == first.changes == 1


def test_who_may_not_see_the_change_is_told_nothing(plant):
    plant.submitted()
    stranger = UserFactory()

    assert awaited_voters(stranger, at=MONDAY) == []
    assert counted_by_state(stranger, since=MONDAY - timedelta(days=1)) == []
