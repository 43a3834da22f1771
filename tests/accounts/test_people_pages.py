"""Pages of people, teams, logins, tokens and saved filters."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, Membership, Person, SavedFilter, User
from tests.factories.accounts import MembershipFactory, PersonFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(administrator: User, client: Client) -> Client:
    """The administrator's browser."""
    client.force_login(administrator)
    return client


def login_form(**changes: object) -> dict[str, object]:
    """Return what the form of a login sends."""
    return {"username": "rosa", "audience": "engineer", "is_active": "on"} | changes


def test_people_are_edited_by_those_who_may(browser: Client):
    person = PersonFactory(name="Rosa Delgado")
    form = {"name": "Rosa Diaz", "employee_number": person.employee_number, "version": 1}
    address = reverse("accounts:person-edit", args=[person.pk])

    changed = browser.post(address, form)
    browser.force_login(UserFactory())
    refused = browser.post(address, form | {"name": "Nobody"})

    assert changed.status_code == 302
    assert refused.status_code == 403
    assert Person.objects.get(pk=person.pk).name == "Rosa Diaz"


def test_a_person_joins_and_leaves_a_team(browser: Client):
    team, person = TeamFactory(), PersonFactory(name="Kenji Mori")

    browser.post(reverse("accounts:member-add", args=[team.pk]), {"person": person.pk})
    page = browser.get(reverse("accounts:team-detail", args=[team.pk])).content.decode()
    browser.post(reverse("accounts:member-remove", args=[Membership.objects.get().pk]))

    assert "Kenji Mori" in page
    assert not Membership.objects.exists()


def test_a_person_who_is_still_in_use_cannot_be_deleted(browser: Client):
    person = UserFactory().person

    answer = browser.post(reverse("accounts:person-delete", args=[person.pk]))

    assert answer.status_code == 400
    assert b"still used by" in answer.content
    assert Person.objects.filter(pk=person.pk).exists()


def test_a_token_is_shown_once(browser: Client):
    made = browser.post(reverse("accounts:profile"), {"name": "export", "is_read_only": "on"})
    later = browser.get(reverse("accounts:profile")).content.decode()

    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert made["Cache-Control"] == "no-store"
    assert secret not in later


def test_a_revoked_token_stays_listed(browser: Client):
    browser.post(reverse("accounts:profile"), {"name": "export"})

    browser.post(reverse("accounts:token-revoke", args=[ApiToken.objects.get().pk]))

    assert ApiToken.objects.get().revoked_at is not None
    assert b"revoked" in browser.get(reverse("accounts:profile")).content


def test_a_login_is_made_with_a_good_password_only(browser: Client):
    weak = browser.post(reverse("accounts:user-create"), login_form(password="12345678"))
    good = browser.post(
        reverse("accounts:user-create"), login_form(password="a long enough phrase")
    )

    assert weak.status_code == 422
    assert good.status_code == 302
    assert User.objects.get(username="rosa").check_password("a long enough phrase")


def test_the_last_administrator_cannot_be_taken_away(browser: Client, administrator: User):
    answer = browser.post(
        reverse("accounts:user-edit", args=[administrator.pk]),
        login_form(username=administrator.username),
    )

    assert answer.status_code == 400
    assert User.objects.get(pk=administrator.pk).is_superuser


def test_a_filter_is_kept_found_again_and_deleted_by_its_owner(browser: Client):
    menu = reverse("accounts:saved-filters")
    listed = {"list": "accounts:person-list"}

    kept = browser.post(menu, listed | {"name": "Left", "query": "is_active=false"})
    again = browser.get(menu, listed).content.decode()
    browser.post(reverse("accounts:saved-filter-delete", args=[SavedFilter.objects.get().pk]))

    assert kept["Location"] == "/people/?is_active=false"
    assert "Left" in again
    assert not SavedFilter.objects.exists()


def test_a_private_filter_is_not_shown_to_others(browser: Client):
    menu, listed = reverse("accounts:saved-filters"), {"list": "accounts:person-list"}
    browser.post(menu, listed | {"name": "Mine", "query": "q=x"})
    browser.force_login(UserFactory())

    assert "Mine" not in browser.get(menu, listed).content.decode()


def test_logging_in_and_out(client: Client):
    UserFactory(username="rosa")
    form = {"username": "rosa", "password": "correct horse battery"}

    wrong = client.post(reverse("login"), form | {"password": "wrong"})
    right = client.post(reverse("login"), form)
    out = client.post(reverse("logout"))

    assert b"alert" in wrong.content
    assert right["Location"] == reverse("home")
    assert out["Location"] == reverse("login")


def test_a_person_page_lists_the_teams(browser: Client):
    member = MembershipFactory(team__name="Night shift")

    page = browser.get(reverse("accounts:person-detail", args=[member.person_id]))

    assert b"Night shift" in page.content
