"""What a scan found: counts by outcome, its progress, one address with all that was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from discovery.choices import ScanSource, ScanState, TargetOutcome
from discovery.identification.answers import label_of
from discovery.models import Network, Scan, ScanTarget
from discovery.models.scans import unpacked, unpacked_reports
from discovery.queries.standing import ANSWERED
from discovery.rules.readings import Value, dotted

UNDER_WAY = frozenset({ScanState.QUEUED, ScanState.RUNNING})
ATTRIBUTES = ("vendor", "model", "os", "version", "serial")


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How far a scan is, in the words of `ui/progress.html`."""

    label: str
    state_words: str
    progress_message: str
    percent: int
    is_finished: bool
    error: str = ""

    @property
    def get_state_display(self) -> str:
        """Return the state in words."""
        return self.state_words


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many addresses ended in one way."""

    outcome: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class ScanTotals:
    """The addresses of a scan by what came of them."""

    done: int
    counts: Sequence[OutcomeCount]
    by_outcome: Mapping[str, int] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        """Return how many addresses told something."""
        return sum(self.by_outcome.get(one, 0) for one in ("read", "partial"))


@dataclass(frozen=True, slots=True)
class Told:
    """One variable of a device: its identifier and its value as text."""

    oid: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class ScanLine:
    """A scan in a list: how long it took, how many addresses answered."""

    scan: Scan
    seconds: float | None
    answered: int


def totals_of(scan: Scan) -> ScanTotals:
    """Return the counts of a scan."""
    rows = scan.addresses.order_by().values_list("outcome").annotate(count=Count("pk"))
    by_outcome = dict(rows)
    counts = [
        OutcomeCount(value, str(words), by_outcome[value])
        for value, words in TargetOutcome.choices
        if by_outcome.get(value)
    ]
    return ScanTotals(sum(by_outcome.values()), counts, by_outcome)


def progress_of(scan: Scan, totals: ScanTotals) -> ScanProgress:
    """Return how far a scan is."""
    if scan.source != ScanSource.SCAN and scan.job is not None:
        return ScanProgress(
            label=run_title(scan),
            state_words=str(scan.get_state_display()),
            progress_message=scan.job.progress_message,
            percent=scan.job.percent,
            is_finished=is_over(scan),
            error=scan.job.error,
        )
    total = max(scan.planned_count, 1)
    message = _("%(done)d of %(total)d addresses, %(packets)d packets") % {
        "done": totals.done,
        "total": scan.planned_count,
        "packets": scan.packet_count,
    }
    return ScanProgress(
        label=_("Discovery of %s") % scan.network,
        state_words=str(scan.get_state_display()),
        progress_message=message,
        percent=min(100, 100 * totals.done // total),
        is_finished=is_over(scan),
    )


def run_title(scan: Scan) -> str:
    """Return what a run is called."""
    if scan.source == ScanSource.SCAN:
        return _("Scan of %s") % scan.network
    names = {"file": scan.file_name or scan.get_source_display(), "network": scan.network}
    return _("%(file)s, imported into %(network)s") % names


def is_over(scan: Scan) -> bool:
    """Tell whether nothing more comes of a scan; its job may have ended without a word."""
    has_lost_worker = scan.job is not None and scan.job.is_finished
    return scan.state not in UNDER_WAY or has_lost_worker


def seconds_between(
    started_at: datetime | None, finished_at: datetime | None, *, at: datetime
) -> float | None:
    """Return how long a scan took, or has taken so far; None before it began."""
    if started_at is None:
        return None
    return ((finished_at or at) - started_at).total_seconds()


def scans_shown(network: Network, *, at: datetime, limit: int) -> list[ScanLine]:
    """Return the newest scans of a network."""
    answered = Count("addresses", filter=Q(addresses__outcome__in=ANSWERED))
    rows = network.scans.select_related("requester").annotate(answered=answered).order_by("-pk")
    return [
        ScanLine(one, seconds_between(one.started_at, one.finished_at, at=at), one.answered)
        for one in rows[:limit]
    ]


def told_by(target: ScanTarget) -> list[Told]:
    """Return every variable an address told, in the order of their identifiers."""
    reading = unpacked(bytes(target.raw))
    return [_told(label_of(name), value) for name, value in sorted(reading.varbinds.items())]


def reports_of(target: ScanTarget) -> list[str]:
    """Return nmap's reports of an address as they came, as text."""
    return unpacked_reports(bytes(target.reports))


def _told(oid: str, value: Value) -> Told:
    if isinstance(value, bytes):
        return Told(oid, *_octets(value))
    if isinstance(value, int):
        return Told(oid, str(value), _("number"))
    return Told(oid, dotted(value), _("identifier"))


def _octets(value: bytes) -> tuple[str, str]:
    """Return octets as text where they are text, else as hex."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = ""
    if text and all(one.isprintable() or one in "\r\n\t" for one in text):
        return text, _("text")
    return value.hex(" "), _("octets")
