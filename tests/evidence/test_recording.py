"""Every write carries its entry, chained to the one before."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from assets.choices import LocationLevel
from assets.models import Location
from common.errors import DomainError, StaleVersionError
from evidence.models import LedgerEntry
from evidence.queries import history_of
from evidence.queries.verification import verify_ledger
from evidence.services import (
    create_many,
    create_object,
    delete_object,
    plain,
    update_many,
    update_object,
)
from tests.factories.assets import LocationFactory
from tests.factories.raci import ServiceLevelFactory

pytestmark = pytest.mark.django_db


def unsaved(count):
    known = Location.objects.count()
    return [
        Location(code=f"L{known + n}", name="Line", level=LocationLevel.LINE) for n in range(count)
    ]


def test_a_created_row_is_in_the_ledger(actor, now):
    site = create_object(
        actor=actor,
        instance=Location(code="NF", name="Northfield", level=LocationLevel.SITE),
        now=now,
    )
    entry = LedgerEntry.objects.get()
    assert (entry.sequence, entry.action, entry.object_id) == (1, "create", site.pk)
    assert entry.after["code"] == "NF"


def test_an_update_names_only_what_changed_and_chains(actor, now):
    site = LocationFactory(name="Old")
    update_object(actor=actor, instance=site, changes={"name": "New"}, now=now)
    update_object(actor=actor, instance=site, changes={"name": "Newer"}, now=now)
    second, first = LedgerEntry.objects.all()
    assert first.before == {"name": "Old"}
    assert second.previous_hash == first.hash
    site.refresh_from_db()
    assert site.version == 3


def test_nothing_changed_writes_nothing(actor, now):
    site = LocationFactory(name="Same")
    update_object(actor=actor, instance=site, changes={"name": "Same"}, now=now)
    assert not LedgerEntry.objects.exists()


def test_a_stale_version_is_refused(actor, now):
    site = LocationFactory()
    with pytest.raises(StaleVersionError, match="version 1, yours is 7"):
        update_object(
            actor=actor, instance=site, changes={"name": "x"}, now=now, expected_version=7
        )


def test_an_invalid_value_is_named(actor, now):
    with pytest.raises(DomainError, match="level"):
        create_object(actor=actor, instance=Location(code="X", name="X", level="street"), now=now)
    assert not LedgerEntry.objects.exists()


def test_a_number_written_otherwise_is_no_change(actor, now):
    level = ServiceLevelFactory(availability_percent=Decimal("99.90"))
    for same in (Decimal("99.9"), "99.90", 99.9):
        update_object(actor=actor, instance=level, changes={"availability_percent": same}, now=now)
        pairs = [(level, {"availability_percent": same})]
        assert update_many(actor=actor, pairs=pairs, now=now) == 0
    assert not LedgerEntry.objects.exists()


def test_a_time_in_another_zone_is_no_change():
    berlin = datetime(2026, 11, 16, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    assert plain(berlin) == plain(datetime(2026, 11, 16, 8, tzinfo=UTC))


def test_bulk_writes_leave_one_entry_each_and_chain(actor, now):
    sites = create_many(actor=actor, instances=unsaved(30), now=now)
    update_many(actor=actor, pairs=[(site, {"name": "New"}) for site in sites], now=now)
    assert LedgerEntry.objects.filter(action="create").count() == 30
    assert LedgerEntry.objects.filter(action="update", after__contains="New").count() == 30
    assert all(verdict.holds for verdict in verify_ledger())


def test_bulk_writes_take_a_constant_number_of_queries(actor, now, django_assert_max_num_queries):
    for count in (10, 200):
        with django_assert_max_num_queries(12):
            create_many(actor=actor, instances=unsaved(count), now=now)


def test_a_refused_delete_leaves_row_and_ledger_alone(actor, now):
    line = LocationFactory(parent=LocationFactory())
    with pytest.raises(DomainError, match="still used by"):
        delete_object(actor=actor, instance=line.parent, now=now)
    assert not LedgerEntry.objects.exists()


def test_history_holds_the_entries_of_one_row_newest_first(actor, now):
    one, other = LocationFactory(), LocationFactory()
    update_object(actor=actor, instance=one, changes={"name": "A"}, now=now)
    update_object(actor=actor, instance=other, changes={"name": "B"}, now=now)
    update_object(actor=actor, instance=one, changes={"name": "C"}, now=now)
    assert [entry.sequence for entry in history_of(one)] == [3, 1]


def test_a_rolled_back_write_leaves_no_gap(actor, now):
    site = LocationFactory()
    with transaction.atomic():
        update_object(actor=actor, instance=site, changes={"name": "A"}, now=now)
        transaction.set_rollback(True)
    update_object(actor=actor, instance=site, changes={"name": "B"}, now=now)
    assert [entry.sequence for entry in LedgerEntry.objects.all()] == [1]
