"""What select boxes of people, teams and users ask while one types."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import people_visible_to, teams_visible_to, users_visible_to
from accounts.models import Person, Team, User
from common.pages.lookups import LookupView


class PeopleLookup(LookupView):
    """People by name or number."""

    def rows(self, text: str) -> QuerySet[Person]:
        """Return active people."""
        match = Q(name__icontains=text) | Q(employee_number__istartswith=text)
        return people_visible_to(self.user).filter(match, is_active=True)

    def detail(self, row: Any) -> str:  # noqa: ANN401
        """Return what the person does and where."""
        return " · ".join(part for part in (row.job_title, row.site_code) if part)


class TeamsLookup(LookupView):
    """Teams by name or code."""

    def rows(self, text: str) -> QuerySet[Team]:
        """Return teams."""
        match = Q(name__icontains=text) | Q(code__istartswith=text)
        return teams_visible_to(self.user).filter(match)

    def detail(self, row: Any) -> str:  # noqa: ANN401
        """Return the kind of team."""
        return str(row.get_kind_display())


class UsersLookup(LookupView):
    """Logins by name."""

    def rows(self, text: str) -> QuerySet[User]:
        """Return users."""
        match = (
            Q(username__icontains=text)
            | Q(first_name__icontains=text)
            | Q(last_name__icontains=text)
        )
        return users_visible_to(self.user).filter(match).order_by("username")

    def detail(self, row: Any) -> str:  # noqa: ANN401
        """Return the user name."""
        return str(row.username)
