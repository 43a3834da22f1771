"""Links as they stand: declared by people, seen on the wire, or both; for those who may see both ends.

A ── B   declared and seen          B ── C   seen only
C ── D   declared only              C ── "hub"   seen, nobody knows what it is
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm

from assets.choices import ProvenanceSource, RelationClass
from discovery.models import LinkSighting
from discovery.queries.link_standing import links_at, standing_of_links
from discovery.rules.link_standing import Look, Standing, look_at
from tests.factories.accounts import UserFactory
from tests.factories.assets import AssetFactory, LocationFactory, RelationFactory
from tests.factories.discovery import NetworkFactory
from tests.factories.governance import MONDAY

pytestmark = pytest.mark.django_db


def sighting(network, a, b=None, **given):
    return LinkSighting.objects.create(
        network=network,
        a_item=a,
        b_item=b,
        **{
            "method": "lldp",
            "confidence": 3,
            "evidence": [["lldp", "sw2"]],
            "first_seen_at": MONDAY,
            "last_seen_at": MONDAY,
            **given,
        },
    )


@pytest.fixture
def line(db):
    network = NetworkFactory()
    a, b, c, d = (AssetFactory(name=name, location=network.location) for name in "ABCD")
    wire = {"relation_class": RelationClass.CONNECTS_VIA}
    # Declared against the order of the ids: who depends on whom is the people's word.
    RelationFactory(source=b, target=a, **wire)
    RelationFactory(
        source=b,
        target=c,
        provenance_source=ProvenanceSource.DISCOVERY,
        confidence=80,
        **wire,
    )
    RelationFactory(source=c, target=d, **wire)
    RelationFactory(
        source=c,
        target=None,
        unresolved_target="hub",
        provenance_source=ProvenanceSource.DISCOVERY,
        **wire,
    )
    sighting(network, a, b)
    sighting(network, b, c, confidence=2)
    sighting(network, b, c, confidence=1, method="bridge", evidence=[["bridge", "00:01"]])
    sighting(network, c, b_unknown="hub", confidence=2)
    return network, (a, b, c, d)


def words(found):
    return {(one.source, one.target, one.unresolved): one.standing for one in found}


def test_each_link_says_who_says_so(line, administrator):
    network, (a, b, c, d) = line
    found = standing_of_links(administrator, network.location)
    assert words(found) == {
        (b.pk, a.pk, ""): Standing.BOTH,
        (b.pk, c.pk, ""): Standing.SEEN,
        (c.pk, d.pk, ""): Standing.DECLARED,
        (c.pk, None, "hub"): Standing.SEEN,
    }
    (seen,) = (one for one in found if (one.source, one.target) == (b.pk, c.pk))
    assert (seen.confidence, seen.evidence) == (80, (("lldp", "sw2"), ("bridge", "00:01")))
    assert seen.last_seen_at == MONDAY


def test_a_declared_feed_is_not_seen_because_a_cable_is(line, administrator):
    network, (a, b, *_rest) = line
    RelationFactory(source=a, target=b, relation_class=RelationClass.FEEDS_DATA)
    found = standing_of_links(administrator, network.location)
    (feed,) = (one for one in found if one.relation_class == RelationClass.FEEDS_DATA)
    assert (feed.standing, feed.evidence) == (Standing.DECLARED, ())


def test_two_declarations_of_one_cable_are_both_seen(line, administrator):
    network, (a, b, *_rest) = line
    RelationFactory(
        source=a, target=b, relation_class=RelationClass.CONNECTS_VIA, protocol="PROFINET"
    )
    found = standing_of_links(administrator, network.location)
    assert [one.standing for one in found if {a.pk, b.pk} == {one.source, one.target}] == [
        Standing.BOTH,
        Standing.BOTH,
    ]


def test_what_was_seen_stays_when_its_relation_is_deleted(line, administrator):
    network, (_a, b, c, _d) = line
    b.relations_out.filter(target=c).delete()
    found = words(standing_of_links(administrator, network.location))
    assert found[b.pk, c.pk, ""] == Standing.SEEN


def test_a_link_to_a_hidden_item_is_counted_and_not_shown(line):
    network, (_a, _b, c, d) = line
    d.location = LocationFactory()
    d.save()
    user = UserFactory()
    assign_perm("view_items", user, network.location)
    found = links_at(user, network.location)
    assert found.hidden == 1
    assert (c.pk, d.pk, "") not in words(found.links)


def test_a_stranger_is_told_nothing_not_even_how_many(line):
    found = links_at(UserFactory(), "")
    assert (list(found.links), found.hidden) == ([], 0)


def test_the_number_of_queries_does_not_depend_on_the_links(line):
    network, items = line
    user = UserFactory()
    assign_perm("view_items", user, network.location)

    def count():
        fresh = type(user).objects.get(pk=user.pk)
        with CaptureQueriesContext(connection) as captured:
            links_at(fresh, network.location)
        return len(captured)

    before = count()
    for _ in range(20):
        other = AssetFactory(location=network.location)
        RelationFactory(source=other, target=items[0])
        sighting(network, items[1], other)
    assert count() == before <= 8


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({1: {"lldp"}}, {1: {"lldp"}}, Look.MISSING),
        ({1: {"lldp"}}, {1: {"cdp"}}, Look.NEVER),
        ({1: {"bridge"}}, {1: set()}, Look.MISSING),
        ({1: {"bridge"}}, {2: set()}, Look.NEVER),
        ({1: {"bridge"}}, {}, Look.NEVER),
        ({1: set()}, {1: set()}, Look.NEVER),
    ],
)
def test_a_link_is_missing_only_where_somebody_would_have_told_of_it(one, other, expected):
    assert look_at(one, other, is_seen=False) is expected
    assert look_at(one, other, is_seen=True) is Look.SEEN
