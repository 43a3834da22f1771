"""Requests and responses of SNMPv1 and v2c, framed by pysnmp; variable bindings pass through as octets.

In pysnmp's own message types the list of bindings is replaced by ANY, so that pyasn1 neither builds nor checks an
object for every name and value: 0.14 ms for a response of 120 bindings instead of 9.3 ms.
"""

from dataclasses import dataclass
from enum import Enum

from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error
from pyasn1.type import namedtype, univ
from pysnmp.proto import rfc1901, rfc1905

from discovery.collectors.snmp import varbinds
from discovery.collectors.snmp.credentials import Community, Version
from discovery.rules.readings import Oid


class Kind(Enum):
    """The three requests there are; SET is not among them (OT-safe rule 7)."""

    GET = "get"
    GET_NEXT = "get-next"
    GET_BULK = "get-bulk"


class Status(Enum):
    """Error statuses that lead to another decision; every other one is OTHER."""

    FINE = 0
    TOO_BIG = 1
    NO_SUCH_NAME = 2
    OTHER = -1


@dataclass(frozen=True, slots=True)
class Query:
    """Names to ask for; `repetitions` counts for a bulk only."""

    kind: Kind
    names: tuple[Oid, ...]
    repetitions: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `index` counts from 1 and names the binding an error is about, 0 none."""

    request_id: int
    status: Status
    index: int
    bindings: list[varbinds.Binding]
    octets: int


class NonsenseError(ValueError):
    """Octets that are no response of SNMP."""


def _opened(pdu: univ.Sequence) -> univ.Sequence:
    """Return pysnmp's PDU type with its list of bindings left as octets."""
    fields = [pdu.componentType[place] for place in range(3)]
    bindings = namedtype.NamedType("variable-bindings", univ.Any())
    return type(
        f"Open{pdu.__name__}", (pdu,), {"componentType": namedtype.NamedTypes(*fields, bindings)}
    )


_PDUS = {
    Kind.GET: _opened(rfc1905.GetRequestPDU),
    Kind.GET_NEXT: _opened(rfc1905.GetNextRequestPDU),
    Kind.GET_BULK: _opened(rfc1905.GetBulkRequestPDU),
}
_RESPONSE = _opened(rfc1905.ResponsePDU)
_VERSIONS = {Version.V1: 0, Version.V2C: 1}


def _message(*pdus: type[univ.Sequence]) -> univ.Sequence:
    """Return the message of SNMPv1 and v2c around one of some PDUs."""
    choices = namedtype.NamedTypes(*(namedtype.NamedType(pdu.__name__, pdu()) for pdu in pdus))
    fields = [rfc1901.Message.componentType[place] for place in range(2)]
    data = namedtype.NamedType("data", univ.Choice(componentType=choices))
    return univ.Sequence(componentType=namedtype.NamedTypes(*fields, data))


_REQUEST_MESSAGE = _message(*_PDUS.values())
_RESPONSE_MESSAGE = _message(_RESPONSE)


def encode(query: Query, credentials: Community, request_id: int) -> bytes:
    """Return a request as it goes on the wire."""
    pdu = _PDUS[query.kind]()
    repetitions = query.repetitions if query.kind is Kind.GET_BULK else 0
    for place, value in enumerate((request_id, 0, repetitions, varbinds.encode(query.names))):
        pdu.setComponentByPosition(place, value, verifyConstraints=False)
    message = _REQUEST_MESSAGE.clone()
    message.setComponentByPosition(0, _VERSIONS[credentials.version])
    message.setComponentByPosition(1, credentials.name.encode())
    choice = message.setComponentByPosition(2).getComponentByPosition(2)
    choice.setComponentByType(pdu.tagSet, pdu, verifyConstraints=False, innerFlag=True)
    octets: bytes = encoder.encode(message)
    return octets


def decode(data: bytes, credentials: Community) -> Answer:
    """Return the response in a datagram. Raises NonsenseError, also for another version or community."""
    try:
        message, rest = decoder.decode(data, asn1Spec=_RESPONSE_MESSAGE)
        version, community = int(message[0]), bytes(message[1])
        pdu = message[2].getComponent()
        request_id, status, index = (int(pdu[place]) for place in range(3))
        bindings = varbinds.decode(varbinds.contents(bytes(pdu[3])))
    except (PyAsn1Error, varbinds.MalformedError) as error:
        raise NonsenseError("no SNMP response") from error
    if rest or version != _VERSIONS[credentials.version] or community != credentials.name.encode():
        raise NonsenseError("not in the version or community asked in")
    return Answer(request_id, status_of(status), index, bindings, len(data))


def status_of(number: int) -> Status:
    """Return what an error status means to a reader.

    >>> status_of(5)
    <Status.OTHER: -1>
    """
    return _STATUSES.get(number, Status.OTHER)


_STATUSES = {status.value: status for status in Status if status is not Status.OTHER}
