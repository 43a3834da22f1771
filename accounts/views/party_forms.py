"""Forms of people, teams, memberships and organisations."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import (
    memberships_visible_to,
    organisations_visible_to,
    person_for,
    require_people_manager,
    team_for,
)
from accounts.forms import MemberForm, OrganisationForm, PersonForm, TeamForm
from accounts.models import Membership, Organisation, Person, Team
from accounts.services.parties import change_party, create_party, delete_party
from common.pages import Crumb, DeletePage, RecordForm

Party = Person | Team | Organisation


class PartyForm(RecordForm):
    """Base of the three forms: who manages people may write."""

    model: Any = Person
    list_title: Any = ""
    list_url_name = ""

    def find(self, pk: int) -> Party:
        """Return the party by id."""
        raise NotImplementedError

    def record(self, pk: int) -> Party:
        """Return the party to edit."""
        require_people_manager(self.user)
        return self.find(pk)

    def may_add(self) -> None:
        """Refuse others."""
        require_people_manager(self.user)

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return (Crumb(self.list_title, reverse(self.list_url_name)),)

    def create(self, values: Mapping[str, Any], comment: str) -> Party:
        """Create the party."""
        created: Party = create_party(
            actor=self.actor, model=self.model, values=values, now=self.now
        )
        return created

    def change(
        self, record: Party, values: Mapping[str, Any], version: int | None, comment: str
    ) -> Party:
        """Change the party."""
        return change_party(  # type: ignore[type-var]
            actor=self.actor, party=record, values=values, now=self.now, expected_version=version
        )

    def success_url(self, result: Party) -> str:
        """Go to the party's page."""
        if isinstance(result, Organisation):
            return reverse("accounts:organisation-list")
        kind = "team" if isinstance(result, Team) else "person"
        return reverse(f"accounts:{kind}-detail", args=[result.pk])


class PersonFormPage(PartyForm):
    """Add or edit a person."""

    form_class = PersonForm
    model = Person
    create_title = _("Add person")
    list_title = _("People")
    list_url_name = "accounts:person-list"

    def find(self, pk: int) -> Person:
        """Return the person."""
        return person_for(self.user, pk)


class TeamFormPage(PartyForm):
    """Add or edit a team."""

    form_class = TeamForm
    model = Team
    create_title = _("Add team")
    list_title = _("Teams")
    list_url_name = "accounts:team-list"

    def find(self, pk: int) -> Team:
        """Return the team."""
        return team_for(self.user, pk)


class OrganisationFormPage(PartyForm):
    """Add or edit an organisation."""

    form_class = OrganisationForm
    model = Organisation
    create_title = _("Add organisation")
    list_title = _("Organisations")
    list_url_name = "accounts:organisation-list"

    def find(self, pk: int) -> Organisation:
        """Return the organisation."""
        return get_object_or_404(organisations_visible_to(self.user), pk=pk)


class DeleteParty(DeletePage):
    """Delete a person, team or organisation nothing refers to."""

    form_page: type[PartyForm] = PersonFormPage

    @property
    def party(self) -> Party:
        """What is to be deleted."""
        page = self.form_page(request=self.request, kwargs=self.kwargs)
        return page.record(self.kwargs["pk"])

    def get_title(self) -> Any:  # noqa: ANN401 - lazy text
        """Name it."""
        return _("Delete %s") % self.party

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return (Crumb(self.form_page.list_title, reverse(self.form_page.list_url_name)),)

    def content(self) -> dict[str, Any]:
        """Say what goes."""
        return {"intro": _("The record goes; the ledger keeps what it held.")}

    def save(self, form: Any) -> Party:  # noqa: ANN401 - an empty form
        """Delete."""
        party = self.party
        delete_party(actor=self.actor, party=party, now=self.now)  # type: ignore[type-var]
        return party

    def success_url(self, result: Party) -> str:
        """Go to the list."""
        return reverse(self.form_page.list_url_name)


class AddMember(TeamFormPage):
    """Put a person into a team."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Add the member and go back to the team."""
        team = self.record(self.kwargs["pk"])
        form = MemberForm(request.POST)
        if form.is_valid():
            values = {"team": team, "person": form.cleaned_data["person"]}
            create_party(actor=self.actor, model=Membership, values=values, now=self.now)
        return HttpResponseRedirect(reverse("accounts:team-detail", args=[team.pk]))


class RemoveMember(TeamFormPage):
    """Take a person out of a team."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Remove the member and go back to the team."""
        require_people_manager(self.user)
        member = get_object_or_404(memberships_visible_to(self.user), pk=self.kwargs["pk"])
        delete_party(actor=self.actor, party=member, now=self.now)
        return HttpResponseRedirect(reverse("accounts:team-detail", args=[member.team_id]))
