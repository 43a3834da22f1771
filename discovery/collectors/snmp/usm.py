"""SNMPv3 with the user-based security model: pysnmp's engine signs, encrypts, discovers and checks.

The engine is asked for one message at a time; what a device reports (its engine id, its clock) comes back as
ReportedError instead of being answered by the engine on its own, so that no datagram passes the gate unasked.
"""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import cast

from pyasn1.type import univ
from pysnmp.carrier.asyncio.dgram import udp, udp6
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.proto import errind, rfc1905
from pysnmp.proto.api import v2c
from pysnmp.proto.error import StatusInformation
from pysnmp.proto.rfc1902 import ObjectIdentifier, OctetString

from discovery.collectors.snmp.conversation import DeniedError, ReportedError, Target
from discovery.collectors.snmp.credentials import Auth, Level, Privacy, User
from discovery.collectors.snmp.messages import Answer, Kind, NonsenseError, Query, status_of
from discovery.collectors.snmp.varbinds import Binding, Missing

DIGESTS = {
    None: config.USM_AUTH_NONE,
    Auth.MD5: config.USM_AUTH_HMAC96_MD5,
    Auth.SHA1: config.USM_AUTH_HMAC96_SHA,
    Auth.SHA224: config.USM_AUTH_HMAC128_SHA224,
    Auth.SHA256: config.USM_AUTH_HMAC192_SHA256,
    Auth.SHA384: config.USM_AUTH_HMAC256_SHA384,
    Auth.SHA512: config.USM_AUTH_HMAC384_SHA512,
}
CIPHERS = {
    None: config.USM_PRIV_NONE,
    Privacy.DES: config.USM_PRIV_CBC56_DES,
    Privacy.AES128: config.USM_PRIV_CFB128_AES,
    Privacy.AES192: config.USM_PRIV_CFB192_AES_BLUMENTHAL,
    Privacy.AES256: config.USM_PRIV_CFB256_AES_BLUMENTHAL,
    Privacy.AES192_CISCO: config.USM_PRIV_CFB192_AES,
    Privacy.AES256_CISCO: config.USM_PRIV_CFB256_AES,
}
_LEVELS = {Level.NOTHING: 1, Level.SIGNED: 2, Level.ENCRYPTED: 3}
_PDUS = {
    Kind.GET: v2c.GetRequestPDU,
    Kind.GET_NEXT: v2c.GetNextRequestPDU,
    Kind.GET_BULK: v2c.GetBulkRequestPDU,
}
_MISSING = {
    rfc1905.NoSuchObject: Missing.NO_OBJECT,
    rfc1905.NoSuchInstance: Missing.NO_INSTANCE,
    rfc1905.EndOfMibView: Missing.END,
}
_REPORTS = (errind.UnknownEngineID, errind.NotInTimeWindow)
_DENIALS: Mapping[type[errind.ErrorIndication], str] = {
    errind.UnknownUserName: "the device does not know the user",
    errind.UnknownSecurityName: "the device does not know the user",
    errind.WrongDigest: "the user's authentication key or digest is not the device's",
    errind.AuthenticationFailure: "the user's authentication key or digest is not the device's",
    errind.UnsupportedAuthProtocol: "the digest is not supported",
    errind.UnsupportedSecurityLevel: "the device does not allow the user this level of protection",
    errind.DecryptionError: "the user's encryption key or cipher is not the device's",
}


