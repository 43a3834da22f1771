"""The sockets of a collector: pysnmp's UDP transport for SNMPv1 and v2c, pysnmp's engines for v3.

One wire per event loop; it carries any number of conversations.
"""

import asyncio
import socket
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from types import TracebackType
from typing import Self

from pysnmp.carrier.asyncio.dgram import udp, udp6

from discovery.collectors.snmp import messages
from discovery.collectors.snmp.conversation import Carrier, Target
from discovery.collectors.snmp.credentials import Community, Credentials, User
from discovery.collectors.snmp.messages import Answer, NonsenseError, Query
from discovery.collectors.snmp.usm import UserEngine

#: A time-out that is itself this late (seconds) shows a busy loop and not a silent device.
LAG = 0.05
#: Room for the answers of a whole scan while the loop is busy, in octets.
BUFFER = 4 * 1024 * 1024

#: An address and a port: the same address has more than one spelling.
Place = tuple[IPv4Address | IPv6Address, int]


@dataclass
class Wire:
    """Opens sockets and engines when they are first needed; an asynchronous context manager."""

    _sockets: "dict[int, _Socket]" = field(default_factory=dict)
    _engines: dict[User, UserEngine] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in self._sockets.values():
            one.close()
        for engine in self._engines.values():
            engine.close()

    def carrier(self, credentials: Credentials) -> Carrier:
        """Return what carries requests with these credentials."""
        if isinstance(credentials, Community):
            return _CommunityCarrier(self, credentials)
        if credentials not in self._engines:
            self._engines[credentials] = UserEngine(credentials)
        return self._engines[credentials]

    def socket_for(self, address: str) -> "_Socket":
        """Return the socket of an address's family."""
        version = ip_address(address).version
        if version not in self._sockets:
            self._sockets[version] = _Socket.opened(version)
        return self._sockets[version]


@dataclass(slots=True)
class _Waiting:
    """A request on its way; `late` are the requests before it, whose answers may still come."""

    request_id: int
    credentials: Community
    late: set[int]
    future: "asyncio.Future[Answer]"
    had_nonsense: bool = False
    had_grace: bool = False

    def hear(self, data: bytes) -> None:
        """Take an answer, or remember that it was none."""
        try:
            answer = messages.decode(data, self.credentials)
        except NonsenseError:
            self.had_nonsense = True
            return
        if answer.request_id == self.request_id:
            if not self.future.done():
                self.future.set_result(answer)
        elif answer.request_id not in self.late:
            self.had_nonsense = True

    def expire(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        """End the wait, but not because this loop was busy while the answer lay in the socket."""
        lag = loop.time() - due
        if self.future.done():
            return
        if lag > LAG and not self.had_grace:
            self.had_grace = True
            loop.call_later(min(lag, 1.0), self.expire, loop, loop.time() + lag)
        elif self.had_nonsense:
            self.future.set_exception(NonsenseError("no answer that fits the question"))
        else:
            self.future.set_exception(TimeoutError())


@dataclass
class _Socket:
    """One UDP socket for all devices of a family, with who waits for what."""

    transport: udp.UdpAsyncioTransport
    waiting: dict[Place, dict[int, _Waiting]] = field(default_factory=dict)

    @classmethod
    def opened(cls, version: int) -> Self:
        """Return a socket of IP version 4 or 6, with pysnmp's transport around it."""
        family = socket.AF_INET if version == 4 else socket.AF_INET6
        plain = socket.socket(family, socket.SOCK_DGRAM)
        plain.setblocking(False)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        plain.bind(("", 0))
        kind = udp.UdpAsyncioTransport if version == 4 else udp6.Udp6AsyncioTransport
        loop = asyncio.get_running_loop()
        one = cls(kind(loop=loop).open_server_mode(sock=plain))
        one.transport.register_callback(one.receive)
        return one

    def receive(
        self, _transport: udp.UdpAsyncioTransport, sender: tuple[str, int], data: bytes
    ) -> None:
        """Hand an answer to whoever waits for one from its sender; drop what nobody waits for."""
        place = ip_address(sender[0]), sender[1]
        for one in list(self.waiting.get(place, {}).values()):
            one.hear(data)

    def close(self) -> None:
        """Close the socket."""
        self.transport.close_transport()


@dataclass
class _CommunityCarrier:
    """Carries the requests of one conversation in SNMPv1 or v2c."""

    wire: Wire
    credentials: Community
    _asked: set[int] = field(default_factory=set)

    async def exchange(
        self, target: Target, query: Query, request_id: int, seconds: float
    ) -> Answer:
        """Return the answer to one datagram. Raises TimeoutError and NonsenseError."""
        loop = asyncio.get_running_loop()
        one = self.wire.socket_for(target.address)
        place = ip_address(target.address), target.port
        waiting = _Waiting(request_id, self.credentials, self._asked, loop.create_future())
        self._asked.add(request_id)
        others = one.waiting.setdefault(place, {})
        others[request_id] = waiting
        expiry = loop.call_later(seconds, waiting.expire, loop, loop.time() + seconds)
        try:
            octets = messages.encode(query, self.credentials, request_id)
            one.transport.send_message(octets, (target.address, target.port))
            return await waiting.future
        finally:
            expiry.cancel()
            del others[request_id]
            if not others:
                one.waiting.pop(place, None)
