"""The menu of saved filters of a list: choose, keep the current one, delete."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse

from accounts.access import saved_filters_visible_to
from accounts.services.saved_filters import delete_filter, save_filter
from common.errors import DomainError
from common.pages import Page


def list_address(list_name: str) -> str:
    """Return the address of a list by its URL name; refuse what is none."""
    try:
        return reverse(list_name)
    except NoReverseMatch:
        raise DomainError(f"There is no list '{list_name}'.") from None


class SavedFilters(Page):
    """The menu, and keeping the filter one sees."""

    template_name = "accounts/saved_filters.html"

    def content(self) -> dict[str, Any]:
        """Return the filters of a list and the query to be kept."""
        name = self.request.GET.get("list", "")
        return {
            "list_name": name,
            "list_url": list_address(name),
            "query": self.request.GET.get("query", ""),
            "saved_filters": saved_filters_visible_to(self.user, name),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the current query under a name and go back to it."""
        name, query = request.POST.get("list", ""), request.POST.get("query", "")
        address = list_address(name)
        save_filter(
            actor=self.actor,
            owner=self.user,
            list_name=name,
            name=request.POST.get("name", "").strip(),
            query=query,
            is_shared="is_shared" in request.POST,
            now=self.now,
        )
        return HttpResponseRedirect(f"{address}?{query}")


class DeleteSavedFilter(Page):
    """Delete a saved filter."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete and go back to the list."""
        saved = get_object_or_404(saved_filters_visible_to(self.user), pk=pk)
        delete_filter(actor=self.actor, owner=self.user, saved=saved, now=self.now)
        return HttpResponseRedirect(list_address(saved.list_name))
