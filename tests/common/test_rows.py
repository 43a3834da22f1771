"""Rows written without Django's own bulk methods: the same rows, their ids known."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from assets.models import ItemClass, Tag
from common.rows import MANY, add_objects, insert_rows, update_rows

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def tags(count: int, prefix: str = "t") -> list[Tag]:
    words = {"created_at": NOW, "updated_at": NOW}
    return [Tag(slug=f"{prefix}-{n}", name=f"{prefix} {n}", **words) for n in range(count)]


@pytest.mark.parametrize("count", [1, MANY - 1, MANY, 250])
def test_objects_get_the_ids_under_which_they_stand(count):
    Tag.objects.create(slug="before", name="before", created_at=NOW, updated_at=NOW)
    made = tags(count)
    add_objects(made)
    assert len({tag.pk for tag in made}) == count
    assert not any(tag._state.adding for tag in made)
    for tag in made:
        assert Tag.objects.get(pk=tag.pk).slug == tag.slug
    after = Tag.objects.create(slug="after", name="after", created_at=NOW, updated_at=NOW)
    assert after.pk not in {tag.pk for tag in made}


def test_few_and_many_in_turn_never_meet():
    groups = [tags(count, f"g{n}") for n, count in enumerate((1, 7, 2, 30, 4, 5))]
    for group in groups:
        add_objects(group)
    every = [tag.pk for group in groups for tag in group]
    assert len(set(every)) == len(every) == Tag.objects.count()


def test_an_id_taken_by_hand_is_passed_over():
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL's sequence knows nothing of ids given by hand")
    Tag.objects.create(pk=1000, slug="by-hand", name="by hand", created_at=NOW, updated_at=NOW)
    made = tags(10)
    add_objects(made)
    assert min(tag.pk for tag in made) > 1000


def test_json_truth_and_defaults_are_stored_as_django_stores_them():
    schema = {"properties": {"ü": {"enum": [None, 1.5, "x\ty\\n"]}}}
    made = [
        ItemClass(slug=f"c-{n}", name="C", kind="asset", created_at=NOW, updated_at=NOW)
        for n in range(MANY)
    ]
    made[0].attribute_schema = schema
    add_objects(made)
    first, second = ItemClass.objects.filter(slug__in=["c-0", "c-1"]).order_by("slug")
    assert (first.attribute_schema, first.icon, first.version) == (schema, "box", 1)
    assert second.attribute_schema == {}


@pytest.mark.parametrize("count", [2, MANY + 1])
def test_all_or_none(count):
    add_objects(tags(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        add_objects([*tags(count, "new"), *tags(1)])
    assert Tag.objects.count() == 1


def test_rows_without_objects_and_changes_one_by_one():
    rows = [(f"r-{n}", f"r {n}", NOW, NOW, 1) for n in range(7)]
    insert_rows(Tag, ["slug", "name", "created_at", "updated_at", "version"], rows)
    stored = list(Tag.objects.order_by("slug"))
    for tag in stored:
        tag.name = f"{tag.name}, changed"
    update_rows(stored, ["name"])
    assert set(Tag.objects.values_list("name", flat=True)) == {f"r {n}, changed" for n in range(7)}


def test_nothing_to_write_is_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        update_rows([], ["name"])
        insert_rows(Tag, ["slug"], [])


def test_an_object_that_has_an_id_is_not_added_again():
    made = tags(2)
    add_objects(made)
    with pytest.raises(ValueError, match=f"has the id {made[0].pk} already"):
        add_objects([*tags(1, "new"), *made])
    assert Tag.objects.count() == 2
