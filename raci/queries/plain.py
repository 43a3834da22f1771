"""Answers as plain data, the same over the API and on the command line."""

from dataclasses import asdict
from typing import Any

from raci.queries.resolution import Answer, PartyRef, Resolution
from raci.queries.service_levels import Promise


def plain_resolution(resolution: Resolution) -> dict[str, Any]:
    """Return a resolution as JSON can hold it; `accountable` is null when nobody or several are."""
    found = resolution.accountable
    return {
        "item": resolution.item_id or None,
        "activity": resolution.activity_code,
        "at": resolution.at.isoformat(),
        "accountable": plain_answer(found) if found else None,
        "contenders": [plain_answer(one) for one in resolution.contenders],
        "responsible": [plain_answer(one) for one in resolution.responsible],
        "consulted": [plain_answer(one) for one in resolution.consulted],
        "informed": [plain_answer(one) for one in resolution.informed],
        "findings": [
            {
                "kind": str(one.kind),
                "letter": one.letter,
                "text": one.sentence,
                "parties": [plain_party(party) for party in one.parties],
            }
            for one in resolution.findings
        ],
    }


def plain_answer(answer: Answer) -> dict[str, Any]:
    """Return one party with its letter and trace."""
    trace = answer.trace
    return {
        "letter": answer.letter,
        "assigned": plain_party(answer.assigned),
        "holder": plain_party(answer.holder),
        "acting": plain_party(answer.acting),
        "trace": {
            "assignment": trace.assignment_id,
            "matrix": trace.matrix,
            "activity": trace.activity_code,
            "scope_kind": str(trace.scope_kind),
            "scope": trace.scope,
            "is_direct": trace.is_direct,
            "selector": trace.selector,
            "effect": str(trace.effect),
            "holder_location": trace.holding_location,
            "by": trace.by,
            "problem": trace.problem,
            "path": [plain_party(party) for party in trace.path],
            "sentences": answer.steps,
        },
    }


def plain_party(party: PartyRef | None) -> dict[str, Any] | None:
    """Return {kind, id, code, name}."""
    return asdict(party) if party else None


def plain_promise(promise: Promise | None) -> dict[str, Any] | None:
    """Return a service level; decimals as text."""
    if promise is None:
        return None
    return {
        name: str(value) if name.endswith(("_percent", "per_hour")) and value is not None else value
        for name, value in asdict(promise).items()
    }
