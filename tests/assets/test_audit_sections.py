"""Audit sections of the plant: what stands in a scope is counted, what stands outside is not named."""

from datetime import timedelta

import pytest

from assets.evidence import inventory_section, zones_section
from evidence.packs.sections import AuditScope
from evidence.rules.canonical import canonical_bytes, plain
from tests.factories.assets import (
    AssetFactory,
    ConduitFactory,
    LocationFactory,
    RelationFactory,
    SystemFactory,
    ZoneFactory,
)


@pytest.fixture
def site(db):
    return LocationFactory(code="NF", name="Northfield")


@pytest.fixture
def elsewhere(db):
    return LocationFactory(code="SECRET", name="Secret works")


@pytest.fixture
def scope(site, now):
    return AuditScope(site.path, "Northfield", now - timedelta(days=30), now + timedelta(days=1))


def told(section) -> str:
    return canonical_bytes(plain(section)).decode()


def test_the_inventory_counts_what_stands_in_the_scope(site, elsewhere, scope):
    AssetFactory(location=site, status="maintenance", criticality_override=4)
    SystemFactory(location=site)
    AssetFactory(location=elsewhere)
    section = inventory_section(scope)
    by_status, by_criticality = section["tables"][0]["rows"], section["tables"][1]["rows"]
    assert ["In maintenance", 1, 0, 1] in by_status
    assert by_status[-1] == ["All", 1, 1, 2]
    assert ["Critical", 1, 0, 1] in by_criticality
    assert section["facts"]["Items"] == 2


def test_a_relation_with_an_unknown_end_is_listed_by_its_text(site, elsewhere, scope):
    item = AssetFactory(code="PLC-1", name="Filler", location=site)
    RelationFactory(source=item, target=None, unresolved_target="LEGACY-OPC")
    RelationFactory(
        source=AssetFactory(location=elsewhere), target=None, unresolved_target="OTHER-SITE"
    )
    rows = inventory_section(scope)["tables"][3]["rows"]
    assert rows == [["PLC-1 Filler", "depends on", "unknown: LEGACY-OPC"]]


def test_a_zone_below_its_target_falls_short(site, scope):
    ZoneFactory(code="Z1", site=site, sl_target="2,2,2,1,2,1,2", sl_achieved="2,2,1,1,2,1,2")
    ZoneFactory(code="Z2", site=site, sl_target="2,2,2,1,2,1,2", sl_achieved="3,2,2,1,2,1,2")
    ZoneFactory(code="Z3", site=site, sl_target="2,2,2,1,2,1,2")
    ZoneFactory(code="Z4", site=site)
    judged = [row[-1] for row in zones_section(scope)["tables"][0]["rows"]]
    assert judged == ["falls short", "met", "not assessed", "no target"]


def test_traffic_without_a_conduit_is_a_crossing_and_with_one_is_not(site, scope):
    one, two, three = (ZoneFactory(code=f"Z{n}", site=site) for n in (1, 2, 3))
    ConduitFactory(from_zone=two, to_zone=one)
    source = AssetFactory(code="A-1", location=site, zone=one)
    RelationFactory(source=source, target=AssetFactory(location=site, zone=two))
    RelationFactory(source=source, target=AssetFactory(code="A-3", location=site, zone=three))
    section = zones_section(scope)
    assert section["facts"]["Undeclared crossings"] == 1
    assert "A-3" in section["tables"][2]["rows"][0][2]


def test_what_stands_outside_the_scope_is_not_named(site, elsewhere, scope):
    inside = ZoneFactory(code="Z1", site=site)
    outside = ZoneFactory(code="HIDDEN-ZONE", name="Hidden zone", site=elsewhere)
    third = ZoneFactory(code="HIDDEN-THIRD", site=elsewhere)
    ConduitFactory(code="HIDDEN-CON", name="Hidden", from_zone=inside, to_zone=outside)
    item = AssetFactory(location=site, zone=inside)
    hidden = AssetFactory(code="HIDDEN-A", name="Hidden item", location=elsewhere, zone=third)
    RelationFactory(source=item, target=hidden)
    section = zones_section(scope)
    assert section["facts"]["Undeclared crossings"] == 1
    assert "HIDDEN" not in told(section).upper()


@pytest.mark.parametrize("collect", [inventory_section, zones_section])
def test_more_items_cost_no_more_queries_and_the_bytes_are_the_same(
    collect, site, scope, django_assert_num_queries
):
    def grow():
        source, target = (
            AssetFactory(location=site, zone=ZoneFactory(site=site)) for _ in range(2)
        )
        RelationFactory(source=source, target=target)
        RelationFactory(source=source, target=None, unresolved_target="X")
        ConduitFactory(from_zone=source.zone, to_zone=ZoneFactory(site=site))

    grow()
    count = 2 if collect is inventory_section else 3
    with django_assert_num_queries(count):
        first = told(collect(scope))
    assert told(collect(scope)) == first
    for _ in range(4):
        grow()
    with django_assert_num_queries(count):
        collect(scope)
