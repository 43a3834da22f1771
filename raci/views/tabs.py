"""Who answers for an item or a place, per activity: the Ownership tab, the owner's chip, one trace."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from accounts.access import person_for
from assets.access import item_for
from common.pages import ObjectPage
from raci.access import first_activity
from raci.queries import resolve, resolve_activities, resolve_location, service_levels_of
from raci.queries.concealment import concealed
from raci.queries.duties import roles_of_person
from raci.queries.moments import moment_of
from raci.queries.ownership import activity_names


class OwnershipTab(ObjectPage):
    """Base of the tabs: a table of activities, a trace per answer."""

    template_name = "raci/ownership_tab.html"

    def resolutions(self, at: Any) -> list[Any]:  # noqa: ANN401 - a moment
        """Return the answers per activity."""
        raise NotImplementedError

    def content(self) -> dict[str, Any]:
        """Return the answers, with what this user may see of their traces."""
        text = self.request.GET.get("at", "")
        at = moment_of(text, now=self.now)
        found = concealed(self.user, self.resolutions(at))
        names = activity_names()
        return {
            "at": at,
            "at_text": text,
            "lines": [(names[one.activity_code], one) for one in found],
        }


class ItemOwnership(OwnershipTab):
    """Of an asset or system."""

    subject = "item"

    def resolutions(self, at: Any) -> list[Any]:  # noqa: ANN401 - a moment
        """Return the answers for the item."""
        return resolve_activities(self.instance, at=at)

    def content(self) -> dict[str, Any]:
        """Add the promise in force."""
        found = super().content()
        promise = service_levels_of([self.instance.pk], at=found["at"]).get(self.instance.pk)
        return {**found, "promise": promise}


class LocationOwnership(OwnershipTab):
    """Of a location: what stands there inherits this."""

    subject = "location"

    def resolutions(self, at: Any) -> list[Any]:  # noqa: ANN401 - a moment
        """Return the answers for the place."""
        return resolve_location(self.instance, at=at)


class ItemOwner(LoginRequiredMixin, View):
    """The owner's chip in the head of an item's page, or with `trace` why it is that one."""

    template_name = "raci/owner_chip.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the fragment."""
        user: Any = request.user
        item = item_for(user, pk)
        activity = request.GET.get("activity") or first_activity(user)
        if not activity:
            return HttpResponse("")
        found = resolve(item, activity_code=activity, at=timezone.now())
        (shown,) = concealed(user, [found])
        return render(request, self.template_name, {"item": item, "one": shown})


class PersonRoles(LoginRequiredMixin, View):
    """The roles a person holds today, at the side of their page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the fragment."""
        user: Any = request.user
        person = person_for(user, pk)
        roles = roles_of_person(user, person, at=timezone.now())
        return render(request, "raci/person_roles.html", {"roles": roles})


class OwnerTrace(ItemOwner):
    """The trace of an item's answers in one activity, for the side panel."""

    template_name = "raci/owner_trace.html"
