"""A simulated SNMPv3 device: pysnmp's own agent and security model around a recording."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413 import cmdrsp, context
from pysnmp.proto import rfc1902
from pysnmp.proto.api import v2c
from pysnmp.smi.instrum import AbstractMibInstrumController

from demo.simulator import ber
from demo.simulator.recordings import Recording
from discovery.collectors.snmp.credentials import User
from discovery.collectors.snmp.usm import CIPHERS, DIGESTS

ENGINE_ID = rfc1902.OctetString(hexValue="80004fb805726163657761792d746573742d31")
KINDS = {
    ber.INTEGER: rfc1902.Integer32,
    ber.OCTETS: rfc1902.OctetString,
    ber.NULL: rfc1902.Null,
    ber.OBJECT_ID: rfc1902.ObjectIdentifier,
    ber.IP_ADDRESS: rfc1902.IpAddress,
    ber.COUNTER32: rfc1902.Counter32,
    ber.GAUGE32: rfc1902.Gauge32,
    ber.TIME_TICKS: rfc1902.TimeTicks,
    ber.OPAQUE: rfc1902.Opaque,
    ber.COUNTER64: rfc1902.Counter64,
}


class Variables(AbstractMibInstrumController):
    """A recording as pysnmp's agent wants to see it."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    def read_variables(self, *bindings: tuple, **_context: object) -> list[tuple]:
        return [(name, self._value(self.recording.places.get(tuple(name)))) for name, _ in bindings]

    def read_next_variables(self, *bindings: tuple, **_context: object) -> list[tuple]:
        return [self._next(name) for name, _ in bindings]

    def _next(self, name: rfc1902.ObjectIdentifier) -> tuple:
        place = self.recording.after(tuple(name))
        if place is None:
            return name, v2c.EndOfMibView("")
        return rfc1902.ObjectName(self.recording.names[place]), self._value(place)

    def _value(self, place: int | None) -> object:
        if place is None:
            return v2c.NoSuchInstance("")
        part, value = self.recording.varbinds[place], self.recording.values[place]
        _tag, start, _end = ber.read_tlv(part)
        _tag, _start, end = ber.read_tlv(part, start)
        return KINDS[part[end]](value)


class CountingTransport(udp.UdpAsyncioTransport):
    """pysnmp's UDP transport that counts what arrives."""

    packets = 0

    def datagram_received(self, datagram: bytes, transport_address: tuple[str, int]) -> None:
        self.packets += 1
        super().datagram_received(datagram, transport_address)


@asynccontextmanager
async def user_agent(
    recording: Recording, users: list[User], address: str, port: int
) -> AsyncIterator[CountingTransport]:
    """Serve a recording to some users over SNMPv3."""
    engine = SnmpEngine(ENGINE_ID)
    transport = CountingTransport().open_server_mode((address, port))
    config.add_transport(engine, udp.DOMAIN_NAME, transport)
    variables = context.SnmpContext(engine)
    variables.unregister_context_name(b"")
    for name in {b"", *(user.context.encode() for user in users)}:
        variables.register_context_name(name, Variables(recording))
    for user in users:
        config.add_v3_user(
            engine,
            user.name,
            DIGESTS[user.auth],
            user.auth_key or None,
            CIPHERS[user.privacy],
            user.privacy_key or None,
        )
        config.add_vacm_user(
            engine, 3, user.name, user.level.value, (1,), (), contextName=user.context
        )
    for responder in (
        cmdrsp.GetCommandResponder,
        cmdrsp.NextCommandResponder,
        cmdrsp.BulkCommandResponder,
    ):
        responder(engine, variables)
    await asyncio.sleep(0.05)
    try:
        yield transport
    finally:
        engine.close_dispatcher()
