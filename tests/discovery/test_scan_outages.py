"""The database goes away while a scan runs: its job goes on with what is left, and nothing stays open for ever."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from common.models import Job, JobState
from discovery.choices import ScanState, TargetOutcome
from discovery.models import Scan
from discovery.services import start_scan
from discovery.services.running import _Run, run_scan
from discovery.services.scans import close_abandoned
from tests.discovery.plants import agents, office
from tests.simulators.scanning import served_elsewhere

pytestmark = pytest.mark.django_db
TARGETS = "127.30.0.1\n127.30.0.2"


@pytest.fixture
def outage(monkeypatch):
    """Let the database go away when the second address is to be stored, once."""
    real, went = _Run._store, []

    def store(self):
        if self.done >= 2 and not went:
            went.append(True)
            raise OperationalError("server closed the connection unexpectedly")
        real(self)

    monkeypatch.setattr(_Run, "_store", store)
    return went


def started(actor, **given) -> Scan:
    return start_scan(
        actor=actor,
        network=office(),
        requester=None,
        targets=TARGETS,
        now=timezone.now(),
        **given,
    )


def run(scan: Scan) -> Scan:
    return run_scan(scan_id=scan.pk, progress=lambda *_: None, clock=timezone.now)


def test_a_scan_with_a_job_goes_on_with_what_is_left(actor, outage):
    scan = started(actor)
    with served_elsewhere(agents("127.30.0.1", "127.30.0.2")):
        with pytest.raises(OperationalError):
            run(scan)
        scan.refresh_from_db()
        assert scan.state == ScanState.RUNNING
        done = run(scan)
    assert outage
    assert done.state == ScanState.COMPLETED
    outcomes = set(done.addresses.values_list("outcome", flat=True))
    assert (outcomes, done.addresses.count()) == ({TargetOutcome.READ}, 2)


def test_a_scan_in_the_foreground_is_closed_as_failed(actor, outage):
    scan = started(actor, is_foreground=True)
    with served_elsewhere(agents("127.30.0.1", "127.30.0.2")), pytest.raises(OperationalError):
        run(scan)
    scan.refresh_from_db()
    assert (scan.state, scan.end_reason) == (ScanState.FAILED, "The database went away.")


def test_a_scan_whose_job_ended_without_a_word_is_closed(actor):
    scan, now = started(actor), timezone.now()
    assert close_abandoned(now=now) == 0
    Job.objects.filter(pk=scan.job_id).update(state=JobState.FAILED, finished_at=now)
    assert close_abandoned(now=now) == 1
    scan.refresh_from_db()
    assert (scan.state, scan.end_reason, scan.finished_at) == (
        ScanState.FAILED,
        "Its worker went away.",
        now,
    )
    assert close_abandoned(now=now) == 0
