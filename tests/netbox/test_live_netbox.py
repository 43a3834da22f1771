"""A running NetBox, played by a small server of ours on 127.0.0.1 that serves pages as its REST API does."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from assets.imports.netbox import AddressError, Limits, NetBoxError, records_of_server
from assets.imports.netbox.machinery import http
from assets.models import Asset, Relation
from tests.netbox.server import TOKEN, FakeNetBox, serving

QUICK = Limits(pause=0)


@pytest.fixture
def netbox():
    FakeNetBox.requests, FakeNetBox.failures = [], 0
    with serving(FakeNetBox) as address:
        yield address


def test_reads_all_pages_and_never_follows_a_link_elsewhere(netbox):
    records = records_of_server(netbox, token=TOKEN)

    assert len(list(records.all("dcim.device"))) == 8
    assert records.get("dcim.device", 2)["role"] == 2
    assert records.get("virtualization.cluster", 1)["site"] == 1
    assert records.counts["ipam.prefix"] == 2


def test_new_tokens_are_sent_as_bearer(netbox):
    records_of_server(netbox + "/api/", token="nbt_new")

    assert FakeNetBox.requests[0] == ("/api/dcim/regions/", "Bearer nbt_new")


def test_a_refused_token_is_said(netbox):
    with pytest.raises(NetBoxError, match=r"refuses /api/dcim/regions/ \(403\)"):
        records_of_server(netbox, token="wrong")


def test_a_short_outage_is_waited_for_and_a_long_one_reported(netbox):
    FakeNetBox.failures = 2
    assert records_of_server(netbox, token=TOKEN, limits=QUICK)
    FakeNetBox.failures = 1_000
    with pytest.raises(NetBoxError, match="answers 503"):
        records_of_server(netbox, token=TOKEN, limits=QUICK)


def test_a_server_that_is_not_there_and_an_address_that_is_none():
    with pytest.raises(NetBoxError, match="does not answer"):
        records_of_server("http://127.0.0.1:9", token=TOKEN, limits=QUICK)
    with pytest.raises(AddressError, match="is not an address"):
        records_of_server("ftp://netbox", token=TOKEN)


def test_certificates_are_checked():
    client = http().Client
    assert client(timeout=1)._transport._pool._ssl_context.verify_mode.name == "CERT_REQUIRED"


@pytest.mark.django_db
def test_a_live_netbox_imports_and_a_second_run_changes_nothing(netbox, tmp_path):
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")
    reports = []
    for _n in range(2):
        out = io.StringIO()
        call_command("import_netbox", netbox, "--token-file", str(token), "--json", stdout=out)
        reports.append(json.loads(out.getvalue()))

    assert reports[1]["changes"] == 0
    switch = Asset.objects.get(code="NB-DEV-1")
    assert (switch.network_address, switch.hostname) == ("10.1.1.5", "sw1.example")
    assert switch.tags.get().slug == "ot"
    assert switch.provenance["hostname"]["source"] == "netbox"
    machine = Asset.objects.get(code="NB-VM-1")
    assert machine.attributes == {"vcpus": 2, "memory_mb": 4096, "disk_gb": 50}
    assert machine.location.code == "NB-SITE-1"
    relation = Relation.objects.get(source__code="NB-DEV-2")
    assert (relation.target.code, relation.note) == ("NB-DEV-1", "X1 - P1")
    assert Asset.objects.get(code="NB-DEV-2").status == "maintenance"


@pytest.mark.django_db
def test_the_command_reports_a_refusal_as_an_error(netbox):
    with pytest.raises(CommandError, match="refuses"):
        call_command("import_netbox", netbox)
