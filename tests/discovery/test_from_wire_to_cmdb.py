"""A simulated plant is scanned, becomes items and relations, and a second scan writes nothing."""

import pytest
from django.utils import timezone

from assets.choices import RelationClass
from assets.models import Asset, Relation
from common.jobs import JobRun
from demo.simulator.recordings import load
from demo.simulator.snmp_agent import Agent
from discovery.choices import ObservationVerdict
from discovery.models import LinkSighting, Observation
from discovery.services import start_scan
from discovery.services.linking import connect
from discovery.tasks import scan as scan_task
from evidence.models import LedgerEntry
from tests.discovery.plants import office
from tests.factories.assets import AssetFactory, ItemClassFactory, RelationFactory
from tests.simulators.scanning import OWN, served_elsewhere

pytestmark = pytest.mark.django_db
LINE = ("line1_sw1", "line1_sw2")
PRESS = ("press_sw", "press_plc1", "press_plc2", "press_plc3")


@pytest.fixture
def catalogue(db):
    for slug in ("network-device", "industrial-switch", "it-switch", "plc", "router"):
        ItemClassFactory(slug=slug)


def plant(names):
    return {
        f"127.40.0.{place}": Agent(load(OWN / "topology" / f"{name}.snmprec"))
        for place, name in enumerate(names, 1)
    }


def scanned(actor, network, names):
    served = plant(names)
    with served_elsewhere(served):
        scan = start_scan(
            actor=actor,
            network=network,
            requester=None,
            targets="\n".join(served),
            now=timezone.now(),
        )
        run = JobRun(job_id=scan.job_id, actor=actor, attempt=1, lease_owner="test")
        return scan_task(run, scan_id=scan.pk)


@pytest.fixture
def network(catalogue):
    return office(allowed_blocks="127.40.0.0/24")


def joined() -> set[tuple[str, str]]:
    rows = Relation.objects.filter(relation_class=RelationClass.CONNECTS_VIA)
    return {(one.source_label, one.target_label) for one in rows}


def test_items_and_links_appear_and_a_second_scan_changes_nothing(actor, network):
    first = scanned(actor, network, LINE + PRESS)
    assert first["verdicts"] == {"added": 6}
    assert Asset.objects.count() == 6
    assert LinkSighting.objects.filter(b_item__isnull=False).count() == 5
    entries = LedgerEntry.objects.count()
    before = joined()

    second = scanned(actor, network, LINE + PRESS)

    assert second["verdicts"] == {"unchanged": 6}
    assert joined() == before
    # The scan itself is in the ledger; nothing of what it saw is new.
    assert LedgerEntry.objects.count() == entries + 1
    assert Observation.objects.filter(verdict=ObservationVerdict.UNCHANGED).count() == 6


def test_a_link_nobody_looked_at_again_was_last_seen_when_somebody_did(actor, network):
    scanned(actor, network, LINE + PRESS)
    seen = {row.pk: row.last_seen_at for row in LinkSighting.objects.all()}
    scanned(actor, network, LINE)
    moved = {row.pk for row in LinkSighting.objects.all() if row.last_seen_at > seen[row.pk]}
    looked = Asset.objects.filter(network_address__in=["127.40.0.1", "127.40.0.2"])
    between = LinkSighting.objects.filter(a_item__in=looked, b_item__in=looked)
    assert set(between.values_list("pk", flat=True)) <= moved
    assert moved < set(seen)


def test_two_cables_are_one_relation_with_two_sightings(actor, network):
    scanned(actor, network, LINE)
    between = LinkSighting.objects.filter(b_item__isnull=False)
    assert between.count() == 2
    assert between.values("relation").distinct().count() == 1
    relation = between[0].relation
    assert (relation.confidence, relation.provenance_source) == (100, "discovery")


def test_controllers_connect_via_their_switch_and_strangers_stay_as_text(actor, network):
    scanned(actor, network, LINE + PRESS)
    switch = Asset.objects.get(observations__address="127.40.0.3")
    assert switch.relations_in.filter(relation_class=RelationClass.CONNECTS_VIA).count() == 3
    unknown = Relation.objects.exclude(unresolved_target="").values_list(
        "unresolved_target", flat=True
    )
    assert len(unknown) == 3
    assert any("line1-robot1" in words for words in unknown)


def test_a_relation_people_have_declared_is_neither_doubled_nor_changed(actor, network):
    one = AssetFactory(network_address="127.40.0.1", location=network.location)
    other = AssetFactory(network_address="127.40.0.2", location=network.location)
    declared = RelationFactory(
        source=other, target=one, relation_class=RelationClass.CONNECTS_VIA, note="trunk"
    )
    scanned(actor, network, LINE)
    for item, address in ((one, "127.40.0.1"), (other, "127.40.0.2")):
        Observation.objects.filter(address=address).update(item=item)
    LinkSighting.objects.all().delete()
    connect(actor=actor, network=network, now=timezone.now())
    declared.refresh_from_db()
    assert (declared.note, declared.provenance_source, declared.version) == ("trunk", "manual", 1)
    seen = LinkSighting.objects.filter(b_item__isnull=False)
    assert {row.relation_id for row in seen} == {declared.pk}


def test_a_neighbour_that_is_read_later_leaves_no_relation_to_a_stranger(actor, network):
    scanned(actor, network, LINE[:1])
    assert Relation.objects.filter(target=None).exists()
    scanned(actor, network, LINE)
    assert not Relation.objects.filter(target=None, unresolved_target__icontains="sw2").exists()
    pairs = joined()
    assert Relation.objects.filter(target__isnull=False).count() == 1
    assert ("line1-sw1", "line1-sw2") in pairs
    entries = LedgerEntry.objects.count()
    scanned(actor, network, LINE)
    assert (joined(), LedgerEntry.objects.count()) == (pairs, entries + 1)
