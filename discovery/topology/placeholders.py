"""Serial numbers and names that look like something and say nothing: what firmware ships with, masks, defaults."""

import re
from functools import lru_cache

_SERIALS = """
none null na nil notspecified notavailable notapplicable notset notsupported notdefined unknown undefined
unspecified empty blank default defaultstring serial serialnumber systemserialnumber chassisserialnumber
baseboardserialnumber tobefilledbyoem filledbyoem oem invalid error test sample private redacted hidden
0123456789 1234567890 123456789 12345678 1234567 123456 12345 1234 deadbeef abcdef
"""
_NAMES = """
localhost localhost.localdomain switch router firewall gateway bridge printer server host device devicename
device-name ubnt unifi mikrotik openwrt default unknown none noname test system name sysname hostname ap camera
plc hmi ups pdu raspberrypi ubuntu debian linux windows desktop pc <private>
"""
#: Serial numbers that firmware ships with, as `plain_word` writes them.
PLACEHOLDERS = frozenset(_SERIALS.split())
#: Names that devices are delivered with or that people give to anything.
GENERIC_NAMES = frozenset(_NAMES.split())
#: Runs that people and firmware fill in: masks, one sign again and again, counting up.
_MASK = re.compile(
    r"x{4,}|\*{2,}|#{3,}|0{8,}|([1-9a-z])\1{4,}|012345|123456|234567|345678|456789|abcdef"
)


@lru_cache(maxsize=1 << 14)
def is_serial(text: str) -> bool:
    """Return whether a text can be the serial number of one device: no placeholder, no mask, no counter's start.

    >>> [is_serial(text) for text in ("0", "123456", "Not Specified", "To be filled by O.E.M.", "SG05XXXXXX")]
    [False, False, False, False, False]
    >>> is_serial("TAIKD1021234"), is_serial("07627")
    (True, True)
    """
    plain = plain_word(text)
    if len(plain) < 4 or plain in PLACEHOLDERS or _MASK.search(text.casefold()):
        return False
    if len(set(plain)) < 2 or (len(set(plain)) == 2 and len(plain) > 7):
        return False
    return not (plain.isdecimal() and int(plain) < 1000)


def is_name(text: str) -> bool:
    """Return whether a name can be that of one device.

    >>> is_name("press4-sw1"), is_name("Switch"), is_name("192.168.0.1")
    (True, False, False)
    """
    plain = text.casefold().strip()
    return bool(re.search("[a-z]", plain)) and plain not in GENERIC_NAMES


def host_of(name: str) -> str:
    """Return the host's part of a name, in lower case; addresses and names with spaces stay whole.

    CDP puts a serial number in brackets behind the name, and most put the domain there.

    >>> host_of("Hall2-Core.plant.example"), host_of("n9k-1(FDO2113)"), host_of("PCM F16 SW 121.130")
    ('hall2-core', 'n9k-1', 'pcm f16 sw 121.130')
    """
    plain = name.casefold().strip()
    return plain if " " in plain or not is_name(plain) else plain.split(".")[0].split("(")[0]


@lru_cache(maxsize=1 << 14)
def plain_word(text: str) -> str:
    """Return the letters and digits of a text, in lower case.

    >>> plain_word("To be filled by O.E.M.")
    'tobefilledbyoem'
    """
    return "".join(sign for sign in text.casefold() if sign.isalnum())
