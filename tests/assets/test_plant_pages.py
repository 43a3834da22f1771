"""The plant's pages: what opens, what is written, what stays hidden."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from guardian.shortcuts import assign_perm

from accounts.models import User
from assets.models import Asset, ConfigurationItem, Location, Relation
from tests.factories.accounts import UserFactory
from tests.factories.assets import (
    AssetFactory,
    ConduitFactory,
    ItemClassFactory,
    LocationFactory,
    RelationFactory,
    SystemFactory,
    ZoneFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Location:
    """A site somebody has rights on."""
    return LocationFactory(code="NF", name="Northfield")


@pytest.fixture
def engineer(site: Location) -> User:
    """Sees and edits one site."""
    user = UserFactory(username="engineer")
    for right in ("view_items", "edit_items"):
        assign_perm(f"assets.{right}", user, site)
    return user


@pytest.fixture
def browser(engineer: User, client: Client) -> Client:
    """The engineer's browser."""
    client.force_login(engineer)
    return client


def typed(asset: ConfigurationItem, **changes: object) -> dict[str, object]:
    """Return what the item form sends when nothing but the changes was touched."""
    form = {
        "name": asset.name,
        "code": asset.code,
        "item_class": asset.item_class_id,
        "status": asset.status,
        "location": asset.location_id or "",
        "attributes": "{}",
        "version": asset.version,
    }
    return form | changes


LISTS = (
    "assets:asset-list",
    "assets:system-list",
    "assets:location-tree",
    "assets:zone-list",
    "assets:relation-list",
    "assets:product-list",
    "assets:itemclass-list",
    "assets:tag-list",
)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_empty_with_a_first_step(name: str, administrator: User, client: Client):
    client.force_login(administrator)

    page = client.get(reverse(name))

    assert page.status_code == 200
    assert b"empty-state" in page.content


@pytest.mark.parametrize(
    "tab", ["item-detail", "item-relations", "item-history", "item-edit", "item-delete"]
)
def test_every_page_of_an_item_opens(tab: str, browser: Client, site: Location):
    item = AssetFactory(location=site, zone=ZoneFactory(site=site))
    RelationFactory(source=item, target=AssetFactory(location=site))

    assert browser.get(reverse(f"assets:{tab}", args=[item.pk])).status_code == 200


def test_a_non_member_finds_nothing_of_a_site(browser: Client, site: Location):
    hidden = AssetFactory(name="Secret pump", location=LocationFactory(name="Elsewhere"))
    AssetFactory(name="Known pump", location=site)

    listed = browser.get(reverse("assets:asset-list")).content.decode()
    found = browser.get(reverse("portal:search"), {"q": "secret"}).content.decode()
    offered = browser.get(reverse("assets:lookup-items"), {"q": "secret"}).json()
    tree = browser.get(reverse("assets:location-tree")).content.decode()

    assert "Known pump" in listed
    assert "Secret pump" not in listed + found + tree
    assert offered == {"results": []}
    assert "Elsewhere" not in tree
    for tab in ("item-detail", "item-relations", "item-history", "item-edit", "item-delete"):
        assert browser.get(reverse(f"assets:{tab}", args=[hidden.pk])).status_code == 404


def test_a_relation_to_a_hidden_item_is_counted_not_named(browser: Client, site: Location):
    mine = AssetFactory(location=site)
    RelationFactory(source=mine, target=AssetFactory(name="Secret pump"))

    page = browser.get(reverse("assets:item-relations", args=[mine.pk]))

    assert page.context["relations"].hidden == 1
    assert b"Secret pump" not in page.content


def test_adding_an_asset_gives_it_a_code_and_provenance(browser: Client, site: Location):
    chosen = ItemClassFactory()

    answer = browser.post(
        reverse("assets:asset-create"),
        {
            "name": "Filler PLC",
            "item_class": chosen.pk,
            "status": "active",
            "location": site.pk,
            "attributes": "{}",
        },
    )

    added = Asset.objects.get(name="Filler PLC")
    assert answer.status_code == 302
    assert added.code == "A-000001"
    assert added.provenance["name"]["source"] == "manual"


def test_adding_where_one_has_no_right_is_refused(browser: Client, site: Location):
    elsewhere = LocationFactory()

    answer = browser.post(
        reverse("assets:asset-create"),
        {
            "name": "Filler PLC",
            "item_class": ItemClassFactory().pk,
            "status": "active",
            "location": elsewhere.pk,
            "attributes": "{}",
        },
    )

    assert answer.status_code == 422
    assert not Asset.objects.exists()


def test_editing_changes_the_item_and_its_history(browser: Client, site: Location):
    item = AssetFactory(name="Old name", location=site)

    answer = browser.post(
        reverse("assets:item-edit", args=[item.pk]),
        typed(item, name="New name", comment="label on the door"),
    )
    history = browser.get(reverse("assets:item-history", args=[item.pk])).content.decode()

    assert answer.status_code == 302
    assert "Old name" in history
    assert "New name" in history
    assert "label on the door" in history


def test_a_stale_form_is_refused_and_keeps_what_was_typed(browser: Client, site: Location):
    item = AssetFactory(location=site, version=4)

    answer = browser.post(
        reverse("assets:item-edit", args=[item.pk]), typed(item, name="Mine", version=3)
    )

    assert answer.status_code == 412
    assert b"Mine" in answer.content


