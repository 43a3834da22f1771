"""Ownership of thousands of items is a handful of queries, whatever their number."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.models import ConfigurationItem
from raci.queries import resolve, resolve_many
from tests.factories.assets import AssetFactory
from tests.factories.raci import AbsenceFactory

MOST_QUERIES = 12


def owned_plant(plant, count):
    tagged = plant.rule
    lead = plant.role("lead")
    tagged("A", lead)
    tagged("A", plant.role("plc-lead"), location=plant.line, selector_class=plant.filler.item_class)
    tagged("R", plant.role("shift"), item=plant.packer)
    plant.publish()
    AbsenceFactory(person=lead.holders.get().person, starts_at=plant.now)
    prototype = AssetFactory.build(item_class=plant.filler.item_class, location=plant.line)
    ConfigurationItem.objects.bulk_create(
        ConfigurationItem(
            code=f"BULK-{n}",
            name=f"Bulk {n}",
            kind="asset",
            item_class=prototype.item_class,
            location=plant.line if n % 2 else plant.other_line,
            created_at=plant.now,
            updated_at=plant.now,
        )
        for n in range(count)
    )


def test_owners_of_5000_items_take_at_most_twelve_queries(plant):
    owned_plant(plant, 5000)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = resolve_many(ConfigurationItem.objects.all(), activity_code="change", at=plant.now)

    assert len(found) == 5002
    assert len(queries) <= MOST_QUERIES
    assert {one.accountable.assigned.code for one in found.values()} == {"lead", "plc-lead"}


def test_the_number_of_queries_does_not_depend_on_the_number_of_items(plant):
    owned_plant(plant, 40)

    def queries_for(items):
        with CaptureQueriesContext(connection) as queries:
            resolve_many(items, activity_code="change", at=plant.now)
        return len(queries)

    few = list(ConfigurationItem.objects.all()[:2])
    assert queries_for(few) == queries_for(list(ConfigurationItem.objects.all()))


def test_bulk_and_single_answers_are_equal(plant):
    owned_plant(plant, 6)

    found = resolve_many(ConfigurationItem.objects.all(), activity_code="change", at=plant.now)

    for item in ConfigurationItem.objects.all():
        assert found[item.pk] == resolve(item, activity_code="change", at=plant.now)


def test_a_sliced_queryset_is_taken_as_it_is(plant):
    owned_plant(plant, 6)

    found = resolve_many(
        ConfigurationItem.objects.order_by("code")[:3], activity_code="change", at=plant.now
    )

    assert len(found) == 3
