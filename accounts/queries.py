"""Reads about people and teams."""

from django.db.models import QuerySet

from accounts.models import Membership, Person, Team, User


def teams_of(person: Person) -> QuerySet[Team]:
    """Return the teams a person is in."""
    return Team.objects.filter(memberships__person=person)


def members_of(team: Team) -> QuerySet[Membership]:
    """Return who is in a team, with names."""
    return Membership.objects.filter(team=team).select_related("person").order_by("person__name")


def login_of(person: Person) -> User | None:
    """Return the login linked to a person."""
    return User.objects.filter(person=person).first()
