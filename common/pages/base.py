"""The base of every page: for logged-in users, a full page or its fragment from one URL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView

from common.actor import Actor


@dataclass(frozen=True)
class Crumb:
    """A step of the breadcrumb; without a URL it is where we are."""

    title: Any
    url: str = ""


@dataclass(frozen=True)
class Action:
    """A button or menu entry of a page header.

    `method` "post" sends a form with a CSRF token; `confirm` asks first and must say what will be lost.
    """

    title: Any
    url: str
    icon: str = ""
    is_primary: bool = False
    is_danger: bool = False
    method: str = "get"
    confirm: Any = ""


class Page(LoginRequiredMixin, TemplateView):
    """A page of the shell: set `title`, `template_name`; override `crumbs`, `actions`, `content`."""

    title: Any = ""
    subtitle: Any = ""

    def get_title(self) -> Any:
        """Return the page's heading."""
        return self.title

    def crumbs(self) -> Sequence[Crumb]:
        """Return the way here, the root first."""
        return ()

    def actions(self) -> Sequence[Action]:
        """Return the header's buttons, the main one first."""
        return ()

    def content(self) -> dict[str, Any]:
        """Return what this page's template needs; one domain call."""
        return {}

    @property
    def user(self) -> Any:
        """The logged-in user (accounts.User; this floor does not know it)."""
        return self.request.user

    @property
    def actor(self) -> Actor:
        """Who acts: passed into every service."""
        request_id = getattr(self.request, "id", "")
        actor: Actor = self.user.as_actor(channel="web", request_id=request_id)
        return actor

    @property
    def now(self) -> Any:
        """The moment of this request, to be passed into services and queries."""
        if not hasattr(self, "_now"):
            self._now = timezone.now()
        return self._now

    @property
    def site(self) -> dict[str, Any]:
        """The site chosen in the top bar: id, name, path; empty for all sites."""
        chosen: dict[str, Any] = self.request.session.get("site") or {}
        return chosen

    def wants_fragment(self, target: str) -> bool:
        """Tell whether htmx asks only for the element with this id."""
        headers = self.request.headers
        return headers.get("HX-Target") == target and "HX-History-Restore-Request" not in headers

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the frame's values and the page's own."""
        frame = {
            "page_title": self.get_title(),
            "page_subtitle": self.subtitle,
            "crumbs": self.crumbs(),
            "page_actions": self.actions(),
        }
        return {**super().get_context_data(**kwargs), **frame, **self.content()}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        """Render; the same URL has two shapes, so caches must tell them apart."""
        response = super().render_to_response(context, **kwargs)
        response["Vary"] = "HX-Request, HX-Target, Cookie"
        return response

    def handle_no_permission(self) -> Any:
        """Send a logged-out htmx request to the log-in page as a whole, not into a fragment."""
        answer = super().handle_no_permission()
        if "HX-Request" not in self.request.headers:
            return answer
        away = HttpResponse(status=204)
        away["HX-Redirect"] = answer["Location"]
        return away
