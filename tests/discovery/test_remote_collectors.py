"""Collectors as people meet them: registered with a key that is shown once, revoked, retired, and what depends on it."""

import json
import logging
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from common.errors import DomainError
from discovery.choices import CollectorState, ScanState
from discovery.keys import unseal
from discovery.models import Collector
from discovery.queries.collectors import (
    collector_of,
    networks_of,
    standing_of,
)
from discovery.services import rotate_key
from discovery.services.collectors import (
    key_of,
    register_collector,
    retire_collector,
)
from evidence.models import LedgerEntry
from tests.discovery.cast import cast_of, text_of
from tests.discovery.plants import office
from tests.factories.assets import LocationFactory
from tests.factories.discovery import CollectorFactory, NetworkFactory, ScanFactory

pytestmark = pytest.mark.django_db
SIX = tuple(f"127.30.0.{number}" for number in range(1, 7))


@pytest.fixture
def cast(db):
    return cast_of()


def test_what_lies_below_its_place_is_scanned_through_the_nearest_collector(actor):
    site = LocationFactory()
    hall = LocationFactory(parent=site)
    in_hall, at_site = NetworkFactory(location=hall), NetworkFactory(location=site)
    elsewhere = NetworkFactory()
    of_site, of_hall = CollectorFactory(location=site), CollectorFactory(location=hall)
    assert collector_of(in_hall) == of_hall
    assert collector_of(at_site) == of_site
    assert collector_of(elsewhere) is None
    assert list(networks_of(of_site)) == [at_site]
    assert list(networks_of(of_hall)) == [in_hall]
    retire_collector(actor=actor, collector=of_hall, now=timezone.now())
    assert collector_of(in_hall) == of_site


def test_a_place_has_one_collector_until_it_is_retired(actor):
    row = CollectorFactory()
    given = {"actor": actor, "location": row.location, "now": timezone.now()}
    with pytest.raises(DomainError, match="has a collector already"):
        register_collector(name="second", **given)
    retire_collector(actor=actor, collector=row, now=timezone.now())
    second, _key = register_collector(name="second", **given)
    assert second.state == CollectorState.ACTIVE


def test_running_scans_stand_with_the_collector_they_run_through():
    network = office()
    row = CollectorFactory(location=network.location)
    running = ScanFactory(network=network, state=ScanState.RUNNING)
    ScanFactory(network=network, state=ScanState.COMPLETED)
    ScanFactory(state=ScanState.RUNNING)
    assert standing_of(row, at=timezone.now()).scans == (running.pk,)


def test_the_list_asks_the_same_queries_for_any_number(cast, django_assert_max_num_queries):
    client = cast.client("runner")
    CollectorFactory(location=LocationFactory(parent=cast.network.location))
    client.get("/discovery/collectors/")
    with django_assert_max_num_queries(40) as few:
        client.get("/discovery/collectors/")
    for _ in range(5):
        CollectorFactory(location=LocationFactory(parent=cast.network.location))
    with django_assert_max_num_queries(len(few)):
        page = text_of(client.get("/discovery/collectors/"))
    assert page.count("Not asked") >= 6


def test_its_key_is_shown_once_and_stands_sealed(cast, caplog):
    caplog.set_level(logging.DEBUG)
    client = cast.client("runner")
    sent = {"name": "Shed", "location": cast.network.location_id}
    answer = client.post("/discovery/collectors/add/", sent)
    row = Collector.objects.get(name="Shed")
    key = key_of(row)
    assert key in text_of(answer)
    assert answer["Cache-Control"] == "no-store"
    address = f"/discovery/collectors/{row.pk}/"
    seen = [
        text_of(client.get(address)),
        text_of(client.get("/discovery/collectors/")),
        json.dumps(client.get(f"/api/discovery/collectors/{row.pk}/").json()),
        str(list(Collector.objects.values())),
        str([(one.before, one.after, one.comment) for one in LedgerEntry.objects.all()]),
        caplog.text,
    ]
    assert not [text for text in seen if key in text]
    assert not [text for text in seen if row.sealed in text and "sealed" not in text]
    assert unseal(row.sealed) == {"key": key}


