"""The frame around every page."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.assets import AssetFactory

pytestmark = pytest.mark.django_db

PAGES = (
    "home",
    "portal:inbox",
    "portal:search",
    "accounts:person-list",
    "accounts:team-list",
    "accounts:organisation-list",
    "accounts:person-create",
    "accounts:profile",
    "accounts:user-list",
    "accounts:user-create",
)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_for_an_administrator(name: str, administrator: User, client: Client):
    client.force_login(administrator)

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert b'<main id="main"' in response.content


@pytest.mark.parametrize("name", PAGES)
def test_every_page_sends_a_stranger_to_the_log_in(name: str, client: Client):
    response = client.get(reverse(name))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


def test_a_logged_out_fragment_request_leaves_the_page_as_a_whole(client: Client):
    response = client.get(reverse("portal:inbox-count"), headers={"HX-Request": "true"})

    assert response.status_code == 204
    assert response["HX-Redirect"].startswith(reverse("login"))


def test_a_person_without_rights_sees_no_administration(client: Client, db: None):
    client.force_login(UserFactory())

    assert b"place-administration" not in client.get(reverse("home")).content
    assert client.get(reverse("accounts:user-list")).status_code == 403


def test_a_list_filters_sorts_and_pages_on_one_url(administrator: User, client: Client):
    for number in range(60):
        PersonFactory(name=f"Ada {number:02}")
    PersonFactory(name="Grace")
    client.force_login(administrator)
    fragment = {"HX-Request": "true", "HX-Target": "list-body"}

    page = client.get(reverse("accounts:person-list"), {"q": "ada", "page": "2"}, headers=fragment)

    assert b"<html" not in page.content
    assert page.context["row_count"] == 10
    assert page.context["total"].value == 60
    assert b"Grace" not in page.content


def test_a_list_says_what_is_wrong_with_its_address(administrator: User, client: Client):
    client.force_login(administrator)

    page = client.get(reverse("accounts:person-list"), {"is_active": "perhaps"})

    assert "perhaps" in page.content.decode()
    assert page.context["row_count"] == 0


def test_a_list_takes_the_same_queries_for_two_rows_and_fifty(
    administrator: User, client: Client, django_assert_max_num_queries
):
    PersonFactory.create_batch(50)
    client.force_login(administrator)

    with django_assert_max_num_queries(5):
        client.get(reverse("accounts:person-list"))


@pytest.mark.parametrize(
    "tab", ["assets:item-detail", "raci:item-ownership", "governance:item-impact"]
)
def test_the_sidebar_says_plant_on_every_tab_of_an_item(
    tab: str, administrator: User, client: Client
):
    client.force_login(administrator)
    item = AssetFactory()

    page = client.get(reverse(tab, args=[item.pk])).content.decode()

    assert 'class="place place-plant is-current"' in page
    assert page.count("is-current") == page.count('place-plant is-current"')
