"""The home page of each audience shows real facts and nothing of other people's parts of the plant."""

import pytest
from django.test import Client
from django.urls import reverse
from guardian.shortcuts import assign_perm

from accounts.choices import Audience
from accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.assets import AssetFactory, LocationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("audience", Audience.values)
def test_the_home_page_of_every_audience_opens_on_an_empty_site(audience: str, client: Client):
    client.force_login(UserFactory(audience=audience))

    page = client.get(reverse("home"))

    assert page.status_code == 200
    assert f"portal/home_{audience}.html" in {template.name for template in page.templates}


@pytest.mark.parametrize("audience", Audience.values)
def test_no_home_page_names_what_its_reader_may_not_see(audience: str, client: Client):
    seen, hidden = LocationFactory(name="Northfield"), LocationFactory(name="Elsewhere")
    AssetFactory(name="Secret pump", location=hidden)
    reader = UserFactory(audience=audience)
    assign_perm("assets.view_items", reader, seen)
    client.force_login(reader)

    page = client.get(reverse("home")).content.decode()

    assert "Secret pump" not in page
    assert "Elsewhere" not in page


def test_the_checklist_says_what_is_missing(administrator: User, client: Client):
    administrator.audience = Audience.ADMINISTRATOR
    administrator.save()
    LocationFactory()
    client.force_login(administrator)

    steps = {str(step.title): step for step in client.get(reverse("home")).context["steps"]}

    assert steps["Locations"].is_done
    assert not steps["Assets and systems"].is_done


def test_the_palette_gets_hits_only(administrator: User, client: Client):
    AssetFactory(name="Filler PLC")
    client.force_login(administrator)
    fragment = {"HX-Request": "true", "HX-Target": "palette-hits"}

    answer = client.get(reverse("portal:search"), {"q": "filler"}, headers=fragment)

    assert b"Filler PLC" in answer.content
    assert b"<html" not in answer.content


def test_the_gallery_is_for_builders_only(administrator: User, client: Client, settings):
    client.force_login(administrator)
    settings.DEBUG = False

    assert client.get(reverse("portal:gallery")).status_code == 404

    settings.DEBUG = True
    assert client.get(reverse("portal:gallery")).status_code == 200


def test_choosing_a_site_one_may_not_see_is_not_found(client: Client):
    client.force_login(UserFactory())

    answer = client.post(reverse("portal:sites"), {"site": LocationFactory().pk, "next": "/"})

    assert answer.status_code == 404


def test_the_way_back_from_the_site_switcher_stays_on_this_site(
    administrator: User, client: Client
):
    client.force_login(administrator)

    answer = client.post(reverse("portal:sites"), {"site": "", "next": "https://evil.example/"})

    assert answer["Location"] == "/"
