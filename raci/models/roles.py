"""Roles and who holds them where: matrices name roles, so people can change without a new matrix."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Team
from assets.models import Location
from common.models import BaseModel
from raci.choices import Discipline
from raci.models.validity import DatedQuerySet, ends_after_it_begins


class Role(BaseModel):
    """A function somebody fills: line engineer, OT security officer, MES product owner."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    description = models.TextField(blank=True, default="")
    discipline = models.CharField(
        max_length=10, choices=Discipline.choices, default=Discipline.BUSINESS
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RoleHolder(BaseModel):
    """A person or team in a role, at a location and everything below it (none: everywhere)."""

    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="holders")
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="roles_held"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="roles_held"
    )
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.PROTECT, related_name="role_holders"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(
        null=True, blank=True, help_text=_("Last day; empty: until further notice.")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["role__name", "location__path", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, team__isnull=False)
                | Q(person__isnull=False, team__isnull=True),
                name="holder_is_a_person_or_a_team",
                violation_error_message=_("A role is held by a person or by a team, not by both."),
            ),
            ends_after_it_begins("holder_ends_after_it_begins"),
            models.UniqueConstraint(
                "role",
                models.functions.Coalesce("person", 0),
                models.functions.Coalesce("team", 0),
                models.functions.Coalesce("location", 0),
                "valid_from",
                name="one_holding_per_start",
                violation_error_message=_("This holder has this role here from this day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.party}"

    @property
    def party(self) -> Person | Team | None:
        """Return the person or team that holds the role."""
        return self.person or self.team

    def ledger_scope(self) -> str:
        """Return the path of the location the role is held at."""
        return self.location.path if self.location else ""
