"""What an item takes over from its double, and which relations are one when two items become one."""

from collections.abc import Mapping
from typing import Any, NamedTuple

#: Fields the kept item takes over where its own are empty.
FILLED = (
    "function",
    "location",
    "zone",
    "system",
    "criticality_override",
    "purdue_override",
    "product",
    "serial_number",
    "firmware_version",
    "hostname",
    "network_address",
    "mac_address",
    "installed_date",
    "end_of_life_date",
    "description",
)
#: What holds of one holds of both: a double marked "never scan" must not lose the mark.
FLAGS = ("stops_line", "is_safety_system", "is_never_scanned")


class Ends(NamedTuple):
    """What makes a relation the same one: its ends (ids, or names of unknown ones), class and protocol."""

    source: int | str
    target: int | str
    relation_class: str
    protocol: str

    def moved(self, gone: int, kept: int) -> "Ends":
        """Return the relation as it is when one item stands for the other.

        >>> Ends(7, "press", "depends_on", "").moved(7, 3)
        Ends(source=3, target='press', relation_class='depends_on', protocol='')
        """
        source, target = (kept if one == gone else one for one in self[:2])
        return self._replace(source=source, target=target)

    @property
    def is_to_itself(self) -> bool:
        """Return whether both ends are one item."""
        return self.source == self.target


def taken_over(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the kept item takes over. What it holds itself it keeps.

    >>> taken_over({"hostname": "sw1", "function": "", "stops_line": False, "zone": None},
    ...            {"hostname": "sw-1", "function": "Ring", "stops_line": True, "zone": None})
    {'function': 'Ring', 'stops_line': True}
    """
    filled = {
        name: gone[name]
        for name in FILLED
        if name in gone and kept[name] in ("", None) and gone[name] not in ("", None)
    }
    flags = {name: True for name in FLAGS if gone.get(name) and not kept[name]}
    return filled | flags
