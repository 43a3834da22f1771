"""Lists of roles, holders, absences, service levels and activities."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.pages import Column, EmptyState, ListPage, Row, chosen, html, linked, plain
from raci.access import (
    absences_visible_to,
    activities_visible_to,
    assignments_visible_to,
    holders_visible_to,
    may_edit_some,
    may_manage,
    roles_visible_to,
    service_levels_visible_to,
)
from raci.choices import Discipline, MatrixStatus
from raci.filters import (
    AbsenceFilterSet,
    ActivityFilterSet,
    HolderFilterSet,
    RoleFilterSet,
    ServiceLevelFilterSet,
)


def _numeric(name: str, title: object) -> Column:
    return Column(
        name, title, lambda row: html.number(row[name]), (name,), order=name, is_numeric=True
    )


def _share(name: str, title: object) -> Column:
    """Return a column of percentages, with as many decimals as they differ in, two at least."""

    def cell(row: Row) -> SafeString:
        value = row[name]
        if value is not None and value == round(value, 2):
            value = round(value, 2)
        return html.number(value)

    return Column(name, title, cell, (name,), order=name, is_numeric=True)


def _day(name: str, title: object) -> Column:
    return Column(name, title, lambda row: html.day(row[name]), (name,), order=name)


def _moment(name: str, title: object) -> Column:
    return Column(name, title, lambda row: html.moment(row[name]), (name,), order=name)


def _linked(name: str, title: object, url_name: str, field: str) -> Column:
    """Return the column that opens the row's form, showing what a join gives."""

    def cell(row: Row) -> SafeString:
        return html.link(reverse(url_name, args=[row["pk"]]), row[field], css="main-link")

    return Column(name, title, cell, ("pk", field), order=field)


def _edit(url_name: str) -> Column:
    """Return the column that opens the row's form where the name leads elsewhere."""
    return Column(
        "edit",
        _("Edit"),
        lambda row: html.link(reverse(url_name, args=[row["pk"]]), _("Edit")),
        ("pk",),
    )


def _holder(row: Row) -> SafeString:
    if row["person__name"]:
        return html.party(f"person:{row['person_id']}", row["person__name"])
    return html.party(f"team:{row['team_id']}", row["team__name"])


def _scope(row: Row) -> SafeString:
    if row["item__name"]:
        url = reverse("raci:item-ownership", args=[row["item_id"]])
        return html.link(url, row["item__name"], css="main-link")
    url = reverse("raci:location-ownership", args=[row["location_id"]])
    return html.link(url, row["location__name"], css="main-link")


class ActivityList(ListPage):
    """What somebody has to answer for."""

    title = _("Activities")
    list_name = "raci:activity-list"
    filterset_class = ActivityFilterSet
    columns = (
        linked(
            "name",
            _("Name"),
            lambda row: reverse("raci:activity-edit", args=[row["pk"]]),
            order="name",
        ),
        Column("code", _("Code"), lambda row: html.code(row["code"]), ("code",), order="code"),
        plain("parent", _("Part of"), field="parent__name", order="parent__name"),
        plain("description", _("Description")),
    )
    default_order = "code"
    create_url_name = "raci:activity-create"
    create_title = _("Add activity")
    export_kind = import_kind = "activities"
    empty = EmptyState(
        _("No activities yet"), _("Operate, maintain, change: what one answers for."), "checklist"
    )

    def queryset(self) -> QuerySet[Any]:
        """Return the activities."""
        return activities_visible_to(self.user)

    def may_create(self) -> bool:
        """Only who manages the operating model."""
        return may_manage(self.user)


class RoleList(ListPage):
    """Roles with how many hold them today; none is a vacancy."""

    title = _("Roles")
    list_name = "raci:role-list"
    filterset_class = RoleFilterSet
    columns = (
        linked(
            "name",
            _("Name"),
            lambda row: f"{reverse('raci:holder-list')}?role={row['pk']}",
            order="name",
        ),
        Column("code", _("Code"), lambda row: html.code(row["code"]), ("code",), order="code"),
        chosen("discipline", _("Discipline"), Discipline.choices, order="discipline"),
        Column(
            "holders",
            _("Held by"),
            lambda row: (
                html.number(row["holder_count"])
                if row["holder_count"]
                else html.state("degraded", words=str(_("No holder")))
            ),
            ("holder_count",),
            order="holder_count",
            is_numeric=True,
        ),
        _numeric("duty_count", _("Assignments in force")),
        plain("description", _("Description")),
        _edit("raci:role-edit"),
    )
    facets = ("discipline",)
    create_url_name = "raci:role-create"
    create_title = _("Add role")
    export_kind = import_kind = "roles"
    empty = EmptyState(
        _("No roles yet"),
        _("Matrices name roles, so that people can change without a new matrix."),
        "user-check",
    )

    def queryset(self) -> QuerySet[Any]:
        """Return the roles with their holders and duties of today."""
        day = timezone.localtime(self.now).date()
        today = Q(holders__valid_from__lte=day) & (
            Q(holders__valid_until=None) | Q(holders__valid_until__gte=day)
        )
        today &= Q(holders__in=holders_visible_to(self.user))
        published = Q(
            assignments__matrix__status=MatrixStatus.PUBLISHED,
            assignments__in=assignments_visible_to(self.user),
        )
        return roles_visible_to(self.user).annotate(
            holder_count=Count("holders", filter=today, distinct=True),
            duty_count=Count("assignments", filter=published, distinct=True),
        )

    def may_create(self) -> bool:
        """Only who manages the operating model."""
        return may_manage(self.user)


