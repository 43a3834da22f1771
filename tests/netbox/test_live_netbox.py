"""A running NetBox, played by a small server of ours on 127.0.0.1 that serves pages as its REST API does."""

import io
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from assets.models import Asset, Relation
from assets.netbox import NetBoxError, live, records_of_server

TOKEN = "0123456789abcdef"


def nested(pk: int, **more):
    return {"id": pk, "url": f"https://elsewhere.example/api/{pk}/", "display": str(pk), **more}


def port(pk: int, device: int, name: str):
    return {
        "id": pk,
        "device": nested(device),
        "name": name,
        "type": {"value": "1000base-t", "label": "x"},
    }


OBJECTS = {
    "dcim/sites": [{"id": 1, "name": "Plant", "region": None, "time_zone": "Europe/Berlin", "physical_address": "Hafen 1\nHamburg"}],
    "dcim/manufacturers": [{"id": 1, "name": "Siemens", "slug": "siemens"}],
    "dcim/device-types": [{"id": 1, "manufacturer": nested(1), "model": "XC208", "part_number": ""}],
    "dcim/device-roles": [
        {"id": 1, "name": "Access switch", "slug": "access-switch"},
        {"id": 2, "name": "PLC", "slug": "plc"},
    ],
    "dcim/devices": [
        {"id": 1, "name": "sw1", "role": nested(1), "device_type": nested(1), "site": nested(1), "status": {"value": "active", "label": "Active"}, "tags": [{"id": 1, "slug": "ot"}], "serial": "", "primary_ip4": nested(9)},
        {"id": 2, "name": "plc1", "device_role": nested(2), "device_type": nested(1), "site": nested(1), "status": {"value": "offline", "label": "Offline"}, "tags": []},
        *[{"id": n, "name": f"plc{n}", "role": nested(2), "device_type": nested(1), "site": nested(1), "status": {"value": "active"}, "tags": []} for n in range(3, 9)],
    ],
    "dcim/interfaces": [port(1, 1, "P1"), port(2, 2, "X1")],
    "dcim/cables": [
        {"id": 4, "status": {"value": "connected"}, "type": "cat6", "a_terminations": [{"object_type": "dcim.interface", "object_id": 1}], "b_terminations": [{"object_type": "dcim.interface", "object_id": 2}]}
    ],
    "ipam/ip-addresses": [{"id": 9, "address": "10.1.1.5/24", "dns_name": "sw1.example", "family": {"value": 4}}],
    "virtualization/clusters": [{"id": 1, "name": "vSphere", "type": None, "scope_type": "dcim.site", "scope_id": 1, "status": {"value": "active"}}],
    "virtualization/virtual-machines": [{"id": 1, "name": "mes", "cluster": nested(1), "status": {"value": "active"}, "vcpus": 2.0, "memory": 4096, "disk": 50}],
    "ipam/prefixes": [{"id": 1}, {"id": 2}],
}  # fmt: skip


class FakeNetBox(BaseHTTPRequestHandler):
    """Pages of two, whatever limit is asked for; a token is needed."""

    requests: list = []
    failures = 0

    def do_GET(self):
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        type(self).requests.append((url.path, self.headers.get("Authorization")))
        if self.headers.get("Authorization") not in {f"Token {TOKEN}", "Bearer nbt_new"}:
            return self._answer(403, {"detail": "Invalid token"})
        if type(self).failures > 0:
            type(self).failures -= 1
            return self._answer(503, {})
        path = url.path.removeprefix("/api/").strip("/")
        rows = OBJECTS.get(path, [])
        offset = int(query.get("offset", ["0"])[0])
        page = {
            "count": len(rows),
            "next": "https://evil.example/",
            "results": rows[offset : offset + 2],
        }
        return self._answer(200, page)

    def _answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def netbox():
    FakeNetBox.requests, FakeNetBox.failures = [], 0
    server = HTTPServer(("127.0.0.1", 0), FakeNetBox)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


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
    assert records_of_server(netbox, token=TOKEN, pause=0)
    FakeNetBox.failures = 1_000
    with pytest.raises(NetBoxError, match="answers 503"):
        records_of_server(netbox, token=TOKEN, pause=0)


def test_a_server_that_is_not_there_and_an_address_that_is_none():
    with pytest.raises(NetBoxError, match="does not answer"):
        records_of_server("http://127.0.0.1:9", token=TOKEN, pause=0)
    with pytest.raises(NetBoxError, match="is not an address"):
        records_of_server("ftp://netbox", token=TOKEN)


def test_certificates_are_checked():
    client = live.httpx.Client
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
