"""The ports of one device: what its interfaces are called, which addresses they have, how others' words find them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface

from discovery.rules.readings import Oid, Reading, Value, as_text, oid
from discovery.topology.macs import mac_of

IF_ENTRY, IFX_ENTRY = oid("1.3.6.1.2.1.2.2.1"), oid("1.3.6.1.2.1.31.1.1.1")
BASE_PORT_IF_INDEX = oid("1.3.6.1.2.1.17.1.4.1.2")
ADDRESS_INDEX, ADDRESS_MASK = oid("1.3.6.1.2.1.4.20.1.2"), oid("1.3.6.1.2.1.4.20.1.3")
ADDRESSES_INDEX, ADDRESSES_PREFIX = oid("1.3.6.1.2.1.4.34.1.3"), oid("1.3.6.1.2.1.4.34.1.5")
#: ifOperStatus (RFC 2863) of an interface behind which nobody can be: down, notPresent, lowerLayerDown.
DOWN = frozenset({2, 6, 7})
UNKNOWN_PORT = -1
#: ifType softwareLoopback, l2vlan, l3ipvlan.
NO_WIRE = frozenset({24, 135, 136})
#: Short interface names and what they stand for, in lower case.
SHORT_NAMES = {
    "eth": "ethernet",
    "et": "ethernet",
    "fa": "fastethernet",
    "gi": "gigabitethernet",
    "ge": "gigabitethernet",
    "te": "tengigabitethernet",
    "po": "port-channel",
}
_SHORT = re.compile(r"([a-z]+)[ -]?(\d[\d/.:]*)")

IpInterface = IPv4Interface | IPv6Interface


@dataclass(frozen=True, slots=True)
class Interface:
    """A row of the interface tables (RFC 2863); `kind` is the ifType."""

    index: int
    name: str = ""
    description: str = ""
    alias: str = ""
    mac: str = ""
    kind: int = 0
    is_down: bool = False

    @property
    def label(self) -> str:
        """Return what people call the port."""
        return self.name or self.description or str(self.index)

    @property
    def is_wire(self) -> bool:
        """Return whether something can be plugged in, or radioed to: not so for VLANs and loopbacks."""
        return self.kind not in NO_WIRE and not self.label.casefold().startswith("vlan")


@dataclass(frozen=True)
class Ports:
    """The interfaces of a device by ifIndex, its bridge ports and its addresses."""

    interfaces: Mapping[int, Interface]
    bridge_ports: Mapping[int, int]
    addresses: tuple[tuple[int, IpInterface], ...] = ()
    _by_word: Mapping[str, frozenset[int]] = field(init=False, repr=False, compare=False)
    _by_mac: Mapping[str, frozenset[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = self.interfaces.values()
        words = ((word_of(text), one.index) for one in every for text in _words(one))
        object.__setattr__(self, "_by_word", indexed(words))
        object.__setattr__(self, "_by_mac", indexed((one.mac, one.index) for one in every))

    @property
    def macs(self) -> frozenset[str]:
        """Return the hardware addresses of all interfaces."""
        return frozenset(self._by_mac) - {""}

    def label(self, index: int) -> str:
        """Return what people call a port, "" for one nobody knows."""
        found = self.interfaces.get(index)
        if found is not None:
            return found.label
        return "" if index == UNKNOWN_PORT else str(index)

    def is_down(self, index: int) -> bool:
        """Return whether an interface says of itself that nothing is connected."""
        found = self.interfaces.get(index)
        return found is not None and found.is_down

    def is_wire(self, index: int) -> bool:
        """Return whether neighbours can be behind an interface; of one nobody knows it is believed."""
        found = self.interfaces.get(index)
        return found is None or found.is_wire

    def called(self, text: str) -> int:
        """Return the one interface with this name, description or alias; -1 for none or several."""
        return only(self._by_word.get(word_of(text), frozenset()) if text else frozenset())

    def with_mac(self, mac: str) -> int:
        """Return the one interface with this hardware address; -1 for none or several."""
        return only(self._by_mac.get(mac, frozenset()) if mac else frozenset())

    def of_bridge_port(self, number: int) -> int:
        """Return the interface of a bridge port (dot1dBasePortIfIndex, RFC 4188)."""
        if number in self.bridge_ports:
            return self.bridge_ports[number]
        if number in self.interfaces or not (self.bridge_ports or self.interfaces):
            return number
        return UNKNOWN_PORT


def ports_of(reading: Reading) -> Ports:
    """Return the ports a device told of."""
    columns = {number: _by_index(reading, (*IF_ENTRY, number)) for number in (2, 3, 6, 8)}
    extended = {number: _by_index(reading, (*IFX_ENTRY, number)) for number in (1, 18)}
    indexes = sorted({index for one in (*columns.values(), *extended.values()) for index in one})
    interfaces = {
        index: Interface(
            index,
            as_text(extended[1].get(index)),
            as_text(columns[2].get(index)),
            as_text(extended[18].get(index)),
            mac_of(columns[6].get(index)),
            _number(columns[3].get(index)),
            _number(columns[8].get(index)) in DOWN,
        )
        for index in indexes
    }
    bridge_ports = {
        port: value
        for port, value in _by_index(reading, BASE_PORT_IF_INDEX).items()
        if isinstance(value, int) and value > 0
    }
    return Ports(interfaces, bridge_ports, tuple(sorted(_addresses(reading), key=str)))


def word_of(text: str) -> str:
    """Return the name of a port as it compares: spaces and capitals do not matter, short names are written out.

    >>> word_of("Gi1/0/14") == word_of("GigabitEthernet1/0/14")
    True
    >>> word_of("RMON Port  2 on Unit 1") == word_of("RMON Port 2 on Unit 1")
    True
    """
    plain = " ".join(text.casefold().split())
    match = _SHORT.fullmatch(plain)
    if match is None:
        return plain
    return SHORT_NAMES.get(match[1], match[1]) + match[2]


def indexed(pairs: Iterable[tuple[str, int]]) -> dict[str, frozenset[int]]:
    """Return the numbers that stand under each word.

    >>> indexed([("a", 1), ("a", 2)])["a"] == {1, 2}
    True
    """
    found: dict[str, set[int]] = {}
    for word, number in pairs:
        found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def only(numbers: frozenset[int]) -> int:
    """Return the one number of a set, -1 when there is none or a choice.

    >>> only(frozenset({7})), only(frozenset({7, 8}))
    (7, -1)
    """
    return next(iter(numbers)) if len(numbers) == 1 else UNKNOWN_PORT


def inet_address(kind: int, octets: tuple[int, ...]) -> str:
    """Return an address from its octets, "" when they are none; `kind` 1 and 3 is IPv4, 2 and 4 IPv6 (RFC 4001).

    >>> inet_address(1, (10, 20, 4, 2))
    '10.20.4.2'
    >>> inet_address(1, (10, 20))
    ''
    """
    size = {1: 4, 2: 16, 3: 4, 4: 16}.get(kind)
    if size is None or len(octets) < size or max(octets[:size]) > 255 or min(octets) < 0:
        return ""
    return str(ip_address(bytes(octets[:size])))


def _words(interface: Interface) -> Iterator[str]:
    yield from {interface.name, interface.description, interface.alias} - {""}


def _by_index(reading: Reading, column: Oid) -> dict[int, Value]:
    return {index[0]: value for index, value in reading.below(column) if len(index) == 1}


def _number(value: Value | None) -> int:
    return value if isinstance(value, int) else 0


def _addresses(reading: Reading) -> Iterator[tuple[int, IpInterface]]:
    masks = reading.column(ADDRESS_MASK)
    found: dict[str, tuple[int, str]] = {}
    for index, value in reading.below(ADDRESS_INDEX):
        mask = masks.get(index)
        length = _mask_length(mask) if isinstance(mask, bytes) else 32
        _add_address(found, inet_address(1, index), value, length)
    prefixes = reading.column(ADDRESSES_PREFIX)
    for index, value in reading.below(ADDRESSES_INDEX):
        pointer = prefixes.get(index)
        length = pointer[-1] if isinstance(pointer, tuple) and len(pointer) > 8 else -1
        _add_address(found, inet_address(index[0], index[2:]), value, length)
    for address, (interface, prefix) in found.items():
        try:
            yield interface, ip_interface(f"{address}/{prefix}")
        except ValueError:
            yield interface, ip_interface(address)


def _add_address(
    found: dict[str, tuple[int, str]], address: str, interface: Value, length: int
) -> None:
    if not address or not isinstance(interface, int):
        return
    parsed = ip_address(address)
    if parsed.is_loopback or parsed.is_unspecified or parsed.is_multicast:
        return
    if address not in found:
        whole = 32 if parsed.version == 4 else 128
        found[address] = interface, str(length if 0 <= length <= whole else whole)


def _mask_length(mask: bytes) -> int:
    """Return how many leading bits a mask has, -1 when it is none.

    >>> _mask_length(bytes([255, 255, 252, 0])), _mask_length(bytes([255, 0, 255, 0]))
    (22, -1)
    """
    bits = "".join(f"{octet:08b}" for octet in mask)
    return -1 if "01" in bits else bits.count("1")
