"""What is known of a device for telling it from others, gathered from an observation."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from discovery.rules.readings import Oid, Reading, oid
from discovery.topology.macs import mac_of
from discovery.topology.observations import Observation
from discovery.topology.speakers import speaker_of

SYS_OBJECT_ID, SYS_NAME = oid("1.3.6.1.2.1.1.2.0"), oid("1.3.6.1.2.1.1.5.0")
ENGINE_ID = oid("1.3.6.1.6.3.10.2.1.1.0")
BASE_BRIDGE_ADDRESS = oid("1.3.6.1.2.1.17.1.1.0")
ENTERPRISES = oid("1.3.6.1.4.1")
#: entPhysicalTable (RFC 6933): class, serial number, maker.
ENT_CLASS, ENT_SERIAL, ENT_MAKER = (oid(f"1.3.6.1.2.1.47.1.1.1.1.{n}") for n in (5, 11, 12))
CHASSIS_CLASS = 3
#: Enterprises whose agents run on machines of any maker: Microsoft, UCD-SNMP, net-snmp.
AGENT_MAKERS = frozenset({311, 2021, 8072})


@dataclass(frozen=True)
class Sighting:
    """What is known of a device for telling it from others: an observation, or an item as it was.

    `serials` are those of all chassis (several: a stack); `kind` is the slug of the item class ("" unknown);
    `chassis` is the LLDP chassis id as text (`mac 00:..`, `local plc-1`); `macs` are all hardware addresses and
    `knows_all_macs` says that no others exist (the interface table was read whole); `engine_id` is in hex.
    """

    key: str
    network: str = ""
    address: str = ""
    kind: str = ""
    vendor: str = ""
    model: str = ""
    serials: tuple[str, ...] = ()
    chassis: str = ""
    base_mac: str = ""
    macs: frozenset[str] = field(default=frozenset())
    knows_all_macs: bool = False
    engine_id: str = ""
    name: str = ""


def sighting_of(
    observation: Observation,
    *,
    kind: str = "",
    vendor: str = "",
    model: str = "",
    serials: tuple[str, ...] = (),
) -> Sighting:
    """Return what an observation shows of a device's identity.

    What identification found takes the place of what ENTITY-MIB (RFC 6933) says of the chassis.
    """
    reading = observation.reading
    speaker = speaker_of(reading)
    base = mac_of(reading.get(BASE_BRIDGE_ADDRESS))
    engine = reading.get(ENGINE_ID)
    return Sighting(
        observation.key,
        observation.network,
        observation.address,
        kind,
        vendor or maker_of(reading),
        model,
        serials or tuple(dict.fromkeys(chassis_serials(reading))),
        str(speaker.chassis),
        base,
        frozenset({*speaker.ports.macs, *speaker.aliases, base} - {""}),
        bool(speaker.ports.macs) and observation.has_whole("ifTable"),
        engine.hex() if isinstance(engine, bytes) else "",
        reading.text(SYS_NAME),
    )


def hardware_addresses(sighting: Sighting) -> frozenset[str]:
    """Return every hardware address of a sighting, whatever it proves."""
    chassis = sighting.chassis.removeprefix("mac ")
    own = {*sighting.macs, sighting.base_mac, chassis if chassis != sighting.chassis else ""}
    return frozenset(mac for mac in own if len(mac) == 17)


def chassis_serials(reading: Reading) -> Iterator[str]:
    """Yield the serial numbers of the chassis, those of a stack in their order."""
    for row in _chassis(reading):
        serial = reading.text((*ENT_SERIAL, *row))
        if serial:
            yield serial


def maker_of(reading: Reading) -> str:
    """Return who made the chassis; the number of the enterprise where nobody says so.

    >>> maker_of(Reading({SYS_OBJECT_ID: (1, 3, 6, 1, 4, 1, 248, 14)}))
    'enterprise 248'
    """
    makers = (reading.text((*ENT_MAKER, *row)) for row in _chassis(reading))
    maker = next((one for one in makers if one), "")
    identity = reading.get(SYS_OBJECT_ID)
    if maker or not isinstance(identity, tuple):
        return maker
    if identity[:6] != ENTERPRISES or len(identity) < 7 or identity[6] in AGENT_MAKERS:
        return ""
    return f"enterprise {identity[6]}"


def _chassis(reading: Reading) -> Iterator[Oid]:
    return (index for index, value in reading.below(ENT_CLASS) if value == CHASSIS_CLASS)
