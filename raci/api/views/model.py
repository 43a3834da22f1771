"""Activities, roles, holders, absences and service levels."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.api.resources import Resource
from common.models import BaseModel
from evidence.services import create_object, delete_object, update_object
from raci.access import (
    absences_visible_to,
    activities_visible_to,
    holders_visible_to,
    require_absence,
    require_holder,
    require_manage,
    require_service_level,
    roles_visible_to,
    service_levels_visible_to,
)
from raci.api.serializers import (
    AbsenceSerializer,
    ActivitySerializer,
    HolderSerializer,
    RoleSerializer,
    ServiceLevelSerializer,
)
from raci.filters import (
    AbsenceFilterSet,
    ActivityFilterSet,
    HolderFilterSet,
    RoleFilterSet,
    ServiceLevelFilterSet,
)
from raci.models import Absence, Activity, Role, RoleHolder, ServiceLevel
from raci.services import (
    appoint_holder,
    cancel_absence,
    change_absence,
    change_activity,
    change_holder,
    change_service_level,
    create_activity,
    record_absence,
    set_service_level,
)

Values = Mapping[str, Any]


class ActivityResource(Resource):
    """The activity tree."""

    serializer_class = ActivitySerializer
    filterset = ActivityFilterSet
    orderings = ("id", "path", "code", "name")
    default_ordering = ("path",)

    def rows(self) -> QuerySet[Activity]:
        """Return the activities."""
        return activities_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[Activity]:
        """Create activities."""
        require_manage(self.caller)
        now = timezone.now()
        return [create_activity(actor=self.actor, values=one, now=now) for one in values]

    def change_row(self, row: Activity, values: Values, expected_version: int | None) -> Activity:
        """Change an activity."""
        require_manage(self.caller)
        return change_activity(
            actor=self.actor,
            activity=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )

    def remove_row(self, row: Activity) -> None:
        """Delete an activity nothing uses."""
        require_manage(self.caller)
        delete_object(actor=self.actor, instance=row, now=timezone.now())


class RoleResource(Resource):
    """Roles: reference data."""

    serializer_class = RoleSerializer
    filterset = RoleFilterSet
    orderings = ("id", "code", "name", "discipline")
    default_ordering = ("name",)

    def rows(self) -> QuerySet[Role]:
        """Return the roles."""
        return roles_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[Role]:
        """Create roles."""
        require_manage(self.caller)
        now = timezone.now()
        return [create_object(actor=self.actor, instance=Role(**one), now=now) for one in values]

    def change_row(self, row: Role, values: Values, expected_version: int | None) -> Role:
        """Change a role."""
        require_manage(self.caller)
        return update_object(
            actor=self.actor,
            instance=row,
            changes=values,
            now=timezone.now(),
            expected_version=expected_version,
        )

    def remove_row(self, row: Role) -> None:
        """Delete a role nothing uses."""
        require_manage(self.caller)
        delete_object(actor=self.actor, instance=row, now=timezone.now())


class HolderResource(Resource):
    """Who holds which role where; a holding ends by `valid_until`, it is not deleted."""

    serializer_class = HolderSerializer
    filterset = HolderFilterSet
    orderings = ("id", "valid_from", "valid_until")

    def rows(self) -> QuerySet[RoleHolder]:
        """Return the visible holders."""
        return holders_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[RoleHolder]:
        """Appoint holders."""
        for one in values:
            require_holder(self.caller, RoleHolder(**one))
        now = timezone.now()
        return [appoint_holder(actor=self.actor, values=one, now=now) for one in values]

    def change_row(
        self, row: RoleHolder, values: Values, expected_version: int | None
    ) -> RoleHolder:
        """Change a holding; moving it takes the right at both ends."""
        require_holder(self.caller, row)
        require_holder(self.caller, RoleHolder(location=values.get("location", row.location)))
        return change_holder(
            actor=self.actor,
            holder=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )


class AbsenceResource(Resource):
    """Who is away, and who deputises."""

    serializer_class = AbsenceSerializer
    filterset = AbsenceFilterSet
    orderings = ("id", "starts_at", "ends_at")
    default_ordering = ("-starts_at",)

    def rows(self) -> QuerySet[Absence]:
        """Return the visible absences."""
        return absences_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[Absence]:
        """Record absences."""
        for one in values:
            require_absence(self.caller, Absence(**one))
        now = timezone.now()
        return [record_absence(actor=self.actor, values=one, now=now) for one in values]

    def change_row(self, row: Absence, values: Values, expected_version: int | None) -> Absence:
        """Change an absence."""
        require_absence(self.caller, row)
        require_absence(self.caller, Absence(person=values.get("person", row.person)))
        return change_absence(
            actor=self.actor,
            absence=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )

    def remove_row(self, row: Absence) -> None:
        """Take an absence back."""
        require_absence(self.caller, row)
        cancel_absence(actor=self.actor, absence=row, now=timezone.now())


class ServiceLevelResource(Resource):
    """What was promised; the same scope and first day again corrects it."""

    serializer_class = ServiceLevelSerializer
    filterset = ServiceLevelFilterSet
    orderings = ("id", "valid_from", "cost_per_hour", "availability_percent")
    default_ordering = ("-valid_from",)

    def rows(self) -> QuerySet[ServiceLevel]:
        """Return the visible service levels."""
        return service_levels_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[BaseModel]:
        """Set service levels."""
        for one in values:
            require_service_level(self.caller, ServiceLevel(**one))
        now = timezone.now()
        return [set_service_level(actor=self.actor, values=one, now=now) for one in values]

    def change_row(
        self, row: ServiceLevel, values: Values, expected_version: int | None
    ) -> ServiceLevel:
        """Change a service level; moving it takes the right at both ends."""
        require_service_level(self.caller, row)
        place = {name: values.get(name, getattr(row, name)) for name in ("item", "location")}
        require_service_level(self.caller, ServiceLevel(**place))
        return change_service_level(
            actor=self.actor,
            promise=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )
