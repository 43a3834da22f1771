"""Scans, their schedules and consents, and in whose name somebody consents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Person, User
from common.errors import NotAllowedError
from common.jobs import jobs_visible_to
from common.models import Job
from discovery.access.places import network_for, networks_visible_to
from discovery.models import ProbeRecord, Scan, ScanApproval, ScanTarget, Schedule, ScheduledRun
from governance.access import seats_of, stands_in_for, team_ids_of

#: Jobs that read a file of what was seen elsewhere: one says what it would change, one takes it over.
PREVIEW_TASK = "discovery.preview_seen"


IMPORT_TASK = "discovery.import_seen"


def approvals_visible_to(user: User) -> QuerySet[ScanApproval]:
    """Return the consents of visible networks, and those the user is to give."""
    if not user.is_active:
        return ScanApproval.objects.none()
    return ScanApproval.objects.filter(Q(network__in=networks_visible_to(user)) | seats_of(user))


def scans_visible_to(user: User) -> QuerySet[Scan]:
    """Return the scans of visible networks."""
    return Scan.objects.filter(network__in=networks_visible_to(user))


def schedules_visible_to(user: User) -> QuerySet[Schedule]:
    """Return the schedules of visible networks."""
    return Schedule.objects.filter(network__in=networks_visible_to(user))


def scheduled_runs_visible_to(user: User) -> QuerySet[ScheduledRun]:
    """Return what came of the moments of visible schedules."""
    return ScheduledRun.objects.filter(schedule__in=schedules_visible_to(user))


def schedule_for(user: User, pk: int) -> Schedule:
    """Return a schedule the user may see; 404 otherwise."""
    rows = schedules_visible_to(user).select_related("network__location", "owner")
    return get_object_or_404(rows, pk=pk)


def scan_targets_visible_to(user: User) -> QuerySet[ScanTarget]:
    """Return the scanned addresses of visible networks."""
    return ScanTarget.objects.filter(scan__in=scans_visible_to(user))


def probes_visible_to(user: User) -> QuerySet[ProbeRecord]:
    """Return the probes into visible networks."""
    return ProbeRecord.objects.filter(scan__in=scans_visible_to(user))


def approval_for(user: User, pk: int) -> ScanApproval:
    """Return a consent the user may see; 404 otherwise."""
    rows = approvals_visible_to(user).select_related("network__zone", "requester", "person", "team")
    return get_object_or_404(rows, pk=pk)


def scan_target_for(user: User, scan_pk: int, pk: int) -> ScanTarget:
    """Return a scanned address of a scan the user may see; 404 otherwise."""
    rows = scan_targets_visible_to(user).select_related("scan__network__location")
    return get_object_or_404(rows, pk=pk, scan=scan_pk)


def scan_for(user: User, pk: int) -> Scan:
    """Return a scan the user may see; 404 otherwise."""
    rows = scans_visible_to(user).select_related(
        "network__location", "requester", "approval", "job"
    )
    return get_object_or_404(rows, pk=pk)


def requester_of(user: User) -> Person:
    """Return the person who asks for a consent; refuses a login that is nobody in particular."""
    if user.person is None or not user.person.is_active:
        raise NotAllowedError(
            f"'{user}' is not linked to an active person; consents are asked for and given by people."
        )
    return user.person


@dataclass(frozen=True, slots=True)
class Capacity:
    """In whose name somebody can consent: their own, their teams', that of absent people they stand in for."""

    person: Person | None
    team_ids: frozenset[int] = frozenset()
    absent: Mapping[int, Person] = field(default_factory=dict)

    def decides(self, approval: ScanApproval) -> tuple[bool, Person | None]:
        """Tell whether a consent is theirs to decide, and for which absent person; never one they asked for."""
        if self.person is None or self.person.pk == approval.requester_id:
            return False, None
        if approval.person_id == self.person.pk or approval.team_id in self.team_ids:
            return True, None
        absent = self.absent.get(approval.person_id or 0)
        return absent is not None, absent


def capacity_of(person: Person | None, at: datetime) -> Capacity:
    """Return in whose name a person consents at a moment; nobody's for who is not active."""
    if person is None or not person.is_active:
        return Capacity(None)
    return Capacity(person, team_ids_of(person), stands_in_for(person, at))


def seen_previews_visible_to(user: User) -> QuerySet[Job]:
    """Return the previews of files a user has started."""
    return jobs_visible_to(user).filter(name=PREVIEW_TASK)


def seen_preview_for(user: User, pk: int) -> Job:
    """Return a preview the user has started, of a network the user sees; 404 otherwise."""
    job = get_object_or_404(seen_previews_visible_to(user), pk=pk)
    network_for(user, job.arguments["network_id"])
    return job
