"""Networks and the kill switch on pages: what they show, who may change what, how many queries they take."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discovery.models import Network, StopOrder
from discovery.services import order_stop
from tests.discovery.cast import cast_of, text_of
from tests.discovery.plants import office
from tests.factories.assets import AssetFactory
from tests.factories.discovery import NetworkFactory, StopOrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db):
    return cast_of()


def values(network, **given):
    fields = [
        "name",
        "code",
        "allowed_blocks",
        "excluded_blocks",
        "mode",
        "windows",
        "snmp_port",
        "gap_seconds",
        "subnet_rate",
        "overall_rate",
        "zone_failures",
        "stale_looks",
        "stale_days",
    ]
    return {
        **{name: getattr(network, name) for name in fields},
        "location": network.location_id,
        "zone": network.zone_id or "",
        "credential": network.credential_id or "",
        "version": network.version,
        **given,
    }


def test_the_list_says_mode_level_consent_and_the_last_scan(cast):
    page = text_of(cast.client("reader").get("/discovery/"))
    for words in (cast.network.name, "SNMP only", "Purdue 2", "Missing", "never", ">6<"):
        assert words in page


def test_a_stranger_sees_no_network(cast):
    client = cast.client("stranger")
    assert cast.network.name not in text_of(client.get("/discovery/"))
    assert client.get(f"/discovery/networks/{cast.network.pk}/").status_code == 404


def test_the_page_says_the_policy_in_sentences_and_what_is_in_the_way(cast):
    AssetFactory(network_address="127.30.0.3", is_safety_system=True)
    page = text_of(cast.client("runner").get(f"/discovery/networks/{cast.network.pk}/"))
    for words in (
        "SNMP reads, and nothing else.",
        "6 addresses in 127.30.0.0/29",
        "1 item here is marked",
        "There is none in force.",
        "A scan would be refused now:",
        "Ask for consent",
    ):
        assert words in page


@pytest.mark.parametrize("tab", ["", "scans/", "consents/", "history/", "dry-run/"])
def test_a_reader_opens_every_tab_and_no_form(cast, tab):
    client = cast.client("reader")
    assert "Scan now" not in text_of(client.get(f"/discovery/networks/{cast.network.pk}/{tab}"))
    assert client.get(f"/discovery/networks/{cast.network.pk}/edit/").status_code == 403


def test_a_network_is_changed_with_its_version_and_stands_in_its_history(cast):
    client, address = cast.client("runner"), f"/discovery/networks/{cast.network.pk}/edit/"
    sent = values(cast.network, name="Cell 4", comment="Renamed after the rebuild.")
    assert client.post(address, sent).status_code == 302
    assert Network.objects.get().name == "Cell 4"
    assert client.post(address, {**sent, "name": "Cell 5"}).status_code == 412
    history = text_of(client.get(f"/discovery/networks/{cast.network.pk}/history/"))
    assert "Renamed after the rebuild." in history


def test_an_error_names_the_line(cast):
    client, address = cast.client("runner"), f"/discovery/networks/{cast.network.pk}/edit/"
    sent = values(
        cast.network, allowed_blocks="127.30.0.0/29\n10.0.0.7/24", windows="weekends", location=""
    )
    page = text_of(client.post(address, sent), 422)
    for words in ("“10.0.0.7/24” has host bits set", "“weekends” is not a window", "10.0.0.7/24"):
        assert words in page


def test_a_network_is_added_only_where_one_runs_discovery(cast):
    client, elsewhere = cast.client("runner"), office()
    sent = values(cast.network, code="new", name="New", zone="", credential="", version="")
    sent["allowed_blocks"] = "127.31.0.0/29"
    assert client.post("/discovery/networks/add/", sent).status_code == 302
    other = {**sent, "code": "other", "location": elsewhere.location_id}
    assert client.post("/discovery/networks/add/", other).status_code == 422
    assert cast.client("reader").get("/discovery/networks/add/").status_code == 403


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        text_of(client.get(address))
    return len(caught)


def test_the_list_takes_as_many_queries_for_many_networks(cast):
    client = cast.client("reader")
    few = queries_of(client, "/discovery/")
    for number in range(20):
        NetworkFactory(
            location=cast.network.location, zone=cast.network.zone, name=f"Network {number}"
        )
    assert queries_of(client, "/discovery/") == few


def test_the_kill_switch_stops_everything_and_every_page_says_so(cast):
    client = cast.client("runner")
    assert "Say why" in text_of(client.post("/discovery/stop/", {"network": "all"}), 422)
    sent = {"network": "all", "reason": "Line 4 behaves oddly."}
    assert client.post("/discovery/stop/", sent).status_code == 302
    pages = ("", "scans/", "consents/", "stop/", "credentials/", f"networks/{cast.network.pk}/")
    for page in pages:
        text = text_of(client.get(f"/discovery/{page}"))
        assert "All discovery is stopped." in text, page
        assert "Line 4 behaves oddly." in text, page


def test_who_runs_one_site_stops_everything_but_does_not_lift_it(cast, administrator):
    order = StopOrderFactory()
    assert cast.client("runner").post(f"/discovery/stop/{order.pk}/lift/").status_code == 403
    cast.runner = administrator
    assert cast.client("runner").post(f"/discovery/stop/{order.pk}/lift/").status_code == 302
    order.refresh_from_db()
    assert order.lifted_at is not None


def test_who_only_reads_stops_nothing(cast):
    sent = {"network": "all", "reason": "Because."}
    assert cast.client("reader").post("/discovery/stop/", sent).status_code == 403
    assert not StopOrder.objects.exists()


def test_the_stop_of_one_network_is_lifted_by_who_runs_it(cast, actor):
    order = order_stop(actor=actor, network=cast.network, reason="Smoke.", now=timezone.now())
    assert cast.client("stranger").post(f"/discovery/stop/{order.pk}/lift/").status_code == 404
    assert cast.client("runner").post(f"/discovery/stop/{order.pk}/lift/").status_code == 302
