"""Rights over the whole site: an administrator gives and takes them on the form of a login, and the ledger says so."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services.users import rights_of, save_user
from common.registries import site_rights
from evidence.models import LedgerEntry
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
RIGHTS = {
    "sees_everything": "assets.view_all_items",
    "manages_people": "accounts.manage_people",
    "manages_operating_model": "raci.manage_operating_model",
    "manages_boards": "governance.manage_boards",
    "manages_reference_data": "assets.change_itemclass",
    "reads_ledger": "evidence.read_ledger",
    "exports_evidence": "evidence.export_evidence",
    "edits_identification_rules": "discovery.edit_identification_rules",
}


@pytest.fixture
def browser(administrator: User, client: Client) -> Client:
    """The administrator's browser."""
    client.force_login(administrator)
    return client


@pytest.fixture
def pieter() -> User:
    """A login without any right."""
    return UserFactory(username="pieter", person=None)


def send(browser: Client, user: User, *rights: str, **changes: object):
    """Save the form of a login with these rights ticked."""
    form = {"username": user.username, "audience": user.audience, "is_active": "on"}
    ticked = dict.fromkeys(rights, "on")
    return browser.post(reverse("accounts:user-edit", args=[user.pk]), form | ticked | changes)


def held_by(user: User) -> set[str]:
    """Return the permissions a login really has."""
    fresh = User.objects.get(pk=user.pk)
    return {permission for permission in RIGHTS.values() if fresh.has_perm(permission)}


def test_these_are_the_rights_over_the_site():
    assert {right.name: right.permission for right in site_rights} == RIGHTS


@pytest.mark.parametrize("right", RIGHTS)
def test_an_administrator_gives_and_takes_a_right(right: str, browser: Client, pieter: User):
    given = send(browser, pieter, right)
    assert given.status_code == 302
    assert held_by(pieter) == {RIGHTS[right]}

    send(browser, pieter)
    assert held_by(pieter) == set()


def test_each_right_given_or_taken_is_one_entry_of_the_ledger(browser: Client, pieter: User):
    send(browser, pieter, "reads_ledger")
    send(browser, pieter, "manages_boards")

    of_pieter = LedgerEntry.objects.filter(object_type="accounts.user", object_id=pieter.pk)
    given, swapped = of_pieter.order_by("sequence")
    assert given.after == {"reads_ledger": True}
    assert given.before == {"reads_ledger": False}
    assert swapped.after == {"manages_boards": True, "reads_ledger": False}
    assert swapped.actor_label == "administrator"


def test_saving_without_a_change_writes_nothing(browser: Client, pieter: User):
    send(browser, pieter, "reads_ledger")
    written = LedgerEntry.objects.count()

    send(browser, pieter, "reads_ledger")

    assert LedgerEntry.objects.count() == written
    assert held_by(pieter) == {"evidence.read_ledger"}


def test_the_form_says_what_each_right_opens(browser: Client, pieter: User):
    page = browser.get(reverse("accounts:user-edit", args=[pieter.pk])).content.decode()

    for right in site_rights:
        assert str(right.title) in page
        assert str(right.opens) in page
    assert "disabled" not in page


def test_an_administrators_rights_are_explained_and_cannot_be_ticked(
    browser: Client, administrator: User
):
    address = reverse("accounts:user-edit", args=[administrator.pk])
    page = browser.get(address).content.decode()
    assert page.count("disabled") == len(RIGHTS)
    assert "An administrator has all of them" in page

    other = UserFactory(username="tomasz", person=None, is_superuser=True)
    send(browser, other, "reads_ledger", is_superuser="on")
    assert not any(rights_of(other).values())


def test_who_stops_being_administrator_keeps_only_what_was_given(browser: Client, pieter: User):
    send(browser, pieter, "reads_ledger")
    send(browser, pieter, "reads_ledger", is_superuser="on")

    send(browser, pieter)  # an administrator's form sends no rights

    assert held_by(pieter) == {"evidence.read_ledger"}


def test_nobody_else_gives_rights(client: Client, pieter: User):
    pieter.user_permissions.set([])
    client.force_login(pieter)

    refused = send(client, pieter, *RIGHTS)

    assert refused.status_code == 403
    assert held_by(pieter) == set()


def test_a_right_that_is_not_named_stays(administrator: User, pieter: User, now):
    actor = administrator.as_actor(channel="cli")
    names = ("username", "first_name", "last_name", "email", "person", "audience")
    values = {name: getattr(pieter, name) for name in names}
    values |= {"is_active": True, "is_superuser": False}
    save_user(actor=actor, user=pieter, values=values | {"manages_people": True}, now=now)

    save_user(actor=actor, user=pieter, values=values | {"manages_boards": True}, now=now)

    assert held_by(pieter) == {"accounts.manage_people", "governance.manage_boards"}


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("raci:role-create", "Manages the operating model"),
        ("governance:boardpolicy-create", "Manages review boards"),
        ("assets:tag-create", "Manages classes, products and tags"),
        ("accounts:person-create", "Manages people and teams"),
    ],
)
def test_a_refusal_names_the_right_as_the_form_does(
    address: str, title: str, client: Client, pieter: User
):
    client.force_login(pieter)

    refused = client.get(reverse(address))

    assert refused.status_code == 403
    page = refused.content.decode()
    assert title in page
    assert "administrator can grant it" in page
