"""The shape of the operating model over the API: what is read, what is written, never how."""

from rest_framework import serializers

from accounts.references import person_ref, team_ref
from assets.choices import Criticality, PurdueLevel
from assets.references import class_ref, item_ref, location_ref, tag_ref, zone_ref
from common.api.resources import ResourceSerializer
from raci.api.fields import activity_ref, draft_ref, role_ref
from raci.choices import Discipline, Effect, Letter, MatrixStatus, ScopeKind


class ActivitySerializer(ResourceSerializer):
    """A node of the activity tree."""

    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=150)
    parent = activity_ref(required=False, allow_null=True)  # type: ignore[assignment]
    description = serializers.CharField(required=False, allow_blank=True)


class RoleSerializer(ResourceSerializer):
    """A role."""

    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=150)
    description = serializers.CharField(required=False, allow_blank=True)
    discipline = serializers.ChoiceField(choices=Discipline.choices, required=False)


class ValiditySerializer(ResourceSerializer):
    """What holds from one day to another; `valid_until` is the last day."""

    valid_from = serializers.DateField()
    valid_until = serializers.DateField(required=False, allow_null=True)


class HolderSerializer(ValiditySerializer):
    """A person or team in a role at a location (null: everywhere)."""

    role = role_ref()
    person = person_ref(required=False, allow_null=True)
    team = team_ref(required=False, allow_null=True)
    location = location_ref(required=False, allow_null=True)


class AbsenceSerializer(ResourceSerializer):
    """Somebody is away; the deputy acts."""

    person = person_ref()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(required=False, allow_null=True)
    deputy = person_ref(required=False, allow_null=True)
    reason = serializers.CharField(max_length=150, required=False, allow_blank=True)


class MatrixSerializer(ResourceSerializer):
    """A revision of a matrix."""

    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=150)
    description = serializers.CharField(required=False, allow_blank=True)
    escalation_role = role_ref(required=False, allow_null=True)
    revision = serializers.IntegerField(read_only=True)
    status = serializers.ChoiceField(choices=MatrixStatus.choices, read_only=True)
    effective_at = serializers.DateTimeField(read_only=True)
    superseded_at = serializers.DateTimeField(read_only=True)


class AssignmentSerializer(ValiditySerializer):
    """A letter for a role, person or team, on an activity, in a scope."""

    matrix = draft_ref()
    activity = activity_ref()
    letter = serializers.ChoiceField(choices=Letter.choices)
    effect = serializers.ChoiceField(choices=Effect.choices, required=False)
    role = role_ref(required=False, allow_null=True)
    person = person_ref(required=False, allow_null=True)
    team = team_ref(required=False, allow_null=True)
    scope_kind = serializers.ChoiceField(choices=ScopeKind.choices, required=False)
    location = location_ref(required=False, allow_null=True)
    zone = zone_ref(required=False, allow_null=True)
    item = item_ref(required=False, allow_null=True)
    item_class = class_ref(required=False, allow_null=True)
    selector_class = class_ref(required=False, allow_null=True)
    selector_purdue = serializers.ChoiceField(
        choices=PurdueLevel.choices, required=False, allow_blank=True
    )
    selector_criticality = serializers.ChoiceField(
        choices=Criticality.choices, required=False, allow_null=True
    )
    selector_tag = tag_ref(required=False, allow_null=True)


class ServiceLevelSerializer(ValiditySerializer):
    """A promise for an item or a location."""

    item = item_ref(required=False, allow_null=True)
    location = location_ref(required=False, allow_null=True)
    availability_percent = serializers.DecimalField(
        max_digits=6, decimal_places=3, required=False, allow_null=True
    )
    response_minutes = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    restore_minutes = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    data_availability_percent = serializers.DecimalField(
        max_digits=6, decimal_places=3, required=False, allow_null=True
    )
    change_lead_days = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    cost_per_hour = serializers.DecimalField(
        max_digits=12, decimal_places=2, required=False, allow_null=True
    )
    currency = serializers.CharField(max_length=3, required=False, allow_blank=True)
