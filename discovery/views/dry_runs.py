"""What a scan would send before it sends anything, and the button that starts it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.pages import Crumb, Page
from discovery.access import may_discover, network_for, require_discovery
from discovery.models import Network
from discovery.queries.dry_runs import ASKED, grouped
from discovery.queries.sentences import policy_sentences
from discovery.services import start_scan
from discovery.services.scans import planned

PAGE = 100


class DryRunPage(Page):
    """Exact targets and packets; the addresses in groups, a page at a time."""

    template_name = "discovery/dry_run.html"
    title = _("Dry run")

    @property
    def network(self) -> Network:
        """The network, loaded once."""
        if not hasattr(self, "_network"):
            self._network = network_for(self.user, self.kwargs["pk"])
        return self._network

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the network."""
        address = reverse("discovery:network-detail", args=[self.network.pk])
        return [
            Crumb(_("Networks"), reverse("discovery:network-list")),
            Crumb(self.network.name, address),
        ]

    def content(self) -> dict[str, Any]:
        """Return the plan, or what is wrong with the targets typed."""
        query = self.request.GET
        typed = query.get("targets", "")
        shown = {
            "network": self.network,
            "typed": typed,
            "asked_word": ASKED,
            "obstacles": [
                one for one in policy_sentences(self.network, at=self.now) if one.is_in_the_way
            ],
            "may_start": may_discover(self.user, self.network),
        }
        try:
            run = planned(self.network, typed, self.now)
        except DomainError as error:
            return {**shown, "error": str(error)}
        found = grouped(run, shown=query.get("show", ""))
        page = Paginator(found.rows, PAGE).get_page(query.get("page"))
        return {**shown, "found": found, "page": page}


class StartScan(DryRunPage):
    """Start a scan; a refusal comes back on the dry run, which shows why."""

    refusal = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lead to the dry run: a scan is started by its button."""
        return HttpResponseRedirect(reverse("discovery:dry-run", args=[self.network.pk]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Start, and show its progress."""
        require_discovery(self.user, self.network.location)
        try:
            scan = start_scan(
                actor=self.actor,
                network=self.network,
                requester=self.user.person,
                targets=request.POST.get("targets", ""),
                now=self.now,
            )
        except DomainError as error:
            self.refusal = str(error)
            context = self.get_context_data(refusal=self.refusal)
            response: HttpResponse = self.render_to_response(context, status=error.status)
            return response
        messages.success(request, _("Started."))
        return HttpResponseRedirect(reverse("discovery:scan-detail", args=[scan.pk]))
