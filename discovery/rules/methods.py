"""What a scan asks besides SNMP: the requests people may choose, and what that means for one address, in order."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from discovery.rules.probes import (
    ALLOWED,
    IT_PORTS,
    NAMED_PORTS,
    PORT_OF,
    VERSION_PORTS,
    Mode,
    Probe,
    Request,
    Transport,
)

#: What a person may choose, in the order in which it is asked.
METHODS = (
    Request.HOST_ALIVE,
    Request.TCP_CONNECT,
    Request.S7_READ_SZL,
    Request.MODBUS_IDENTIFY,
    Request.OPCUA_GET_ENDPOINTS,
    Request.ENIP_LIST_IDENTITY,
    Request.SERVICE_VERSION,
)
#: Requests for which a worker needs nmap.
OF_NMAP = frozenset(METHODS) - {Request.OPCUA_GET_ENDPOINTS}
#: Requests that a control system answers with what it is.
IDENTIFYING = frozenset(
    {
        Request.S7_READ_SZL,
        Request.MODBUS_IDENTIFY,
        Request.OPCUA_GET_ENDPOINTS,
        Request.ENIP_LIST_IDENTITY,
    }
)
#: Frames of ours a request takes at most where it is answered; a connection takes two to open and two to close,
#: a question on it two (itself, and the acknowledgement of its answer). nmap looks whether a port is open first,
#: for three. EtherNet/IP: one question, and three more frames for an answer in pieces or a frame sent again, as the
#: others have to spare. Modbus: four questions. S7: two connections, six questions. Versions: a dozen questions, each on a
#: connection of its own, some over TLS.
PACKETS: Mapping[Request, int] = MappingProxyType(
    {
        Request.HOST_ALIVE: 1,
        Request.TCP_CONNECT: 3,
        Request.MODBUS_IDENTIFY: 3 + 4 + 2 * 4,
        Request.S7_READ_SZL: 3 + 2 * 4 + 2 * 6,
        Request.ENIP_LIST_IDENTITY: 3 + 4 + 2 + 3,
        Request.OPCUA_GET_ENDPOINTS: 20,
        Request.SERVICE_VERSION: 120,
    }
)
#: What a try at a port takes that is closed or does not answer.
KNOCK = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One request to one port (None: no port) of an address, and the frames it takes at most."""

    request: Request
    port: int | None = None

    @property
    def packets(self) -> int:
        """Return the frames of ours it takes at most."""
        return PACKETS[self.request]

    @property
    def transport(self) -> Transport:
        """Return what carries it."""
        return Transport.ICMP if self.port is None else Transport.TCP

    def probe(self, network: str, address: str, model: str = "") -> Probe:
        """Return the step as something about to be sent to an address."""
        return Probe(network, address, self.request, self.transport, self.port, self.packets, model)


def steps_of(mode: Mode, chosen: Collection[Request]) -> tuple[Step, ...]:
    """Return what an address is asked at most, in order; what the mode does not allow is left out.

    Each port is visited once before versions are asked for: by the request that is its own where that is chosen, else
    by a bare connection. Versions are asked for on ports that were found open.

    >>> [(step.request.value, step.port) for step in steps_of(Mode.GENTLE, [Request.MODBUS_IDENTIFY])]
    [('modbus-identify', 502)]
    >>> [step.port for step in steps_of(Mode.GENTLE, [Request.TCP_CONNECT])]
    [22, 80, 102, 443, 502, 1883, 4840, 44818]
    >>> steps_of(Mode.SNMP_ONLY, METHODS), steps_of(Mode.PASSIVE, METHODS)
    ((), ())
    """
    allowed = frozenset(chosen) & ALLOWED[mode] & frozenset(METHODS)
    own = {PORT_OF[request]: request for request in IDENTIFYING & allowed}
    ports = {port for port in own if port is not None} | _plain_ports(mode, allowed)
    alive = [Step(Request.HOST_ALIVE)] if Request.HOST_ALIVE in allowed else []
    visits = [Step(own.get(port, Request.TCP_CONNECT), port) for port in sorted(ports)]
    versions = (
        [Step(Request.SERVICE_VERSION, port) for port in sorted(VERSION_PORTS)]
        if Request.SERVICE_VERSION in allowed
        else []
    )
    return (*alive, *visits, *versions)


def _plain_ports(mode: Mode, allowed: Collection[Request]) -> frozenset[int]:
    found: frozenset[int] = frozenset()
    if Request.TCP_CONNECT in allowed:
        found |= frozenset((IT_PORTS if mode is Mode.IT else NAMED_PORTS).values())
    if Request.SERVICE_VERSION in allowed:
        found |= VERSION_PORTS
    return found


def left_out(mode: Mode, chosen: Collection[Request]) -> tuple[Request, ...]:
    """Return what is chosen and not allowed by the mode, in order.

    >>> left_out(Mode.GENTLE, [Request.SERVICE_VERSION, Request.HOST_ALIVE])
    (<Request.SERVICE_VERSION: 'service-version'>,)
    """
    return tuple(one for one in METHODS if one in chosen and one not in ALLOWED[mode])


def needs_nmap(chosen: Collection[Request]) -> bool:
    """Tell whether a choice takes nmap."""
    return bool(OF_NMAP & frozenset(chosen))
