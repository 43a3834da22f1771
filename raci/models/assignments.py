"""Assignments: one letter for one party, on one activity, in one scope, for a time."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Team
from assets.choices import Criticality, PurdueLevel
from assets.models import ConfigurationItem, ItemClass, Location, Tag, Zone
from common.models import BaseModel
from raci.choices import Effect, Letter, ScopeKind
from raci.models.activities import Activity
from raci.models.matrices import Matrix
from raci.models.roles import Role
from raci.models.validity import DatedQuerySet, ends_after_it_begins

SCOPE_FIELDS = ("location", "zone", "item", "item_class")
# What an assignment covers beside its activity: equal values, equal reach.
COVERAGE = (
    "location_id",
    "zone_id",
    "item_id",
    "item_class_id",
    "selector_class_id",
    "selector_purdue",
    "selector_criticality",
    "selector_tag_id",
)


def _scope_is(kind: str) -> Q:
    """Return the condition that exactly the field of a scope kind is set."""
    return Q(scope_kind=kind, **{f"{name}__isnull": name != kind for name in SCOPE_FIELDS})


def _assigned_to(chosen: str) -> Q:
    """Return the condition that exactly one of role, person and team is set."""
    return Q(**{f"{name}__isnull": name != chosen for name in ("role", "person", "team")})


def _empty(name: str) -> Coalesce:
    """Return a nullable key as 0, so that two empty ones are equal to a unique index."""
    return Coalesce(name, 0)


class Assignment(BaseModel):
    """Who gets a letter for an activity, where (`scope_kind` and its field), for which items.

    A selector narrows the scope to items of a class, Purdue level, criticality or tag; empty means any.
    At most one A holds per matrix, activity, scope, selector and day: an exclusion constraint on
    PostgreSQL, triggers on SQLite (migration 0002).
    """

    matrix = models.ForeignKey(Matrix, on_delete=models.CASCADE, related_name="assignments")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="assignments")
    letter = models.CharField(max_length=1, choices=Letter.choices)
    effect = models.CharField(max_length=8, choices=Effect.choices, default=Effect.ADD)
    role = models.ForeignKey(
        Role, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    scope_kind = models.CharField(
        max_length=10, choices=ScopeKind.choices, default=ScopeKind.ENTERPRISE
    )
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    zone = models.ForeignKey(
        Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    item = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    item_class = models.ForeignKey(
        ItemClass, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    selector_class = models.ForeignKey(
        ItemClass, null=True, blank=True, on_delete=models.PROTECT, related_name="selected_by"
    )
    selector_purdue = models.CharField(
        max_length=3, blank=True, default="", choices=PurdueLevel.choices
    )
    selector_criticality = models.PositiveSmallIntegerField(
        null=True, blank=True, choices=Criticality.choices
    )
    selector_tag = models.ForeignKey(
        Tag, null=True, blank=True, on_delete=models.PROTECT, related_name="selected_by"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(
        null=True, blank=True, help_text=_("Last day; empty: until further notice.")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["activity__path", "letter", "id"]
        constraints = [
            models.CheckConstraint(
                condition=_assigned_to("role") | _assigned_to("person") | _assigned_to("team"),
                name="assignment_names_one_party",
                violation_error_message=_("An assignment names one role, one person or one team."),
            ),
            models.CheckConstraint(
                condition=_scope_is("enterprise")
                | _scope_is("location")
                | _scope_is("zone")
                | _scope_is("item")
                | _scope_is("item_class"),
                name="assignment_has_one_scope",
                violation_error_message=_(
                    "The scope needs exactly what its kind says: a location, zone, item or class."
                ),
            ),
            ends_after_it_begins("assignment_ends_after_it_begins"),
            models.UniqueConstraint(
                "matrix",
                "activity",
                "letter",
                *[_empty(name) for name in ("role", "person", "team")],
                "scope_kind",
                *[_empty(name) for name in SCOPE_FIELDS],
                *[_empty(f"selector_{name}") for name in ("class", "criticality", "tag")],
                "selector_purdue",
                "valid_from",
                name="one_assignment_per_start",
                violation_error_message=_("The matrix has this assignment already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.party}: {self.activity} @ {self.scope_label}"

    @property
    def party(self) -> Role | Person | Team | None:
        """Return the role, person or team that gets the letter."""
        return self.role or self.person or self.team

    @property
    def scope_object(self) -> Location | Zone | ConfigurationItem | ItemClass | None:
        """Return what the scope names; None for the whole enterprise."""
        return self.location or self.zone or self.item or self.item_class

    @property
    def scope_label(self) -> str:
        """Return the scope as a person says it."""
        return str(self.scope_object or self.get_scope_kind_display())

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this assignment."""
        if self.location:
            return self.location.path
        owner = self.zone or self.item
        return owner.ledger_scope() if owner else ""
