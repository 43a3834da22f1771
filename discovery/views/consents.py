"""Consents: asked for by who runs discovery, given or refused by who is accountable for the zone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError
from common.pages import Action, Crumb, FormPage, Page
from discovery.access import (
    approval_for,
    network_for,
    networks_visible_to,
    requester_of,
    require_discovery,
)
from discovery.forms import AskConsentForm
from discovery.models import Network, ScanApproval
from discovery.queries.consents import (
    consent_view,
    consents_of,
    consents_waiting_for,
    party_key,
    standings_of_consents,
)
from discovery.queries.sentences import asked_sentences
from discovery.services import decide_approval, request_approval, revoke_approval

SHOWN = 200
A_MONTH = timedelta(days=30)


class ConsentList(Page):
    """What waits for the reader first, then all they may see."""

    title = gettext_lazy("Consents")
    template_name = "discovery/consents.html"

    def content(self) -> dict[str, Any]:
        """Return both."""
        rows = list(consents_of(self.user)[: SHOWN + 1])
        return {
            "waiting": consents_waiting_for(self.user, at=self.now),
            "consents": standings_of_consents(rows[:SHOWN], at=self.now),
            "has_more": len(rows) > SHOWN,
        }


class AskConsent(FormPage):
    """Ask who is accountable for the network's zone."""

    template_name = "discovery/form.html"
    form_class = AskConsentForm
    submit_title = gettext_lazy("Ask")
    success_message = gettext_lazy("Asked. Who decides sees it on their home page.")
    intro = gettext_lazy(
        "Who is accountable for changes in the zone is asked, and consents to exactly what the network allows "
        "now. When the network is changed afterwards, the consent no longer holds."
    )

    @property
    def network(self) -> Network:
        """The network, for who runs discovery there."""
        if not hasattr(self, "_network"):
            self._network = network_for(self.user, self.kwargs["pk"])
            require_discovery(self.user, self._network.location)
        return self._network

    def get_title(self) -> str:
        """Name the network."""
        return _("Ask for consent to discovery of %s") % self.network

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back."""
        address = reverse("discovery:network-detail", args=[self.network.pk])
        return [
            Crumb(_("Networks"), reverse("discovery:network-list")),
            Crumb(self.network.name, address),
        ]

    def initial(self) -> dict[str, Any]:
        """Propose a month from now on."""
        start = localtime(self.now).replace(second=0, microsecond=0)
        return {"valid_from": start, "expires_at": start + A_MONTH}

    def save(self, form: Any) -> ScanApproval:  # noqa: ANN401
        """Ask."""
        return request_approval(
            actor=self.actor,
            requester=requester_of(self.user),
            network=self.network,
            now=self.now,
            **form.cleaned_data,
        )

    def success_url(self, result: ScanApproval) -> str:
        """Show what was asked, and of whom."""
        return reverse("discovery:consent-detail", args=[result.pk])


class ConsentDetail(Page):
    """What exactly is consented to, why this person is asked, and the decision."""

    template_name = "discovery/consent.html"

    @property
    def approval(self) -> ScanApproval:
        """The consent, loaded once."""
        if not hasattr(self, "_approval"):
            self._approval = approval_for(self.user, self.kwargs["pk"])
        return self._approval

    def get_title(self) -> str:
        """Name the network."""
        return _("Consent to discovery of %s") % self.approval.network

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return [Crumb(_("Consents"), reverse("discovery:consent-list"))]

    def actions(self) -> Sequence[Action]:
        """Offer the network and its dry run to who may see it."""
        network = self.approval.network
        if not networks_visible_to(self.user).filter(pk=network.pk).exists():
            return ()
        return [
            Action(_("Dry run"), reverse("discovery:dry-run", args=[network.pk]), "list-check"),
            Action(_("Network"), reverse("discovery:network-detail", args=[network.pk]), "network"),
        ]

    def content(self) -> dict[str, Any]:
        """Return what is asked and what this reader can do."""
        view = consent_view(self.user, self.approval, at=self.now)
        return {
            "view": view,
            "approval": self.approval,
            "sentences": asked_sentences(self.approval.network, at=self.now),
            "party_key": party_key(self.approval),
            "steps": self.approval.trace,
        }


class ConsentStep(ConsentDetail):
    """A decision: on refusal the page comes back with the reason and what was typed."""

    done: Any = ""

    def take(self, version: int | None, note: str) -> None:
        """Call the service."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lead back: a decision is taken by its button."""
        return HttpResponseRedirect(self._address)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Decide."""
        given = request.POST.get("version", "")
        address = self._address
        try:
            self.take(int(given) if given.isdecimal() else None, request.POST.get("note", ""))
        except DomainError as error:
            del self._approval
            context = self.get_context_data(step_error=str(error), typed=request.POST)
            response: HttpResponse = self.render_to_response(context, status=error.status)
            return response
        messages.success(request, self.done)
        return HttpResponseRedirect(address)

    @property
    def _address(self) -> str:
        return reverse("discovery:consent-detail", args=[self.approval.pk])


class DecideConsent(ConsentStep):
    """Give or refuse."""

    done = gettext_lazy("Your decision is recorded.")

    def take(self, version: int | None, note: str) -> None:
        """Decide."""
        decide_approval(
            actor=self.actor,
            person=self.user.person,
            approval=self.approval,
            is_granted=self.request.POST.get("choice") == "consent",
            note=note,
            now=self.now,
            expected_version=version,
        )


class RevokeConsent(ConsentStep):
    """Take it back."""

    done = gettext_lazy("Taken back. A scan that ran by it ends within a second.")

    def take(self, version: int | None, note: str) -> None:
        """Revoke."""
        revoke_approval(
            actor=self.actor,
            person=self.user.person,
            approval=self.approval,
            note=note,
            now=self.now,
            expected_version=version,
        )
