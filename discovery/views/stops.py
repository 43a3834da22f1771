"""The kill switch: one button that stops all discovery, the orders that were given, lifting them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.pages import FormPage
from discovery.access import (
    may_discover_somewhere,
    may_lift,
    networks_run_by,
    require_lift,
    require_stop,
    stop_order_for,
    stop_orders_visible_to,
)
from discovery.forms import StopForm
from discovery.models import StopOrder
from discovery.services import lift_stop, order_stop

SHOWN = 100


class StopPage(FormPage):
    """Stop everything, or one network; what was ordered, and by lifting it, go on."""

    title = _("Kill switch")
    subtitle = _("Running scans end within a second; no new one starts until the order is lifted.")
    template_name = "discovery/stops.html"
    form_class = StopForm
    submit_title = _("Stop discovery")
    success_message = _("Discovery is stopped.")
    is_danger = True

    def form_options(self) -> dict[str, Any]:
        """Offer the networks the reader runs."""
        return {"networks": networks_run_by(self.user)}

    def initial(self) -> dict[str, Any]:
        """Choose the network one came from."""
        return {"network": self.request.GET.get("network", "")}

    def cancel_url(self) -> str:
        """Lead to the networks."""
        return reverse("discovery:network-list")

    def content(self) -> dict[str, Any]:
        """Return the orders, with those the reader may lift."""
        orders = stop_orders_visible_to(self.user).select_related("network__location")[:SHOWN]
        return {
            "orders": [
                (one, one.lifted_at is None and may_lift(self.user, one.network)) for one in orders
            ],
            "may_stop": may_discover_somewhere(self.user),
        }

    def save(self, form: Any) -> StopOrder:  # noqa: ANN401
        """Pull it."""
        network = form.cleaned_data["network"]
        require_stop(self.user, network)
        return order_stop(
            actor=self.actor, network=network, reason=form.cleaned_data["reason"], now=self.now
        )

    def success_url(self, result: StopOrder) -> str:
        """Stay here."""
        return reverse("discovery:stop-list")


class LiftStop(StopPage):
    """Lift one order."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lead back: an order is lifted by its button."""
        stop_order_for(self.user, kwargs["pk"])
        return HttpResponseRedirect(reverse("discovery:stop-list"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lift, or say why not."""
        order = stop_order_for(self.user, kwargs["pk"])
        require_lift(self.user, order.network)
        given = request.POST.get("version", "")
        version = int(given) if given.isdecimal() else None
        try:
            lift_stop(actor=self.actor, order=order, now=self.now, expected_version=version)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Lifted. Nothing starts by itself."))
        return HttpResponseRedirect(reverse("discovery:stop-list"))
