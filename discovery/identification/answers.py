"""What control systems and services answer, as variables that rules can name beside those of SNMP.

An object identifier begins with 0, 1 or 2: these begin with 3, so that no device can bring them along and no plan
reads them over SNMP. The second number is the port, the third the answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

from discovery.rules.readings import Oid, Reading, Value, dotted

ROOT = 3
#: Products of services by port: a column, the row is the port.
SERVICES: Oid = (ROOT, 0, 1)
SYSTEMS: Oid = (ROOT, 0, 2)
#: Name of an answer: its variable, and where it stands: (script, field; a field at the end of a path as well).
_ANSWERS: Mapping[str, tuple[Oid, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "s7.module": ((ROOT, 102, 1), (("s7-info", "Module"),)),
        "s7.hardware": ((ROOT, 102, 2), (("s7-info", "Basic Hardware"),)),
        "s7.version": ((ROOT, 102, 3), (("s7-info", "Version"),)),
        "s7.system": ((ROOT, 102, 4), (("s7-info", "System Name"),)),
        "s7.type": ((ROOT, 102, 5), (("s7-info", "Module Type"),)),
        "s7.serial": ((ROOT, 102, 6), (("s7-info", "Serial Number"),)),
        "s7.plant": ((ROOT, 102, 7), (("s7-info", "Plant Identification"),)),
        "s7.copyright": ((ROOT, 102, 8), (("s7-info", "Copyright"),)),
        "modbus.identification": (
            (ROOT, 502, 1),
            (
                ("raceway-modbus", "Device identification"),
                ("modbus-discover", "Device identification"),
            ),
        ),
        "modbus.vendor": ((ROOT, 502, 2), (("raceway-modbus", "Vendor"),)),
        "modbus.product": ((ROOT, 502, 3), (("raceway-modbus", "Product code"),)),
        "modbus.revision": ((ROOT, 502, 4), (("raceway-modbus", "Revision"),)),
        "modbus.server_id": (
            (ROOT, 502, 5),
            (("raceway-modbus", "Slave ID data"), ("modbus-discover", "Slave ID data")),
        ),
        "opcua.name": ((ROOT, 4840, 1), (("opcua-get-endpoints", "Application name"),)),
        "opcua.application": ((ROOT, 4840, 2), (("opcua-get-endpoints", "Application URI"),)),
        "opcua.product": ((ROOT, 4840, 3), (("opcua-get-endpoints", "Product URI"),)),
        "enip.vendor": ((ROOT, 44818, 1), (("enip-info", "vendor"),)),
        "enip.type": ((ROOT, 44818, 2), (("enip-info", "type"),)),
        "enip.product": ((ROOT, 44818, 3), (("enip-info", "productName"),)),
        "enip.revision": ((ROOT, 44818, 4), (("enip-info", "revision"),)),
        "enip.serial": ((ROOT, 44818, 5), (("enip-info", "serialNumber"),)),
    }
)
#: The variables of answers by the names that rules use.
VARIABLES: Mapping[str, Oid] = MappingProxyType({name: one[0] for name, one in _ANSWERS.items()})
COLUMNS: Mapping[str, Oid] = MappingProxyType({"services": SERVICES, "services.system": SYSTEMS})
_FIELDS = {
    (script, field): variable for variable, places in _ANSWERS.values() for script, field in places
}
_NAMES = {variable: name for name, variable in VARIABLES.items()}


class Script(Protocol):
    """What a script told: `collectors.nmap_report.ScriptReport` is one."""

    @property
    def id(self) -> str:
        """The script's name."""

    @property
    def elements(self) -> tuple[tuple[str, str], ...]:
        """Its fields in order."""


class Port(Protocol):
    """A port as it was found: `collectors.nmap_report.PortReport` is one."""

    @property
    def port(self) -> int:
        """Its number."""

    @property
    def product(self) -> str:
        """What answers there."""

    @property
    def version(self) -> str:
        """Its version."""

    @property
    def extrainfo(self) -> str:
        """What else it says."""

    @property
    def ostype(self) -> str:
        """What it runs on."""

    @property
    def scripts(self) -> tuple[Script, ...]:
        """What scripts told of it."""


def answers_of(ports: Iterable[Port]) -> dict[Oid, Value]:
    """Return what ports told as variables; the first answer to a question counts."""
    found: dict[Oid, Value] = {}
    for port in ports:
        for script in port.scripts:
            for variable, text in _of_script(script):
                found.setdefault(variable, text.encode())
        service = " ".join(part for part in (port.product, port.version, port.extrainfo) if part)
        if service:
            found[*SERVICES, port.port] = service.encode()
        if port.ostype:
            found[*SYSTEMS, port.port] = port.ostype.encode()
    return found


def _of_script(script: Script) -> Iterator[tuple[Oid, str]]:
    for name, text in script.elements:
        variable = _FIELDS.get((script.id, name.rpartition("/")[2]))
        if variable is not None and text:
            yield variable, _number(text) if variable == VARIABLES["enip.serial"] else text


def _number(text: str) -> str:
    """Return a hexadecimal number as makers print it on their devices: 0x006c061a is 006C061A."""
    return text.removeprefix("0x").upper()


def is_answer(identifier: Oid) -> bool:
    """Tell whether a variable is an answer of a control system or service, and not SNMP's."""
    return identifier[:1] == (ROOT,)


def apart(reading: Reading) -> tuple[Reading, Reading]:
    """Return what SNMP told, and what control systems and services answered."""
    told = {name: value for name, value in reading.varbinds.items() if not is_answer(name)}
    answers = {name: value for name, value in reading.varbinds.items() if is_answer(name)}
    return Reading(told, reading.problems), Reading(answers)


def label_of(identifier: Oid) -> str:
    """Return what a variable is called: an answer by its name, SNMP's by its identifier.

    >>> label_of((3, 102, 6)), label_of((3, 0, 1, 22)), label_of((1, 3, 6, 1))
    ('s7.serial', 'services.22', '1.3.6.1')
    """
    if not is_answer(identifier):
        return dotted(identifier)
    for name, root in COLUMNS.items():
        if identifier[: len(root)] == root:
            return f"{name}.{dotted(identifier[len(root) :])}"
    return _NAMES.get(identifier, dotted(identifier))
