"""Every write carries its entry, chained to the one before."""

import pytest

from assets.choices import LocationLevel
from assets.models import Location
from common.errors import DomainError, StaleVersionError
from evidence.models import LedgerEntry
from evidence.services import create_object, update_object
from tests.factories.assets import LocationFactory

pytestmark = pytest.mark.django_db


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
