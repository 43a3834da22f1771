"""Shapes of what is typed about ownership; services write."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import people_visible_to, teams_visible_to
from assets.access import items_visible_to, locations_visible_to, zones_visible_to
from common.pages.lookups import use_lookup
from raci.models import Absence, Activity, Assignment, Matrix, Role, RoleHolder, ServiceLevel

LOOKUPS = {
    "location": (locations_visible_to, "/plant/lookup/locations/"),
    "zone": (zones_visible_to, "/plant/lookup/zones/"),
    "item": (items_visible_to, "/plant/lookup/items/"),
    "person": (people_visible_to, "/people/lookup/people/"),
    "deputy": (people_visible_to, "/people/lookup/people/"),
    "team": (teams_visible_to, "/people/lookup/teams/"),
}


class OwnershipForm(forms.ModelForm):  # type: ignore[type-arg]
    """Base of the forms here: long lists are searched among what the user may see, days are picked."""

    layout: ClassVar[tuple[tuple[Any, Any, tuple[str, ...]], ...]] = ()

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **options)
        for name, (door, url) in LOOKUPS.items():
            if name in self.fields:
                use_lookup(self, name, door(user), url)
        for name in {"valid_from", "valid_until"} & set(self.fields):
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Return the fields in groups, for the template."""
        return [
            {"title": title, "text": text, "fields": [self[name] for name in names]}
            for title, text, names in self.layout
        ]


class ActivityForm(OwnershipForm):
    """An activity."""

    class Meta:
        model = Activity
        fields = ["name", "code", "parent", "description"]


class RoleForm(OwnershipForm):
    """A role."""

    class Meta:
        model = Role
        fields = ["name", "code", "discipline", "description"]


class HolderForm(OwnershipForm):
    """Who holds a role where."""

    layout = (
        (_("Role"), "", ("role", "location")),
        (_("Held by"), _("A person or a team, not both."), ("person", "team")),
        (_("Time"), "", ("valid_from", "valid_until")),
    )

    class Meta:
        model = RoleHolder
        fields = ["role", "location", "person", "team", "valid_from", "valid_until"]


class AbsenceForm(OwnershipForm):
    """Who is away and who deputises."""

    class Meta:
        model = Absence
        fields = ["person", "deputy", "starts_at", "ends_at", "reason"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            name: forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
            for name in ("starts_at", "ends_at")
        }


class MatrixForm(OwnershipForm):
    """A matrix's own fields."""

    class Meta:
        model = Matrix
        fields = ["name", "code", "escalation_role", "description"]


class AssignmentForm(OwnershipForm):
    """One letter for one party."""

    layout = (
        (_("What"), "", ("activity", "letter", "effect")),
        (_("Who"), _("A role, a person or a team."), ("role", "person", "team")),
        (
            _("Where"),
            _("Choose the kind of scope and then exactly that: a location, zone, item or class."),
            ("scope_kind", "location", "zone", "item", "item_class"),
        ),
        (
            _("Only for items that are"),
            _("Narrows the scope; empty means any."),
            ("selector_class", "selector_purdue", "selector_criticality", "selector_tag"),
        ),
        (_("Time"), "", ("valid_from", "valid_until")),
    )

    class Meta:
        model = Assignment
        fields = [
            "activity",
            "letter",
            "effect",
            "role",
            "person",
            "team",
            "scope_kind",
            "location",
            "zone",
            "item",
            "item_class",
            "selector_class",
            "selector_purdue",
            "selector_criticality",
            "selector_tag",
            "valid_from",
            "valid_until",
        ]


class ServiceLevelForm(OwnershipForm):
    """A promise."""

    layout = (
        (_("For"), _("An item, or a location and all that stands there."), ("item", "location")),
        (
            _("Promise"),
            "",
            (
                "availability_percent",
                "data_availability_percent",
                "response_minutes",
                "restore_minutes",
                "change_lead_days",
            ),
        ),
        (_("An hour of standstill"), "", ("cost_per_hour", "currency")),
        (_("Time"), "", ("valid_from", "valid_until")),
    )

    class Meta:
        model = ServiceLevel
        fields = [
            "item",
            "location",
            "availability_percent",
            "data_availability_percent",
            "response_minutes",
            "restore_minutes",
            "change_lead_days",
            "cost_per_hour",
            "currency",
            "valid_from",
            "valid_until",
        ]
