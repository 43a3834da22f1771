"""The only things discovery can send: named read-only requests to named ports, and who allows them.

There is no write request in this list, and nothing outside the list can pass a gate (OT-safe rules 2, 6 and 7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Mode(StrEnum):
    """How much a zone allows, from nothing to everything read-only."""

    PASSIVE = "passive"
    SNMP_ONLY = "snmp_only"
    GENTLE = "gentle"
    IT = "it"


class Request(StrEnum):
    """A named read-only request."""

    SNMP_READ = "snmp-read"
    HOST_ALIVE = "host-alive"
    TCP_CONNECT = "tcp-connect"
    MODBUS_IDENTIFY = "modbus-identify"
    S7_READ_SZL = "s7-read-szl"
    ENIP_LIST_IDENTITY = "enip-list-identity"
    BACNET_WHO_IS = "bacnet-who-is"
    OPCUA_GET_ENDPOINTS = "opcua-get-endpoints"
    SERVICE_VERSION = "service-version"


class Transport(StrEnum):
    """What carries a probe."""

    UDP = "udp"
    TCP = "tcp"
    ICMP = "icmp"


class Outcome(StrEnum):
    """How a probe ended."""

    ANSWERED = "answered"
    TIMED_OUT = "timed-out"
    RESET = "reset"
    REFUSED_BY_HOST = "refused-by-host"
    NONSENSE = "nonsense"
    #: Nothing came back from a port of a host that answers on others: a firewall, not a host in trouble.
    FILTERED = "filtered"
    #: The rules forbade it while it was under way, or the tool that sends it failed.
    BROKEN_OFF = "broken-off"


#: Ports a connection may be tried to outside IT zones, by the name people know them by.
NAMED_PORTS: Mapping[str, int] = MappingProxyType(
    {
        "ssh": 22,
        "http": 80,
        "s7": 102,
        "https": 443,
        "modbus": 502,
        "mqtt": 1883,
        "opc-ua": 4840,
        "ethernet-ip": 44818,
    }
)

#: Ports a connection may be tried to in IT zones: the same, and those of common services.
IT_PORTS: Mapping[str, int] = MappingProxyType(
    {
        **NAMED_PORTS,
        "ftp": 21,
        "telnet": 23,
        "smtp": 25,
        "dns": 53,
        "rpc": 111,
        "msrpc": 135,
        "netbios": 139,
        "ldap": 389,
        "smb": 445,
        "mssql": 1433,
        "oracle": 1521,
        "mysql": 3306,
        "rdp": 3389,
        "postgresql": 5432,
        "vnc": 5900,
        "winrm": 5985,
        "redis": 6379,
        "http-alt": 8080,
        "https-alt": 8443,
        "mqtt-tls": 8883,
    }
)
#: Ports of control equipment: a question after the version of a service never goes there.
CONTROL_PORTS = frozenset({102, 502, 4840, 44818, 47808})
VERSION_PORTS = frozenset(IT_PORTS.values()) - CONTROL_PORTS

_SNMP = frozenset({Request.SNMP_READ})
_GENTLE = _SNMP | {
    Request.HOST_ALIVE,
    Request.TCP_CONNECT,
    Request.MODBUS_IDENTIFY,
    Request.S7_READ_SZL,
    Request.ENIP_LIST_IDENTITY,
    Request.BACNET_WHO_IS,
    Request.OPCUA_GET_ENDPOINTS,
}
ALLOWED: Mapping[Mode, frozenset[Request]] = MappingProxyType(
    {
        Mode.PASSIVE: frozenset(),
        Mode.SNMP_ONLY: _SNMP,
        Mode.GENTLE: _GENTLE,
        Mode.IT: frozenset(Request),
    }
)
#: The one port (or none: ICMP) that a request goes to; a connection may go to any named port.
PORT_OF: Mapping[Request, int | None] = MappingProxyType(
    {
        Request.SNMP_READ: 161,
        Request.HOST_ALIVE: None,
        Request.MODBUS_IDENTIFY: 502,
        Request.S7_READ_SZL: 102,
        Request.ENIP_LIST_IDENTITY: 44818,
        Request.BACNET_WHO_IS: 47808,
        Request.OPCUA_GET_ENDPOINTS: 4840,
    }
)


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing about to be sent: `packets` is how many frames of ours it takes at most.

    `model` is the product known for the address, "" when none is.
    """

    network: str
    address: str
    request: Request
    transport: Transport
    port: int | None = None
    packets: int = 1
    model: str = ""


def is_allowed(mode: Mode, probe: Probe, *, snmp_port: int = 161) -> bool:
    """Tell whether a mode lets a probe through: its request is on the list and goes to its own port.

    `snmp_port` is another port than 161 where agents of a network listen elsewhere.

    >>> connect = Probe("cell-a", "10.1.0.7", Request.TCP_CONNECT, Transport.TCP, 502)
    >>> is_allowed(Mode.GENTLE, connect), is_allowed(Mode.SNMP_ONLY, connect)
    (True, False)
    >>> is_allowed(Mode.GENTLE, Probe("cell-a", "10.1.0.7", Request.TCP_CONNECT, Transport.TCP, 3389))
    False
    >>> is_allowed(Mode.IT, Probe("office", "10.4.0.7", Request.SERVICE_VERSION, Transport.TCP, 102))
    False
    """
    if probe.request not in ALLOWED[mode]:
        return False
    if probe.request is Request.SERVICE_VERSION:
        return probe.port in VERSION_PORTS
    if probe.request is Request.TCP_CONNECT:
        return probe.port in (IT_PORTS if mode is Mode.IT else NAMED_PORTS).values()
    own = snmp_port if probe.request is Request.SNMP_READ else PORT_OF.get(probe.request, -1)
    return probe.port == own
