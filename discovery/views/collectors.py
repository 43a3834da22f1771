"""Collectors: who sends what is sent at a site, whether it is there, and its key, which is shown once."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError
from common.pages import (
    Action,
    Column,
    Crumb,
    EmptyState,
    Facet,
    FormPage,
    ListPage,
    Page,
    RecordForm,
    Row,
    html,
    linked,
    plain,
)
from discovery.access import (
    collector_for,
    collectors_visible_to,
    may_discover_somewhere,
    networks_visible_to,
    require_discovery,
    require_discovery_somewhere,
)
from discovery.choices import CollectorState
from discovery.filters import CollectorFilterSet
from discovery.forms import CollectorForm, CollectorNameForm
from discovery.models import Collector
from discovery.queries.collectors import networks_of, obstacle, standing_of, standings_of
from discovery.services.collectors import (
    change_key,
    register_collector,
    rename_collector,
    retire_collector,
    revoke_key,
)
from discovery.templatetags.collectors import collector_state


def _scans(row: Row) -> SafeString:
    found = [
        html.safe(f'<a href="{reverse("discovery:scan-detail", args=[pk])}">#{pk}</a>')
        for pk in row["standing"].scans
    ]
    return html.safe(" ".join(found)) if found else html.text(_("none"))


class CollectorList(ListPage):
    """The collectors of places where the reader runs discovery."""

    title = gettext_lazy("Collectors")
    subtitle = gettext_lazy(
        "What is sent into the networks of a place with a collector is sent by it, from inside the site."
    )
    template_name = "discovery/list.html"
    list_name = "discovery:collector-list"
    filterset_class = CollectorFilterSet
    columns = (
        linked(
            "name",
            gettext_lazy("Name"),
            lambda row: reverse("discovery:collector-detail", args=[row["pk"]]),
            order="name",
        ),
        plain("place", gettext_lazy("Place"), field="location__name", order="location__path"),
        Column(
            "standing",
            gettext_lazy("State"),
            lambda row: collector_state(row["standing"].word),
            (),
        ),
        Column(
            "last_seen_at",
            gettext_lazy("Last heard of"),
            lambda row: html.moment(row["last_seen_at"]),
            ("last_seen_at",),
            order="last_seen_at",
        ),
        Column(
            "queue",
            gettext_lazy("Queue"),
            lambda row: html.code(row["standing"].queue),
            (),
        ),
        plain("release", gettext_lazy("Version")),
        Column("scans", gettext_lazy("Running scans"), _scans, ()),
    )
    facets = (Facet("state", gettext_lazy("Key"), choices=CollectorState.choices),)
    create_url_name = "discovery:collector-create"
    create_title = gettext_lazy("Register collector")
    empty = EmptyState(
        gettext_lazy("No collectors yet"),
        gettext_lazy(
            "The worker sends everything itself. Where it has no way into a site's networks, or should have none, "
            "register a collector that runs there: it needs the message broker and its key, and no database."
        ),
        "antenna",
    )

    def queryset(self) -> QuerySet[Collector]:
        """Return the collectors."""
        return collectors_visible_to(self.user)

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Return those of a site."""
        return queryset.filter(location__path__startswith=path)

    def may_create(self) -> bool:
        """Who runs discovery somewhere."""
        return may_discover_somewhere(self.user)

    def enrich(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add how each stands, in the same few queries for any number of rows."""
        standings = standings_of([row["pk"] for row in rows], at=self.now)
        return [{**row, "standing": standings[row["pk"]]} for row in rows]


class CollectorDetail(Page):
    """How a collector stands, what is scanned through it, and what can be done with its key."""

    template_name = "discovery/collector.html"

    @property
    def collector(self) -> Collector:
        """The collector, loaded once."""
        if not hasattr(self, "_collector"):
            self._collector = collector_for(self.user, self.kwargs["pk"])
        return self._collector

    def get_title(self) -> str:
        """Name it."""
        return self.collector.name

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return [Crumb(_("Collectors"), reverse("discovery:collector-list"))]

    def actions(self) -> Sequence[Action]:
        """Offer another name."""
        if self.collector.state == CollectorState.RETIRED:
            return ()
        address = reverse("discovery:collector-edit", args=[self.collector.pk])
        return [Action(_("Rename"), address, "edit")]

    def content(self) -> dict[str, Any]:
        """Return what is known of it."""
        collector = self.collector
        networks = networks_of(collector) & networks_visible_to(self.user)
        return {
            "collector": collector,
            "start_code": shlex.quote(collector.location.code),
            "standing": standing_of(collector, at=self.now),
            "obstacle": obstacle(collector, at=self.now),
            "networks": networks.order_by("name", "pk"),
            "is_retired": collector.state == CollectorState.RETIRED,
            "is_active": collector.state == CollectorState.ACTIVE,
        }


def with_key(page: CollectorDetail, key: str) -> HttpResponse:
    """Return the page of a collector with its new key, which no cache and no second look shows again."""
    response: HttpResponse = page.render_to_response(page.get_context_data(secret=key))
    response["Cache-Control"] = "no-store"
    return response


class RegisterCollector(FormPage):
    """Register the collector of a place; the answer shows its key."""

    title = gettext_lazy("Register collector")
    template_name = "discovery/form.html"
    form_class = CollectorForm
    submit_title = gettext_lazy("Register")
    success_message = gettext_lazy("Registered.")
    intro = gettext_lazy(
        "From then on everything sent into networks of this place, and of what is below it, is sent by the "
        "collector and by nobody else. Its key is shown once, on the next page."
    )

    def form_options(self) -> dict[str, Any]:
        """Refuse who runs discovery nowhere; tell the form who looks."""
        require_discovery_somewhere(self.user)
        return {"user": self.user}

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return [Crumb(_("Collectors"), reverse("discovery:collector-list"))]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Register it and show its page with the key, or what was wrong."""
        answer = super().post(request, *args, **kwargs)
        registered: tuple[Collector, str] | None = getattr(self, "_registered", None)
        if registered is None:
            return answer
        collector, key = registered
        page = CollectorDetail()
        page.setup(request, pk=collector.pk)
        return with_key(page, key)

    def save(self, form: Any) -> tuple[Collector, str]:  # noqa: ANN401
        """Register it."""
        location = form.cleaned_data["location"]
        require_discovery(self.user, location)
        self._registered = register_collector(
            actor=self.actor, name=form.cleaned_data["name"], location=location, now=self.now
        )
        return self._registered

    def success_url(self, result: tuple[Collector, str]) -> str:
        """Name its page."""
        return reverse("discovery:collector-detail", args=[result[0].pk])


class RenameCollector(RecordForm):
    """Call a collector otherwise."""

    template_name = "discovery/record.html"
    form_class = CollectorNameForm

    def record(self, pk: int) -> Collector:
        """Return the collector: seen by who runs discovery at its place only."""
        return collector_for(self.user, pk)

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to it."""
        address = reverse("discovery:collector-detail", args=[self.edited.pk])
        return [
            Crumb(_("Collectors"), reverse("discovery:collector-list")),
            Crumb(str(self.edited), address),
        ]

    def change(
        self, record: Collector, values: Mapping[str, Any], version: int | None, comment: str
    ) -> Collector:
        """Rename it."""
        return rename_collector(
            actor=self.actor,
            collector=record,
            name=values["name"],
            now=self.now,
            expected_version=version,
            comment=comment,
        )

    def success_url(self, result: Collector) -> str:
        """Go to its page."""
        return reverse("discovery:collector-detail", args=[result.pk])


class CollectorStep(CollectorDetail):
    """A button of the page: on refusal the page comes back with the reason."""

    step: Callable[..., Any]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lead back: it is done by its button."""
        return HttpResponseRedirect(self._address)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Do it."""
        given = request.POST.get("version", "")
        collector = self.collector
        try:
            result = type(self).step(
                actor=self.actor,
                collector=collector,
                now=self.now,
                expected_version=int(given) if given.isdecimal() else None,
            )
        except DomainError as error:
            context = self.get_context_data(step_error=str(error))
            response: HttpResponse = self.render_to_response(context, status=error.status)
            return response
        del self._collector
        if isinstance(result, tuple):
            return with_key(self, result[1])
        return HttpResponseRedirect(self._address)

    @property
    def _address(self) -> str:
        return reverse("discovery:collector-detail", args=[self.collector.pk])


class ChangeKey(CollectorStep):
    """Give it a new key and show it."""

    step = staticmethod(change_key)


class RevokeKey(CollectorStep):
    """Make its key void."""

    step = staticmethod(revoke_key)


class RetireCollector(CollectorStep):
    """Retire it for good."""

    step = staticmethod(retire_collector)
