"""A file of what was seen elsewhere: nmap's XML or an ARP or MAC table, read whole before anything is made of it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.models import ConfigurationItem
from common.errors import DomainError
from common.imports.findings import Finding, Tally
from common.imports.tables import Table, table_of_file
from discovery.choices import ScanSource
from discovery.collectors import nmap_report
from discovery.collectors.nmap_report import BadReportError, HostReport, read_report
from discovery.identification.hosts import identity_of, name_told, vendor_told
from discovery.identification.identify import Identity
from discovery.models import Network
from discovery.models.networks import lines_of
from discovery.queries.seen_switches import SeenSwitch, switches_of
from discovery.rules.seen_tables import BadTableError, LeftOut, RowReader, SeenRow, Wrong
from discovery.rules.targets import TargetSet
from discovery.topology.gathering import Omissions, TooMuchSeenError, gathered, refusal_of
from discovery.topology.sightings import Sighting

MOST_ROWS = 200_000
PIECE = 1 << 20
#: What ports of a host are kept: those that answered.
KEPT_STATES = frozenset({"open", "closed", "unfiltered"})
MOST_SERVICES = 200


class BadSeenFileError(DomainError):
    """A file that cannot be read as what was seen; the sentence says why and what can."""

    code = "bad_seen_file"


@dataclass(frozen=True)
class SeenDevice:
    """A device at an address: what it can be recognised by, what it is, its ports."""

    sighting: Sighting
    seen_at: datetime
    values: Mapping[str, str]
    identity: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    services: Sequence[Mapping[str, Any]] = ()

    @property
    def address(self) -> str:
        """Return its address."""
        return self.sighting.address


@dataclass(frozen=True)
class SeenFile:
    """Everything a file holds for a network. With `errors` nothing of it may be taken over."""

    source: ScanSource
    digest: str
    devices: Sequence[SeenDevice] = ()
    switches: Sequence[SeenSwitch] = ()
    omissions: Omissions = field(default_factory=Omissions)
    errors: Sequence[Finding] = ()
    error_count: int = 0
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class SeenOrder:
    """What to read a file for: `items` are those a table may name as its switch."""

    network: Network
    items: QuerySet[ConfigurationItem]
    now: datetime
    switch: str = ""


def read_seen(order: SeenOrder, file: BinaryIO, name: str) -> SeenFile:
    """Return what a file holds for a network; errors in rows are all told at once.

    Raises BadSeenFileError and UnreadableFileError for a file that is neither of the two kinds, or too large.
    """
    digest = _digest(file)
    if is_report(file, name):
        return _report(order, file, digest)
    try:
        return _table(order, table_of_file(file), digest)
    except (BadTableError, TooMuchSeenError) as error:
        raise BadSeenFileError(str(error)) from error


def _digest(file: BinaryIO) -> str:
    found = hashlib.sha256()
    file.seek(0)
    while piece := file.read(PIECE):
        found.update(piece)
    file.seek(0)
    return found.hexdigest()


def is_report(file: BinaryIO, name: str) -> bool:
    """Tell whether a file is to be read as XML, by its beginning or its name."""
    start = file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")
    file.seek(0)
    return start.startswith(b"<") or PurePath(name).suffix.casefold() == ".xml"


def _report(order: SeenOrder, file: BinaryIO, digest: str) -> SeenFile:
    try:
        report = read_report(file.read(nmap_report.MOST_BYTES + 1))
    except BadReportError as error:
        raise BadSeenFileError(str(error)) from error
    targets, omissions = _targets(order.network), Omissions()
    devices: dict[str, SeenDevice] = {}
    for host in report.hosts:
        why = refusal_of(host.address, targets)
        if not _has_answered(host):
            why = LeftOut.UNANSWERED
        if why is not None:
            omissions.add(why, host.address)
            continue
        device = _host(order, host)
        held = devices.get(host.address)
        if held is None or held.seen_at <= device.seen_at:
            devices[host.address] = device
    notes = [*report.problems]
    if not report.is_complete:
        notes.append(_("nmap was broken off before its end; what it had found by then is taken."))
    return SeenFile(
        ScanSource.NMAP, digest, tuple(devices.values()), omissions=omissions, notes=notes
    )


def _targets(network: Network) -> TargetSet:
    return TargetSet.of(lines_of(network.allowed_blocks), lines_of(network.excluded_blocks))


def _has_answered(host: HostReport) -> bool:
    """Tell whether a host was there: told not to look first (-Pn), nmap calls every address up."""
    ports = any(port.state in {"open", "closed", "unfiltered"} for port in host.ports)
    return host.is_up and (host.reason != "user-set" or ports or bool(host.mac))


def _host(order: SeenOrder, host: HostReport) -> SeenDevice:
    identity = identity_of(host)
    sighting = Sighting(
        key=host.address,
        network=order.network.code,
        address=host.address,
        kind=identity.item_class,
        vendor=vendor_told(identity),
        model=identity.model,
        serials=(identity.key_serial,) if identity.key_serial else (),
        macs=frozenset({host.mac} - {""}),
        name=name_told(host),
    )
    seen_at = min(host.seen_at or order.now, order.now)
    name = sighting.name or next(iter(host.hostnames), "")
    return SeenDevice(
        sighting, seen_at, _values(sighting, identity, name), _plain(identity), _services(host)
    )


def _values(sighting: Sighting, identity: Identity, name: str) -> dict[str, str]:
    return {
        "vendor": identity.vendor,
        "model": identity.model,
        "os": identity.os,
        "version": identity.version,
        "serial": identity.key_serial,
        "item_class": identity.item_class,
        "name": name,
        "mac": min(sighting.macs, default=""),
    }


def _plain(identity: Identity) -> dict[str, dict[str, str]]:
    return {
        name.value: {"value": one.value, "rule": one.rule, "oid": "", "text": one.text}
        for name, one in identity.findings.items()
    }


def _services(host: HostReport) -> list[dict[str, Any]]:
    kept = [port for port in host.ports if port.state in KEPT_STATES][:MOST_SERVICES]
    return [
        {
            "port": port.port,
            "protocol": port.protocol,
            "state": port.state,
            "service": port.service,
            "product": port.product,
            "version": port.version,
            "extrainfo": port.extrainfo,
            "cpe": list(port.cpe),
            "scripts": {script.id: script.output.strip()[:2000] for script in port.scripts},
        }
        for port in kept
    ]


def _table(order: SeenOrder, table: Table, digest: str) -> SeenFile:
    reader = RowReader.of(
        table.header, now=order.now, zone=timezone.get_current_timezone(), switch=order.switch
    )
    tally, omissions = Tally("seen"), Omissions()
    rows = _rows(table, reader, tally, omissions)
    found = gathered(rows, _targets(order.network), omissions)
    switches = switches_of(order.network, order.items, found, tally)
    own = {one.address for one in switches}
    devices = []
    for address, row in found.sightings.items():
        if address in own:
            omissions.add(LeftOut.SWITCH_ITSELF, address)
        else:
            devices.append(_station(order, row))
    report = tally.report()
    return SeenFile(
        ScanSource.TABLE,
        digest,
        devices,
        switches,
        omissions,
        report.errors,
        report.error_count,
        table.notes,
    )


def _rows(table: Table, reader: RowReader, tally: Tally, omissions: Omissions) -> Iterator[SeenRow]:
    for count, (line, cells) in enumerate(table.rows(), 1):
        if count > MOST_ROWS:
            raise BadSeenFileError(
                _("The file holds more than %s rows; split it and import the parts one by one.")
                % f"{MOST_ROWS:,}"
            )
        found = reader.read(line, cells)
        if isinstance(found, SeenRow):
            yield found
        elif isinstance(found, LeftOut):
            omissions.add(found, _("line %s") % line)
        else:
            for wrong in found:
                tally.error(_finding(line, wrong))


def _finding(line: int, wrong: Wrong) -> Finding:
    return Finding(wrong.message, line, wrong.column, wrong.value)


def _station(order: SeenOrder, row: SeenRow) -> SeenDevice:
    sighting = Sighting(
        key=row.address,
        network=order.network.code,
        address=row.address,
        macs=frozenset({row.mac}),
    )
    values = {"mac": row.mac, "name": row.name, "vendor": row.maker[:60]}
    identity = {"vendor": row.maker} if row.maker else {}
    told = {
        name: {"value": value, "rule": "table", "oid": "", "text": row.mac}
        for name, value in identity.items()
    }
    return SeenDevice(sighting, row.seen_at or order.now, values, told)
