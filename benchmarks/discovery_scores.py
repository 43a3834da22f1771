"""How well devices are identified: what was found compared with what is known, attribute by attribute."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from discovery.identification.identify import Identity
from discovery.identification.values import Attribute

#: An attribute of ours and the field of the expected values it is compared with.
FIELDS = {
    Attribute.VENDOR: "vendor",
    Attribute.OS: "os",
    Attribute.MODEL: "hardware",
    Attribute.VERSION: "version",
    Attribute.SERIAL: "serial",
}
#: Names of one maker.
ALIASES = (
    {"hp", "hpe", "hewlett packard", "hewlett packard enterprise", "aruba", "h3c", "compaq"},
    {"apc", "apc schneider electric", "schneider electric", "american power conversion"},
    {"eaton", "powerware", "mge", "mge ups systems"},
    {"vertiv", "liebert", "emerson", "emerson network power", "avocent", "geist"},
    {"dell", "dell emc", "force10", "dell equallogic", "equallogic"},
    {"nokia", "alcatel lucent", "alcatel"},
    {"extreme", "extreme networks", "enterasys", "brocade", "foundry", "avaya", "nortel"},
    {"palo alto", "palo alto networks"},
    {"siemens", "ruggedcom"},
    {"broadcom", "brocade"},
    {"ixsystems", "truenas", "freenas"},
    {"konica minolta", "develop"},
    {"fujitsu", "fujitsu siemens"},
    {"belden", "hirschmann"},
    {"rockwell automation", "allen bradley"},
    {"cisco", "meraki", "cisco meraki", "airespace", "viptela"},
    {"juniper", "netscreen", "juniper networks"},
    {"oracle", "sun microsystems", "sun", "acme packet"},
    {"dell", "dell emc", "emc", "isilon", "data domain"},
    {"check point", "checkpoint"},
    {"microchip", "symmetricom", "microsemi"},
    {"trellix", "mcafee", "fireeye"},
    {"netscout", "arbor", "arbor networks"},
    {"cambium", "motorola"},
    {"zebra", "symbol", "motorola"},
    {"nvidia", "mellanox", "cumulus", "cumulus networks"},
    {"riello", "ups manufacturing"},
    {"netgate", "pfsense"},
    {"deciso", "opnsense"},
    {"fs", "fs com", "fiberstore"},
)
#: Words that do not tell one operating system from another: “Moxa switch”, “Moxa firmware” and “Moxa” are the same.
_FILLER = frozenset(
    """firmware software os operating system series gmbh inc network device devices ethernet printer switch ups pdu camera
    firewall router""".split()  # noqa: SIM905 - a list of words reads better so
)


@dataclass
class Score:
    """Counts of one attribute; `misses` say what was expected and found."""

    known: int = 0
    found: int = 0
    wrong: int = 0
    misses: list[tuple[str, str, str]] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Return the counts and the percentage found."""
        percent = round(100 * self.found / self.known, 1) if self.known else 0.0
        return {
            "known": self.known,
            "found": self.found,
            "wrong": self.wrong,
            "found_percent": percent,
        }


def scores(
    devices: Iterable[Mapping[str, Any]], identities: Mapping[str, Identity]
) -> dict[Attribute, Score]:
    """Return the score of each attribute over all devices of which a value is known."""
    result = {attribute: Score() for attribute in FIELDS}
    for device in devices:
        identity = identities[device["file"]]
        for attribute, name in FIELDS.items():
            if not device.get(name):
                continue
            score, value = result[attribute], identity.value(attribute)
            score.known += 1
            if value and agrees(attribute, value, device):
                score.found += 1
                continue
            score.wrong += bool(value)
            score.misses.append((device["file"], str(device[name]), value))
    return result


def agrees(attribute: Attribute, value: str, device: Mapping[str, Any]) -> bool:
    """Tell whether a value is what is expected of a device.

    Serial numbers must be equal but for case, blanks and separators. Makers may be aliases. Operating systems
    must carry the expected name or label, but for words like firmware or switch. Models and versions may be longer
    or shorter (the maker's name does not count), as long as the shorter one stands in the longer one as whole
    words and has a digit in it.
    """
    expected = str(device[FIELDS[attribute]])
    if attribute is Attribute.SERIAL:
        return _squeezed(value) == _squeezed(expected)
    if attribute is Attribute.VENDOR:
        return _is_same_maker(value, expected)
    if attribute is Attribute.OS:
        names = {_squeezed(expected), _unfilled(str(device.get("os_label", "")))}
        return bool({_squeezed(value), _unfilled(value)} & names - {""})
    maker = _words(str(device.get("vendor", "")))
    ours, theirs = _plain_words(value, maker), _plain_words(expected, maker)
    return _stands_in(ours, theirs) or _stands_in(theirs, ours)


def _squeezed(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _unfilled(text: str) -> str:
    return "".join(word for word in _words(text) if word not in _FILLER)


def _is_same_maker(value: str, expected: str) -> bool:
    ours, theirs = " ".join(_words(value)), " ".join(_words(expected))
    if ours == theirs or set(ours.split()) <= set(theirs.split()):
        return True
    if set(theirs.split()) <= set(ours.split()):
        return True
    return any(ours in names and theirs in names for names in ALIASES)


def _stands_in(needle: list[str], hay: list[str]) -> bool:
    """Tell whether words stand in others in a row; without a digit among them they must be the same."""
    if not needle or (needle != hay and not any(s.isdigit() for s in "".join(needle))):
        return False
    size = len(needle)
    return any(hay[at : at + size] == needle for at in range(len(hay) - size + 1))


def _plain_words(text: str, maker: list[str]) -> list[str]:
    """Return the words of a text without the maker's name; “v1.2” is “1.2”."""
    words = re.findall(r"[a-z0-9]+(?:[._()/+-]+[a-z0-9]+)*", text.lower())
    return [re.sub(r"^v(?=\d)", "", word) for word in words if word not in maker]
