"""Asks every registered search source, and the pages of the navigation."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from common.pages.navigation import shown_places
from common.registries import SearchHit, search_sources


@dataclass(frozen=True)
class HitGroup:
    """The hits of one source."""

    title: Any
    hits: list[SearchHit]


def found_for(request: HttpRequest, text: str, *, limit: int) -> list[HitGroup]:
    """Return the hits by source, in the sources' order; nothing for less than two characters."""
    if len(text) < 2:
        return []
    groups = []
    for source in sorted(search_sources, key=lambda source: source.order):
        hits = source.find(request.user, text, limit)
        if hits:
            groups.append(HitGroup(source.title, hits))
    if pages := _pages(request, text):
        groups.append(HitGroup("Pages", pages))
    return groups


def _pages(request: HttpRequest, text: str) -> list[SearchHit]:
    wanted = text.casefold()
    return [
        SearchHit(label=str(page.title), url=page.url, detail=str(place.title), icon=place.icon)
        for place in shown_places(request)
        for page in place.pages
        if wanted in str(page.title).casefold()
    ]
