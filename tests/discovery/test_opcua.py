"""OPC UA GetEndpoints: what a server says before a login, one question, closed cleanly, nonsense borne."""

import asyncio
import time

import pytest

from discovery.collectors.opcua import get_endpoints
from discovery.rules.probes import Outcome
from tests.simulators.control import (
    banner,
    hang_up,
    one_at_a_time,
    opcua,
    plain_port,
    serving,
    silence,
)

pytestmark = one_at_a_time

ADDRESS = "127.60.4.1"


def ask(seconds: float = 4.0, address: str = ADDRESS):
    return asyncio.run(get_endpoints(address, seconds=seconds))


def test_a_server_tells_its_application_and_how_it_may_be_reached():
    with serving(server=(ADDRESS, opcua())) as counts:
        answer = ask()
        time.sleep(0.2)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.server.application_name == "SIMATIC.S7-1500.OPC-UA.Application"
    assert answer.server.product_uri == "https://www.siemens.com/s7-1500"
    (way,) = answer.server.endpoints
    assert (way.mode, way.policy) == ("None", "None")
    assert "Anonymous" in way.tokens
    assert way.is_open
    assert counts["server"].requests == ["GetEndpointsRequest"]


def test_the_connection_is_closed_after_the_one_question():
    with serving(server=(ADDRESS, plain_port(4840, silence))) as counts:
        answer = ask(seconds=0.5)
        time.sleep(0.3)
        assert (counts["server"].connections, counts["server"].closed) == (1, 1)
    assert answer.outcome is Outcome.TIMED_OUT
    assert answer.port.is_open


def test_a_closed_port_is_no_failure_of_the_host():
    answer = ask()
    assert answer.outcome is Outcome.REFUSED_BY_HOST
    assert answer.port.state == "closed"


@pytest.mark.parametrize(
    "answer",
    [
        banner(b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"x" * 200),
        banner(b"ACKF" + (28).to_bytes(4, "little") + b"\xff" * 20),
        banner(b"MSGF" + (8).to_bytes(4, "little")),
        banner(b"ERRF" + (16).to_bytes(4, "little") + b"\xff" * 8),
        banner(b"\x00" * 5000),
        hang_up,
    ],
    ids=["http", "absurd-limits", "empty", "error", "zeros", "reset"],
)
def test_nonsense_is_a_result_and_takes_no_longer_than_allowed(answer):
    with serving(server=(ADDRESS, plain_port(4840, answer))) as counts:
        began = time.monotonic()
        told = ask(seconds=1.0)
        assert time.monotonic() - began < 2
    assert counts["server"].connections == 1
    assert told.server is None
    assert told.outcome in {Outcome.NONSENSE, Outcome.RESET, Outcome.TIMED_OUT}


def test_a_cancelled_visit_closes_its_connection_at_once():
    async def cancelled() -> float:
        visit = asyncio.ensure_future(get_endpoints(ADDRESS, seconds=20))
        await asyncio.sleep(0.3)
        began = time.monotonic()
        visit.cancel()
        await asyncio.wait({visit})
        return time.monotonic() - began

    with serving(server=(ADDRESS, plain_port(4840, silence))) as counts:
        took = asyncio.run(cancelled())
        time.sleep(0.3)
        assert counts["server"].closed == 1
    assert took < 0.5


@pytest.mark.parametrize("text", ["localhost", "127.0.0.1:4840/x", "127.0.0.1/x", "user@127.0.0.1"])
def test_what_is_no_address_is_not_visited(text):
    with pytest.raises(ValueError, match="is not an address"):
        ask(address=text)
