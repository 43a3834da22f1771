"""What lists of people and teams can be filtered by."""

from django.db.models import Q

from accounts.choices import Audience, OrganisationKind, TeamKind
from accounts.models import ApiToken, Membership, Organisation, Person, Team, User
from common.filters import FilterSet, boolean, choice, custom, number, reference, text
from common.ids import ids_of


class PersonFilterSet(FilterSet):
    """People."""

    searched = ("name", "employee_number", "job_title", "email")
    panel = ("team", "site_code", "is_active")
    lookups = {
        "id": number("id", "Id"),
        "employee_number": text("employee_number", "Employee number"),
        "name": text("name", "Name"),
        "email": text("email", "E-mail"),
        "job_title": text("job_title", "Job title"),
        "site_code": text("site_code", "Site"),
        "organisation": reference("organisation", "slug", "Organisation"),
        "team": custom(
            lambda texts: Q(
                pk__in=Membership.objects.filter(
                    Q(team__code__in=texts) | Q(team_id__in=ids_of(texts))
                ).values("person")
            ),
            kind="reference",
            label="Team",
        ),
        "is_active": boolean("is_active", "Active"),
    }

    class Meta:
        model = Person
        fields: list[str] = []


class TeamFilterSet(FilterSet):
    """Teams and boards."""

    searched = ("name", "code")
    panel = ("kind",)
    lookups = {
        "code": text("code", "Code"),
        "name": text("name", "Name"),
        "kind": choice("kind", TeamKind.choices, "Kind"),
        "parent": reference("parent", "code", "Parent"),
    }

    class Meta:
        model = Team
        fields: list[str] = []


class OrganisationFilterSet(FilterSet):
    """Companies."""

    searched = ("name", "slug")
    panel = ("kind",)
    lookups = {
        "slug": text("slug", "Slug"),
        "name": text("name", "Name"),
        "kind": choice("kind", OrganisationKind.choices, "Kind"),
    }

    class Meta:
        model = Organisation
        fields: list[str] = []


class MembershipFilterSet(FilterSet):
    """Who is in which team."""

    lookups = {
        "team": reference("team", "code", "Team"),
        "person": reference("person", "employee_number", "Person"),
    }

    class Meta:
        model = Membership
        fields: list[str] = []


class TokenFilterSet(FilterSet):
    """One's own tokens."""

    lookups = {"name": text("name", "Name")}

    class Meta:
        model = ApiToken
        fields: list[str] = []


class UserFilterSet(FilterSet):
    """Logins."""

    searched = ("username", "first_name", "last_name", "person__name")
    panel = ("audience", "is_active")
    lookups = {
        "username": text("username", "User name"),
        "audience": choice("audience", Audience.choices, "Home page"),
        "is_active": boolean("is_active", "May log in"),
        "is_superuser": boolean("is_superuser", "Administrator"),
    }

    class Meta:
        model = User
        fields: list[str] = []
