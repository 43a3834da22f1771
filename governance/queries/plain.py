"""Frozen and fresh consequences as plain values for the API: what a reader may see, the rest counted."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from accounts.models import User
from governance.models import ImpactSnapshot
from governance.queries.visible import Preview, Shown, shown_snapshot

LIMIT = 5000


def plain_snapshot(user: User, snapshot: ImpactSnapshot) -> dict[str, Any]:
    """Return a frozen impact set."""
    head = {
        "taken_at": snapshot.taken_at,
        "impact_hash": snapshot.impact_hash,
        "facts_hash": snapshot.facts_hash,
    }
    return {**head, **plain_shown(shown_snapshot(user, snapshot, limit=LIMIT))}


def plain_shown(shown: Shown) -> dict[str, Any]:
    """Return counts, hits and facts."""
    return {
        "counts": dict(shown.counts),
        "items": [asdict(hit) for hit in shown.hits],
        "truncated": shown.truncated,
        "hidden": {**shown.hidden, "states": dict(shown.hidden_states)},
        "facts": {**shown.facts, "conflicts": _conflicts(shown.facts)},
    }


def _conflicts(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "number": row["number"],
            "kind": row["kind"],
            "url": f"/api/governance/changes/{row['change'].pk}/",
        }
        for row in facts.get("conflicts", [])
    ]


def plain_preview(preview: Preview) -> dict[str, Any]:
    """Return the consequence of a question: what is hit, who must decide, what it costs."""
    deciders = preview.consequence.deciders
    return {
        **plain_shown(preview.shown),
        "deciders": [
            {"party": label, "basis": basis, "reasons": count}
            for label, basis, count in preview.seats
        ],
        "board": {
            "sits": deciders.board_sits,
            "name": str(deciders.policy.board) if deciders.policy else "",
            "quorum": deciders.quorum,
            "reasons": [list(reason) for reason in deciders.board_reasons],
        },
        "refusal": deciders.refusal,
    }
