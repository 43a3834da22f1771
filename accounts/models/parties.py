"""The parties that own things: people, teams and boards, organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import OrganisationKind, TeamKind
from common.models import BaseModel


class Organisation(BaseModel):
    """A company: the operator itself, a manufacturer, vendor or integrator."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(
        max_length=20, choices=OrganisationKind.choices, default=OrganisationKind.VENDOR
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(BaseModel):
    """A group that answers as one: a shift team, a vendor's service desk, a review board."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=TeamKind.choices, default=TeamKind.TEAM)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="teams"
    )
    email = models.EmailField(blank=True, default="")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Person(BaseModel):
    """Somebody known from HR, with or without a login."""

    employee_number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=150, db_index=True)
    email = models.EmailField(blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    job_title = models.CharField(max_length=150, blank=True, default="")
    site_code = models.CharField(
        max_length=60, blank=True, default="", help_text=_("Code of the site the person works at.")
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"
        permissions = [("manage_people", "Can manage people, teams and organisations")]

    def __str__(self) -> str:
        return self.name


class Membership(BaseModel):
    """A person in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], name="one_membership_per_team"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"
