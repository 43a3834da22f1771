"""Import of what was seen elsewhere: choose a file, look at what it would do, take it over."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.models import Job
from common.pages import Action, Crumb, FormPage, Page
from discovery.access import (
    network_for,
    require_discovery,
    seen_preview_for,
    seen_previews_visible_to,
)
from discovery.choices import ObservationVerdict
from discovery.forms import SeenFileForm
from discovery.models import Network
from discovery.rules.seen_tables import COLUMNS
from discovery.services.seen_imports import start_import
from discovery.services.seen_previews import request_preview

LAST = 8
#: What each column of a table means, in the order in which they are shown.
MEANINGS = {
    "address": _("IP address; a table without it is the MAC table of a switch."),
    "mac": _("Hardware address, however it is written. Always needed."),
    "port": _("Port of the switch it was seen on; together with the switch it gives links."),
    "vlan": _("1 to 4094; anything that is no number stands for none."),
    "switch": _("Code, hostname or name of an item of the site."),
    "seen_at": _("When it was seen, as 2026-11-21T08:00+01:00; without it, now."),
    "name": _("What a name server calls it: names a new item, never renames one."),
    "maker": _("Maker of the network card."),
}


class ImportSeen(FormPage):
    """Send a file; beside it stand the kinds that are read and the last previews."""

    title = _("Import what was seen elsewhere")
    subtitle = _(
        "Nothing is sent into the network, and nothing is written before you have seen it."
    )
    template_name = "discovery/import_seen.html"
    form_class = SeenFileForm
    submit_title = _("Preview")
    success_message = ""

    @property
    def network(self) -> Network:
        """The network, for who runs discovery there."""
        if not hasattr(self, "_network"):
            self._network = network_for(self.user, self.kwargs["pk"])
            require_discovery(self.user, self._network.location)
        return self._network

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the network."""
        return network_crumbs(self.network)

    def content(self) -> dict[str, Any]:
        """Return the columns of tables and the last previews of this network."""
        jobs = seen_previews_visible_to(self.user).filter(arguments__network_id=self.network.pk)
        columns = [
            {"name": name, "meaning": meaning, "words": COLUMNS[name]}
            for name, meaning in MEANINGS.items()
        ]
        return {
            "network": self.network,
            "columns": columns,
            "jobs": jobs.defer("result").order_by("-pk")[:LAST],
        }

    def save(self, form: SeenFileForm) -> Job:
        """Keep the file and start its preview."""
        data = form.cleaned_data
        return request_preview(
            actor=self.actor,
            user=self.user,
            network=self.network,
            file=data["file"],
            name=data["file"].name,
            switch=data["switch"],
        )

    def success_url(self, result: Job) -> str:
        """Go to the preview."""
        return reverse("discovery:seen-preview", args=[result.pk])


def network_crumbs(network: Network) -> list[Crumb]:
    """Return the way from the networks to one."""
    address = reverse("discovery:network-detail", args=[network.pk])
    return [
        Crumb(_("Networks"), reverse("discovery:network-list")),
        Crumb(network.name, address),
    ]


class SeenPreview(Page):
    """What a file would change: its progress, then the report."""

    template_name = "discovery/seen_preview.html"

    @property
    def job(self) -> Job:
        """The preview, loaded once."""
        if not hasattr(self, "_job"):
            self._job = seen_preview_for(self.user, self.kwargs["pk"])
        return self._job

    @property
    def network(self) -> Network:
        """The network it is for."""
        return network_for(self.user, self.job.arguments["network_id"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Answer the page, its progress, or the word that it is over."""
        asks_progress = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
        if asks_progress and self.job.is_finished:
            answer = HttpResponse(status=204)
            answer["HX-Refresh"] = "true"
            return answer
        if asks_progress:
            self.template_name = "ui/progress.html"
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_title(self) -> str:
        """Return what is previewed."""
        return self.job.label

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the form."""
        form = Crumb(
            _("Import what was seen elsewhere"),
            reverse("discovery:network-import", args=[self.network.pk]),
        )
        return [*network_crumbs(self.network), form, Crumb(f"#{self.job.pk}")]

    def actions(self) -> Sequence[Action]:
        """Offer to take over a preview without errors."""
        form = reverse("discovery:network-import", args=[self.job.arguments["network_id"]])
        again = Action(_("Another file"), form, "upload")
        if not self.job.result.get("is_clean"):
            return [again]
        url = reverse("discovery:seen-import", args=[self.job.pk])
        return [Action(_("Import"), url, "check", is_primary=True, method="post"), again]

    def content(self) -> dict[str, Any]:
        """Return the job and its report."""
        report = self.job.result or {}
        counts = report.get("counts", {})
        figures = [
            (value, words, counts[value])
            for value, words in ObservationVerdict.choices
            if counts.get(value)
        ]
        shown = report.get("rows", [])
        telling = sum(count for value, _words, count in figures if value != "unchanged")
        return {
            "job": self.job,
            "progress_url": reverse("discovery:seen-preview", args=[self.job.pk]),
            "report": report,
            "figures": figures,
            "left_out_count": sum(one["count"] for one in report.get("left_out", [])),
            "more_rows": max(0, telling - len(shown)),
        }


class StartSeenImport(Page):
    """The import button of a preview."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lead to the preview: an import is started by its button."""
        preview = seen_preview_for(self.user, kwargs["pk"])
        return HttpResponseRedirect(reverse("discovery:seen-preview", args=[preview.pk]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Start it and show its progress, or say why not."""
        preview = seen_preview_for(self.user, kwargs["pk"])
        try:
            scan = start_import(actor=self.actor, user=self.user, preview=preview, now=self.now)
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("discovery:seen-preview", args=[preview.pk]))
        messages.success(request, _("The import has started."))
        return HttpResponseRedirect(reverse("discovery:scan-detail", args=[scan.pk]))
