"""An impact answer as plain data: what the API, the console and the change API return."""

from collections.abc import Iterable
from typing import Any

from assets.queries.impact import LABELS, ImpactAnswer, Place


def impact_data(answer: ImpactAnswer, *, with_paths: bool = False) -> dict[str, Any]:
    """Return the answer as plain data; items name their line and system by id, listed once each."""
    items = _items(answer)
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


def _items(answer: ImpactAnswer) -> list[dict[str, Any]]:
    # One display for all, from plain columns: by way of `Hit` it costs two to five times as much, for thousands.
    line_of = answer.line_of
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
            "state": LABELS[state],
            "depth": depth,
            "line_id": line_of.get(location),
        }
        for (
            (pk, code, name, kind, item_class, location, system, criticality, stops_line),
            state,
            depth,
        ) in answer.listed
    ]


def _listed(places: Iterable[Place]) -> list[dict[str, Any]]:
    return [place._asdict() for place in places]
