"""The places of the site, in the order of the work. An app announces its pages in AppConfig.ready().

A place without a page is not shown: there are no empty rooms.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from common.announce import NavPage, navigation
from common.registries import page_tabs


@dataclass(frozen=True)
class Place:
    """A place of the left navigation."""

    name: str
    title: Any
    icon: str


PLACES = (
    Place("home", _("Home"), "home"),
    Place("plant", _("Plant"), "building-factory-2"),
    Place("ownership", _("Ownership"), "hierarchy-3"),
    Place("discovery", _("Discovery"), "radar"),
    Place("changes", _("Changes"), "git-pull-request"),
    Place("standards", _("Standards"), "certificate"),
    Place("incidents", _("Incidents"), "urgent"),
    Place("people", _("People"), "users"),
    Place("evidence", _("Evidence"), "shield-check"),
    Place("performance", _("Performance"), "chart-line"),
    Place("planning", _("Planning"), "map-route"),
    Place("administration", _("Administration"), "settings"),
)


@dataclass
class ShownPage:
    """A page as the menu shows it."""

    title: Any
    url: str
    icon: str
    is_current: bool


@dataclass
class ShownPlace:
    """A place as the menu shows it."""

    name: str
    title: Any
    icon: str
    url: str
    is_current: bool = False
    pages: list[ShownPage] = field(default_factory=list)


def shown_places(request: HttpRequest) -> list[ShownPlace]:
    """Return the places this user can open, with the current one marked."""
    found, path = [], _standing_path(request)
    for place in PLACES:
        listed = [page for page in _listed(place.name) if _may_open(page, request.user)]
        if not listed:
            continue
        shown = [_shown(page, path) for page in listed]
        is_current = any(page.is_current for page in shown)
        found.append(
            ShownPlace(place.name, place.title, place.icon, shown[0].url, is_current, shown)
        )
    return _with_one_current(found, path)


def _standing_path(request: HttpRequest) -> str:
    """Return the address that says where the user stands: a tab's page belongs to the object it is a tab of."""
    match = request.resolver_match
    tab = next((tab for tab in page_tabs if match and tab.url_name == match.view_name), None)
    if match is None or tab is None:
        return request.path
    first = min((one for one in page_tabs if one.subject == tab.subject), key=lambda one: one.order)
    return reverse(first.url_name, args=match.args, kwargs=match.kwargs)


def _listed(place: str) -> list[NavPage]:
    return sorted((page for page in navigation if page.place == place), key=lambda page: page.order)


def _may_open(page: NavPage, user: Any) -> bool:
    return page.visible is None or page.visible(user)


def _shown(page: NavPage, path: str) -> ShownPage:
    url = _address(page.url_name, get_script_prefix())
    is_current = path == url or (url != "/" and path.startswith(url))
    return ShownPage(page.title, url, page.icon, is_current)


@cache
def _address(url_name: str, _prefix: str) -> str:
    """Return the address of a page of the menu: every page shows all of them, always the same."""
    return reverse(url_name)


def _with_one_current(places: list[ShownPlace], path: str) -> list[ShownPlace]:
    # The longest matching address wins: /plant/ is not current on /plant/zones/.
    matching = [page for place in places for page in place.pages if page.is_current]
    longest = max((len(page.url) for page in matching), default=0)
    for place in places:
        for page in place.pages:
            page.is_current = page.is_current and len(page.url) == longest
        place.is_current = any(page.is_current for page in place.pages)
    if not matching:
        first = path.split("/")[1]
        nearest = [place for place in places if first and place.url.split("/")[1] == first]
        for place in nearest[:1]:
            place.is_current = True
    return places
