"""The door to people, teams, users and tokens.

People, teams and organisations are known to every logged-in user: ownership is answered with names.
"""

import hashlib
from datetime import datetime

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import (
    ApiToken,
    Membership,
    Organisation,
    Person,
    SavedFilter,
    Team,
    User,
)
from common.compiled import compiled
from common.errors import NotAllowedError
from common.registries import words_of_right

MANAGE_PEOPLE = "accounts.manage_people"


def people_visible_to(user: User) -> QuerySet[Person]:
    """Return the people the user may see: everybody knows everybody."""
    return Person.objects.all() if user.is_active else Person.objects.none()


def teams_visible_to(user: User) -> QuerySet[Team]:
    """Return the teams and boards the user may see."""
    return Team.objects.all() if user.is_active else Team.objects.none()


def organisations_visible_to(user: User) -> QuerySet[Organisation]:
    """Return the organisations the user may see."""
    return Organisation.objects.all() if user.is_active else Organisation.objects.none()


def person_for(user: User, pk: int) -> Person:
    """Return a person; 404 when there is none."""
    return get_object_or_404(people_visible_to(user), pk=pk)


def team_for(user: User, pk: int) -> Team:
    """Return a team; 404 when there is none."""
    return get_object_or_404(teams_visible_to(user), pk=pk)


def may_manage_people(user: User) -> bool:
    """Tell whether the user edits people, teams and organisations."""
    return user.has_perm(MANAGE_PEOPLE)


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Return the user's own tokens."""
    return ApiToken.objects.filter(user=user)


def token_digest(secret: str) -> str:
    """Return the SHA-256 under which a token's secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of_secret(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the valid token of a secret with its user and person, or None."""
    token = next(iter(compiled(_tokens_with, digest=token_digest(secret))), None)
    if token is None or token.revoked_at is not None or not token.user.is_active:
        return None
    return token if token.expires_at is None or token.expires_at > at else None


def _tokens_with(digest: str) -> QuerySet[ApiToken]:
    return ApiToken.objects.select_related("user__person").order_by().filter(digest=digest)


def memberships_visible_to(user: User) -> QuerySet[Membership]:
    """Return who is in which team."""
    return Membership.objects.all() if user.is_active else Membership.objects.none()


def require_people_manager(user: User) -> None:
    """Refuse who may not edit people, teams and organisations."""
    if not may_manage_people(user):
        raise NotAllowedError(
            "People, teams and organisations are edited by those with the right "
            f"{words_of_right(MANAGE_PEOPLE)}. An administrator can grant it."
        )


def saved_filters_visible_to(user: User, list_name: str = "") -> QuerySet[SavedFilter]:
    """Return the user's own saved filters and those shared, of one list or of all."""
    found = SavedFilter.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")
    return found.filter(list_name=list_name) if list_name else found


def may_administer(user: User) -> bool:
    """Tell whether the user manages logins, grants and tokens of others."""
    return user.is_active and user.is_superuser


def users_visible_to(user: User) -> QuerySet[User]:
    """Return the logins an administrator manages; others see their own."""
    return User.objects.all() if may_administer(user) else User.objects.filter(pk=user.pk)


def require_administrator(user: User) -> None:
    """Refuse who is no administrator."""
    if not may_administer(user):
        raise NotAllowedError("Logins and rights are managed by administrators.")
