"""The object page: one header and its tabs, whichever app the tab's content comes from.

A subject (item, location, person...) is announced once by the app that owns it; every tab page then has the same head.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from common.announce import page_parts, subjects
from common.pages.base import Action, Crumb, Page
from common.registries import page_tabs


@dataclass(frozen=True)
class Header:
    """The head of an object page; `chips` are pieces of HTML from common.pages.html."""

    title: Any
    kind: Any = ""
    code: str = ""
    icon: str = "box"
    crumbs: Sequence[Crumb] = ()
    chips: Sequence[str] = ()
    actions: Sequence[Action] = ()
    more: Sequence[Action] = ()


@dataclass(frozen=True)
class ShownTab:
    """A tab with its address and count."""

    name: str
    title: Any
    url: str
    is_current: bool
    count: int | None = None


class ObjectPage(Page):
    """A tab of an object's page: set `subject` and a template that extends `object_base`.

    `has_side` shows the panels that other apps registered as parts (the first tab does).
    """

    subject = ""
    has_side = False
    template_name = "ui/object.html"

    @property
    def instance(self) -> Any:
        """The object the page is about, loaded once through access.py."""
        if not hasattr(self, "_instance"):
            self._instance = subjects.get(self.subject).load(self.user, self.kwargs["pk"])
        return self._instance

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the head, the tabs and the content of the current one."""
        subject = subjects.get(self.subject)
        instance = self.instance
        header = subject.header(self.request, instance)
        self.title = header.title
        kinds = subject.tabs_of(instance) if subject.tabs_of else (subject.name,)
        is_fragment = self.wants_fragment("object-tab")
        # The content first: what it read of the instance need not be read again for the tabs' counts.
        content = super().get_context_data(**kwargs)
        return {
            **content,
            "object": instance,
            "header": header,
            "object_tabs": shown_tabs(kinds, instance, self.user, current=self.request.path),
            "header_parts": _parts(kinds, instance, "header"),
            "side_parts": _parts(kinds, instance, "side") if self.has_side else [],
            "object_base": "ui/object_tab.html" if is_fragment else "ui/object.html",
            "crumbs": header.crumbs,
        }


def shown_tabs(kinds: Sequence[str], instance: Any, user: Any, *, current: str) -> list[ShownTab]:
    """Return the tabs registered for these subjects, in order."""
    listed = sorted((tab for tab in page_tabs if tab.subject in kinds), key=lambda tab: tab.order)
    shown = []
    for tab in listed:
        if tab.visible is not None and not tab.visible(user, instance):
            continue
        url = reverse(tab.url_name, args=[instance.pk])
        count = tab.count(user, instance) if tab.count else None
        shown.append(ShownTab(tab.name, tab.title, url, url == current, count))
    return shown


def _parts(kinds: Sequence[str], instance: Any, place: str) -> list[str]:
    listed = [part for part in page_parts if part.subject in kinds and part.place == place]
    listed.sort(key=lambda part: part.order)
    return [reverse(part.url_name, args=[instance.pk]) for part in listed]
