"""Queries that are worked out once: the same rows as Django's, whoever asks and whatever the values."""

import threading

import pytest
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from guardian.shortcuts import assign_perm

from assets.access import VIEW, assets_visible_to, scope_of
from assets.models import Asset, ConfigurationItem, Location
from common import compiled as room
from common.compiled import compiled
from tests.factories.accounts import UserFactory
from tests.factories.assets import AssetFactory, LocationFactory, SystemFactory

pytestmark = pytest.mark.django_db


def of_codes(codes: list[str]) -> QuerySet[Asset]:
    rows = Asset.objects.select_related("location", "item_class", "system")
    return rows.filter(code__among=codes).order_by("code")


def named(name: str) -> QuerySet[Asset]:
    return Asset.objects.filter(name=name).order_by()


def values_of(ids: list[int]) -> QuerySet[ConfigurationItem]:
    rows = ConfigurationItem.objects.filter(Q(pk__among=ids) | Q(system__pk__among=ids))
    return rows.order_by("pk").values_list("pk", "attributes", "stops_line", "created_at")


def nowhere(name: str) -> QuerySet[Asset]:
    return Asset.objects.filter(pk__in=[], name=name)


def locked(pk: int) -> QuerySet[Location]:
    return Location.objects.select_for_update().filter(pk=pk)


def test_gives_the_objects_django_gives_with_what_belongs_to_them(django_assert_num_queries):
    one = AssetFactory(location=LocationFactory(), system=SystemFactory())
    AssetFactory()
    for _ in range(2):
        found = compiled(of_codes, codes=[one.code, "nothing"])
        assert found == [one]
        with django_assert_num_queries(0):
            assert found[0].location == one.location
            assert found[0].system == one.system
        assert not found[0]._state.adding


def test_gives_the_values_django_gives_json_truth_and_times_converted():
    system = SystemFactory(attributes={"ports": [1, {"a": None}]})
    part = AssetFactory(system=system, stops_line=True)
    AssetFactory()
    for ids in ([system.pk], [system.pk, part.pk], [], [part.pk]):
        assert compiled(values_of, ids=ids) == list(values_of(ids))


@pytest.mark.parametrize("name", ["press", "it's %s", 'a "b"', "ü\\", ""])
def test_takes_any_text_as_a_value_and_never_as_sql(name):
    wanted = AssetFactory(name=name)
    AssetFactory(name="other")
    assert compiled(named, name=name) == [wanted]
    assert compiled(of_codes, codes=[name]) == []


def test_remembers_no_value_of_the_call_before():
    first, second = AssetFactory(name="first"), AssetFactory(name="second")
    assert [compiled(named, name=n)[0] for n in ("first", "second", "first")] == [
        first,
        second,
        first,
    ]


def test_is_worked_out_once(monkeypatch):
    done = []
    as_sql = SQLCompiler.as_sql
    monkeypatch.setattr(SQLCompiler, "as_sql", lambda *a, **k: done.append(1) or as_sql(*a, **k))
    for n in range(5):
        compiled(named, key=("once", connection.vendor), name=f"{n}")
    assert len(done) == 1


def test_what_can_never_have_a_row_has_none(django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(0):
            assert compiled(nowhere, name="x") == []


def test_what_one_may_see_is_part_of_the_key():
    here, there = LocationFactory(), LocationFactory()
    seen, hidden = AssetFactory(location=here), AssetFactory(location=there)
    member, neighbour, stranger = UserFactory.create_batch(3)
    assign_perm(f"assets.{VIEW}", member, here)
    assign_perm(f"assets.{VIEW}", neighbour, there)
    everybody = (
        (UserFactory(is_superuser=True), [seen, hidden]),
        (member, [seen]),
        (neighbour, [hidden]),
        (stranger, []),
    )
    for _ in range(2):
        for user, expected in everybody:

            def visible(ids: list[int], user=user) -> QuerySet[Asset]:
                return assets_visible_to(user).filter(pk__among=ids).order_by("pk")

            key = ("test", scope_of(user))
            assert compiled(visible, key=key, ids=[seen.pk, hidden.pk]) == expected


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_only():
    place = LocationFactory()
    with transaction.atomic():
        assert compiled(locked, pk=place.pk) == [place]
    with pytest.raises(TransactionManagementError):
        compiled(locked, pk=place.pk)


@pytest.mark.django_db(transaction=True)
def test_another_thread_reads_over_its_own_connection():
    AssetFactory(name="shared")
    compiled(named, name="shared")
    found = []

    def ask() -> None:
        try:
            found.append([row.name for row in compiled(named, name="shared")])
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["shared"]] * 4


def test_plans_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(room, "MOST_PLANS", 3)
    monkeypatch.setattr(room, "_plans", {})
    for n in range(10):
        assert compiled(named, key=("many", n), name="x") == []
    assert len(room._plans) <= 3


def test_a_statement_is_shown_with_its_values_in_logs(django_assert_num_queries):
    with django_assert_num_queries(3) as queries:
        for n in range(3):
            compiled(named, name=f"shown {n}")
    for n, query in enumerate(queries.captured_queries):
        assert f"shown {n}" in query["sql"]


def test_numbers_no_column_can_hold_are_nobodys():
    one = AssetFactory()
    assert compiled(values_of, ids=[2**63, one.pk, -(2**70)]) == list(values_of([one.pk]))
    with transaction.atomic():
        assert compiled(locked, pk=10**30) == []
