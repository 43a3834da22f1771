"""The site switcher: narrows every list below it to one site."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from assets.access import location_for
from common.pages import Page
from portal.queries.places import sites_visible_to


class Sites(Page):
    """The menu of sites, and choosing one."""

    template_name = "portal/sites.html"

    def content(self) -> dict[str, Any]:
        """Return the sites this person may see."""
        return {"sites": sites_visible_to(self.user), "next": self.request.GET.get("next", "/")}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the chosen site in the session; none means all."""
        given = request.POST.get("site", "")
        if given.isdecimal():
            site = location_for(self.user, int(given))
            request.session["site"] = {"id": site.pk, "name": site.name, "path": site.path}
        else:
            request.session.pop("site", None)
        target = request.POST.get("next", "/")
        is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
        return HttpResponseRedirect(target if is_ours else "/")
