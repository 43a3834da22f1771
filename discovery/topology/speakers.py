"""How a device names itself and its ports in LLDP, and how what others heard of it is found again."""

from collections.abc import Mapping
from dataclasses import dataclass

from discovery.rules.readings import Oid, Reading, as_text, oid
from discovery.topology.neighbours import (
    CHASSIS_WORDS,
    LOCAL_WORD,
    PORT_WORDS,
    Identifier,
    identifier_of,
)
from discovery.topology.ports import UNKNOWN_PORT, Ports, indexed, only, ports_of, word_of

#: The local system's data in LLDP-MIB (IEEE 802.1AB-2005) and LLDP-V2-MIB (2009): the same columns.
LOCAL_SYSTEMS = (oid("1.0.8802.1.1.2.1.3"), oid("1.3.111.2.802.1.1.13.1.3"))


@dataclass(frozen=True)
class Speaker:
    """How a device names itself and its ports in LLDP, so that what others heard of it can be found again."""

    ports: Ports
    chassis: Identifier
    port_ids: Mapping[int, Identifier]
    port_descriptions: Mapping[int, str]

    def own_port(self, number: int) -> int:
        """Return the ifIndex of an LLDP port number, -1 when it cannot be told.

        The number is the bridge port's on bridges and the ifIndex elsewhere (LLDP-MIB, LldpPortNumber), but agents
        do as they like: what the port is called comes first.
        """
        identifier = self.port_ids.get(number, Identifier())
        found = (
            self._named(identifier),
            self.ports.called(self.port_descriptions.get(number, "")),
            self.ports.of_bridge_port(number),
        )
        return next((one for one in found if one != UNKNOWN_PORT), UNKNOWN_PORT)

    def heard_port(self, identifier: Identifier, description: str) -> int:
        """Return the ifIndex of the port that a neighbour heard of under this id, -1 when it is none or several."""
        own = indexed((str(one), number) for number, one in self.port_ids.items())
        told = indexed((word_of(text), number) for number, text in self.port_descriptions.items())
        number = only(own.get(str(identifier), frozenset()))
        if number == UNKNOWN_PORT and description:
            number = only(told.get(word_of(description), frozenset()))
        if number != UNKNOWN_PORT:
            return self.own_port(number)
        found = self._named(identifier)
        if found == UNKNOWN_PORT:
            found = self.ports.called(description)
        return found if found != UNKNOWN_PORT else self._numbered(identifier)

    @property
    def aliases(self) -> frozenset[str]:
        """Return hardware addresses it goes by in LLDP."""
        return frozenset({self.chassis.mac, *(one.mac for one in self.port_ids.values())}) - {""}

    def _named(self, identifier: Identifier) -> int:
        if identifier.mac:
            return self.ports.with_mac(identifier.mac)
        return self.ports.called(identifier.text)

    def _numbered(self, identifier: Identifier) -> int:
        if identifier.word != LOCAL_WORD or not identifier.text.isdecimal():
            return UNKNOWN_PORT
        number = int(identifier.text)
        return self.own_port(number) if number in self.port_ids else self._interface(number)

    def _interface(self, number: int) -> int:
        return number if number in self.ports.interfaces else UNKNOWN_PORT


def speaker_of(reading: Reading) -> Speaker:
    """Return how a device names itself."""
    local = next((root for root in LOCAL_SYSTEMS if any(reading.below(root))), LOCAL_SYSTEMS[0])
    return Speaker(
        ports_of(reading),
        identifier_of(reading.get((*local, 1, 0)), reading.get((*local, 2, 0)), CHASSIS_WORDS),
        _port_ids(reading, (*local, 7, 1)),
        _port_descriptions(reading, (*local, 7, 1)),
    )


def _port_ids(reading: Reading, entry: Oid) -> dict[int, Identifier]:
    subtypes = reading.column((*entry, 2))
    return {
        index[0]: identifier_of(subtypes.get(index), value, PORT_WORDS)
        for index, value in reading.below((*entry, 3))
        if len(index) == 1
    }


def _port_descriptions(reading: Reading, entry: Oid) -> dict[int, str]:
    return {
        index[0]: as_text(value)
        for index, value in reading.below((*entry, 4))
        if len(index) == 1 and as_text(value)
    }
