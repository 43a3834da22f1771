"""A server that hangs, never ends, sends elsewhere or is no NetBox is given up, and is not quoted."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.imports.netbox import AddressError, Limits, NetBoxError, base_of, records_of_server
from assets.imports.netbox.address import is_never_asked
from tests.netbox.server import TOKEN, answering, greeting, serving

SECRET = "root:x:0:0:insides of another service"
SHORT = Limits(silence=0.4, page_seconds=1.0, page_bytes=1 << 20, objects=5_000, pause=0)


def refusal(address: str, limits: Limits = SHORT, **options) -> str:
    with pytest.raises(NetBoxError) as found:
        records_of_server(address, token=TOKEN, limits=limits, **options)
    assert SECRET not in str(found.value)
    assert TOKEN not in str(found.value)
    return str(found.value)


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_arguments):
        pass

    def begin(self, length: str = ""):
        self.send_response(200)
        if length:
            self.send_header("Content-Length", length)
        self.end_headers()


class Hanging(Quiet):
    released = threading.Event()

    def do_GET(self):
        self.released.wait(10)


class Dripping(Quiet):
    def do_GET(self):
        self.begin("1000000")
        for _n in range(100):
            self.wfile.write(b" ")
            time.sleep(0.1)


class Endless(Quiet):
    def do_GET(self):
        self.begin()
        piece = b" " * 65_536
        for _n in range(1_000):
            self.wfile.write(piece)


class Countless(Quiet):
    """Always one more page of devices."""

    def do_GET(self):
        offset = int(parse_qs(urlsplit(self.path).query).get("offset", ["0"])[0])
        rows = [{"id": offset + n, "name": "r", "parent": None} for n in range(500)]
        body = json.dumps({"count": offset + 1_000, "results": rows}).encode()
        self.begin(str(len(body)))
        self.wfile.write(body)


def test_one_that_hangs_is_given_up():
    with serving(Hanging) as address:
        assert "nothing came for 0.4 seconds" in refusal(address)
    Hanging.released.set()


def test_one_that_drips_is_given_up():
    with serving(Dripping) as address:
        assert "endless" in refusal(address)


def test_a_page_without_end_is_given_up():
    with serving(Endless) as address:
        assert "more than 1 MB" in refusal(address)


def test_objects_without_end_are_given_up():
    with serving(Countless) as address:
        assert "more than 5,000 objects" in refusal(address)


def test_reading_has_an_end_even_when_every_page_is_fine():
    with serving(Countless) as address:
        hurried = Limits(total_seconds=-1, pause=0)
        assert "was given up" in refusal(address, limits=hurried)


def test_an_error_of_the_server_is_named_by_its_number_only():
    with serving(answering(500, SECRET.encode())) as address:
        assert "answers 500 at /api/dcim/regions/" in refusal(address)


def test_another_service_is_not_quoted():
    with serving(answering(200, SECRET.encode())) as address:
        assert "is this a NetBox's address?" in refusal(address)
    with greeting(SECRET.encode() + b"\r\n") as address:
        assert "not HTTP" in refusal(address)


@pytest.mark.parametrize(
    "page",
    [
        b"[]",
        b'{"count": 1}',
        b'{"count": "1", "results": []}',
        b'{"count": 1, "results": {}}',
        b'{"count": 1, "results": [7]}',
        b'{"count": 1, "results": [{"id": "seven"}]}',
        b'{"count": 1, "results": [{"id": 1, "tags": [7]}]}',
    ],
)
def test_pages_of_another_shape_are_refused(page):
    with serving(answering(200, page)) as address:
        assert refusal(address)


def test_a_redirect_is_not_followed():
    asked = []

    class Elsewhere(Quiet):
        def do_GET(self):
            asked.append(self.headers.get("Authorization"))
            self.begin("0")

    with (
        serving(Elsewhere) as elsewhere,
        serving(answering(302, SECRET.encode(), Location=elsewhere)) as address,
    ):
        sentence = refusal(address)
    assert "not followed" in sentence
    assert elsewhere not in sentence
    assert asked == []


def test_whoever_listens_hears_how_far_it_is():
    heard = []
    with serving(Countless) as address:
        refusal(address, told=lambda path, taken: heard.append((path, taken)))
    assert heard[:2] == [("dcim/regions", 500), ("dcim/regions", 1_000)]


def test_reading_stops_when_the_listener_says_so():
    class StopError(Exception):
        pass

    def stop(_path, _taken):
        raise StopError

    with serving(Countless) as address, pytest.raises(StopError):
        records_of_server(address, token=TOKEN, limits=SHORT, told=stop)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://netbox",
        "file:///etc/passwd",
        "netbox.example.com",
        "https://",
        "https://user:hidden@netbox.example.com",
        "https://netbox.example.com/?q=1",
        "https://netbox.example.com/#top",
        "https://netbox.example.com:99999",
        "https://netbox .example.com",
        "https://netbox.example.com\\@evil",
        "https://netbox.example.com/\r\nHost: evil",
        "https://[::1",
        "https://" + "x" * 300,
        "",
    ],
)
def test_only_plain_addresses_are_taken(url):
    with pytest.raises(AddressError) as found:
        base_of(url)
    assert "hidden" not in str(found.value)


@pytest.mark.parametrize("token", ["two words", "line\r\nX-Evil: 1", "höher", "x" * 300])
def test_a_token_that_is_none_is_refused_and_not_repeated(token):
    with pytest.raises(AddressError) as found:
        records_of_server("http://127.0.0.1:9", token=token, limits=SHORT)
    assert token not in str(found.value)


@given(st.ip_addresses(network="169.254.0.0/16") | st.ip_addresses(network="fe80::/10"))
def test_addresses_of_metadata_services_are_never_asked(address):
    assert is_never_asked(str(address))
    if address.version == 4:
        assert is_never_asked(f"::ffff:{address}")


@given(st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="192.168.0.0/16"))
def test_addresses_of_a_plant_are_asked(address):
    assert not is_never_asked(str(address))
