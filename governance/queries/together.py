"""What gets worse because other changes are at work in the same window: both feeds of a pair, say.

A change under way counts as down already; an approved one may be at work, so its targets may be missing when they
are needed. The own impact set, to which votes bind, does not depend on it: see docs/decisions/0012.
"""

from collections.abc import Iterable, Mapping, Sequence

from assets.graph.impact import impact
from assets.graph.relation_effects import CHANGE_EFFECTS, ItemState
from assets.queries.live_graph import current_graph
from governance.choices import ChangeState
from governance.models import ChangeRequest, ChangeTarget
from governance.queries.answers import Impact, Question, Worse
from governance.queries.sources import UNTOUCHED, hits_of

AT_WORK = (ChangeState.EXECUTING,)
PERHAPS_AT_WORK = (ChangeState.APPROVED, ChangeState.EXECUTING)
#: Change types that take their target down; another one leaves its neighbours' redundancy alone.
TAKES_DOWN = frozenset(
    name for name, effects in CHANGE_EFFECTS.items() if effects.target_state == ItemState.DOWN
)
SEVERITY = {state.label: state for state in ItemState}

Targets = Mapping[ChangeRequest, Sequence[int]]


def together_of(
    question: Question, alone: Impact, *, states: Iterable[str] = PERHAPS_AT_WORK
) -> list[Worse]:
    """Return the items the question's change hits harder while other changes of its window are at work.

    `states` says which others count. Worst first; each with the changes that make it so.
    """
    others = _others(question, states)
    if not others:
        return []
    before = {hit.id: hit.state for hit in alone.hits}
    found = _worse(question, others, before)
    if not found:
        return []
    culprits = {
        other.number: _worse(question, {other: targets}, before)
        for other, targets in others.items()
    }
    everyone = tuple(culprits)
    hits = hits_of([(pk, state, 0) for pk, state in found.items()], target_ids=())
    rows = [
        Worse(
            item_id=hit.id,
            code=hit.code,
            name=hit.name,
            state=hit.state,
            alone=before.get(hit.id, UNTOUCHED),
            # Where no single one explains it, it takes them all.
            changes=tuple(n for n in everyone if culprits[n].get(hit.id) == hit.state) or everyone,
        )
        for hit in hits
    ]
    return sorted(rows, key=lambda row: (-SEVERITY[row.state], row.name, row.item_id))


def _others(question: Question, states: Iterable[str]) -> Targets:
    changes = (
        ChangeRequest.objects.in_time(question.starts_at, question.ends_at)
        .filter(state__in=list(states), change_type__in=TAKES_DOWN)
        .exclude(pk=question.change_id or 0)
        .order_by("window_start_at", "pk")
    )
    found: dict[ChangeRequest, list[int]] = {change: [] for change in changes}
    by_id = {change.pk: change for change in found}
    rows = ChangeTarget.objects.filter(change__in=by_id).order_by("pk")
    for change_id, item_id in rows.values_list("change_id", "item_id"):
        found[by_id[change_id]].append(item_id)
    return found


def _worse(question: Question, others: Targets, before: Mapping[int, str]) -> dict[int, str]:
    """Return {item: state} of what is worse than before when the others are at work."""
    graph = current_graph()
    own = set(question.target_ids)
    down: set[int] = set()
    maybe: set[int] = set()
    for other, targets in others.items():
        (down if other.state in AT_WORK else maybe).update(set(graph.held(targets)) - own)
    found = impact(
        graph,
        question.target_ids,
        question.change_type,
        already_down=down,
        in_maintenance=maybe - down,
    )
    return {
        hit.item: hit.state.label
        for hit in found.items()
        if hit.state > SEVERITY[before.get(hit.item, UNTOUCHED)]
    }
