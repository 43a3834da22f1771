"""Pages that look at the graph: the explorer, what could explain an outage, single points of failure."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assets.choices import RelationClass
from assets.queries.drawing import LINES, as_data, shape_words
from assets.queries.impact import CHANGE_TYPES, items_named
from assets.queries.neighbourhood import neighbourhood_of, relation_words
from assets.queries.overlay import change_words, rings_of
from assets.queries.upstream import causes_of, single_points_of
from common.errors import DomainError
from common.pages import Crumb, ObjectPage, Page

LINES_SHOWN = 300


class Exploring(Page):
    """What the explorer needs, whether it stands on its own or as a tab."""

    def explored(self, item_id: int) -> dict[str, Any]:
        """Return drawing and table around an item, grown as the address says."""
        query = self.request.GET
        change_type = query.get("change_type", "")
        found = neighbourhood_of(
            user=self.user,
            item_id=item_id,
            opened=query.getlist("open"),
            classes=query.getlist("relation_class"),
            rings=rings_of(item_id, change_type) if change_type in CHANGE_TYPES else None,
        )
        chosen = set(query.getlist("relation_class"))
        return {
            "found": found,
            "graph_data": as_data(found.nodes, found.edges, relation_words()),
            "lines": [(line, grown(query, line.node.grow)) for line in found.lines[:LINES_SHOWN]],
            "more_lines": max(len(found.lines) - LINES_SHOWN, 0),
            "classes": [
                (name, words, name in chosen or not chosen, *LINES[name])
                for name, words in RelationClass.choices
            ],
            "change_types": change_words(),
            "change_type": change_type,
            "opened": query.getlist("open"),
            "start_again": _without(query, "open"),
            "asked": query.getlist("item")[:1],
            "shape_legend": shape_words(),
            "rings": sorted({node.ring for node in found.nodes if node.ring}),
        }

    def get_template_names(self) -> list[str]:
        """Answer htmx with the part that changes."""
        if self.wants_fragment("graph-answer"):
            return ["assets/graph/answer.html"]
        return super().get_template_names()


class GraphExplorer(Exploring):
    """The explorer on its own: `?item=ID or code`."""

    title = _("Graph")
    template_name = "assets/graph/page.html"

    def crumbs(self) -> Sequence[Crumb]:
        """Return the way back to the plant."""
        return [Crumb(_("Plant"), reverse("assets:asset-list"))]

    def content(self) -> dict[str, Any]:
        """Return the drawing, or the question where to start."""
        named = self.request.GET.get("item", "")
        if not named:
            return {"found": None}
        try:
            (item_id,) = items_named(self.user, [named])
        except DomainError as error:
            return {"found": None, "problem": str(error)}
        return self.explored(item_id)


class ItemGraph(Exploring, ObjectPage):
    """The tab of an item: the same explorer."""

    subject = "item"
    template_name = "assets/graph/item.html"

    def content(self) -> dict[str, Any]:
        """Return the drawing around this item."""
        return self.explored(self.kwargs["pk"])


class Causes(Page):
    """What one failure could explain that these items are down?"""

    title = _("What could explain it?")
    subtitle = _(
        "Name what is down, and what still runs; the page names the failures that explain it."
    )
    template_name = "assets/graph/causes.html"

    def crumbs(self) -> Sequence[Crumb]:
        """Return the way back to the plant."""
        return [Crumb(_("Plant"), reverse("assets:asset-list"))]

    def get_template_names(self) -> list[str]:
        """Answer htmx with the part that changes."""
        if self.wants_fragment("causes"):
            return ["assets/graph/causes_answer.html"]
        return super().get_template_names()

    def content(self) -> dict[str, Any]:
        """Return the candidates, or what is wrong with the question."""
        query = self.request.GET
        down = [name for name in query.getlist("item") if name]
        running = [name for name in query.getlist("up") if name]
        if not down:
            return {"answer": None}
        try:
            answer = causes_of(
                user=self.user,
                symptom_ids=items_named(self.user, down),
                known_up=items_named(self.user, running) if running else (),
            )
        except DomainError as error:
            return {"answer": None, "problem": str(error)}
        return {
            "answer": answer,
            "symptoms": [(item, _left_out(query, item.id, item.code)) for item in answer.symptoms],
            "known_up": [(item, _left_out(query, item.id, item.code)) for item in answer.known_up],
            "total": len(answer.symptoms),
        }


class SinglePoints(ObjectPage):
    """The tab of a system: what alone takes it down."""

    subject = "item"
    template_name = "assets/graph/single_points.html"

    def content(self) -> dict[str, Any]:
        """Return the weak points this user may see, and how many more there are."""
        return {"answer": single_points_of(user=self.user, item_id=self.kwargs["pk"])}


def grown(query: QueryDict, key: str) -> str:
    """Return the address in which one more sign is opened; "" when it has nothing to open."""
    if not key:
        return ""
    changed = query.copy()
    changed.appendlist("open", key)
    return f"?{changed.urlencode()}"


def _without(query: QueryDict, name: str) -> str:
    changed = query.copy()
    changed.pop(name, None)
    return f"?{changed.urlencode()}"


def _left_out(query: QueryDict, item_id: int, code: str) -> str:
    """Return the address without one of the items, by whichever name it was given."""
    changed = query.copy()
    for name in ("item", "up"):
        changed.setlist(
            name, [one for one in changed.getlist(name) if one not in {str(item_id), code}]
        )
    return f"?{changed.urlencode()}"
