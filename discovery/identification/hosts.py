"""What a host of an nmap report is, from what it told itself: control systems' scripts, SNMP's description, services.

A banner of a service or the maker of a network card says nothing certain about the device; it never gives a serial.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from discovery.collectors.nmap_report import HostReport, PortReport, ScriptReport
from discovery.identification.identify import Finding, Identity, identify
from discovery.identification.loading import standard_rules
from discovery.identification.sources import DESCRIPTION
from discovery.identification.values import Attribute, cleaned
from discovery.rules.readings import Reading
from discovery.topology.placeholders import is_serial

#: CIP device profiles (EtherNet/IP, List Identity) with a role of ours.
CIP_ROLES: Mapping[int, str] = MappingProxyType(
    {
        0x02: "drive",
        0x07: "remote io",
        0x0E: "plc",
        0x13: "drive",
        0x18: "operator panel",
        0x2C: "industrial switch",
    }
)
#: The rule of a maker that only the hardware address tells: the maker of a network card, not surely of the device.
BY_MAC = "hardware address"
#: An operating system is guessed from the network stack: below this (percent) nmap guesses too freely.
SURE = 95
_NUMBERED = re.compile(r"(?P<name>.*?)\s*\((?P<number>\d{1,5})\)")

Told = Iterator[tuple[Attribute, Finding]]


def identity_of(host: HostReport) -> Identity:
    """Return what a host is; what the device told comes before what nmap concluded, the maker of its card last."""
    findings: dict[Attribute, Finding] = {}
    for attribute, finding in _told(host):
        findings.setdefault(attribute, finding)
    if not {Attribute.VENDOR, Attribute.MODEL} & findings.keys() and host.mac_vendor:
        maker = cleaned(Attribute.VENDOR, host.mac_vendor)
        if maker:
            findings[Attribute.VENDOR] = Finding(maker, BY_MAC, (), host.mac)
    role = findings.get(Attribute.ROLE)
    slug = standard_rules().classes.get(role.value) if role else None
    if role is not None and slug:
        findings[Attribute.ITEM_CLASS] = Finding(slug, role.rule, (), role.text)
    rules = tuple(dict.fromkeys(one.rule for one in findings.values()))
    return Identity(findings, (), rules)


def name_told(host: HostReport) -> str:
    """Return the name the device gives itself, "" when it tells none; a name server's word is not its own."""
    names = (script.get("System Name") for script in _scripts(host, "s7-info"))
    return next((name for name in names if name), "")


def vendor_told(identity: Identity) -> str:
    """Return the maker that the device tells, "" when only its hardware address speaks of one."""
    finding = identity.findings.get(Attribute.VENDOR)
    return finding.value if finding is not None and finding.rule != BY_MAC else ""


def _told(host: HostReport) -> Told:
    for script in _scripts(host, "s7-info"):
        yield from _siemens(script)
    for script in _scripts(host, "enip-info"):
        yield from _cip(script)
    for script in _scripts(host, "modbus-discover"):
        for name, text in script.elements:
            if name.endswith("/Device identification"):
                yield from _described(script.id, text)
    for script in _scripts(host, "snmp-sysdescr"):
        yield from _described(script.id, script.output.partition("System uptime")[0])
    yield from _system(host)


def _scripts(host: HostReport, name: str) -> Iterator[ScriptReport]:
    found = (*host.scripts, *(script for port in host.ports for script in port.scripts))
    return (script for script in found if script.id == name)


def _siemens(script: ScriptReport) -> Told:
    if "siemens" in script.get("Copyright").casefold():
        yield from _finding(Attribute.VENDOR, "Siemens", script)
    # As the rules for what a scan asks itself tell them (data/control.yaml): one device is one item by either way.
    yield from _finding(Attribute.MODEL, script.get("Module Type") or script.get("Module"), script)
    yield from _finding(Attribute.VERSION, script.get("Version"), script)
    yield from _serial(" ".join(script.get("Serial Number").split()).removeprefix("S "), script)
    yield from _finding(Attribute.ROLE, "plc", script)


def _cip(script: ScriptReport) -> Told:
    vendor = _NUMBERED.fullmatch(script.get("vendor"))
    if vendor and not vendor["name"].casefold().startswith(("reserved", "unknown")):
        yield from _finding(Attribute.VENDOR, vendor["name"].partition("/")[0], script)
    yield from _finding(Attribute.MODEL, script.get("productName"), script)
    yield from _finding(Attribute.VERSION, script.get("revision"), script)
    yield from _serial(script.get("serialNumber").removeprefix("0x").upper(), script)
    kind = _NUMBERED.fullmatch(script.get("type"))
    role = CIP_ROLES.get(int(kind["number"])) if kind else None
    if role:
        yield from _finding(Attribute.ROLE, role, script)


def _described(script: str, text: str) -> Told:
    """Yield what our rules for SNMP's description make of a text of that kind; nothing without a maker they know."""
    reading = Reading({DESCRIPTION: " ".join(text.split()).encode()})
    found = identify(reading)
    if not found.vendor:
        return
    for attribute, finding in found.findings.items():
        if attribute not in {Attribute.SERIAL, Attribute.ITEM_CLASS}:
            yield attribute, Finding(finding.value, f"{script}: {finding.rule}", (), finding.text)


def _system(host: HostReport) -> Told:
    """Yield the operating system that services agree on, else the one the network stack surely resembles."""
    told = {port.ostype: port for port in host.ports if port.ostype}
    if len(told) == 1:
        system, port = told.popitem()
        yield Attribute.OS, Finding(_short(system), "service", (), _service(port))
        return
    best = next(iter(host.os_guesses), None)
    if best is not None and best.accuracy >= SURE and best.family:
        yield Attribute.OS, Finding(_short(best.family), "network stack", (), best.name[:200])


def _short(system: str) -> str:
    return "-".join(system.lower().split())[:60]


def _service(port: PortReport) -> str:
    words = (f"{port.port}/{port.protocol}", port.product, port.version, port.extrainfo)
    return " ".join(word for word in words if word)[:200]


def _finding(attribute: Attribute, text: str, script: ScriptReport) -> Told:
    value = cleaned(attribute, text)
    if value:
        yield attribute, Finding(value, script.id, (), text.strip()[:200])


def _serial(text: str, script: ScriptReport) -> Told:
    if is_serial(text) and len(text) <= 40 and text.isprintable():
        yield Attribute.SERIAL, Finding(text, script.id, (), text)
