"""An entry of a neighbour table: who was heard on which port, and how ids are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from discovery.rules.readings import Value, as_text
from discovery.topology.macs import mac_of
from discovery.topology.ports import inet_address
from discovery.topology.results import Method

#: LldpChassisIdSubtype and LldpPortIdSubtype: the words an id is written with.
CHASSIS_WORDS = {1: "component", 2: "alias", 3: "port", 4: "mac", 5: "address", 6: "interface"}
PORT_WORDS = {1: "alias", 2: "component", 3: "mac", 4: "address", 5: "interface", 6: "circuit"}
LOCAL_WORD = "local"


@dataclass(frozen=True, order=True)
class Identifier:
    """A chassis or port id: what sort of thing it is and what it says; `mac` when it is a hardware address."""

    word: str = ""
    text: str = ""
    mac: str = ""

    def __str__(self) -> str:
        return f"{self.word} {self.text}".strip()


@dataclass(frozen=True, order=True)
class Neighbour:
    """What a device knows of a neighbour on one of its ports; `local` is the ifIndex of that port, or -1."""

    method: Method
    local: int
    local_port: str
    chassis: Identifier = Identifier()
    port: Identifier = Identifier()
    port_description: str = ""
    name: str = ""
    description: str = ""
    addresses: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()


def identifier_of(
    subtype: Value | None, value: Value | None, words: Mapping[int, str]
) -> Identifier:
    """Return an id as its subtype says, or as its octets look where the subtype is missing or wrong."""
    word = words.get(subtype, LOCAL_WORD) if isinstance(subtype, int) else ""
    if not isinstance(value, bytes) or not value:
        return Identifier()
    text = as_text(value)
    is_readable = value.isascii() and text.isprintable() and len(text) == len(value)
    if word == "mac" or (len(value) == 6 and not is_readable):
        mac = mac_of(value)
        return (
            Identifier("mac", mac, mac)
            if mac
            else Identifier("mac", text)
            if text
            else Identifier()
        )
    if word == "address" and not is_readable:
        address = inet_address(value[0], tuple(value[1:]))
        return Identifier("address", address) if address else Identifier()
    mac = mac_of(value) if len(value) == 17 else ""
    return Identifier("mac", mac, mac) if mac else Identifier(word or LOCAL_WORD, text)


def is_usable(address: str) -> bool:
    """Return whether an IP address can be that of one device."""
    parsed = ip_address(address)
    return not (parsed.is_unspecified or parsed.is_loopback or parsed.is_multicast)
