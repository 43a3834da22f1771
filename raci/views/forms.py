"""Forms of assignments, roles, holders, absences, service levels and activities."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.pages import Crumb, DeletePage, RecordForm
from evidence.services import create_object, update_object
from raci import access
from raci.forms import (
    AbsenceForm,
    ActivityForm,
    AssignmentForm,
    HolderForm,
    RoleForm,
    ServiceLevelForm,
)
from raci.models import Absence, Activity, Assignment, Matrix, Role, RoleHolder, ServiceLevel
from raci.queries.grid import scope_key_of
from raci.services import (
    add_assignment,
    appoint_holder,
    change_absence,
    change_activity,
    change_assignment,
    change_holder,
    change_service_level,
    create_activity,
    record_absence,
    remove_assignment,
    set_service_level,
)
from raci.views.cells import party_values, scope_values

Values = Mapping[str, Any]


class OwnershipFormPage(RecordForm):
    """Base: the form knows who looks, and leads back to the list."""

    list_title: Any = ""
    list_url_name = ""

    def form_options(self) -> dict[str, Any]:
        """Tell the form who looks."""
        return {**super().form_options(), "user": self.user}

    def initial(self) -> dict[str, Any]:
        """Start a new record today, with what the address names; a record being edited starts as it is."""
        if self.edited is not None:
            return {}
        given = {name: self.request.GET[name] for name in self.request.GET}
        return {"valid_from": timezone.localtime(self.now).date(), **given}

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return (Crumb(self.list_title, reverse(self.list_url_name)),)

    def success_url(self, result: Model) -> str:
        """Go to the list."""
        return reverse(self.list_url_name)


class ActivityFormPage(OwnershipFormPage):
    """Add or edit an activity."""

    form_class = ActivityForm
    create_title = _("Add activity")
    list_title = _("Activities")
    list_url_name = "raci:activity-list"

    def may_add(self) -> None:
        """Refuse others."""
        access.require_manage(self.user)

    def record(self, pk: int) -> Activity:
        """Return the activity."""
        access.require_manage(self.user)
        return access.activity_for(self.user, pk)

    def create(self, values: Values, comment: str) -> Activity:
        """Create it."""
        return create_activity(actor=self.actor, values=values, now=self.now, comment=comment)

    def change(
        self, record: Activity, values: Values, version: int | None, comment: str
    ) -> Activity:
        """Change it."""
        return change_activity(
            actor=self.actor,
            activity=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )


class RoleFormPage(OwnershipFormPage):
    """Add or edit a role."""

    form_class = RoleForm
    create_title = _("Add role")
    list_title = _("Roles")
    list_url_name = "raci:role-list"

    def may_add(self) -> None:
        """Refuse others."""
        access.require_manage(self.user)

    def record(self, pk: int) -> Role:
        """Return the role."""
        access.require_manage(self.user)
        return access.role_for(self.user, pk)

    def create(self, values: Values, comment: str) -> Role:
        """Create it."""
        return create_object(
            actor=self.actor, instance=Role(**values), now=self.now, comment=comment
        )

    def change(self, record: Role, values: Values, version: int | None, comment: str) -> Role:
        """Change it."""
        return update_object(
            actor=self.actor,
            instance=record,
            changes=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )


class HolderFormPage(OwnershipFormPage):
    """Appoint or change a holder."""

    form_class = HolderForm
    create_title = _("Appoint holder")
    list_title = _("Role holders")
    list_url_name = "raci:holder-list"

    def may_add(self) -> None:
        """Refuse who manages ownership nowhere; the place is checked when it is known."""
        if not access.may_edit_some(self.user):
            access.require_manage(self.user)

    def record(self, pk: int) -> RoleHolder:
        """Return the holding."""
        holder = access.holder_for(self.user, pk)
        access.require_holder(self.user, holder)
        return holder

    def create(self, values: Values, comment: str) -> RoleHolder:
        """Appoint."""
        access.require_holder(self.user, RoleHolder(**values))
        return appoint_holder(actor=self.actor, values=values, now=self.now, comment=comment)

    def change(
        self, record: RoleHolder, values: Values, version: int | None, comment: str
    ) -> RoleHolder:
        """Change the holding."""
        access.require_holder(self.user, RoleHolder(**values))
        return change_holder(
            actor=self.actor,
            holder=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )


class AbsenceFormPage(OwnershipFormPage):
    """Record or change an absence."""

    form_class = AbsenceForm
    create_title = _("Record absence")
    list_title = _("Absences")
    list_url_name = "raci:absence-list"

    def record(self, pk: int) -> Absence:
        """Return the absence."""
        absence = access.absence_for(self.user, pk)
        access.require_absence(self.user, absence)
        return absence

    def create(self, values: Values, comment: str) -> Absence:
        """Record it."""
        access.require_absence(self.user, Absence(**values))
        return record_absence(actor=self.actor, values=values, now=self.now, comment=comment)

    def change(self, record: Absence, values: Values, version: int | None, comment: str) -> Absence:
        """Change it."""
        access.require_absence(self.user, Absence(**values))
        return change_absence(
            actor=self.actor,
            absence=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )


class ServiceLevelFormPage(OwnershipFormPage):
    """Set or change a service level."""

    form_class = ServiceLevelForm
    create_title = _("Set service level")
    list_title = _("Service levels")
    list_url_name = "raci:servicelevel-list"

    def may_add(self) -> None:
        """Refuse who manages ownership nowhere; the scope is checked when it is known."""
        if not access.may_edit_some(self.user):
            access.require_manage(self.user)

    def record(self, pk: int) -> ServiceLevel:
        """Return the promise."""
        promise = access.service_level_for(self.user, pk)
        access.require_service_level(self.user, promise)
        return promise

    def create(self, values: Values, comment: str) -> ServiceLevel:
        """Set it."""
        access.require_service_level(self.user, ServiceLevel(**values))
        return set_service_level(actor=self.actor, values=values, now=self.now, comment=comment)

    def change(
        self, record: ServiceLevel, values: Values, version: int | None, comment: str
    ) -> ServiceLevel:
        """Change it."""
        access.require_service_level(self.user, ServiceLevel(**values))
        return change_service_level(
            actor=self.actor,
            promise=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )


class AssignmentFormPage(OwnershipFormPage):
    """Add an assignment to a draft (the address names the matrix), or edit one."""

    form_class = AssignmentForm
    create_title = _("Add assignment")

    @property
    def matrix(self) -> Matrix:
        """The draft it belongs to."""
        if self.edited is not None:
            matrix: Matrix = self.edited.matrix
            return matrix
        return access.matrix_for(self.user, self.kwargs["matrix_pk"])

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the grid."""
        return (
            Crumb(_("Matrices"), reverse("raci:matrix-list")),
            Crumb(str(self.matrix), self.matrix.get_absolute_url()),
        )

    def initial(self) -> dict[str, Any]:
        """Start with the cell that was clicked, or with the assignment as it is."""
        if self.edited is not None:
            return {}
        given = self.request.GET
        place = {
            name.removesuffix("_id"): v for name, v in scope_values(given.get("scope", "")).items()
        }
        party = {
            name.removesuffix("_id"): v for name, v in party_values(given.get("party", "")).items()
        }
        return {**super().initial(), **place, **party}

    def record(self, pk: int) -> Assignment:
        """Return the assignment."""
        assignment = access.assignment_for(self.user, pk)
        access.require_assignment(self.user, assignment)
        return assignment

    def create(self, values: Values, comment: str) -> Assignment:
        """Add it."""
        access.require_assignment(self.user, Assignment(**values))
        return add_assignment(
            actor=self.actor, matrix=self.matrix, values=values, now=self.now, comment=comment
        )

    def change(
        self, record: Assignment, values: Values, version: int | None, comment: str
    ) -> Assignment:
        """Change it."""
        access.require_assignment(self.user, Assignment(**values))
        return change_assignment(
            actor=self.actor,
            assignment=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )

    def success_url(self, result: Model) -> str:
        """Go back to the grid, in the scope that was edited."""
        scope = scope_key_of(result) if isinstance(result, Assignment) else ""
        return f"{self.matrix.get_absolute_url()}?scope={scope}"


class RemoveAssignment(DeletePage):
    """Ask before removing an assignment from a draft."""

    title = _("Remove assignment")
    submit_title = _("Remove")
    intro = _("It is taken out of the draft; the ledger keeps what it held.")

    @property
    def assignment(self) -> Assignment:
        """The assignment, through access.py."""
        return access.assignment_for(self.user, self.kwargs["pk"])

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the grid."""
        matrix = self.assignment.matrix
        return (Crumb(str(matrix), matrix.get_absolute_url()),)

    def save(self, form: object) -> Matrix:
        """Remove."""
        assignment = self.assignment
        access.require_assignment(self.user, assignment)
        remove_assignment(actor=self.actor, assignment=assignment, now=self.now)
        return assignment.matrix
