"""What an app announces about its pages in AppConfig.ready(): navigation, subjects, parts of others' pages.

Nothing here needs models, so that AppConfig modules can import it; functions are named by path with `late`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.module_loading import import_string

from common.registries import Registry


def late(path: str) -> Callable[..., Any]:
    """Return a callable that stands for the function at a dotted path, looked up at the first call.

    >>> late("math.floor")(2.5)
    2
    """

    @cache
    def target() -> Callable[..., Any]:
        found: Callable[..., Any] = import_string(path)
        return found

    def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the function takes
        return target()(*args, **kwargs)

    return call


@dataclass(frozen=True)
class NavPage:
    """A page listed under a place of the navigation (common.pages.navigation.PLACES).

    `name` is unique over the site ("assets"); `url_name` is reversed without arguments; `visible(user)`
    hides it from those who may not open it.
    """

    name: str
    place: str
    title: Any
    url_name: str
    icon: str = "point"
    order: int = 50
    visible: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Subject:
    """A kind of object with a page.

    `load(user, pk)` answers 404 for what the user may not see; `header(request, instance)` builds its head
    (common.pages.Header); `tabs_of(instance)` names the tab subjects that apply (an asset: "item" and "asset").
    """

    name: str
    load: Callable[[Any, int], Any]
    header: Callable[[Any, Any], Any]
    tabs_of: Callable[[Any], Sequence[str]] | None = None


@dataclass(frozen=True)
class Part:
    """A piece of an object page that another app loads by htmx: place "header" (a chip) or "side" (a panel)."""

    name: str
    subject: str
    url_name: str
    place: str = "side"
    order: int = 50


navigation: Registry[NavPage] = Registry("navigation")
subjects: Registry[Subject] = Registry("subjects")
page_parts: Registry[Part] = Registry("page parts")
