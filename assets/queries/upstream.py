"""Looking upstream as one reader may: what one failure could explain symptoms, what must not fail at all.

Worked out on the whole graph; candidates the reader may not see are counted, not named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from assets.access import visible_item_ids
from assets.graph.causes import explain, single_points_of_failure
from assets.queries.impact import ImpactError
from assets.queries.live_graph import current_graph
from assets.queries.neighbourhood import Item, item_rows

MOST_SYMPTOMS = 50


@dataclass(frozen=True)
class CandidateCause:
    """One failure that would explain symptoms: which, how surely, and what speaks against it.

    `extra` counts items it would hit besides, `contradicted` those known to be up that it would take down.
    """

    item: Item
    state: str
    covers: tuple[int, ...]
    extra: int
    contradicted: int
    distance: int


@dataclass(frozen=True)
class CausesAnswer:
    """Candidates, best first; `hidden` counts better or worse ones the reader may not see."""

    symptoms: tuple[Item, ...]
    known_up: tuple[Item, ...]
    causes: tuple[CandidateCause, ...]
    hidden: int
    unexamined: int


@dataclass(frozen=True)
class WeakPoint:
    """An item whose failure alone takes the other down ("unknown": may)."""

    item: Item
    state: str
    distance: int


@dataclass(frozen=True)
class SinglePointsAnswer:
    """Single points of failure of one item, certain ones first, nearest first."""

    item: Item
    points: tuple[WeakPoint, ...]
    hidden: int
    unexamined: int


def causes_of(
    *, user: User, symptom_ids: Sequence[int], known_up: Sequence[int] = (), limit: int = 20
) -> CausesAnswer:
    """Return which single failures explain that the symptoms are down; ImpactError says what is wrong."""
    if not symptom_ids:
        raise ImpactError(_("Name at least one item that is down."))
    _require_visible(user, [*symptom_ids, *known_up])
    if len(symptom_ids) > MOST_SYMPTOMS:
        raise ImpactError(
            _("%(given)d symptoms are too many; name at most %(most)d.")
            % {"given": len(symptom_ids), "most": MOST_SYMPTOMS}
        )
    if both := set(symptom_ids) & set(known_up):
        name = item_rows(both)[min(both)].name
        raise ImpactError(_("'%s' cannot be down and running at once.") % name)
    found = explain(current_graph(), symptom_ids, known_up=known_up, limit=limit)
    explaining = [cause for cause in found.causes if cause.covers]
    shown = set(visible_item_ids(user, [cause.item for cause in explaining]))
    rows = item_rows([*shown, *symptom_ids, *known_up])
    return CausesAnswer(
        symptoms=tuple(rows[pk] for pk in found.symptoms),
        known_up=tuple(rows[pk] for pk in known_up),
        causes=tuple(
            CandidateCause(
                rows[cause.item],
                cause.state.label,
                cause.covers,
                cause.extra,
                cause.contradicted,
                cause.distance,
            )
            for cause in explaining
            if cause.item in shown
        ),
        hidden=sum(cause.item not in shown for cause in explaining),
        unexamined=found.unexamined,
    )


def single_points_of(*, user: User, item_id: int) -> SinglePointsAnswer:
    """Return what alone takes an item down, as the reader may see it."""
    _require_visible(user, [item_id])
    found = single_points_of_failure(current_graph(), item_id)
    shown = set(visible_item_ids(user, [point.item for point in found.points]))
    rows = item_rows([*shown, item_id])
    return SinglePointsAnswer(
        item=rows[item_id],
        points=tuple(
            WeakPoint(rows[point.item], point.state.label, point.distance)
            for point in found.points
            if point.item in shown
        ),
        hidden=sum(point.item not in shown for point in found.points),
        unexamined=found.unexamined,
    )


def _require_visible(user: User, ids: Iterable[int]) -> None:
    wanted = set(ids)
    if not wanted or wanted - set(visible_item_ids(user, wanted)):
        raise ImpactError(
            _("Name at least one item, and only items that exist and are yours to see.")
        )
