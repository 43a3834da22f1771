"""Who has no right writes nothing: every write of discovery, asked by a reader and by somebody of another site."""

import pytest

from discovery.models import Credential, Network, Scan, ScanApproval, StopOrder
from evidence.models import LedgerEntry
from tests.discovery.cast import cast_of, user_named
from tests.discovery.plants import office
from tests.factories.assets import LocationFactory
from tests.factories.discovery import ScanFactory, StopOrderFactory

pytestmark = pytest.mark.django_db
WRITES = (
    "/discovery/networks/{network}/edit/",
    "/discovery/networks/{network}/scan/",
    "/discovery/networks/{network}/ask/",
    "/discovery/scans/{scan}/cancel/",
    "/discovery/credentials/{credential}/",
    "/discovery/consents/{consent}/decide/",
    "/discovery/consents/{consent}/revoke/",
    "/discovery/stop/{order}/lift/",
    "/api/discovery/approvals/{consent}/decide/",
    "/api/discovery/approvals/{consent}/revoke/",
    "/api/discovery/stop-orders/{order}/lift/",
    "/api/discovery/scans/{scan}/cancel/",
)


def state():
    models = (Network, Credential, Scan, ScanApproval, StopOrder)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.fixture
def cast(db):
    cast = cast_of()
    elsewhere = LocationFactory()
    cast.neighbour = user_named("neighbour", elsewhere, "view_items", "run_discovery")
    return cast


@pytest.mark.parametrize("address", WRITES)
def test_a_write_without_the_right_is_refused_and_leaves_no_trace(cast, address):
    site = office(location=cast.network.location)
    where = address.format(
        network=site.pk,
        scan=ScanFactory(network=site).pk,
        credential=site.credential_id,
        consent=cast.ask().pk,
        order=StopOrderFactory(network=site).pk,
    )
    before, entries = state(), LedgerEntry.objects.count()
    sent = {"choice": "consent", "is_granted": True, "note": "x", "reason": "x", "name": "x"}
    for name in ("neighbour", "stranger"):
        assert cast.client(name).post(where, sent, "application/json").status_code == 404
        assert cast.client(name).post(where, sent).status_code in {404, 415}
    is_hidden = "credentials" in address
    status = cast.client("reader").post(where, sent).status_code
    assert status in ({404} if is_hidden else {403, 415}), f"{where} answers {status}"
    assert state() == before
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize("kind", ["networks", "credentials", "approvals", "scans", "stop-orders"])
def test_nothing_of_another_site_is_named_when_something_is_added(cast, kind):
    network = cast.network
    bodies = {
        "networks": {
            "code": "x",
            "name": "x",
            "location": network.location_id,
            "allowed_blocks": "10.0.0.1",
        },
        "credentials": {
            "name": "x",
            "location": network.location_id,
            "kind": "snmp_v2c",
            "community": "c",
        },
        "approvals": {
            "network": network.code,
            "valid_from": "2030-01-01T00:00:00Z",
            "expires_at": "2030-01-02T00:00:00Z",
        },
        "scans": {"network": network.code},
        "stop-orders": {"network": network.code, "reason": "x"},
    }
    before = state()
    for name, status in (("neighbour", 400), ("reader", 403)):
        answer = cast.client(name).post(f"/api/discovery/{kind}/", bodies[kind], "application/json")
        assert answer.status_code == status, answer.content
    assert state() == before
