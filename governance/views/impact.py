"""The impact page: the question left, what is hit in the middle, what follows from it right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.queries.drawing import LINES, as_data, shape_words
from assets.queries.impact import Hit, HitGroup, ImpactAnswer
from assets.queries.impact_drawing import drawn
from assets.queries.neighbourhood import relation_words
from assets.queries.paths import path_to
from common.errors import DomainError
from common.ids import id_of
from common.pages import ObjectPage, Page
from governance.choices import ChangeType
from governance.queries.asked import AskedImpact, ask_impact, targets_named

#: Up to so many hits all groups come with the page; past it a group is fetched when it is unfolded.
INLINE_HITS, UNFOLDED_HITS, GROUPS_SHOWN = 400, 24, 60
TYPED = ("change_type", "start", "hours", "is_back_out_tested", "view")
STATES = ("down", "unknown", "degraded", "redundancy_lost")


@dataclass(frozen=True)
class ShownGroup:
    """One line and system with its hits by state; `url` fetches them when they are not here yet."""

    title: str
    detail: str
    counts: Sequence[tuple[str, str]]
    by_state: Sequence[tuple[str, Sequence[Hit]]]
    is_open: bool
    url: str


class Picked(NamedTuple):
    """A target with the address of the question without it ("" when it belongs to the page)."""

    item: Any
    without: str


class Asking(Page):
    """The question as the address says, and its answer."""

    fixed: Sequence[str] = ()

    @property
    def query(self) -> QueryDict:
        """The question as typed."""
        return self.request.GET

    def names(self) -> list[str]:
        """Return the targets' ids or codes."""
        return [*self.fixed_names(), *(name for name in self.query.getlist("item") if name)]

    def fixed_names(self) -> list[str]:
        """Return targets the page itself brings."""
        return []

    @cached_property
    def targets(self) -> tuple[Any, ...]:
        """The items to be changed."""
        return targets_named(self.user, self.names()) if self.names() else ()

    @cached_property
    def asked(self) -> AskedImpact:
        """The answer."""
        values = {name: self.query.get(name, "") for name in self.query}
        return ask_impact(user=self.user, targets=self.targets, values=values, now=self.now)

    def get_template_names(self) -> list[str]:
        """Answer htmx with the part it asks for."""
        parts = {"path": "governance/impact/path.html", "group": "governance/impact/hits.html"}
        if part := parts.get(self.query.get("part", "")):
            return [part]
        if self.wants_fragment("impact"):
            return ["governance/impact/asked.html"]
        return super().get_template_names()

    def content(self) -> dict[str, Any]:
        """Return question and answer, or the sentence that says what is wrong with the question."""
        typed = {name: self.query.get(name, "") for name in TYPED}
        found: dict[str, Any] = {"change_types": ChangeType.choices, "typed": typed}
        try:
            found["picked"] = self.picked()
            if self.targets:
                found |= self.part() if self.query.get("part") else self.answered()
        except DomainError as error:
            found["problem"] = str(error)
        return found

    def picked(self) -> list[Picked]:
        """Return the targets with the way to take each out."""
        fixed = set(self.fixed_names())
        return [
            Picked(item, "" if str(item.pk) in fixed else self.without(item))
            for item in self.targets
        ]

    def without(self, item: Any) -> str:  # noqa: ANN401 - a ConfigurationItem
        """Return the question's address without one of its targets."""
        changed = self.query.copy()
        rest = [name for name in changed.getlist("item") if name not in {str(item.pk), item.code}]
        changed.setlist("item", rest)
        return f"?{changed.urlencode()}"

    def part(self) -> dict[str, Any]:
        """Return what a fragment needs: one path, or the hits of one group."""
        answer = self.asked.answer
        if self.query.get("part") == "path":
            hit = id_of(self.query.get("hit", "")) or 0
            return {"steps": path_to(user=self.user, answer=answer, item_id=hit)}
        wanted = self.query.get("group", "")
        state = self.query.get("state", "")
        hits = [
            hit
            for group in answer.groups
            if group_key(group) == wanted
            for hit in group.hits
            if state in {"", hit.state}
        ]
        return {"by_state": by_state(hits), "why": self.address("path")}

    def answered(self) -> dict[str, Any]:
        """Return everything the page shows of the answer."""
        asked = self.asked
        state = self.query.get("state", "")
        is_graph = self.query.get("view") == "graph"
        groups = list(self.groups(asked.answer, state if state in STATES else ""))
        return {
            "asked": asked,
            "starts_local": timezone.localtime(asked.question.starts_at).strftime("%Y-%m-%dT%H:%M"),
            "hours": f"{asked.question.hours:g}",
            "total": sum(asked.answer.counts.values()),
            "hidden_total": sum(asked.answer.hidden.values()),
            "counts": [
                (name, count, name == state, self.changed(state="" if name == state else name))
                for name, count in asked.answer.counts.items()
            ],
            "groups": [] if is_graph else groups[:GROUPS_SHOWN],
            "more_groups": max(len(groups) - GROUPS_SHOWN, 0),
            "why": self.address("path"),
            "is_graph": is_graph,
            "as_list": self.changed(view=""),
            "as_graph": self.changed(view="graph"),
            "change_url": change_url(asked),
            "causes_url": causes_url(asked),
            **remarks(asked),
            **(graph_of(asked.answer) if is_graph else {}),
        }

    def changed(self, **values: str) -> str:
        """Return the question's address with some parameters replaced."""
        query = self.query.copy()
        for name, value in values.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"?{query.urlencode()}"

    def address(self, part: str) -> str:
        """Return the address of a fragment of this answer, to be completed."""
        query = self.query.copy()
        for name in ("part", "hit", "group", "view", "state"):
            query.pop(name, None)
        query["part"] = part
        return f"{self.request.path}?{query.urlencode()}"

    def groups(self, answer: ImpactAnswer, state: str) -> Iterator[ShownGroup]:
        """Yield the groups, worst first; the first ones unfolded while the page stays short."""
        room = UNFOLDED_HITS
        is_inline = len(answer.hits) <= INLINE_HITS
        for group in answer.groups:
            hits = [hit for hit in group.hits if state in {"", hit.state}]
            if not hits:
                continue
            is_open = len(hits) <= room
            room = room - len(hits) if is_open else 0
            here = is_inline or is_open
            yield ShownGroup(
                *headings(group),
                counts=[(name, in_words(name, count)) for name, count in counted(hits)],
                by_state=by_state(hits) if here else (),
                is_open=is_open,
                url=""
                if here
                else f"{self.address('group')}&group={group_key(group)}&state={state}",
            )