def test_the_buttons_give_a_new_key_revoke_and_retire(cast):
    client = cast.client("runner")
    row = CollectorFactory(location=cast.network.location)
    old, address = key_of(row), f"/discovery/collectors/{row.pk}/"
    page = text_of(client.post(f"{address}key/", {"version": row.version}))
    row.refresh_from_db()
    assert key_of(row) in page
    assert key_of(row) != old
    stale = client.post(f"{address}revoke/", {"version": row.version - 1})
    assert "changed by somebody else" in text_of(stale, 412)
    assert client.post(f"{address}revoke/", {"version": row.version}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.sealed) == (CollectorState.REVOKED, "")
    assert client.post(f"{address}retire/", {"version": row.version}).status_code == 302
    assert "Retired" in text_of(client.get(address))
    assert "is retired" in text_of(client.post(f"{address}key/"), 409)
    actions = LedgerEntry.objects.filter(object_id=str(row.pk)).values_list("action", flat=True)
    assert {"change key", "revoke key", "retire"} <= set(actions)


def test_the_api_does_what_the_pages_do(cast):
    client = cast.client("runner")
    sent = {"name": "Shed", "location": cast.network.location.code}
    made = client.post("/api/discovery/collectors/", sent, "application/json")
    assert made.status_code == 201
    row = Collector.objects.get()
    assert made.json()["key"] == key_of(row)
    assert made.json()["queue"] == f"discovery.{cast.network.location.code}"
    address = f"/api/discovery/collectors/{row.pk}/"
    assert "key" not in client.get(address).json()
    changed = client.post(f"{address}change-key/").json()
    row.refresh_from_db()
    assert changed["key"] == key_of(row) != made.json()["key"]
    named = client.patch(address, {"name": "Barn"}, "application/json")
    assert named.json()["name"] == "Barn"
    moved = client.patch(
        address,
        {"location": LocationFactory(parent=cast.network.location).code},
        "application/json",
    )
    assert moved.status_code == 400
    assert "stays at its place" in moved.json()["detail"]
    assert client.post(f"{address}revoke/").json()["state"] == "revoked"
    assert client.post(f"{address}revoke/").status_code == 409
    assert client.post(f"{address}retire/").json()["state"] == "retired"


def test_it_is_seen_and_used_by_who_runs_discovery_there_only(cast):
    row = CollectorFactory(location=cast.network.location, name="Shed")
    for name in ("reader", "stranger"):
        client = cast.client(name)
        assert "Shed" not in text_of(client.get("/discovery/collectors/"))
        for part in ("", "edit/", "key/", "revoke/", "retire/"):
            assert client.get(f"/discovery/collectors/{row.pk}/{part}").status_code == 404
            if part:
                assert client.post(f"/discovery/collectors/{row.pk}/{part}").status_code == 404
        assert client.get("/discovery/collectors/add/").status_code == 403
        assert client.get(f"/api/discovery/collectors/{row.pk}/").status_code == 404
    row.refresh_from_db()
    assert row.state == CollectorState.ACTIVE


def test_it_is_not_registered_where_one_runs_nothing(cast):
    elsewhere = LocationFactory()
    sent = {"name": "Shed", "location": elsewhere.pk}
    client = cast.client("runner")
    assert client.post("/discovery/collectors/add/", sent).status_code == 422
    answer = client.post("/api/discovery/collectors/", sent, "application/json")
    assert answer.status_code in {400, 403}
    assert not Collector.objects.exists()


def test_a_networks_page_says_through_which_collector_it_is_scanned(cast):
    now = timezone.now()
    network = office(location=cast.network.location)
    row = CollectorFactory(location=network.location, name="Shed", greeted_at=now, last_seen_at=now)
    page = text_of(cast.client("reader").get(f"/discovery/networks/{network.pk}/"))
    assert "Through collector Shed" in page
    Collector.objects.filter(pk=row.pk).update(last_seen_at=now - timedelta(seconds=90))
    page = text_of(cast.client("reader").get(f"/discovery/networks/{network.pk}/"))
    assert "has not been heard of for" in page


def test_a_new_credential_key_seals_the_keys_of_collectors_again(
    tmp_path, actor, django_capture_on_commit_callbacks
):
    with override_settings(KEY_DIR=tmp_path / "keys", CREDENTIAL_KEY=""):
        row = CollectorFactory()
        CollectorFactory(state=CollectorState.REVOKED, sealed="")
        key, sealed = key_of(row), row.sealed
        with django_capture_on_commit_callbacks(execute=True):
            rotate_key(actor=actor, now=timezone.now())
        row.refresh_from_db()
        assert row.sealed != sealed
        assert key_of(row) == key
