"""Schedules: the list, one with its moments, the form; those of a network."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.ids import id_of
from common.pages import (
    Action,
    Column,
    Crumb,
    DeletePage,
    EmptyState,
    ListPage,
    ObjectPage,
    Page,
    RecordForm,
    Row,
    html,
    linked,
)
from discovery.access import (
    may_discover,
    may_discover_somewhere,
    networks_run_by,
    require_discovery,
    require_discovery_somewhere,
    schedule_for,
    scheduled_runs_visible_to,
    schedules_visible_to,
)
from discovery.filters import ScheduleFilterSet
from discovery.forms import ScheduleForm
from discovery.models import Network, Schedule
from discovery.queries.schedules import standings_of_schedules
from discovery.services.schedules import change_schedule, create_schedule, delete_schedule
from discovery.templatetags.discovery import duration
from discovery.templatetags.schedules import run_outcome

SHOWN = 50


def _next(row: Row) -> SafeString:
    standing = row["standing"]
    if not row["is_active"]:
        return html.state("unknown", words=_("Paused"))
    if standing.next_at is None:
        return html.safe(f'<span class="muted">{html.text(_("never again"))}</span>')
    return html.moment(standing.next_at)


def _last(row: Row) -> SafeString:
    return run_outcome(row["standing"].last)


class ScheduleList(ListPage):
    """Every schedule: when it runs next, what came of the last moment."""

    title = gettext_lazy("Schedules")
    template_name = "discovery/list.html"
    list_name = "discovery:schedule-list"
    filterset_class = ScheduleFilterSet
    columns = (
        linked(
            "name",
            gettext_lazy("Name"),
            lambda row: reverse("discovery:schedule-detail", args=[row["pk"]]),
            order="name",
        ),
        Column(
            "network",
            gettext_lazy("Network"),
            lambda row: html.link(
                reverse("discovery:network-schedules", args=[row["network_id"]]),
                row["network__name"],
            ),
            ("network_id", "network__name"),
            order="network__name",
        ),
        Column("when", gettext_lazy("When"), lambda row: html.text(row["standing"].words), ()),
        Column("next", gettext_lazy("Next"), _next, ("is_active",)),
        Column("last", gettext_lazy("Last"), _last, ()),
        Column(
            "duration",
            gettext_lazy("Took"),
            lambda row: html.text(duration(row["standing"].seconds)),
            (),
        ),
        Column(
            "owner",
            gettext_lazy("In the name of"),
            lambda row: html.text(row["owner__username"]),
            ("owner__username",),
            order="owner__username",
        ),
    )
    facets = ("is_active",)
    create_url_name = "discovery:schedule-create"
    create_title = gettext_lazy("Add schedule")
    empty = EmptyState(
        gettext_lazy("No schedules yet"),
        gettext_lazy(
            "A schedule scans a network by itself: on weekdays at a time, or every so many hours."
        ),
        "clock",
    )

    def queryset(self) -> QuerySet[Schedule]:
        """Return the visible schedules."""
        return schedules_visible_to(self.user)

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Return those of a site."""
        return queryset.filter(network__location__path__startswith=path)

    def may_create(self) -> bool:
        """Who runs discovery somewhere."""
        return may_discover_somewhere(self.user)

    def enrich(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add the next moment and the last one."""
        standings = standings_of_schedules([row["pk"] for row in rows], at=self.now)
        return [{**row, "standing": standings[row["pk"]]} for row in rows]


class ScheduleDetail(Page):
    """One schedule, and what came of each of its moments."""

    template_name = "discovery/schedule.html"

    @property
    def schedule(self) -> Schedule:
        """The schedule, loaded once."""
        if not hasattr(self, "_schedule"):
            self._schedule = schedule_for(self.user, self.kwargs["pk"])
        return self._schedule

    def get_title(self) -> str:
        """Return its name."""
        return self.schedule.name

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return [Crumb(_("Schedules"), reverse("discovery:schedule-list"))]

    def actions(self) -> Sequence[Action]:
        """Offer to change it to who runs discovery there."""
        if not may_discover(self.user, self.schedule.network):
            return ()
        pk = self.schedule.pk
        return [
            Action(_("Edit"), reverse("discovery:schedule-edit", args=[pk]), "edit"),
            Action(
                _("Delete"),
                reverse("discovery:schedule-delete", args=[pk]),
                "trash",
                is_danger=True,
            ),
        ]

    def content(self) -> dict[str, Any]:
        """Return how it stands, and its newest moments."""
        schedule = self.schedule
        runs = scheduled_runs_visible_to(self.user).filter(schedule=schedule)
        return {
            "schedule": schedule,
            "standing": standings_of_schedules([schedule.pk], at=self.now)[schedule.pk],
            "runs": runs.select_related("scan").order_by("-due_at", "-pk")[:SHOWN],
        }


class ScheduleFormPage(RecordForm):
    """Add or edit a schedule; it runs in the name of who saves it."""

    template_name = "discovery/record.html"
    form_class = ScheduleForm
    create_title = gettext_lazy("Add schedule")
    intro = gettext_lazy(
        "Scans start in your name: when you may no longer run discovery there, none is started."
    )

    def record(self, pk: int) -> Schedule:
        """Return the schedule, for who runs discovery there."""
        schedule = schedule_for(self.user, pk)
        require_discovery(self.user, schedule.network.location)
        return schedule

    def may_add(self) -> None:
        """Refuse who runs discovery nowhere; the network is checked when it is known."""
        require_discovery_somewhere(self.user)

    def form_options(self) -> dict[str, Any]:
        """Offer the networks where the reader runs discovery."""
        networks = networks_run_by(self.user).order_by("name")
        return {**super().form_options(), "networks": networks}

    def initial(self) -> dict[str, Any]:
        """Propose today as the first day, and the network one comes from."""
        if self.edited is not None:
            return {}
        network = id_of(self.request.GET.get("network", ""))
        return {"first_date": localdate(self.now), "network": network}

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back."""
        found = [Crumb(_("Schedules"), reverse("discovery:schedule-list"))]
        if self.edited is not None:
            address = reverse("discovery:schedule-detail", args=[self.edited.pk])
            found.append(Crumb(str(self.edited), address))
        return found

    def create(self, values: Mapping[str, Any], comment: str) -> Schedule:
        """Add it."""
        require_discovery(self.user, values["network"].location)
        return create_schedule(
            actor=self.actor, owner=self.user, values=values, now=self.now, comment=comment
        )

    def change(
        self, record: Schedule, values: Mapping[str, Any], version: int | None, comment: str
    ) -> Schedule:
        """Change it; moving it to another network takes the right at both."""
        require_discovery(self.user, values["network"].location)
        return change_schedule(
            actor=self.actor,
            owner=self.user,
            schedule=record,
            values=values,
            now=self.now,
            expected_version=version,
            comment=comment,
        )

    def success_url(self, result: Schedule) -> str:
        """Show it."""
        return reverse("discovery:schedule-detail", args=[result.pk])


class ScheduleDelete(DeletePage):
    """Ask before a schedule is deleted."""

    intro = gettext_lazy(
        "It starts no further scan, and the record of its moments goes. Its scans stay."
    )

    @property
    def schedule(self) -> Schedule:
        """The schedule, for who runs discovery there."""
        if not hasattr(self, "_schedule"):
            self._schedule = schedule_for(self.user, self.kwargs["pk"])
            require_discovery(self.user, self._schedule.network.location)
        return self._schedule

    def get_title(self) -> str:
        """Ask."""
        return _("Delete the schedule “%s”?") % self.schedule

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back."""
        address = reverse("discovery:schedule-detail", args=[self.schedule.pk])
        return [
            Crumb(_("Schedules"), reverse("discovery:schedule-list")),
            Crumb(str(self.schedule), address),
        ]

    def save(self, form: Any) -> None:  # noqa: ANN401 - an empty form
        """Delete it."""
        delete_schedule(actor=self.actor, schedule=self.schedule, now=self.now)

    def success_url(self, result: Any) -> str:  # noqa: ANN401 - nothing
        """Go to the list."""
        return reverse("discovery:schedule-list")


class NetworkSchedules(ObjectPage):
    """The schedules of a network."""

    subject = "network"
    template_name = "discovery/network_schedules.html"

    def content(self) -> dict[str, Any]:
        """Return them with how they stand."""
        network: Network = self.instance
        rows = schedules_visible_to(self.user).filter(network=network)
        schedules = list(rows.select_related("owner").order_by("name", "pk"))
        standings = standings_of_schedules([one.pk for one in schedules], at=self.now)
        return {
            "schedules": [(one, standings[one.pk]) for one in schedules],
            "may_discover": may_discover(self.user, network),
            "add_url": f"{reverse('discovery:schedule-create')}?network={network.pk}",
        }