class HolderList(ListPage):
    """Who holds which role where."""

    title = _("Role holders")
    list_name = "raci:holder-list"
    filterset_class = HolderFilterSet
    columns = (
        _linked("role", _("Role"), "raci:holder-edit", "role__name"),
        Column(
            "holder", _("Held by"), _holder, ("person_id", "person__name", "team_id", "team__name")
        ),
        plain("location", _("At"), field="location__name", order="location__path"),
        _day("valid_from", _("From")),
        _day("valid_until", _("Until")),
        Column(
            "active",
            _("Still active"),
            lambda row: html.yes_no(row["person__is_active"]),
            ("person__is_active",),
        ),
    )
    default_order = "role"
    create_url_name = "raci:holder-create"
    create_title = _("Appoint holder")
    export_kind = import_kind = "role_holders"
    empty = EmptyState(
        _("Nobody holds a role yet"),
        _("Appoint people or teams to roles, each at a place."),
        "user-check",
    )

    def queryset(self) -> QuerySet[Any]:
        """Return the visible holders."""
        return holders_visible_to(self.user)

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Keep those of the site, and those who hold everywhere."""
        return queryset.filter(Q(location=None) | Q(location__path__startswith=path))

    def may_create(self) -> bool:
        """Who manages ownership somewhere."""
        return may_edit_some(self.user)


class AbsenceList(ListPage):
    """Who is away and who acts meanwhile."""

    title = _("Absences")
    list_name = "raci:absence-list"
    filterset_class = AbsenceFilterSet
    columns = (
        _linked("person", _("Person"), "raci:absence-edit", "person__name"),
        plain("deputy", _("Deputy"), field="deputy__name", order="deputy__name"),
        _moment("starts_at", _("From")),
        _moment("ends_at", _("Until")),
        plain("reason", _("Reason")),
    )
    default_order = "-starts_at"
    create_url_name = "raci:absence-create"
    create_title = _("Record absence")
    export_kind = import_kind = "absences"
    empty = EmptyState(
        _("No absences"), _("While somebody is away, the deputy named here acts."), "calendar"
    )

    def queryset(self) -> QuerySet[Any]:
        """Return one's own absences, or all for who manages people."""
        return absences_visible_to(self.user)


class ServiceLevelList(ListPage):
    """What was promised for items and places."""

    title = _("Service levels")
    list_name = "raci:servicelevel-list"
    filterset_class = ServiceLevelFilterSet
    columns = (
        Column(
            "scope",
            _("For"),
            _scope,
            ("item_id", "item__name", "location_id", "location__name"),
            order="item__name",
        ),
        _share("availability_percent", _("Availability, %")),
        _numeric("response_minutes", _("Response, min")),
        _numeric("restore_minutes", _("Restore, min")),
        _share("data_availability_percent", _("Data, %")),
        _numeric("change_lead_days", _("Change lead, days")),
        Column(
            "cost_per_hour",
            _("Cost per hour"),
            lambda row: html.money(row["cost_per_hour"], row["currency"]),
            ("cost_per_hour", "currency"),
            order="cost_per_hour",
            is_numeric=True,
        ),
        _day("valid_from", _("From")),
        _edit("raci:servicelevel-edit"),
    )
    default_order = "-cost_per_hour"
    create_url_name = "raci:servicelevel-create"
    create_title = _("Set service level")
    export_kind = import_kind = "service_levels"
    empty = EmptyState(
        _("No service levels yet"),
        _("What is promised, and what an hour of standstill costs."),
        "gauge",
    )

    def queryset(self) -> QuerySet[Any]:
        """Return the visible promises."""
        return service_levels_visible_to(self.user)

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Keep those of the site."""
        here = Q(location__path__startswith=path) | Q(item__location__path__startswith=path)
        return queryset.filter(here)

    def row_label(self, row: Row) -> object:
        """Return what the promise is for."""
        return row.get("item__name") or row.get("location__name")

    def may_create(self) -> bool:
        """Who manages ownership somewhere."""
        return may_edit_some(self.user)
