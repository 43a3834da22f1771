"""Relations that were waiting for an item, joined to it when it arrives."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from assets.models import ConfigurationItem, Relation
from common.imports import Session
from evidence import services as ledger

Key = tuple[int | None, int | None, str, str]
WAITING = "codes relations wait for"


def resolve_relations(items: Sequence[ConfigurationItem], session: Session) -> None:
    """Join the relations that name one of the new items by its code; a twin that stands already wins."""
    if WAITING not in session.parked:
        session.parked[WAITING] = _waiting()
    by_code = {item.code: item for item in items if item.code in session.parked[WAITING]}
    if not by_code:
        return
    rows = Relation.objects.select_related("source__location", "target__location").filter(
        Q(unresolved_source__in=by_code) | Q(unresolved_target__in=by_code)
    )
    pairs = [(row, _ends(row, by_code)) for row in rows]
    kept, doubles = _without_twins(pairs)
    context = session.context
    ledger.update_many(actor=context.actor, pairs=kept, now=context.now, comment="item arrived")
    for row in doubles:
        ledger.delete_object(
            actor=context.actor, instance=row, now=context.now, comment="stands already"
        )


def _waiting() -> set[str]:
    rows = Relation.objects.exclude(unresolved_source="", unresolved_target="")
    return {
        code
        for pair in rows.values_list("unresolved_source", "unresolved_target")
        for code in pair
        if code
    }


def _ends(row: Relation, by_code: dict[str, ConfigurationItem]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for end in ("source", "target"):
        item = by_code.get(getattr(row, f"unresolved_{end}"))
        if item is not None:
            changes |= {end: item, f"unresolved_{end}": ""}
    return changes


def _without_twins(
    pairs: list[tuple[Relation, dict[str, Any]]],
) -> tuple[list[tuple[Relation, dict[str, Any]]], list[Relation]]:
    known: set[Key] = set(
        Relation.objects.filter(source_id__in={_key(*pair)[0] for pair in pairs}).values_list(
            "source_id", "target_id", "relation_class", "protocol"
        )
    )
    kept, doubles = [], []
    for row, changes in pairs:
        key = _key(row, changes)
        if key[0] == key[1]:
            continue
        if None not in key[:2] and key in known:
            doubles.append(row)
        else:
            known.add(key)
            kept.append((row, changes))
    return kept, doubles


def _key(row: Relation, changes: dict[str, Any]) -> Key:
    source = changes["source"].pk if "source" in changes else row.source_id
    target = changes["target"].pk if "target" in changes else row.target_id
    return source, target, row.relation_class, row.protocol
