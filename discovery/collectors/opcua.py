"""OPC UA GetEndpoints (OPC 10000-4, 5.5.4): what a server says of itself before anybody logs in, and nothing more.

One connection, one channel without security, one question; then channel and connection are closed. No session is
made and no node is read.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

from asyncua import ua
from asyncua.client.client import Client
from asyncua.client.ua_client import UaClient, UASocketProtocol
from asyncua.common.connection import TransportLimits
from asyncua.ua.uaerrors import UaError

from discovery.collectors.nmap_report import PortReport, ScriptReport
from discovery.rules.probes import PORT_OF, Outcome, Request
from discovery.rules.targets import address

PORT = PORT_OF[Request.OPCUA_GET_ENDPOINTS] or 4840
#: Time for the whole visit; a server that needs longer is left alone.
SECONDS = 6.0
MOST_ENDPOINTS = 64
MOST_TEXT = 300
#: An answer holds a certificate of some kilobytes for each endpoint.
MOST_OCTETS = 1024 * 1024

# What a server sends is judged here; asyncua would write a traceback for every answer it cannot read.
logging.getLogger("asyncua").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One way to connect: `policy` is the end of its URI ("None", "Basic256Sha256"), `tokens` how users log in."""

    url: str
    mode: str
    policy: str
    tokens: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether it takes neither encryption nor a login."""
        return self.mode == "None" and "Anonymous" in self.tokens


@dataclass(frozen=True, slots=True)
class OpcUaServer:
    """What a server says of itself."""

    application_name: str = ""
    application_uri: str = ""
    product_uri: str = ""
    endpoints: tuple[Endpoint, ...] = ()

    def script(self) -> ScriptReport:
        """Return the same as nmap's scripts tell what they found."""
        named = (
            ("Application name", self.application_name),
            ("Application URI", self.application_uri),
            ("Product URI", self.product_uri),
        )
        ways = (
            (f"Endpoint {number}", f"{one.url} {one.mode} {one.policy} {'/'.join(one.tokens)}")
            for number, one in enumerate(self.endpoints, 1)
        )
        told = tuple((name, text) for name, text in (*named, *ways) if text)
        lines = "\n".join(f"{name}: {text}" for name, text in told)
        return ScriptReport(Request.OPCUA_GET_ENDPOINTS.value, lines, told)


@dataclass(frozen=True, slots=True)
class OpcUaAnswer:
    """How a visit ended: `port` is open when somebody took the connection, and holds what the server told."""

    port: PortReport
    outcome: Outcome
    server: OpcUaServer | None = None


async def get_endpoints(one: str, *, port: int = PORT, seconds: float = SECONDS) -> OpcUaAnswer:
    """Return what an OPC UA server at an address tells. Raises BadTargetError for what is no address.

    Its silence and its nonsense are results, not exceptions.
    """
    target = address(one)
    host = f"[{target}]" if target.version == 6 else str(target)
    visit = _Visit(f"opc.tcp://{host}:{port}", seconds)
    report = PortReport(port, "tcp", "open", "opc-ua")
    try:
        async with asyncio.timeout(seconds):
            found = await visit.connect_and_get_server_endpoints()
    except TimeoutError:
        state = "open" if visit.has_connected else "filtered"
        return OpcUaAnswer(replace(report, state=state), Outcome.TIMED_OUT)
    except ConnectionRefusedError:
        return OpcUaAnswer(replace(report, state="closed"), Outcome.REFUSED_BY_HOST)
    except OSError:
        state = "open" if visit.has_connected else "filtered"
        ended = Outcome.RESET if visit.has_connected else Outcome.TIMED_OUT
        return OpcUaAnswer(replace(report, state=state), ended)
    except (UaError, ValueError, TypeError, LookupError, AttributeError, asyncio.InvalidStateError):
        # What asyncua raises depends on where in the answer the nonsense stands.
        return OpcUaAnswer(report, Outcome.NONSENSE)
    server = _server(found)
    return OpcUaAnswer(replace(report, scripts=(server.script(),)), Outcome.ANSWERED, server)


class _Visit(Client):
    """asyncua's client with limits of ours and a memory of whether the connection stood."""

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__(url, timeout=seconds)
        self.uaclient = _Bounded(seconds)
        self.secure_channel_timeout = 10_000
        self.has_connected = False

    async def connect_socket(self) -> None:
        await super().connect_socket()
        self.has_connected = True


class _Bounded(UaClient):
    """Takes no answer that is longer than an answer can be."""

    def _make_protocol(self) -> UASocketProtocol:
        protocol = super()._make_protocol()
        limits = TransportLimits(65_535, 65_535, 64, MOST_OCTETS)
        bounded = UASocketProtocol(
            self._timeout, security_policy=self.security_policy, limits=limits
        )
        bounded.on_connection_lost = protocol.on_connection_lost
        bounded.is_session_closing = protocol.is_session_closing
        self.protocol = bounded
        return bounded


def _server(found: Iterable[ua.EndpointDescription]) -> OpcUaServer:
    listed = list(found or ())[:MOST_ENDPOINTS]
    about = listed[0].Server if listed else ua.ApplicationDescription()
    return OpcUaServer(
        _text(about.ApplicationName.Text if about.ApplicationName else ""),
        _text(about.ApplicationUri),
        _text(about.ProductUri),
        tuple(dict.fromkeys(map(_endpoint, listed))),
    )


def _endpoint(one: ua.EndpointDescription) -> Endpoint:
    tokens = (token.TokenType for token in one.UserIdentityTokens or ())
    return Endpoint(
        _text(one.EndpointUrl),
        _name(one.SecurityMode),
        _text(one.SecurityPolicyUri).rpartition("#")[2],
        tuple(dict.fromkeys(map(_name, tokens))),
    )


def _name(value: object) -> str:
    return str(getattr(value, "name", value)).rstrip("_")


def _text(value: object) -> str:
    """Return a text of a server on one line, without what cannot be shown."""
    shown = "".join(sign if sign.isprintable() else " " for sign in str(value or ""))
    return " ".join(shown.split())[:MOST_TEXT]
