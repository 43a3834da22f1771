"""The shape of people, teams and organisations over the API."""

from rest_framework import serializers

from accounts.choices import OrganisationKind, TeamKind
from accounts.references import organisation_ref, person_ref, team_ref
from common.api.resources import ResourceSerializer


class OrganisationSerializer(ResourceSerializer):
    """A company."""

    slug = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=150)
    kind = serializers.ChoiceField(choices=OrganisationKind.choices, required=False)


class TeamSerializer(ResourceSerializer):
    """A team, board or vendor team."""

    code = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=150)
    kind = serializers.ChoiceField(choices=TeamKind.choices, required=False)
    parent = team_ref(required=False, allow_null=True)  # type: ignore[assignment]
    organisation = organisation_ref(required=False, allow_null=True)
    email = serializers.EmailField(required=False, allow_blank=True)


class PersonSerializer(ResourceSerializer):
    """Somebody known from HR."""

    employee_number = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=150)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    job_title = serializers.CharField(max_length=150, required=False, allow_blank=True)
    site_code = serializers.CharField(max_length=60, required=False, allow_blank=True)
    organisation = organisation_ref(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)


class MembershipSerializer(ResourceSerializer):
    """A person in a team."""

    team = team_ref()
    person = person_ref()


class TokenSerializer(ResourceSerializer):
    """An API token of one's own; `secret` is there only in the answer that made it."""

    name = serializers.CharField(max_length=100)
    prefix = serializers.CharField(read_only=True)
    is_read_only = serializers.BooleanField(required=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    revoked_at = serializers.DateTimeField(read_only=True)
    last_used_date = serializers.DateField(read_only=True)
