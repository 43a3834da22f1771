"""Reads about people and teams."""

from django.db.models import Q, QuerySet

from accounts.access import people_visible_to, teams_visible_to
from accounts.models import Membership, Person, Team, User
from common.registries import SearchHit


def teams_of(person: Person) -> QuerySet[Team]:
    """Return the teams a person is in."""
    return Team.objects.filter(memberships__person=person)


def members_of(team: Team) -> QuerySet[Membership]:
    """Return who is in a team, with names."""
    return Membership.objects.filter(team=team).select_related("person").order_by("person__name")


def login_of(person: Person) -> User | None:
    """Return the login linked to a person."""
    return User.objects.filter(person=person).first()


def find_people(user: User, text: str, limit: int) -> list[SearchHit]:
    """Return people and teams for the global search."""
    match = Q(name__icontains=text) | Q(employee_number__istartswith=text)
    people = people_visible_to(user).filter(match)[:limit]
    teams = teams_visible_to(user).filter(Q(name__icontains=text) | Q(code__istartswith=text))
    hits = [
        SearchHit(person.name, f"/people/{person.pk}/", person.job_title, "user")
        for person in people
    ]
    hits += [
        SearchHit(team.name, f"/people/teams/{team.pk}/", team.get_kind_display(), "users-group")
        for team in teams[:limit]
    ]
    return hits[:limit]