@dataclass
class UserEngine:
    """pysnmp's engine for one user: keys of one user name never meet those of another of the same name."""

    user: User
    _engine: SnmpEngine = field(default_factory=SnmpEngine)
    _domains: set[tuple[int, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        config.add_v3_user(
            self._engine,
            self.user.name,
            DIGESTS[self.user.auth],
            self.user.auth_key or None,
            CIPHERS[self.user.privacy],
            self.user.privacy_key or None,
        )

    def close(self) -> None:
        """Close the sockets."""
        if self._domains:
            self._engine.close_dispatcher()

    async def exchange(
        self, target: Target, query: Query, request_id: int, seconds: float
    ) -> Answer:
        """Return the answer to one message. Raises TimeoutError, NonsenseError, DeniedError, ReportedError."""
        domain = self._domain(target.address)
        reply = _Reply(asyncio.get_running_loop().create_future(), request_id)
        ticks = seconds / self._engine.transport_dispatcher.get_timer_resolution()
        try:
            self._engine.message_dispatcher.send_pdu(
                self._engine,
                domain,
                _spelled_as_received(target),
                3,  # message processing: SNMPv3
                3,  # security model: user-based
                self._text(self.user.name),
                _LEVELS[self.user.level],
                None,
                self._text(self.user.context),
                1,  # PDUs as in SNMPv2c
                _pdu(query, request_id),
                True,
                ticks,
                reply.take,
            )
        except StatusInformation as status:
            raise _error(status.get("errorIndication")) from None
        return await reply.future

    def _text(self, words: str) -> OctetString:
        """Return a text in the engine's own type: its tables are looked up by it."""
        (kind,) = self._engine.get_mib_builder().import_symbols(
            "SNMP-FRAMEWORK-MIB", "SnmpAdminString"
        )
        return kind(words)

    def _domain(self, address: str) -> tuple[int, ...]:
        kind = udp if ip_address(address).version == 4 else udp6
        domain: tuple[int, ...] = kind.DOMAIN_NAME
        if domain not in self._domains:
            transport = udp.UdpTransport() if kind is udp else udp6.Udp6Transport()
            config.add_transport(self._engine, domain, transport.open_client_mode())
            self._domains.add(domain)
        return domain


def _spelled_as_received(target: Target) -> tuple[str | int, ...]:
    """Return an address the way a socket will name it: the engine remembers who it talks to by that."""
    if ip_address(target.address).version == 4:
        return target.address, target.port
    octets = socket.inet_pton(socket.AF_INET6, target.address)
    return socket.inet_ntop(socket.AF_INET6, octets), target.port, 0, 0


def _pdu(query: Query, request_id: int) -> rfc1905.PDU:
    pdu = _PDUS[query.kind]()
    is_bulk = query.kind is Kind.GET_BULK
    api = v2c.apiBulkPDU if is_bulk else v2c.apiPDU
    api.set_defaults(pdu)
    api.set_request_id(pdu, request_id)
    if is_bulk:
        api.set_max_repetitions(pdu, query.repetitions)
    api.set_varbinds(pdu, [(name, v2c.null) for name in query.names])
    return pdu


@dataclass(frozen=True, slots=True)
class _Reply:
    """Where the engine leaves what came back."""

    future: "asyncio.Future[Answer]"
    request_id: int

    def take(self, *told: object) -> None:
        """Take the engine's call: the eight things it was asked with, PDU, status, handle, context."""
        pdu, status = cast("tuple[rfc1905.PDU, StatusInformation | None]", told[8:10])
        if self.future.done():
            return
        if status:
            self.future.set_exception(_error(status.get("errorIndication")))
        elif int(v2c.apiPDU.get_request_id(pdu)) != self.request_id:
            self.future.set_exception(NonsenseError("an answer to another request"))
        else:
            self.future.set_result(_answer(pdu, self.request_id))


def _error(indication: errind.ErrorIndication) -> Exception:
    if isinstance(indication, errind.RequestTimedOut):
        return TimeoutError()
    if isinstance(indication, _REPORTS):
        return ReportedError(str(indication))
    denial = _DENIALS.get(type(indication))
    return NonsenseError(str(indication)) if denial is None else DeniedError(denial)


def _answer(pdu: rfc1905.PDU, request_id: int) -> Answer:
    bindings = [_binding(name, value) for name, value in v2c.apiPDU.get_varbinds(pdu)]
    status = status_of(int(v2c.apiPDU.get_error_status(pdu)))
    index = int(v2c.apiPDU.get_error_index(pdu, muteErrors=True))
    return Answer(request_id, status, index, bindings, sum(map(_size, bindings)))


def _binding(name: ObjectIdentifier, value: object) -> Binding:
    """Return pysnmp's binding in plain values."""
    plain = tuple(name)
    for kind, missing in _MISSING.items():
        if isinstance(value, kind):
            return plain, missing
    if isinstance(value, univ.Integer):
        return plain, int(value)
    if isinstance(value, univ.ObjectIdentifier):
        return plain, tuple(value)
    return plain, bytes(value) if isinstance(value, univ.OctetString) else b""


def _size(binding: Binding) -> int:
    """Return about how many octets a binding took on the wire."""
    name, value = binding
    return len(name) + 8 + (len(value) if isinstance(value, bytes | tuple) else 4)
