"""Every address of the site, read from Django's resolver: a new URL is walked without being listed anywhere."""

import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from common.imports.kinds import kinds_in_order
from tests.doors.objects import SiteObjects
from tests.doors.registry import OBJECTS, STANDING

CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")
ASKED = re.compile(r"(?:GET|query|given)(?:\.get|\.getlist)?[\[(]\"(\w+)\"")
#: Values of URL kwargs that are no objects.
WORDS = {
    "plant/export/<kind>": lambda: [kind.name for kind in kinds_in_order()],
    "api/portal/exports/<kind>": lambda: [kind.name for kind in kinds_in_order()],
    "plant/items/<pk>/provenance/<name>": lambda: ["name"],
    "discovery/rules/<name>": lambda: ["siemens-hmi", "site-maker"],
    "api/discovery/rules/<name>": lambda: ["siemens-hmi", "site-maker"],
}
#: Parameters a view reads in ways the walker cannot see in its source.
ALSO_ASKED = {
    "governance:impact": ("item", "hit"),
    "governance:item-impact": ("item", "hit"),
    "governance:preview": ("target", "change"),
    "governance:changerequest-create": ("target",),
    "governance-consequence": ("item",),
    "governance-impact": ("item",),
    "raci-who": ("item",),
    "raci-ownership": ("site",),
    "raci:map": ("place",),
    "raci:finding-list": ("place",),
    "raci:matrix-assign": ("location", "item", "zone", "scope"),
    "raci:holder-create": ("location",),
    "raci:servicelevel-create": ("location", "item"),
    "assets:asset-create": ("location", "system", "zone"),
    "portal:search": ("q",),
    "discovery:stop-list": ("network",),
}
OURS = {"accounts", "assets", "discovery", "evidence", "governance", "portal", "raci"}
SHAPING = {"page", "ordering", "columns", "limit", "offset", "cursor", "brief", "next", "part"}


@dataclass(frozen=True)
class Door:
    """One address, with its kwargs as placeholders: "plant/items/<pk>/edit/"."""

    route: str
    name: str
    view: Any
    methods: frozenset[str]

    def __str__(self) -> str:
        return self.name

    @property
    def is_api(self) -> bool:
        """Tell whether the answer is for programs."""
        return isinstance(self.view, type) and issubclass(self.view, APIView)

    @property
    def keys(self) -> list[str]:
        """Return the route up to each placeholder: what OBJECTS and WORDS are keyed by."""
        return [self.route[: found.end()] for found in re.finditer(r"<\w+>", self.route)]

    @property
    def is_fillable(self) -> bool:
        """Tell whether the walker knows what stands at every placeholder."""
        return all(key in WORDS or key in OBJECTS for key in self.keys)

    @property
    def is_of_an_object(self) -> bool:
        """Tell whether the address names an object that stands at a site."""
        return any(OBJECTS.get(key) in STANDING for key in self.keys)


def all_doors() -> list[Door]:
    """Return every address, sorted."""
    found = list(_walked(get_resolver().url_patterns, "", ""))
    return sorted(found, key=lambda door: door.route)


def _walked(patterns: Iterable[Any], prefix: str, space: str) -> Iterator[Door]:
    for pattern in patterns:
        route = prefix + _plain(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from _walked(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            callback = pattern.callback
            view = getattr(callback, "view_class", None) or getattr(callback, "cls", callback)
            yield Door(route, f"{space}{pattern.name}", view, _methods(callback, view))


def _plain(text: str) -> str:
    return CONVERTER.sub(r"<\1>", GROUP.sub(r"<\1>", text)).replace("^", "").replace("$", "")


def addresses(door: Door, site: SiteObjects) -> list[str]:
    """Return the door's addresses with this site's objects; fails with what is to be added."""
    found = [door.route]
    for key in door.keys:
        placeholder = key[key.rindex("<") :]
        values = _values(door, key, site)
        found = [text.replace(placeholder, str(one), 1) for text in found for one in values]
    return [f"/{text}" for text in found]


def _values(door: Door, key: str, site: SiteObjects) -> Sequence[object]:
    if key in WORDS:
        return WORDS[key]()
    name = OBJECTS.get(key)
    if name is None:
        raise AssertionError(
            f"The walker cannot open '{door.route}': nobody said which object stands at '{key}'. "
            "Add the key to OBJECTS in tests/doors/registry.py (and the object to build_site, made by "
            "its factory), or to WORDS in tests/doors/routes.py when it is no object."
        )
    return [site.pk(name)]


def questions(door: Door, site: SiteObjects) -> list[str]:
    """Return query strings that ask this door about the site's objects, "" first."""
    found = [""]
    for name, values in _filter_values(door, site):
        found.append("?" + urlencode([(name, value) for value in values]))
    names = [*_asked_names(door), *ALSO_ASKED.get(door.name, ())]
    fixed = {name: value for name, value in site.plain_values.items() if name in names}
    for name in dict.fromkeys(names):
        if name not in fixed:
            found.extend(
                "?" + urlencode({**fixed, name: value}) for value in site.values_to_ask_with
            )
    return list(dict.fromkeys(found))


def asked_at(door: Door, site: SiteObjects) -> list[tuple[str, str]]:
    """Return everything the walker asks a door about a site: (address with question, question)."""
    return [
        (address + question, question)
        for address in addresses(door, site)
        for question in questions(door, site)
    ]


def _filter_values(door: Door, site: SiteObjects) -> Iterator[tuple[str, Sequence[object]]]:
    """Yield the filters that name objects, with every id and code of the site: repeated means OR."""
    filterset = getattr(door.view, "filterset_class", None) or getattr(door.view, "filterset", None)
    known = filterset.known_filters() if filterset is not None and not door.keys else {}
    for name, one in known.items():
        if name in {"q", "name__ic", "code__ic", "title__ic"}:
            yield name, [site.part_of_marker]
        elif one.kind in {"reference", "location"} and "__" not in name:
            yield name, [*site.all_pks, *site.all_codes]
        elif name == "id":
            yield name, site.all_pks


def _asked_names(door: Door) -> list[str]:
    """Return the names of parameters that the view's own source reads from the query."""
    if not isinstance(door.view, type):
        return []
    ours = [one for one in door.view.__mro__ if one.__module__.partition(".")[0] in OURS]
    names = [name for one in ours for name in ASKED.findall(inspect.getsource(one))]
    return [name for name in dict.fromkeys(names) if name not in SHAPING]


def _methods(callback: Any, view: Any) -> frozenset[str]:
    """Return what an address may be asked with; GET for a plain function."""
    if not isinstance(view, type):
        return frozenset({"get"})
    served = getattr(callback, "actions", None) or {
        name for name in view.http_method_names if hasattr(view, name)
    }
    return frozenset(set(served) & set(view.http_method_names) - {"head", "options", "trace"})
