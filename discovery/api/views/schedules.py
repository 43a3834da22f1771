"""Schedules over the API, and what came of their moments."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from common.api.fields import Derived
from common.api.resources import Resource, ResourceSerializer
from discovery.access import require_discovery, scheduled_runs_visible_to, schedules_visible_to
from discovery.api.fields import network_ref
from discovery.choices import ScheduleOutcome
from discovery.filters import ScheduledRunFilterSet, ScheduleFilterSet
from discovery.models import Schedule, ScheduledRun
from discovery.services.schedules import change_schedule, create_schedule, delete_schedule

Values = Mapping[str, Any]


class ScheduleSerializer(ResourceSerializer):
    """A schedule: weekdays or every so many hours, `local_time` in the time of the network's site.

    `owner` is the login it runs in the name of: that of who saved it last.
    """

    name = serializers.CharField(max_length=100)
    network = network_ref()
    weekdays = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="As in Mon-Fri or Sat Sun."
    )
    every_hours = serializers.IntegerField(
        min_value=1, max_value=744, required=False, allow_null=True
    )
    local_time = serializers.TimeField()
    first_date = serializers.DateField()
    last_date = serializers.DateField(required=False, allow_null=True)
    targets = serializers.CharField(required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False)
    owner = Derived(("owner__username",), str)
    armed_at = serializers.DateTimeField(read_only=True)


class ScheduledRunSerializer(serializers.Serializer[Any]):
    """One moment at which a schedule was due: the scan it started, or the reason why there is none."""

    id = serializers.IntegerField(read_only=True)
    url = Derived(("pk",), str)
    schedule = Derived(
        ("schedule_id",), lambda pk: {"id": pk, "url": f"/api/discovery/schedules/{pk}/"}
    )
    due_at = serializers.DateTimeField(read_only=True)
    decided_at = serializers.DateTimeField(read_only=True)
    outcome = serializers.ChoiceField(choices=ScheduleOutcome.choices, read_only=True)
    reason = serializers.CharField(read_only=True)
    missed_count = serializers.IntegerField(read_only=True)
    scan = Derived(
        ("scan_id",), lambda pk: {"id": pk, "url": f"/api/discovery/scans/{pk}/"} if pk else None
    )


class ScheduleResource(Resource):
    """Schedules: a network is scanned by itself, in the name of who saved the schedule."""

    serializer_class = ScheduleSerializer
    filterset = ScheduleFilterSet
    orderings = ("id", "name")
    default_ordering = ("name",)

    def rows(self) -> QuerySet[Schedule]:
        """Return the schedules of visible networks."""
        return schedules_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[Schedule]:
        """Add schedules."""
        for one in values:
            require_discovery(self.caller, one["network"].location)
        now = timezone.now()
        return [
            create_schedule(actor=self.actor, owner=self.caller, values=one, now=now)
            for one in values
        ]

    def change_row(self, row: Schedule, values: Values, expected_version: int | None) -> Schedule:
        """Change a schedule; moving it to another network takes the right at both."""
        require_discovery(self.caller, row.network.location)
        require_discovery(self.caller, values.get("network", row.network).location)
        return change_schedule(
            actor=self.actor,
            owner=self.caller,
            schedule=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )

    def remove_row(self, row: Schedule) -> None:
        """Delete a schedule; its scans stay."""
        require_discovery(self.caller, row.network.location)
        delete_schedule(actor=self.actor, schedule=row, now=timezone.now())


class ScheduledRunResource(Resource):
    """What came of the moments at which schedules were due."""

    serializer_class = ScheduledRunSerializer
    filterset = ScheduledRunFilterSet
    orderings = ("id", "due_at")
    default_ordering = ("-due_at",)
    is_writable = False

    def rows(self) -> QuerySet[ScheduledRun]:
        """Return the moments of visible schedules."""
        return scheduled_runs_visible_to(self.caller)
