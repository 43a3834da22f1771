"""People, teams, memberships, organisations, and one's own tokens."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import (
    memberships_visible_to,
    organisations_visible_to,
    people_visible_to,
    require_people_manager,
    teams_visible_to,
    tokens_of,
)
from accounts.api.serializers import (
    MembershipSerializer,
    OrganisationSerializer,
    PersonSerializer,
    TeamSerializer,
    TokenSerializer,
)
from accounts.filters import (
    MembershipFilterSet,
    OrganisationFilterSet,
    PersonFilterSet,
    TeamFilterSet,
    TokenFilterSet,
)
from accounts.models import ApiToken
from accounts.services.parties import change_party, create_party, delete_party
from accounts.services.tokens import create_token, revoke_token
from common.api.resources import Resource
from common.models import BaseModel


class PartyResource(Resource):
    """Read by everybody, written by who manages people."""

    @transaction.atomic
    def create_rows(self, values: Sequence[Mapping[str, Any]]) -> Sequence[BaseModel]:
        """Create rows."""
        require_people_manager(self.caller)
        model, now = self.rows().model, timezone.now()
        return [create_party(actor=self.actor, model=model, values=one, now=now) for one in values]

    def change_row(
        self, row: Any, values: Mapping[str, Any], expected_version: int | None
    ) -> BaseModel:
        """Change a row."""
        require_people_manager(self.caller)
        changed: BaseModel = change_party(
            actor=self.actor,
            party=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )
        return changed

    def remove_row(self, row: Any) -> None:
        """Delete a row nothing refers to."""
        require_people_manager(self.caller)
        delete_party(actor=self.actor, party=row, now=timezone.now())


class PersonResource(PartyResource):
    """People."""

    serializer_class = PersonSerializer
    filterset = PersonFilterSet
    orderings = ("id", "name", "employee_number", "job_title", "site_code")
    default_ordering = ("name",)

    def rows(self) -> QuerySet[Any]:
        """Return the people."""
        return people_visible_to(self.caller)


class TeamResource(PartyResource):
    """Teams and boards."""

    serializer_class = TeamSerializer
    filterset = TeamFilterSet
    orderings = ("id", "name", "code", "kind")
    default_ordering = ("name",)

    def rows(self) -> QuerySet[Any]:
        """Return the teams."""
        return teams_visible_to(self.caller)


class OrganisationResource(PartyResource):
    """Companies."""

    serializer_class = OrganisationSerializer
    filterset = OrganisationFilterSet
    orderings = ("id", "name", "slug", "kind")
    default_ordering = ("name",)

    def rows(self) -> QuerySet[Any]:
        """Return the organisations."""
        return organisations_visible_to(self.caller)


class MembershipResource(PartyResource):
    """Who is in which team."""

    serializer_class = MembershipSerializer
    filterset = MembershipFilterSet

    def rows(self) -> QuerySet[Any]:
        """Return the memberships."""
        return memberships_visible_to(self.caller)


class TokenResource(Resource):
    """One's own API tokens; DELETE revokes."""

    serializer_class = TokenSerializer
    filterset = TokenFilterSet
    orderings = ("id", "name")

    def rows(self) -> QuerySet[Any]:
        """Return the caller's tokens."""
        return tokens_of(self.caller)

    def create(self, request: Request) -> Response:
        """Make a token; the answer alone holds its secret."""
        values = self._checked([request.data], many=False)[0]
        token, secret = create_token(
            actor=self.actor, user=self.caller, now=timezone.now(), **values
        )
        return Response({**self.one(token.pk), "secret": secret}, status=201)

    def remove_row(self, row: ApiToken) -> None:
        """Revoke a token."""
        revoke_token(actor=self.actor, token=row, now=timezone.now())
