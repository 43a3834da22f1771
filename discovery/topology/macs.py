"""What a hardware address can prove: one device, a role that moves between devices, or nothing at all."""

from enum import StrEnum
from functools import lru_cache

from discovery.rules.readings import Value, as_mac


class MacKind(StrEnum):
    """What stands behind a MAC address."""

    UNIVERSAL = "universal"
    LOCAL = "local"
    SHARED = "shared"
    GROUP = "group"
    NONE = ""


#: Addresses of roles that move between devices, or that whole clusters answer with.
SHARED_PREFIXES = (
    "00:00:5e:00:01:",  # VRRP for IPv4, CARP (RFC 9568 section 7.3)
    "00:00:5e:00:02:",  # VRRP for IPv6 (RFC 9568)
    "00:00:0c:07:ac:",  # HSRP version 1 (RFC 2281)
    "00:00:0c:9f:f",  # HSRP version 2
    "00:05:73:a0:0",  # HSRP for IPv6
    "00:07:b4:00:",  # GLBP
    "00:09:0f:09:",  # FortiGate cluster
    "00:1b:17:00:01:",  # PAN-OS cluster
    "00:10:db:ff:",  # Juniper chassis cluster
    "00:23:04:ee:be:",  # vPC domain
    "00:1c:73:00:00:",  # virtual router address of EOS, as documented
)
#: Addresses that drivers give every machine they are installed on.
SHARED_ADDRESSES = frozenset(
    {
        "00:05:9a:3c:7a:00",  # AnyConnect adapter
        "00:09:0f:fe:00:01",  # FortiClient adapter
        "00:09:0f:aa:00:01",  # FortiClient adapter
        "00:50:56:c0:00:01",  # VMware host-only adapter
        "00:50:56:c0:00:08",  # VMware NAT adapter
        "00:53:45:00:00:00",  # RAS adapter of Windows
        "20:41:53:59:4e:ff",  # WAN miniport of Windows ("ASYN")
        "33:50:6f:45:30:30",  # WAN miniport of Windows ("PPoE00")
        "44:45:53:54:00:00",  # dial-up adapter of Windows ("DEST")
        "44:45:53:54:42:00",  # VPN adapter
        "50:50:54:50:30:30",  # WAN miniport of Windows ("PPTP00")
        "00:11:22:33:44:55",  # defaults of evaluation boards and lazy firmware
        "00:01:02:03:04:05",
        "00:12:34:56:78:9a",
        "12:34:56:78:9a:bc",
        "00:00:00:00:00:01",
        "00:de:ad:be:ef:00",
    }
)


@lru_cache(maxsize=1 << 17)
def mac_kind(mac: str) -> MacKind:
    """Return what stands behind a MAC address written as `as_mac` does.

    Locally administered addresses (IEEE 802 section 8.4) are made up: by containers, hypervisors, and by phones
    that change them. They identify a port on the wire of today, never a device.

    >>> mac_kind("00:90:e8:aa:bb:cc").value, mac_kind("00:00:5e:00:01:0a").value, mac_kind("02:42:ac:11:00:02").value
    ('universal', 'shared', 'local')
    >>> mac_kind("01:80:c2:00:00:0e").value
    'group'
    """
    if not mac:
        return MacKind.NONE
    if mac in SHARED_ADDRESSES or mac.startswith(SHARED_PREFIXES):
        return MacKind.SHARED
    first = int(mac[:2], 16)
    if first & 1:
        return MacKind.GROUP
    if first & 2:
        return MacKind.LOCAL
    return MacKind.NONE if _is_made_up(mac) else MacKind.UNIVERSAL


def is_station(mac: str) -> bool:
    """Return whether a device of its own can stand behind a MAC address on a wire.

    >>> is_station("02:42:ac:11:00:02"), is_station("00:00:5e:00:01:0a")
    (True, False)
    """
    return mac_kind(mac) in {MacKind.UNIVERSAL, MacKind.LOCAL}


def mac_of(value: Value | None) -> str:
    """Return a MAC address from octets or from text as agents write it, "" for anything else.

    >>> mac_of(b"D4:CA:6D:EA:FE:91"), mac_of(b"001b.1b10.2000"), mac_of(bytes.fromhex("001b1b102000"))
    ('d4:ca:6d:ea:fe:91', '00:1b:1b:10:20:00', '00:1b:1b:10:20:00')
    >>> mac_of(b"port-001")
    ''
    """
    if isinstance(value, bytes) and len(value) in {12, 14, 17}:
        try:
            digits = value.decode("ascii").translate({ord(sign): None for sign in ":-. "})
            return as_mac(bytes.fromhex(digits))
        except ValueError:
            return ""
    return as_mac(value)


def _is_made_up(mac: str) -> bool:
    """Return whether one octet repeats six times, or nobody's maker stands before it."""
    return len(set(mac.split(":"))) == 1 or mac.startswith("00:00:00:")
