"""What an nmap XML report says, hostile files refused: streamed through defusedxml, read by python-nmap host by host.

python-nmap keeps one address of a kind, one CPE of a service and no structure of a script's output; those are read
from the defused tree.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers.expat import ExpatError

import nmap
from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser, ParseError

#: A report of 65,536 hosts with a dozen ports each stays under this.
MOST_BYTES = 64 * 1024 * 1024
MOST_HOSTS = 65_536
MOST_PORTS = 500_000
#: nmap nests host > ports > port > script > table > elem, and tables in tables for a few scripts.
MOST_DEPTH = 24
PROTOCOLS = frozenset({"tcp", "udp", "sctp", "ip"})
CHUNK = 64 * 1024
#: A report holds so many remarks about what was left out at most.
MOST_PROBLEMS = 100
#: The end of a report: python-nmap reads it for every host.
RUNSTATS = '<runstats><finished timestr="" elapsed=""/><hosts up="" down="" total=""/></runstats>'


class BadReportError(ValueError):
    """A file that is not a report of nmap's, or not a harmless one; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class ScriptReport:
    """One script's output; `elements` are its fields in order: ("sid 0x1/Slave ID data", "…")."""

    id: str
    output: str
    elements: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Return the first element of a name, "" when the script told none.

        >>> ScriptReport("s7-info", "", (("Module Type", "CPU 315-2 PN/DP"),)).get("Module Type")
        'CPU 315-2 PN/DP'
        """
        return next((value for key, value in self.elements if key == name), "")


@dataclass(frozen=True, slots=True)
class PortReport:
    """One port. Without `is_probed` the service's name is only what is usual on that port."""

    port: int
    protocol: str
    state: str
    service: str = ""
    product: str = ""
    version: str = ""
    extrainfo: str = ""
    ostype: str = ""
    devicetype: str = ""
    cpe: tuple[str, ...] = ()
    is_probed: bool = False
    scripts: tuple[ScriptReport, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether something answered on the port."""
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class OsGuess:
    """What nmap's fingerprint of the network stack resembles; accuracy in percent."""

    name: str
    accuracy: int
    vendor: str = ""
    family: str = ""


@dataclass(frozen=True, slots=True)
class HostReport:
    """One host: `address` is its IPv4 address, else its first; `mac` has six lower-case octets or is empty."""

    address: str
    state: str
    reason: str = ""
    addresses: tuple[str, ...] = ()
    mac: str = ""
    mac_vendor: str = ""
    hostnames: tuple[str, ...] = ()
    ports: tuple[PortReport, ...] = ()
    scripts: tuple[ScriptReport, ...] = ()
    os_guesses: tuple[OsGuess, ...] = ()
    seen_at: datetime | None = None

    @property
    def is_up(self) -> bool:
        """Tell whether the host answered; on user's orders (-Pn) nmap calls every host up."""
        return self.state == "up"


@dataclass(frozen=True, slots=True)
class NmapReport:
    """What a report holds. Without `is_complete` nmap was broken off before its end."""

    arguments: str
    version: str
    hosts: tuple[HostReport, ...]
    is_complete: bool
    problems: tuple[str, ...] = ()


def read_report(xml: bytes) -> NmapReport:
    """Return what an nmap XML report (-oX) says.

    A host named twice is told twice. Raises BadReportError for anything but a harmless report of nmap's: other XML,
    none, entities, external definitions, nesting nmap has not, or too much of it.
    """
    if len(xml) > MOST_BYTES:
        raise BadReportError(
            f"The report has {len(xml):,} bytes; at most {MOST_BYTES:,} are read. Scan fewer hosts at once."
        )
    if not xml.strip():
        raise BadReportError("The report is empty.")
    reader = _Reader()
    parser = _Parser(target=reader)
    try:
        for start in range(0, len(xml), CHUNK):
            parser.feed(xml[start : start + CHUNK])
        parser.close()
    except DefusedXmlException as error:
        raise BadReportError(
            "The report defines entities or refers to other files; nmap never does. It was not read."
        ) from error
    except BadReportError:
        raise
    except (ParseError, ExpatError, LookupError, ValueError) as error:
        raise BadReportError(f"The report is not whole XML: {error}.") from error
    return reader.report()


class _Parser(DefusedXMLParser):
    """Lets `<!DOCTYPE nmaprun>` pass, which nmap writes, and no definition beyond it."""

    def __init__(self, target: "_Reader") -> None:
        super().__init__(target=target, forbid_dtd=True)

    def defused_start_doctype_decl(
        self, name: str, sysid: str | None, pubid: str | None, has_internal_subset: int
    ) -> None:
        if sysid or pubid or has_internal_subset:
            raise DTDForbidden(name, sysid, pubid)


class _Analyser(nmap.PortScanner):  # type: ignore[misc]
    """python-nmap's reading of XML; its own constructor looks for a program that reading does not need."""

    def __init__(self) -> None:
        self._nmap_last_output = ""
        self._scan_result: dict[str, Any] = {}


@dataclass
class _Reader:
    """Takes the XML as it comes and keeps one host's tree at a time."""

    arguments: str = ""
    version: str = ""
    is_complete: bool = False
    hosts: list[HostReport] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _seen: int = 0
    _ports: int = 0
    _depth: int = 0
    _builder: TreeBuilder | None = None
    _analyser: _Analyser = field(default_factory=_Analyser)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise BadReportError(
                f"The report nests deeper than {MOST_DEPTH} levels; nmap does not."
            )
        if self._depth == 1:
            self._open(tag, attributes)
        elif self._depth == 2 and tag == "host":
            self._builder = TreeBuilder()
        elif tag == "finished":
            self.is_complete = attributes.get("exit", "success") == "success"
        if self._builder is not None:
            self._builder.start(tag, attributes)

    def data(self, data: str) -> None:
        if self._builder is not None:
            self._builder.data(data)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._builder is None:
            return
        self._builder.end(tag)
        if self._depth == 1:
            host, self._builder = self._builder.close(), None
            self._take(host)

    def close(self) -> None:
        """Do nothing: the report is asked for by name."""

    def report(self) -> NmapReport:
        return NmapReport(
            self.arguments, self.version, tuple(self.hosts), self.is_complete, tuple(self.problems)
        )

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != "nmaprun" or attributes.get("scanner") != "nmap":
            told = attributes.get("scanner") or tag
            raise BadReportError(
                f"This is XML of “{told[:60]}”, not a report of nmap's (nmap -oX FILE writes one)."
            )
        self.arguments = attributes.get("args", "")
        self.version = attributes.get("version", "")

    def _take(self, tree: Element) -> None:
        if self._seen >= MOST_HOSTS:
            raise BadReportError(f"The report holds more than {MOST_HOSTS:,} hosts.")
        self._seen += 1
        for told in _mended(tree):
            self._note(f"Host {self._seen}: {told}")
        if not any(one.get("addrtype") != "mac" for one in tree.iterfind("address")):
            self._note(f"Host {self._seen} has no address and was left out.")
            return
        host = _host(tree, self._analyser)
        self._ports += len(host.ports)
        if self._ports > MOST_PORTS:
            raise BadReportError(f"The report holds more than {MOST_PORTS:,} ports.")
        self.hosts.append(host)

    def _note(self, told: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(told)


def _mended(tree: Element) -> Iterator[str]:
    """Take out of a host's tree what is not as nmap writes it, and yield what that was."""
    for one in list(tree.iterfind("address")):
        if not _is_address(one):
            tree.remove(one)
            yield f"“{one.get('addr', '')[:60]}” is no address."
    for ports in tree.iterfind("ports"):
        for one in list(ports.iterfind("port")):
            if not _is_port(one):
                ports.remove(one)
                yield f"“{one.get('portid', '')[:60]}” is no port."


def _is_address(one: Element) -> bool:
    if one.get("addrtype") == "mac":
        return bool(_mac(one.get("addr", "")))
    try:
        ip_address(one.get("addr", ""))
    except ValueError:
        return False
    return True


def _is_port(one: Element) -> bool:
    number = one.get("portid", "")
    return (
        number.isascii()
        and number.isdigit()
        and len(number) <= 5
        and int(number) <= 65_535
        and one.get("protocol") in PROTOCOLS
        and one.find("state") is not None
    )


def _mac(text: str) -> str:
    octets = text.lower().split(":")
    is_mac = len(octets) == 6 and all(
        len(one) == 2 and set(one) <= set("0123456789abcdef") for one in octets
    )
    return ":".join(octets) if is_mac else ""


def _host(tree: Element, analyser: _Analyser) -> HostReport:
    xml = f"<nmaprun>{tostring(tree, 'unicode')}{RUNSTATS}</nmaprun>"
    (told,) = analyser.analyse_nmap_xml_scan(xml)["scan"].values()
    addresses = [one.get("addr", "") for one in _addresses(tree, ("ipv4", "ipv6"))]
    macs = [
        (_mac(one.get("addr", "")), one.get("vendor", "")) for one in _addresses(tree, ("mac",))
    ]
    status = told.get("status", {})
    return HostReport(
        address=addresses[0],
        state=status.get("state") or "",
        reason=status.get("reason") or "",
        addresses=tuple(addresses),
        mac=macs[0][0] if macs else "",
        mac_vendor=macs[0][1] if macs else "",
        hostnames=tuple(dict.fromkeys(one["name"] for one in told["hostnames"] if one["name"])),
        ports=tuple(_port(one, told) for one in tree.iterfind("ports/port")),
        scripts=tuple(map(_script, tree.iterfind("hostscript/script"))),
        os_guesses=tuple(map(_os_guess, told.get("osmatch", ()))),
        seen_at=_moment(tree.get("endtime") or tree.get("starttime") or ""),
    )


def _addresses(tree: Element, kinds: Iterable[str]) -> Iterator[Element]:
    """Yield the addresses of these kinds, the first kind first."""
    for kind in kinds:
        yield from (one for one in tree.iterfind("address") if one.get("addrtype") == kind)


def _port(one: Element, told: dict[str, Any]) -> PortReport:
    number, protocol = int(one.get("portid", "")), one.get("protocol", "")
    row = told[protocol][number]
    service = one.find("service")
    more = service.attrib if service is not None else {}
    return PortReport(
        port=number,
        protocol=protocol,
        state=row["state"] or "",
        service=row["name"] or "",
        product=row["product"],
        version=row["version"],
        extrainfo=row["extrainfo"],
        ostype=more.get("ostype", ""),
        devicetype=more.get("devicetype", ""),
        cpe=tuple(found.text for found in one.iterfind("service/cpe") if found.text),
        is_probed=more.get("method") == "probed",
        scripts=tuple(map(_script, one.iterfind("script"))),
    )


def _script(one: Element) -> ScriptReport:
    return ScriptReport(one.get("id", ""), one.get("output", ""), tuple(_elements(one, "")))


def _elements(one: Element, path: str) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of what stands below a script or a table; nameless entries are numbered from 1."""
    for number, below in enumerate(one, 1):
        name = f"{path}{below.get('key') or number}"
        if below.tag == "table":
            yield from _elements(below, f"{name}/")
        elif below.tag == "elem":
            yield name, (below.text or "").strip()


def _os_guess(told: dict[str, Any]) -> OsGuess:
    best: dict[str, Any] = next(iter(told["osclass"]), {})
    accuracy = told["accuracy"] or ""
    return OsGuess(
        name=told["name"] or "",
        accuracy=int(accuracy) if accuracy.isascii() and accuracy.isdigit() else 0,
        vendor=best.get("vendor") or "",
        family=best.get("osfamily") or "",
    )


def _moment(seconds: str) -> datetime | None:
    """Return the moment that nmap writes as seconds since 1970, None when it is none."""
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):
        return None
    return datetime.fromtimestamp(int(seconds), tz=UTC)
