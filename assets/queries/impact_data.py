"""An impact answer as plain data: what the API, the console and the change API return."""

from collections.abc import Iterable
from typing import Any

from assets.queries.impact import Hit, ImpactAnswer, Place


def impact_data(answer: ImpactAnswer, *, with_paths: bool = False) -> dict[str, Any]:
    """Return the answer as plain data; items name their line and system by id, listed once each."""
    items = _items(answer.hits)
    if with_paths:
        for one in items:
            one["path"] = list(answer.path(one["id"]))
    return {
        "change_type": answer.change_type,
        "targets": _listed(answer.targets),
        "counts": answer.counts,
        "hidden": answer.hidden,
        "truncated": answer.truncated,
        "lines_stopped": _listed(answer.lines_stopped),
        "hidden_lines_stopped": answer.hidden_lines_stopped,
        "unresolved": [end._asdict() for end in answer.unknown_ends],
        "lines": _listed(answer.lines.values()),
        "systems": _listed(answer.systems.values()),
        "items": items,
        "digest": answer.digest,
    }


def _items(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    # One display for all: `_asdict` costs five times as much, and there are thousands.
    return [
        {
            "id": pk,
            "code": code,
            "name": name,
            "kind": kind,
            "item_class_id": item_class,
            "location_id": location,
            "system_id": system,
            "criticality": criticality,
            "stops_line": stops_line,
            "state": state,
            "depth": depth,
            "line_id": line,
        }
        for (
            pk,
            code,
            name,
            kind,
            item_class,
            location,
            system,
            criticality,
            stops_line,
            state,
            depth,
            line,
        ) in hits
    ]


def _listed(places: Iterable[Place]) -> list[dict[str, Any]]:
    return [place._asdict() for place in places]
