"""The head of a person's and a team's page."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import may_manage_people
from accounts.models import Person, Team, User
from common.pages import Action, Crumb, Header, html


def person_header(request: HttpRequest, person: Person) -> Header:
    """Return the head of a person's page."""
    chips = [] if person.is_active else [html.state("unknown", words=_("Left"))]
    return Header(
        title=person.name,
        kind=person.job_title or _("Person"),
        code=person.employee_number,
        icon="user",
        crumbs=[Crumb(_("People"), reverse("accounts:person-list"))],
        chips=chips,
        **_actions(request.user, "person", person.pk),  # type: ignore[arg-type]
    )


def team_header(request: HttpRequest, team: Team) -> Header:
    """Return the head of a team's page."""
    return Header(
        title=team.name,
        kind=team.get_kind_display(),
        code=team.code,
        icon="users-group",
        crumbs=[Crumb(_("Teams"), reverse("accounts:team-list"))],
        chips=[html.party(f"team:{team.pk}", team.code)],
        **_actions(request.user, "team", team.pk),  # type: ignore[arg-type]
    )


def _actions(user: User, kind: str, pk: int) -> dict[str, list[Action]]:
    if not may_manage_people(user):
        return {}
    edit = Action(_("Edit"), reverse(f"accounts:{kind}-edit", args=[pk]), "edit")
    away = reverse(f"accounts:{kind}-delete", args=[pk])
    return {"actions": [edit], "more": [Action(_("Delete"), away, "trash", is_danger=True)]}
