"""The ownership map and the findings of a place."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assets.models import Location
from common.pages import Crumb, Page
from raci.access import path_to
from raci.queries.findings import findings_at
from raci.queries.site_map import site_map
from raci.views.question import Question, question_of

GAPS_SHOWN = 14


class AboutPlace(Page):
    """Base of the pages that ask about a place."""

    @property
    def question(self) -> Question | None:
        """What is asked; None while there is nothing to ask about."""
        if not hasattr(self, "_question"):
            self._question = question_of(self.user, self.request.GET, site=self.site, now=self.now)
        return self._question

    def crumbs(self) -> Sequence[Crumb]:
        """Lead up the location path."""
        if self.question is None:
            return ()
        return [
            Crumb(place.name, "" if place == self.question.place else self.address(place))
            for place in path_to(self.user, self.question.place)
        ]

    def address(self, place: Location) -> str:
        """Return the address of this page for another place."""
        query = self.question.query if self.question else ""
        return f"{self.request.path}?place={place.pk}&{query}"


class OwnershipMapPage(AboutPlace):
    """Who owns what at a place, gaps in red."""

    title = _("Ownership map")
    template_name = "raci/map.html"

    def content(self) -> dict[str, Any]:
        """Return the map."""
        asked = self.question
        if asked is None:
            return {"asked": None}
        found = site_map(self.user, asked.place, activity_code=asked.activity.code, at=asked.at)
        return {
            "asked": asked,
            "map": found,
            "gaps": found.gaps[:GAPS_SHOWN],
            "more_gaps": max(0, len(found.gaps) - GAPS_SHOWN),
            "findings_url": reverse("raci:finding-list"),
        }


class FindingsPage(AboutPlace):
    """What is wrong with ownership at a place."""

    title = _("Ownership findings")
    template_name = "raci/findings.html"

    def content(self) -> dict[str, Any]:
        """Return the findings, grouped by cause."""
        asked = self.question
        if asked is None:
            return {"asked": None}
        causes = findings_at(self.user, asked.place, activity_code=asked.activity.code, at=asked.at)
        kinds: dict[str, list[Any]] = {}
        for cause in causes:
            kinds.setdefault(cause.kind, []).append(cause)
        groups = [(found[0].kind, found) for found in kinds.values()]
        return {"asked": asked, "groups": groups, "total": len(causes)}
