"""An unexplained difference waits for who runs discovery there and for who answers for the item, and for nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discovery.choices import DriftState
from discovery.queries.drift_duty import drift_waiting_for
from raci.models import Matrix
from tests.discovery.cast import user_named
from tests.factories.assets import AssetFactory, LocationFactory
from tests.factories.discovery import DriftFactory, NetworkFactory, ScanFactory
from tests.factories.raci import ActivityFactory, AssignmentFactory, MatrixFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(db):
    return NetworkFactory(name="Press shop")


@pytest.fixture
def drift(network):
    """An unexplained new device, and one that a change explains."""
    scan = ScanFactory(network=network)
    DriftFactory(scan=scan, state=DriftState.EXPLAINED)
    return DriftFactory(scan=scan)


@pytest.fixture
def owner(drift, network):
    """Who is accountable for changes of the item, and sees the place."""
    user = user_named("owner", network.location, "view_items")
    matrix = MatrixFactory()
    AssignmentFactory(
        matrix=matrix,
        activity=ActivityFactory(code="change"),
        letter="A",
        role=None,
        person=user.person,
        scope_kind="item",
        item=drift.item,
    )
    Matrix.objects.filter(pk=matrix.pk).update(
        status="published", effective_at=timezone.now() - timedelta(days=300)
    )
    return user


def waiting(user) -> list[tuple[str, int, bool]]:
    found = drift_waiting_for(user, at=timezone.now())
    return [(one.network.name, one.count, one.is_runner) for one in found]


def test_it_waits_for_who_runs_discovery_there(drift, network):
    runner = user_named("runner", network.location, "view_items", "run_discovery")
    assert waiting(runner) == [("Press shop", 1, True)]


def test_it_waits_for_who_answers_for_changes_of_the_item(owner):
    assert waiting(owner) == [("Press shop", 1, False)]


def test_who_only_reads_is_asked_nothing(drift, network, owner):
    assert waiting(user_named("reader", network.location, "view_items")) == []


def test_who_answers_and_may_not_see_it_is_told_nothing(drift, network, owner):
    drift.item.location = LocationFactory()
    drift.item.save()
    assert waiting(owner) == []


def test_said_once_it_waits_no_longer(drift, owner):
    drift.state = DriftState.SETTLED
    drift.save()
    assert waiting(owner) == []


def test_nothing_unexplained_costs_one_question(network):
    user = user_named("runner", network.location, "view_items", "run_discovery")
    waiting(user)
    with CaptureQueriesContext(connection) as captured:
        assert waiting(user) == []
    assert len(captured) == 1


def test_the_number_of_queries_does_not_depend_on_the_differences(drift, network, owner):
    def queries() -> int:
        fresh = type(owner).objects.select_related("person").get(pk=owner.pk)
        with CaptureQueriesContext(connection) as captured:
            waiting(fresh)
        return len(captured)

    before = queries()
    for _ in range(10):
        DriftFactory(scan=drift.scan, item=AssetFactory(location=network.location))
    assert queries() == before


def test_inbox_and_home_say_how_many_and_lead_to_them(drift, network):
    runner = user_named("runner", network.location, "view_items", "run_discovery")
    client = Client()
    client.force_login(runner)
    for address in ("/inbox/", "/"):
        assert "1 unexplained difference on Press shop" in client.get(address).content.decode()
    listed = client.get(f"/discovery/drift/?state=unexplained&network={network.pk}")
    assert drift.item.name in listed.content.decode()
    assert "Say what it was" in listed.content.decode()


def test_who_may_not_run_discovery_is_offered_no_form_that_would_refuse_them(drift, owner):
    client = Client()
    client.force_login(owner)
    assert "Say what it was" not in client.get("/discovery/drift/").content.decode()
    assert client.get(f"/discovery/drift/{drift.pk}/").status_code == 403
