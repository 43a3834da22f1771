"""People, teams and organisations: lists, pages, forms."""

from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import (
    may_manage_people,
    organisations_visible_to,
    people_visible_to,
    teams_visible_to,
)
from accounts.choices import OrganisationKind, TeamKind
from accounts.filters import OrganisationFilterSet, PersonFilterSet, TeamFilterSet
from accounts.forms import MemberForm
from accounts.models import Organisation, Person, Team
from accounts.queries import login_of, members_of, teams_of
from common.pages import Column, EmptyState, ListPage, ObjectPage, Row, chosen, html, linked, plain


def person_url(row: Row) -> str:
    """Return the address of a person's page."""
    return reverse("accounts:person-detail", args=[row["pk"]])


class PeopleList(ListPage):
    """Everybody known from HR."""

    title = _("People")
    list_name = "accounts:person-list"
    filterset_class = PersonFilterSet
    columns = (
        linked("name", _("Name"), person_url, order="name"),
        Column(
            "number",
            _("Employee number"),
            lambda row: html.code(row["employee_number"]),
            ("employee_number",),
            order="employee_number",
            is_default=False,
        ),
        plain("job_title", _("Job title"), order="job_title"),
        plain("site", _("Site"), field="site_code", order="site_code"),
        plain("organisation", _("Organisation"), field="organisation__name"),
        Column(
            "email",
            _("E-mail"),
            lambda row: (
                html.link(f"mailto:{row['email']}", row["email"]) if row["email"] else html.DASH
            ),
            ("email",),
        ),
        plain("phone", _("Phone"), css="nowrap"),
        Column(
            "active",
            _("Active"),
            lambda row: html.yes_no(row["is_active"]),
            ("is_active",),
            is_default=False,
        ),
    )
    facets = ("is_active",)
    create_url_name = "accounts:person-create"
    create_title = _("Add person")
    export_kind = import_kind = "people"
    empty = EmptyState(
        _("No people yet"),
        _("People own, approve and are called. Import them from HR as CSV, or add the first one."),
        "users",
    )

    def queryset(self) -> QuerySet[Person]:
        """Return everybody."""
        return people_visible_to(self.user)

    def may_create(self) -> bool:
        """Only who manages people adds them."""
        return may_manage_people(self.user)


class TeamList(ListPage):
    """Teams, boards and vendor desks."""

    title = _("Teams")
    list_name = "accounts:team-list"
    filterset_class = TeamFilterSet
    columns = (
        linked(
            "name",
            _("Name"),
            lambda row: reverse("accounts:team-detail", args=[row["pk"]]),
            order="name",
        ),
        Column("code", _("Code"), lambda row: html.code(row["code"]), ("code",), order="code"),
        chosen("kind", _("Kind"), TeamKind.choices, order="kind"),
        plain("parent", _("Part of"), field="parent__name"),
        plain("organisation", _("Organisation"), field="organisation__name"),
        Column(
            "members",
            _("Members"),
            lambda row: html.number(row["member_count"]),
            ("member_count",),
            order="member_count",
            is_numeric=True,
        ),
        plain("email", _("E-mail"), is_default=False),
    )
    facets = ("kind",)
    create_url_name = "accounts:team-create"
    create_title = _("Add team")
    export_kind = import_kind = "teams"
    empty = EmptyState(
        _("No teams yet"),
        _("A team answers as one: a shift, a service desk, a board."),
        "users-group",
    )

    def queryset(self) -> QuerySet[Team]:
        """Return every team with its size."""
        return teams_visible_to(self.user).annotate(member_count=Count("memberships"))

    def may_create(self) -> bool:
        """Only who manages people adds teams."""
        return may_manage_people(self.user)


class OrganisationList(ListPage):
    """Manufacturers, vendors, integrators, the operator."""

    title = _("Organisations")
    list_name = "accounts:organisation-list"
    filterset_class = OrganisationFilterSet
    columns = (
        linked(
            "name",
            _("Name"),
            lambda row: reverse("accounts:organisation-edit", args=[row["pk"]]),
            order="name",
        ),
        Column(
            "slug", _("Short name"), lambda row: html.code(row["slug"]), ("slug",), order="slug"
        ),
        chosen("kind", _("Kind"), OrganisationKind.choices, order="kind"),
    )
    facets = ("kind",)
    create_url_name = "accounts:organisation-create"
    create_title = _("Add organisation")
    export_kind = import_kind = "organisations"
    empty = EmptyState(
        _("No organisations yet"), _("Vendors of your products, integrators."), "building"
    )

    def queryset(self) -> QuerySet[Organisation]:
        """Return every organisation."""
        return organisations_visible_to(self.user)

    def may_create(self) -> bool:
        """Only who manages people adds organisations."""
        return may_manage_people(self.user)


class PersonPage(ObjectPage):
    """A person: how to reach them, their teams."""

    subject = "person"
    has_side = True
    template_name = "accounts/person.html"

    def content(self) -> dict[str, Any]:
        """Return the person's teams and login."""
        person: Person = self.instance
        return {"teams": teams_of(person), "login": login_of(person)}


class TeamPage(ObjectPage):
    """A team and its members."""

    subject = "team"
    has_side = True
    template_name = "accounts/team.html"

    def content(self) -> dict[str, Any]:
        """Return the members and, for who manages people, the form that adds one."""
        form = MemberForm() if may_manage_people(self.user) else None
        return {"members": members_of(self.instance), "form": form}
