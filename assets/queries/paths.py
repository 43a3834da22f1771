"""Why is this item hit? The witness path in words, as one reader may see it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from assets.access import visible_item_ids
from assets.choices import RelationClass
from assets.graph.csr import UnknownItem
from assets.models import Relation
from assets.queries.impact import ImpactAnswer, ImpactError
from assets.queries.neighbourhood import Item, item_rows


@dataclass(frozen=True)
class Step:
    """One item on the way from the cause; None when it is hidden. `words` say how it hangs on the one before."""

    item: Item | None
    words: str
    note: str = ""


def path_to(*, user: User, answer: ImpactAnswer, item_id: int) -> tuple[Step, ...]:
    """Return the steps from the cause to a hit item; ImpactError when it is not hit (or not to be seen)."""
    shown = set(visible_item_ids(user, [item_id]))
    try:
        ids = answer.path(item_id) if item_id in shown else ()
    except UnknownItem:
        ids = ()
    if not ids:
        raise ImpactError(f"Item {item_id} is not among the items this change hits.")
    return steps_of(user, ids)


def steps_of(user: User, ids: Sequence[int]) -> tuple[Step, ...]:
    """Return the steps along ids, each resting on the one before."""
    rows = item_rows(visible_item_ids(user, ids))
    said = _relations(ids)
    steps = [Step(rows.get(ids[0]), "")]
    for before, pk in itertools.pairwise(ids):
        if before not in rows or pk not in rows:
            steps.append(Step(rows.get(pk), ""))
            continue
        source, target, name, note = said.get((before, pk), (pk, before, "depends_on", ""))
        words = RelationClass(name).label
        sentence = f"{rows[source].name} {words} {rows[target].name}"
        steps.append(Step(rows[pk], sentence, note))
    return tuple(steps)


def _relations(ids: Sequence[int]) -> dict[tuple[int, int], tuple[int, int, str, str]]:
    """Return the relation between each pair of neighbours on the path, whichever way it is recorded."""
    pairs = Q(pk__in=[])
    for before, pk in itertools.pairwise(ids):
        pairs |= Q(source=before, target=pk) | Q(source=pk, target=before)
    columns = ("source_id", "target_id", "relation_class", "redundancy_group__name")
    found: dict[tuple[int, int], tuple[int, int, str, str]] = {}
    for source, target, name, group in (
        Relation.objects.filter(pairs).order_by().values_list(*columns)
    ):
        for ends in ((source, target), (target, source)):
            found.setdefault(ends, (source, target, name, group or ""))
    return found
