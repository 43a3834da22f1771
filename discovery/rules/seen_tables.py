"""ARP and MAC tables as other tools export them: which column is which, and what one row says.

Names of columns are taken as Cisco (`show ip arp`, `show mac address-table`), OPNsense, pfSense, Linux (`ip neigh`) and
Windows (`arp -a`) write them; capitals and signs between the words do not matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType

from discovery.rules.targets import BadTargetError, address

#: What each column may be called, without capitals and signs.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "address": (
            "address",
            "ip",
            "ipaddress",
            "ipaddr",
            "ipv4address",
            "internetaddress",
            "dst",
        ),
        "mac": (
            *("mac", "macaddress", "macaddr", "hardwareaddr", "hardwareaddress", "hwaddress"),
            *("hwaddr", "lladdr", "linklayeraddress", "physicaladdress", "ethernetaddress"),
        ),
        "port": ("port", "ports", "interface", "intf", "iface", "dev", "ifname", "destinationport"),
        "vlan": ("vlan", "vlanid", "vid"),
        "switch": ("switch", "switchname", "switchcode", "bridge"),
        "seen_at": ("seenat", "lastseen", "lastseenat", "seen", "timestamp"),
        "name": ("hostname", "name", "dnsname"),
        "maker": ("manufacturer", "vendor", "macvendor"),
    }
)
#: What a row says in the place of a hardware address when nobody has answered.
UNANSWERED = frozenset({"", "-", "incomplete", "(incomplete)", "<incomplete>", "none", "failed"})
#: Ports that are none: the switch's own entries.
INNER_PORTS = frozenset({"cpu", "self", "switch", "router", "drop", "management", "internal"})
MOST_VLAN = 4094
#: A clock may be wrong by so much.
AHEAD = timedelta(days=1)


class LeftOut(StrEnum):
    """Why something in a file is not taken over though nothing is wrong with it."""

    UNANSWERED = "unanswered"
    NO_DEVICE = "no-device"
    INNER = "inner"
    NOT_ALLOWED = "not-allowed"
    EXCLUDED = "excluded"
    DISPUTED = "disputed"
    PROXY = "proxy"
    SWITCH_ITSELF = "switch-itself"
    NO_SWITCH = "no-switch"
    READ_ITSELF = "read-itself"


SENTENCES: Mapping[LeftOut, str] = MappingProxyType(
    {
        LeftOut.UNANSWERED: "Nobody has answered there.",
        LeftOut.NO_DEVICE: "The hardware address is that of a group or a shared role, not of a device.",
        LeftOut.INNER: "An entry of the switch about itself.",
        LeftOut.NOT_ALLOWED: "The address is not in the network's allowed blocks.",
        LeftOut.EXCLUDED: "The address is on the network's exclusion list.",
        LeftOut.DISPUTED: "Several hardware addresses have the address at the same time.",
        LeftOut.PROXY: "The hardware address answers for more than 8 addresses, as a router does for others.",
        LeftOut.SWITCH_ITSELF: "It is the address of a switch whose table this is.",
        LeftOut.NO_SWITCH: "No address says whose it is and no switch where it hangs: name the switch.",
        LeftOut.READ_ITSELF: "The switch was read over SNMP; what it told itself counts.",
    }
)


class BadTableError(ValueError):
    """A header that is not that of an ARP or MAC table; the message says what is needed."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that cannot be read: the header of its column, its text, and what is wrong and allowed."""

    column: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class SeenRow:
    """One row: `mac` in six lower-case octets; `address` and `switch` are empty where the table has none."""

    line: int
    mac: str
    address: str = ""
    port: str = ""
    vlan: int = 0
    switch: str = ""
    name: str = ""
    maker: str = ""
    seen_at: datetime | None = None


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one table. `zone` is that of times without one; `switch` whose table it is without a column."""

    places: Mapping[str, int]
    header: Sequence[str]
    now: datetime
    zone: tzinfo
    switch: str = ""

    @classmethod
    def of(
        cls, header: Sequence[str], *, now: datetime, zone: tzinfo, switch: str = ""
    ) -> "RowReader":
        """Return the reader of a table with this header. Raises BadTableError."""
        places = places_of(header)
        if "mac" not in places:
            raise BadTableError(
                "There is no column of hardware addresses; one is called mac, MAC address, Hardware Addr or lladdr. "
                f"The first row holds: {_listed(header)}."
            )
        if "address" not in places and "switch" not in places and not switch:
            raise BadTableError(
                "There is no column of IP addresses, so this is the MAC table of a switch: say which one, in a column "
                "'switch' or beside the file."
            )
        if "address" not in places and "port" not in places:
            raise BadTableError(
                "A MAC table needs a column of ports; one is called port, ports or interface. "
                f"The first row holds: {_listed(header)}."
            )
        return cls(places, header, now, zone, switch)

    def read(self, line: int, cells: Sequence[str]) -> SeenRow | LeftOut | tuple[Wrong, ...]:
        """Return what a row says, why it says nothing, or everything that is wrong in it."""
        text = {name: self._cell(cells, name) for name in self.places}
        if text["mac"].casefold() in UNANSWERED:
            return LeftOut.UNANSWERED
        wrong: list[Wrong] = []
        row = SeenRow(
            line,
            self._mac(text["mac"], wrong),
            self._address(text.get("address", ""), wrong),
            text.get("port", "")[:100],
            self._vlan(text.get("vlan", ""), wrong),
            (text.get("switch") or self.switch)[:253],
            text.get("name", "")[:253],
            text.get("maker", "")[:100],
            self._seen_at(text.get("seen_at", ""), wrong),
        )
        if wrong:
            return tuple(wrong)
        if row.switch and row.port.casefold() in INNER_PORTS:
            return LeftOut.INNER
        return row if row.address or (row.switch and row.port) else LeftOut.NO_SWITCH

    def _cell(self, cells: Sequence[str], name: str) -> str:
        place = self.places[name]
        text = cells[place].strip() if place < len(cells) else ""
        return text if text.isprintable() else "".join(filter(str.isprintable, text))

    def _wrong(self, name: str, value: str, message: str, wrong: list[Wrong]) -> None:
        wrong.append(Wrong(self.header[self.places[name]], value[:80], message))

    def _mac(self, text: str, wrong: list[Wrong]) -> str:
        found = mac_from(text)
        if not found:
            message = "is no hardware address; allowed: 00:1b:1b:10:20:00, 001b.1b10.2000 or alike"
            self._wrong("mac", text, message, wrong)
        return found

    def _address(self, text: str, wrong: list[Wrong]) -> str:
        if not text:
            return ""
        try:
            return str(address(text.partition("%")[0]))
        except BadTargetError:
            message = "is no IP address; allowed: one such as 10.20.0.7"
            self._wrong("address", text, message, wrong)
        return ""

    def _vlan(self, text: str, wrong: list[Wrong]) -> int:
        if not text or not text.isascii() or not text.isdigit():
            # "All", "N/A", a name: the entry holds for no particular one.
            return 0
        if len(text) < 5 and int(text) <= MOST_VLAN:
            return int(text)
        self._wrong("vlan", text, f"is no VLAN; allowed: 1 to {MOST_VLAN:,}", wrong)
        return 0

    def _seen_at(self, text: str, wrong: list[Wrong]) -> datetime | None:
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            message = "is no time; allowed: one such as 2026-11-21T08:00+01:00"
            self._wrong("seen_at", text, message, wrong)
            return None
        known = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        if known > self.now + AHEAD:
            self._wrong("seen_at", text, "lies in the future", wrong)
            return None
        return known


def places_of(header: Sequence[str]) -> dict[str, int]:
    """Return at which place each known column stands; BadTableError when one is there twice.

    >>> places_of(["Protocol", "Address", "Age (min)", "Hardware Addr", "Type", "Interface"])
    {'address': 1, 'mac': 3, 'port': 5}
    """
    meant = {word: name for name, words in COLUMNS.items() for word in words}
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        name = meant.get("".join(sign for sign in title.casefold() if sign.isalnum()))
        if name is None:
            continue
        if name in found:
            raise BadTableError(
                f"“{header[found[name]]}” and “{title}” both name the {name}; leave one of them."
            )
        found[name] = place
    return found


def mac_from(text: str) -> str:
    """Return a hardware address however it is written, "" for anything else.

    >>> mac_from("001B.1B10.2000"), mac_from("00-1b-1b-10-20-00"), mac_from("001b1b-102000")
    ('00:1b:1b:10:20:00', '00:1b:1b:10:20:00', '00:1b:1b:10:20:00')
    >>> mac_from("0:1b:1b:10:20:0"), mac_from("=HYPERLINK(1)"), mac_from("00:1b:1b:10:20")
    ('00:1b:1b:10:20:00', '', '')
    """
    octets = text.split(":")
    if len(octets) == 6:
        # Some leave the leading zeros out.
        text = "".join(octet.zfill(2) for octet in octets)
    digits = "".join(sign for sign in text if sign not in ".-: ").casefold()
    if len(digits) != 12 or not set(digits) <= set("0123456789abcdef") or len(text) > 17:
        return ""
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def _listed(header: Sequence[str]) -> str:
    return ", ".join(header[:12])[:200] or "nothing"
