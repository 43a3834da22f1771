"""A neighbour that was only told of, and is an item by now: its relation leads to the item, once."""

from datetime import timedelta

import pytest

from assets.choices import ProvenanceSource, RelationClass
from assets.models import Relation
from discovery.models import LinkSighting
from discovery.services.strangers import resolve_strangers
from evidence.models import LedgerEntry
from tests.factories.assets import AssetFactory, ItemClassFactory, RelationFactory
from tests.factories.discovery import ItemKeyFactory, NetworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def switch():
    return AssetFactory(item_class=ItemClassFactory(slug="industrial-switch"), name="core")


@pytest.fixture
def told(switch, now):
    """What the switch told of a neighbour it knew by words only."""

    def tell(words, *, source=ProvenanceSource.DISCOVERY):
        relation = RelationFactory(
            source=switch,
            target=None,
            unresolved_target=words,
            relation_class=RelationClass.CONNECTS_VIA,
            provenance_source=source,
        )
        return LinkSighting.objects.create(
            network=NetworkFactory(),
            relation=relation,
            a_item=switch,
            a_port="7",
            b_unknown=words,
            method="lldp",
            confidence=2,
            first_seen_at=now - timedelta(days=3),
            last_seen_at=now - timedelta(days=3),
        )

    return tell


@pytest.fixture
def resolved(actor, now, switch):
    def resolve(sighting, item):
        return resolve_strangers(
            actor=actor, gone=[sighting], links=[(switch.pk, item.pk)], now=now
        )

    return resolve


def ends(relation: Relation) -> tuple[int | None, int | None, str]:
    relation.refresh_from_db()
    return relation.source_id, relation.target_id, relation.unresolved_target


@pytest.mark.parametrize(
    "given", [{"hostname": "SW9"}, {"mac_address": "00:90:E8:00:00:09"}, {"name": "sw9"}]
)
def test_its_relation_leads_to_the_item_that_goes_by_its_name_or_address(
    told, resolved, switch, given
):
    item = AssetFactory(item_class=switch.item_class, **given)
    sighting = told("sw9 (00:90:e8:00:00:09)")
    assert resolved(sighting, item) == 1
    assert ends(sighting.relation) == (switch.pk, item.pk, "")
    assert not LinkSighting.objects.exists()
    entry = LedgerEntry.objects.get(action="update")
    assert entry.comment == "The neighbour is an item by now"


def test_one_that_is_known_by_its_keys_is_found_too(told, resolved, switch):
    item = AssetFactory(item_class=switch.item_class)
    ItemKeyFactory(item=item, kind="mac", value="00:90:e8:00:00:09")
    assert resolved(told("00:90:e8:00:00:09"), item) == 1


def test_a_device_that_carries_nothing_connects_via_the_switch(told, resolved, switch):
    item = AssetFactory(item_class=ItemClassFactory(slug="plc"), hostname="plc4")
    sighting = told("plc4")
    resolved(sighting, item)
    assert ends(sighting.relation) == (item.pk, switch.pk, "")


def test_a_relation_there_is_already_is_not_doubled(told, resolved, switch):
    item = AssetFactory(hostname="sw9")
    declared = RelationFactory(
        source=item, target=switch, relation_class=RelationClass.CONNECTS_VIA
    )
    resolved(told("sw9"), item)
    assert list(Relation.objects.all()) == [declared]
    assert "is an item by now" in LedgerEntry.objects.get(action="delete").comment


def test_what_people_have_declared_stays_as_it_is(told, resolved, switch):
    item = AssetFactory(hostname="sw9")
    sighting = told("sw9", source=ProvenanceSource.MANUAL)
    resolved(sighting, item)
    assert ends(sighting.relation) == (switch.pk, None, "sw9")


def test_another_device_is_another_device(told, resolved, switch):
    item = AssetFactory(hostname="sw10")
    sighting = told("sw9")
    assert resolved(sighting, item) == 0
    assert ends(sighting.relation) == (switch.pk, None, "sw9")
    assert LinkSighting.objects.exists()


def test_a_name_two_neighbours_go_by_settles_nothing(told, switch, actor, now):
    twins = [AssetFactory(hostname="sw9") for _n in range(2)]
    links = [(switch.pk, one.pk) for one in twins]
    assert resolve_strangers(actor=actor, gone=[told("sw9")], links=links, now=now) == 0
