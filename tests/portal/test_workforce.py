"""The training lead's home: what needs attention stands first, and no link leads to a refusal."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts.choices import Audience
from accounts.models import User
from portal.queries.workforce import workforce_of
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.raci import AbsenceFactory, RoleFactory

pytestmark = pytest.mark.django_db


def test_absences_without_a_deputy_come_first_then_by_name(administrator: User):
    now = timezone.now()
    deputy = PersonFactory(name="Deputy")
    for name, stand_in in (("Cleo", deputy), ("Dora", None), ("Anna", deputy), ("Bert", None)):
        AbsenceFactory(
            person=PersonFactory(name=name), deputy=stand_in, starts_at=now - timedelta(days=1)
        )

    away = workforce_of(administrator, at=now).away

    assert [absence.person.name for absence in away] == ["Bert", "Dora", "Anna", "Cleo"]


@pytest.fixture
def lead(client: Client) -> User:
    """A training lead without further rights, logged in."""
    lead = UserFactory(audience=Audience.TRAINING)
    client.force_login(lead)
    return lead


def test_a_vacant_role_is_a_link_only_for_who_may_open_it(lead: User, client: Client):
    role = RoleFactory(name="Energy manager")
    address = reverse("raci:role-edit", args=[role.pk])

    without = client.get(reverse("home")).content.decode()
    assert "Energy manager" in without
    assert address not in without
    assert client.get(address).status_code == 403

    assign_perm("raci.manage_operating_model", lead)
    allowed = client.get(reverse("home")).content.decode()
    assert address in allowed
    assert client.get(address).status_code == 200


def test_no_link_of_the_training_home_is_refused(lead: User, client: Client):
    RoleFactory(name="Energy manager")
    page = client.get(reverse("home")).content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    addresses = {part.split('"')[0] for part in main.split('href="')[1:]}
    refused = {
        address
        for address in addresses
        if address.startswith("/") and client.get(address).status_code == 403
    }

    assert refused == set()
