"""A NetBox of our own on 127.0.0.1: serves pages as its REST API does, or misbehaves as it is told."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

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


@contextmanager
def serving(
    handler: type[BaseHTTPRequestHandler], *, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Run a server of this handler, with TLS when it has a context; the value is its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def greeting(words: bytes) -> Iterator[str]:
    """Run a server that is none of HTTP: it says these words to everybody, and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        while True:
            try:
                peer, _address = listener.accept()
            except OSError:
                return
            with peer:
                peer.sendall(words)
                peer.recv(65_536)

    threading.Thread(target=greet, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def answering(status: int, body: bytes, **headers: str) -> type[BaseHTTPRequestHandler]:
    """Return a handler that always answers the same."""

    class Always(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    return Always
