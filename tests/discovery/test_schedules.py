"""Scans that start by themselves: when due, in the owner's name, once a moment, and never when in doubt."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm, remove_perm

from accounts.models import User
from common.errors import DomainError
from discovery.choices import ApprovalState, ScanState, ScheduleOutcome
from discovery.models import Scan, ScanApproval, Schedule, ScheduledRun
from discovery.rules.schedules import Timing, next_due
from discovery.services import due as due_services
from discovery.services.due import start_due
from discovery.services.running import run_scan
from discovery.services.schedules import change_schedule, create_schedule
from evidence.models import LedgerEntry
from tests.discovery.plants import agents, cell, office
from tests.factories.accounts import UserFactory
from tests.factories.discovery import ScheduleFactory, StopOrderFactory
from tests.simulators.scanning import served_elsewhere

pytestmark = pytest.mark.django_db
#: Monday, six in the evening in Berlin: when the factory's schedule is due.
DUE = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
SOON = DUE + timedelta(seconds=40)


def only(runs: list[ScheduledRun]) -> ScheduledRun:
    assert len(runs) == 1
    return ScheduledRun.objects.get(pk=runs[0].pk)


def test_what_is_due_is_started_in_the_owners_name():
    schedule = ScheduleFactory(network=office(), targets="127.30.0.2")
    assert start_due(now=DUE - timedelta(seconds=1)) == []
    run = only(start_due(now=SOON))
    assert (run.outcome, run.due_at, run.reason) == (ScheduleOutcome.STARTED, DUE, "")
    assert run.scan is not None
    assert run.scan.requester == schedule.owner.person
    assert (run.scan.targets, run.scan.planned_count) == ("127.30.0.2", 1)
    assert run.scan.job is not None
    assert run.scan.job.requested_by_id == schedule.owner_id
    entry = LedgerEntry.objects.get(action="start scan")
    assert entry.actor_user_id == schedule.owner_id


def test_a_scheduled_scan_reads_the_devices():
    served = agents("127.30.0.1")
    ScheduleFactory(network=office(), targets="127.30.0.1")
    run = only(start_due(now=SOON))
    with served_elsewhere(served):
        scan = run_scan(scan_id=run.scan_id, progress=lambda *_: None, clock=lambda: SOON)
    assert scan.state == ScanState.COMPLETED
    assert served["127.30.0.1"].packets > 0


def test_a_moment_is_started_once_however_often_the_clock_is_looked_at():
    ScheduleFactory(network=office())
    assert len(start_due(now=SOON)) == 1
    assert start_due(now=SOON) == []
    assert start_due(now=SOON + timedelta(minutes=1)) == []
    assert Scan.objects.count() == 1


def test_two_beats_at_the_same_time_start_it_once(monkeypatch):
    """The second beat has read that nothing was decided yet, and meets the row of the first."""
    ScheduleFactory(network=office())
    monkeypatch.setattr(due_services, "_looked_at", lambda _schedules: {})
    assert len(start_due(now=SOON)) == 1
    assert start_due(now=SOON) == []
    assert Scan.objects.count() == ScheduledRun.objects.count() == 1


def test_the_database_keeps_a_second_row_for_a_moment_out():
    run = only(_started())
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduledRun.objects.create(
            schedule=run.schedule, due_at=run.due_at, decided_at=SOON, outcome="started"
        )


def _started() -> list[ScheduledRun]:
    ScheduleFactory(network=office())
    return start_due(now=SOON)


def test_an_owner_whose_right_was_taken_away_starts_nothing():
    network = office()
    owner = UserFactory()
    assign_perm("assets.run_discovery", owner, network.location)
    schedule = ScheduleFactory(network=network, owner=owner)
    remove_perm("assets.run_discovery", owner, network.location)
    run = only(start_due(now=SOON))
    assert run.outcome == ScheduleOutcome.SKIPPED
    assert "may not run discovery" in run.reason
    assert not Scan.objects.exists()
    assign_perm("assets.run_discovery", owner, network.location)
    again = only(start_due(now=SOON + timedelta(days=1)))
    assert (again.schedule, again.outcome) == (schedule, ScheduleOutcome.STARTED)


@pytest.mark.parametrize("gone", ["login", "person"])
def test_an_owner_who_left_starts_nothing(gone):
    schedule = ScheduleFactory(network=office())
    if gone == "login":
        User.objects.filter(pk=schedule.owner_id).update(is_active=False)
    else:
        type(schedule.owner.person).objects.update(is_active=False)
    assert only(start_due(now=SOON)).outcome == ScheduleOutcome.SKIPPED
    assert not Scan.objects.exists()


def test_without_consent_an_ot_cell_is_skipped_with_the_reason():
    ScheduleFactory(network=cell(is_consented=False))
    run = only(start_due(now=SOON))
    assert run.outcome == ScheduleOutcome.SKIPPED
    assert run.reason.startswith("Active discovery in this zone needs the approval")
    assert not Scan.objects.exists()


def test_a_consent_taken_back_is_no_consent():
    ScheduleFactory(network=cell())
    ScanApproval.objects.update(state=ApprovalState.REVOKED)
    assert only(start_due(now=SOON)).outcome == ScheduleOutcome.SKIPPED


def test_a_moment_outside_the_windows_is_skipped_with_the_reason():
    ScheduleFactory(network=cell(windows="Sat-Sun 22:00-04:00"))
    run = only(start_due(now=SOON))
    assert (run.outcome, run.reason) == (
        ScheduleOutcome.SKIPPED,
        "No window is open for this network.",
    )


def test_the_kill_switch_holds_schedules_too():
    ScheduleFactory(network=office())
    StopOrderFactory()
    assert only(start_due(now=SOON)).reason == "Discovery was stopped by hand."


def test_while_a_scan_runs_the_next_is_skipped():
    network = office()
    ScheduleFactory(network=network)
    ScheduleFactory(network=network)
    outcomes = [run.outcome for run in start_due(now=SOON)]
    assert outcomes == [ScheduleOutcome.STARTED, ScheduleOutcome.SKIPPED]
    assert "under way" in ScheduledRun.objects.get(outcome="skipped").reason


def test_a_missed_moment_is_made_up_for_while_its_window_is_open():
    ScheduleFactory(network=cell(windows="Mon 17:00-20:00"))
    run = only(start_due(now=DUE + timedelta(minutes=90)))
    assert (run.outcome, run.due_at) == (ScheduleOutcome.STARTED, DUE)


def test_a_missed_moment_is_not_made_up_for_in_another_window():
    """The server comes back in Tuesday's window: Monday's moment is over."""
    ScheduleFactory(network=cell(windows="Mon 17:00-20:00\nTue 08:00-12:00"), weekdays="Mon")
    run = only(start_due(now=datetime(2026, 11, 17, 8, 30, tzinfo=UTC)))
    assert run.outcome == ScheduleOutcome.SKIPPED
    assert "window of that moment is over" in run.reason
    assert not Scan.objects.exists()


def test_of_many_missed_moments_one_is_looked_at_and_the_others_are_counted():
    ScheduleFactory(network=office(), weekdays="", every_hours=2, local_time=time(0))
    run = only(start_due(now=DUE + timedelta(hours=5)))
    assert run.outcome == ScheduleOutcome.STARTED
    assert run.missed_count == 6
    assert Scan.objects.count() == 1


def test_a_schedule_switched_on_again_makes_up_for_nothing(actor):
    schedule = ScheduleFactory(network=office(), is_active=False)
    assert start_due(now=SOON) == []
    change_schedule(
        actor=actor,
        owner=schedule.owner,
        schedule=schedule,
        values={"is_active": True},
        now=SOON,
    )
    assert start_due(now=SOON + timedelta(minutes=1)) == []
    assert len(start_due(now=SOON + timedelta(days=1))) == 1


def test_who_saves_a_schedule_answers_for_it(actor):
    schedule = ScheduleFactory(network=office())
    other = UserFactory()
    changed = change_schedule(
        actor=actor, owner=other, schedule=schedule, values={"targets": "127.30.0.1"}, now=DUE
    )
    assert changed.owner == other
    assert LedgerEntry.objects.get(object_id=schedule.pk).action == "update"


def test_one_broken_schedule_keeps_no_other_from_starting(monkeypatch):
    first = ScheduleFactory(network=office())
    second = ScheduleFactory(network=office(allowed_blocks="127.30.1.0/29"))
    real = due_services.start_scan

    def breaks(**given):
        if given["network"] == first.network:
            raise RuntimeError("boom")
        return real(**given)

    monkeypatch.setattr(due_services, "start_scan", breaks)
    runs = {run.schedule_id: run for run in start_due(now=SOON)}
    assert "unexpected error" in runs[first.pk].reason
    assert runs[second.pk].outcome == ScheduleOutcome.STARTED


def test_the_time_is_that_of_the_networks_site():
    network = office()
    place = network.location
    place.time_zone = "America/Mexico_City"
    place.save()
    ScheduleFactory(network=network)
    assert start_due(now=SOON) == []
    evening = datetime(2026, 11, 17, 0, 0, 10, tzinfo=UTC)
    assert only(start_due(now=evening)).due_at == datetime(2026, 11, 17, 0, 0, tzinfo=UTC)


def test_windows_are_of_the_sites_time_too():
    network = cell(windows="Mon 18:00-19:00")
    network.location.time_zone = "America/Mexico_City"
    network.location.save()
    ScheduleFactory(network=network)
    evening = datetime(2026, 11, 17, 0, 0, 10, tzinfo=UTC)
    assert only(start_due(now=evening)).outcome == ScheduleOutcome.STARTED


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"weekdays": "someday"}, "weekdays"),
        ({"weekdays": "Mon", "every_hours": 4}, "weekdays"),
        ({"weekdays": "", "every_hours": None}, "weekdays"),
        ({"last_date": date(2020, 1, 1)}, "last_date"),
        ({"targets": "10.0.0.0/99"}, "targets"),
    ],
)
def test_what_cannot_be_a_schedule_is_refused_by_field(actor, given, field):
    values = {
        "network": office(),
        "name": "Nightly",
        "weekdays": "Mon",
        "local_time": time(2),
        "first_date": date(2026, 11, 1),
        **given,
    }
    with pytest.raises((DomainError, ValidationError)) as caught:
        create_schedule(actor=actor, owner=UserFactory(), values=values, now=DUE)
    assert field in caught.value.fields
    assert not Schedule.objects.exists()


def test_between_its_first_and_last_day_only():
    timing = Timing(frozenset(range(7)), time(18), date(2026, 11, 20), last=date(2026, 11, 21))
    first = next_due(timing, "Europe/Berlin", DUE)
    assert first == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert next_due(timing, "Europe/Berlin", datetime(2026, 11, 21, 17, tzinfo=UTC)) is None


@pytest.mark.parametrize("days", [frozenset(range(7)), frozenset()])
def test_a_change_of_clocks_neither_doubles_nor_drops_a_day(days):
    """Berlin leaves out 02:30 on 29 March 2026 and has it twice on 25 October."""
    for first in (date(2026, 3, 27), date(2026, 10, 23)):
        timing = Timing(days, time(2, 30), first, every_hours=None if days else 24)
        moments, at = [], datetime.combine(first, time(0), UTC)
        for _n in range(5):
            at = next_due(timing, "Europe/Berlin", at)
            moments.append(at)
        gaps = {(b - a) for a, b in pairwise(moments)}
        assert all(timedelta(hours=23) <= gap <= timedelta(hours=25) for gap in gaps)


def test_looking_at_the_clock_takes_the_same_queries_for_many_schedules():
    def looked(count):
        for _n in range(count):
            ScheduleFactory(local_time=time(3))
        with CaptureQueriesContext(connection) as caught:
            start_due(now=DUE - timedelta(days=1))
        return len(caught)

    assert looked(1) == looked(20)


def test_the_beat_rings_it_every_minute():
    entry = settings.CELERY_BEAT_SCHEDULE["start-due-scans"]
    assert (entry["task"], entry["schedule"]) == ("discovery.start_due", 60)