class ImpactPage(Asking):
    """Ask about any items: `?item=..&item=..&change_type=..&hours=..&start=..`."""

    title = gettext_lazy("Impact")
    subtitle = gettext_lazy(
        "What a change hits, what it costs and who decides, before anybody writes it down."
    )
    template_name = "governance/impact/page.html"


class ItemImpact(Asking, ObjectPage):
    """The tab of an asset or system: the same question, with this item as a target."""

    subject = "item"
    template_name = "governance/impact/item.html"

    def fixed_names(self) -> list[str]:
        """Ask about this item."""
        return [str(self.kwargs["pk"])]


def headings(group: HitGroup) -> tuple[str, str]:
    """Return what a group is called: its line, and its system beside it; else its system."""
    system = group.system.name if group.system else ""
    if group.line is None:
        return system or _("Outside lines and systems"), ""
    return group.line.name, "" if group.line.name in system else system


def group_key(group: HitGroup) -> str:
    """Return the name of a group in an address."""
    line = group.line.id if group.line else 0
    return f"{line}.{group.system.id if group.system else 0}"


def counted(hits: Sequence[Hit]) -> Iterator[tuple[str, int]]:
    """Yield how many hits are in each state, worst first."""
    for state in STATES:
        if count := sum(hit.state == state for hit in hits):
            yield state, count


def in_words(state: str, count: int) -> str:
    """Return "30 down"."""
    sentences = {
        "down": _("%d down"),
        "unknown": _("%d unknown"),
        "degraded": _("%d degraded"),
        "redundancy_lost": _("%d redundancy lost"),
    }
    return sentences[state] % count


def by_state(hits: Sequence[Hit]) -> list[tuple[str, list[Hit]]]:
    """Return the hits in each state, worst first, nearest first."""
    return [(state, [hit for hit in hits if hit.state == state]) for state, _n in counted(hits)]


def graph_of(answer: ImpactAnswer) -> Mapping[str, Any]:
    """Return the drawing of the same answer."""
    drawing = drawn(answer)
    return {
        "graph_data": as_data(drawing.nodes, drawing.edges, relation_words()),
        "left_out": drawing.left_out,
        "shape_legend": shape_words(),
        "line_legend": [
            (name, words, True, *LINES[name]) for name, words in relation_words().items()
        ],
    }


def remarks(asked: AskedImpact) -> Mapping[str, Any]:
    """Return broken promises and findings; short notice, which is many alike, apart."""
    if asked.following is None:
        return {}
    facts = asked.following.shown.facts
    return {
        "broken": [promise for promise in facts["promises"] if promise["is_broken"]],
        "warnings": [finding for finding in facts["findings"] if finding["code"] != "notice"],
        "notices": [finding for finding in facts["findings"] if finding["code"] == "notice"],
    }


def change_url(asked: AskedImpact) -> str:
    """Return the change form filled with the question."""
    question = asked.question
    query = QueryDict(mutable=True)
    query.setlist("target", [str(target.pk) for target in asked.targets])
    query["change_type"] = question.change_type
    query["duration"] = str(question.duration_minutes)
    query["start"] = timezone.localtime(question.starts_at).isoformat(timespec="minutes")
    query["end"] = timezone.localtime(question.ends_at).isoformat(timespec="minutes")
    return f"{reverse('governance:changerequest-create')}?{query.urlencode()}"


def causes_url(asked: AskedImpact) -> str:
    """Return the page that asks the other way: what could explain that these are down."""
    query = QueryDict(mutable=True)
    query.setlist("item", [str(target.pk) for target in asked.targets])
    return f"{reverse('assets:causes')}?{query.urlencode()}"