def test_attributes_must_satisfy_the_schema_of_the_class(browser: Client, site: Location):
    schema = {"properties": {"ports": {"type": "integer"}}}
    item = AssetFactory(
        location=site, item_class=ItemClassFactory(slug="switch", attribute_schema=schema)
    )

    answer = browser.post(
        reverse("assets:item-edit", args=[item.pk]), typed(item, attributes='{"ports": "many"}')
    )

    assert answer.status_code == 400
    assert b"is not of type" in answer.content


def test_cloning_starts_from_the_other_item(browser: Client, site: Location):
    item = AssetFactory(name="Line 1 PLC", location=site, function="Machine control")

    page = browser.get(reverse("assets:asset-create"), {"clone": item.pk}).content.decode()

    assert "Line 1 PLC (2)" in page
    assert "Machine control" in page


def test_bulk_edit_sets_one_value_on_all_ticked_items(browser: Client, site: Location):
    items = AssetFactory.create_batch(3, location=site)

    answer = browser.post(
        reverse("assets:item-bulk-edit"),
        {"pk": [item.pk for item in items], "status": "maintenance"},
    )

    assert answer.status_code == 302
    assert Asset.objects.filter(status="maintenance").count() == 3


def test_bulk_edit_of_all_matching_keeps_to_the_filter(browser: Client, site: Location):
    AssetFactory.create_batch(2, location=site, name="Pump")
    AssetFactory(location=site, name="Valve")

    browser.post(
        reverse("assets:item-bulk-edit"),
        {"all": "1", "filters": "kind=asset&name=Pump", "firmware_version": "V2"},
    )

    assert Asset.objects.filter(firmware_version="V2").count() == 2


def test_a_relation_is_added_to_an_item_that_is_not_known_yet(browser: Client, site: Location):
    item = AssetFactory(location=site)

    browser.post(
        reverse("assets:item-relate", args=[item.pk]),
        {"relation_class": "depends_on", "direction": "out", "unresolved": "LEGACY-01"},
    )
    page = browser.get(reverse("assets:item-relations", args=[item.pk])).content.decode()

    assert Relation.objects.get().unresolved_target == "LEGACY-01"
    assert "LEGACY-01" in page
    assert "not in the inventory" in page


def test_a_stale_form_of_a_relation_is_refused_and_keeps_what_was_typed(
    browser: Client, site: Location
):
    source, target = AssetFactory(location=site), AssetFactory(location=site)
    relation = RelationFactory(source=source, target=target, version=4)
    form = reverse("assets:relation-edit", args=[relation.pk])
    sent = {"relation_class": "depends_on", "direction": "out", "other": target.pk, "note": "Mine"}

    shown = browser.get(form).content.decode()
    answer = browser.post(form, {**sent, "version": 3})

    assert 'name="version" value="4"' in shown
    assert answer.status_code == 412
    assert b"Mine" in answer.content
    assert browser.post(form, {**sent, "version": 4}).status_code == 302


def test_a_relation_to_itself_is_refused_with_a_sentence(browser: Client, site: Location):
    item = AssetFactory(location=site)

    answer = browser.post(
        reverse("assets:item-relate", args=[item.pk]),
        {"relation_class": "depends_on", "direction": "out", "other": item.pk},
    )

    assert answer.status_code == 400
    assert b"relation to itself" in answer.content


def test_a_location_cannot_move_below_itself(browser: Client, site: Location):
    area = LocationFactory(parent=site, level="area")

    answer = browser.post(
        reverse("assets:location-edit", args=[site.pk]),
        {"name": site.name, "code": site.code, "level": "site", "parent": area.pk},
    )

    assert answer.status_code == 400
    assert b"cannot stand below" in answer.content


def test_the_zone_view_flags_traffic_without_a_conduit(browser: Client, site: Location):
    control, office, cell = (ZoneFactory(site=site) for _ in range(3))
    plc = AssetFactory(name="Line PLC", location=site, zone=control)
    RelationFactory(source=plc, target=AssetFactory(location=site, zone=office))
    RelationFactory(source=plc, target=AssetFactory(location=site, zone=cell))
    ConduitFactory(from_zone=cell, to_zone=control)

    page = browser.get(reverse("assets:zone-list"))

    assert [relation.target.zone for relation in page.context["crossings"]] == [office]


def test_the_asset_list_takes_the_same_queries_for_one_and_fifty(browser: Client, site: Location):
    system = SystemFactory(location=site)
    AssetFactory(location=site, system=system)
    browser.get(reverse("assets:asset-list"))
    with CaptureQueriesContext(connection) as for_one:
        browser.get(reverse("assets:asset-list"))
    AssetFactory.create_batch(49, location=site, system=system)

    with CaptureQueriesContext(connection) as for_fifty:
        browser.get(reverse("assets:asset-list"))

    assert len(for_fifty) == len(for_one) <= 15


def test_the_chosen_site_narrows_the_lists(administrator: User, client: Client, site: Location):
    AssetFactory(name="Here", location=site)
    AssetFactory(name="There", location=LocationFactory())
    client.force_login(administrator)

    client.post(reverse("portal:sites"), {"site": site.pk, "next": "/"})
    page = client.get(reverse("assets:asset-list")).content.decode()

    assert "Here" in page
    assert "There" not in page


def test_rights_are_given_by_administrators_only(
    administrator: User, browser: Client, engineer: User, site: Location, now: datetime
):
    form = {"user": engineer.pk, "location": site.pk, "permissions": ["view_items"]}

    refused = browser.post(reverse("assets:grant-edit"), form)
    browser.force_login(administrator)
    given = browser.post(reverse("assets:grant-edit"), form)

    assert refused.status_code == 403
    assert given.status_code == 302
    assert not User.objects.get(pk=engineer.pk).has_perm("assets.edit_items", site)
