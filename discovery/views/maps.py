"""The map of a place and of a network: drawn here, as a file, and as a table of the same."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from assets.models import Location
from assets.queries.drawing import shape_words
from common.models import JobState
from common.pages import Action, Crumb, ObjectPage, Page
from discovery.access import map_job_for, map_place, map_places, map_subject
from discovery.choices import MapView
from discovery.queries.map_drawing import legend_of, page_drawings, summary_of
from discovery.queries.site_map import SiteMap, network_map, site_map
from discovery.services.map_files import export_svg, map_file, request_map
from raci.access import path_to

if TYPE_CHECKING:
    from discovery.models import Network

ROWS_SHOWN = 400


def view_of(query: QueryDict) -> str:
    """Return the view asked for; anything else is the topology."""
    asked = query.get("view", "")
    return asked if asked in MapView.values else MapView.TOPOLOGY


class MapPage(Page):
    """A place in one of four views, with who says that each link is there."""

    title = _("Map")
    template_name = "discovery/map.html"

    @cached_property
    def place(self) -> Location | None:
        """The place asked for, else the chosen site, else the first; None where there is nothing to see."""
        return map_place(self.user, self.request.GET.get("place", ""), self.site.get("id"))

    @property
    def view(self) -> str:
        """The view asked for."""
        return view_of(self.request.GET)

    def get_title(self) -> Any:  # noqa: ANN401 - lazy text
        """Name the place."""
        return _g("Map of %s") % self.place if self.place else self.title

    def crumbs(self) -> Sequence[Crumb]:
        """Lead up the location path."""
        if self.place is None:
            return ()
        return [
            Crumb(one.name, "" if one == self.place else _address(one.pk, self.view))
            for one in path_to(self.user, self.place)
        ]

    def actions(self) -> Sequence[Action]:
        """Offer the files, and what is wrong with what is drawn."""
        if self.place is None:
            return ()
        return (
            Action(_("What is wrong"), reverse("discovery:current-state"), "alert-circle"),
            *_files(f"place={self.place.pk}&view={self.view}"),
        )

    def content(self) -> dict[str, Any]:
        """Return the drawing, its legend and its table."""
        if self.place is None:
            return {"found": None}
        found = site_map(self.user, self.place, view=self.view, at=self.now)
        return {
            "place": self.place,
            "choices": map_places(self.user, self.place),
            "views": [
                (title, _address(self.place.pk, name), name == self.view)
                for name, title in MapView.choices
            ],
            **_shown(found),
        }


class NetworkMap(ObjectPage):
    """The tab of a network: its devices, the links between them, and neighbours nobody has read."""

    subject = "network"
    template_name = "discovery/network_map.html"

    def content(self) -> dict[str, Any]:
        """Return the drawing, its legend and its table."""
        network: Network = self.instance
        found = network_map(self.user, network, at=self.now)
        query = f"network={network.pk}&view={MapView.TOPOLOGY}"
        return {**_shown(found), "map_actions": _files(query)}


def _address(place: int, view: str) -> str:
    return f"{reverse('discovery:map')}?place={place}&view={view}"


def _files(query: str) -> Sequence[Action]:
    return (
        Action(_("SVG"), f"{reverse('discovery:map-svg')}?{query}", "download"),
        Action(_("PDF"), f"{reverse('discovery:map-pdf')}?{query}", "file-text", method="post"),
    )


def _shown(found: SiteMap) -> dict[str, Any]:
    """Return what templates/discovery/map_drawing.html needs."""
    wide, narrow = page_drawings(found)
    return {
        "found": found,
        "summary": summary_of(found),
        "wide": SafeString(wide),
        "narrow": SafeString(narrow),
        "legend": [(SafeString(sample), words, count) for sample, words, count in legend_of(found)],
        "shape_legend": shape_words(),
        "rows": found.rows[:ROWS_SHOWN],
        "more_rows": max(0, len(found.rows) - ROWS_SHOWN),
    }


class MapSvg(Page):
    """The drawing as a file of its own."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Answer the file as a download: opened by itself it stands outside the page's policy."""
        place, network = request.GET.get("place", ""), request.GET.get("network", "")
        subject = map_subject(self.user, place=place, network=network)
        view = view_of(request.GET)
        text = export_svg(
            user=self.user, actor=self.actor, subject=subject, view=view, now=self.now
        )
        response = HttpResponse(text, content_type="image/svg+xml")
        name = f"map-{view}-{subject.code}.svg"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


class RequestMapPdf(Page):
    """The button that asks for the PDF."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Ask, then show the progress."""
        place, network = request.GET.get("place", ""), request.GET.get("network", "")
        subject = map_subject(self.user, place=place, network=network)
        job = request_map(actor=self.actor, subject=subject, view=view_of(request.GET))
        return HttpResponseRedirect(reverse("discovery:map-job", args=[job.pk]))


class MapJob(Page):
    """The progress of a PDF; the file as soon as it is there."""

    template_name = "discovery/map_job.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Answer the page, or the polled fragment."""
        self.job = map_job_for(self.user, kwargs["pk"])
        if request.headers.get("HX-Request"):
            self.template_name = "discovery/_map_job.html"
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_title(self) -> str:
        """Say what is being written."""
        return self.job.label

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the map."""
        arguments = self.job.arguments
        if arguments["network_id"]:
            address = reverse("discovery:network-map", args=[arguments["network_id"]])
        else:
            address = _address(arguments["place_id"], arguments["view"])
        return [Crumb(_("Map"), address)]

    def content(self) -> dict[str, Any]:
        """Return the job."""
        is_ready = self.job.state == JobState.SUCCEEDED
        return {
            "job": self.job,
            "progress_url": self.request.path,
            "file_url": reverse("discovery:map-file", args=[self.job.pk]) if is_ready else "",
        }


class MapFile(LoginRequiredMixin, View):
    """The PDF itself."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """Answer the file, for who asked for it and may still see what it shows."""
        user: Any = request.user
        path = map_file(user, map_job_for(user, pk))
        return FileResponse(
            path.open("rb"),
            as_attachment=True,
            filename=path.name,
            content_type="application/pdf",
        )
