"""What a scan keeps of an address: its outcome, all it told, its ports, nmap's reports as they came."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from discovery.choices import TargetOutcome
from discovery.collectors.guard import LogLine
from discovery.collectors.nmap_report import PortReport
from discovery.collectors.scanning import DeviceDone
from discovery.identification.answers import answers_of
from discovery.identification.identify import Identity
from discovery.identification.values import Attribute
from discovery.models import ProbeRecord, Scan, ScanTarget
from discovery.models.scans import packed, packed_reports
from discovery.rules.readings import Reading, dotted
from discovery.rules.safety import SENTENCES, Refusal

#: Of one address so many ports, and of a script so many characters, are kept to be shown.
MOST_PORTS, MOST_OUTPUT = 200, 4_000
_TELLING = frozenset({Attribute.VENDOR, Attribute.MODEL, Attribute.SERIAL})


def reading_of(done: DeviceDone) -> Reading:
    """Return everything an address told: over SNMP, and what control systems and services answered."""
    read, answers = done.read.reading, done.answers
    if answers is None or not answers.ports:
        return read
    return Reading({**read.varbinds, **answers_of(answers.ports)}, done.problems)


def is_device(done: DeviceDone, identity: Identity) -> bool:
    """Tell whether an address showed a device: it speaks SNMP or a control protocol, or something identifies it.

    A ping that comes back, or a port that is open, shows that somebody is there and nothing else.
    """
    if done.read.has_answered or _TELLING & identity.findings.keys():
        return True
    return done.answers is not None and done.answers.is_identified


def target_row(
    scan: Scan, done: DeviceDone, reading: Reading, identity: Identity | None, now: datetime
) -> ScanTarget:
    """Return the unsaved row of an address."""
    outcome, reason = _outcome(done)
    answers = done.answers
    return ScanTarget(
        scan=scan,
        address=done.address,
        outcome=outcome,
        reason=reason[:300],
        identity=identity.plain() if identity is not None else {},
        object_id=dotted(identity.object_id)[:200] if identity is not None else "",
        problems=[problem[:300] for problem in done.problems[:50]],
        services=plain_ports(answers.ports) if answers else [],
        variable_count=len(reading),
        packet_count=done.packets,
        seconds=round(done.seconds, 3),
        raw=packed(reading) if len(reading) else b"",
        reports=packed_reports(answers.reports) if answers else b"",
        read_at=now,
    )


def plain_ports(ports: Iterable[PortReport]) -> list[dict[str, Any]]:
    """Return ports as they are stored, those that answered first."""
    ordered = sorted(ports, key=lambda one: (not one.is_open, one.port))[:MOST_PORTS]
    return [
        {
            "port": one.port,
            "protocol": one.protocol,
            "state": one.state,
            "service": one.service,
            "product": one.product,
            "version": one.version,
            "extrainfo": one.extrainfo,
            "cpe": list(one.cpe),
            "scripts": {script.id: script.output.strip()[:MOST_OUTPUT] for script in one.scripts},
        }
        for one in ordered
    ]


def probe_row(scan: Scan, line: LogLine) -> ProbeRecord:
    """Return the unsaved record of a probe."""
    probe = line.probe
    return ProbeRecord(
        scan=scan,
        at=line.at,
        address=probe.address,
        request=probe.request.value,
        port=probe.port,
        packets=probe.packets,
        outcome=line.outcome,
        was_sent=line.was_sent,
    )


def _outcome(done: DeviceDone) -> tuple[str, str]:
    if done.has_answered:
        outcome = TargetOutcome.READ if done.is_complete else TargetOutcome.PARTIAL
        return outcome, next(iter(done.problems), "")
    if done.refusal is not None and not done.packets:
        return TargetOutcome.REFUSED, SENTENCES[done.refusal]
    if done.refusal in {None, Refusal.HOST_STOPPED}:
        return TargetOutcome.SILENT, ""
    return TargetOutcome.FAILED, SENTENCES[done.refusal]
