"""Resolutions as one user may see them: rules of hidden systems and zones count, unnamed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from accounts.models import User
from assets.access import scope_of, visible_item_ids, visible_zone_ids
from raci.choices import ScopeKind
from raci.queries.resolution import Answer, Resolution


def concealed(user: User, resolutions: Sequence[Resolution]) -> list[Resolution]:
    """Return the resolutions with the names of hidden systems and zones taken out of their traces."""
    if scope_of(user).everything:
        return list(resolutions)
    answers = [answer for one in resolutions for answer in one.answers]
    items = _named(answers, ScopeKind.ITEM)
    zones = _named(answers, ScopeKind.ZONE)
    hidden = {(ScopeKind.ITEM, pk) for pk in items - set(visible_item_ids(user, items))}
    hidden |= {(ScopeKind.ZONE, pk) for pk in zones - set(visible_zone_ids(user, zones))}
    return [_without(one, hidden) for one in resolutions] if hidden else list(resolutions)


def _named(answers: Iterable[Answer], kind: ScopeKind) -> set[int]:
    return {one.trace.scope_id for one in answers if one.trace.scope_kind == kind}


def _without(resolution: Resolution, hidden: set[tuple[ScopeKind, int]]) -> Resolution:
    def shown(answer: Answer) -> Answer:
        trace = answer.trace
        if (trace.scope_kind, trace.scope_id) not in hidden:
            return answer
        return replace(answer, trace=replace(trace, scope_id=0, scope=_("(hidden)")))

    found = resolution.accountable
    return replace(
        resolution,
        accountable=shown(found) if found else None,
        contenders=tuple(map(shown, resolution.contenders)),
        responsible=tuple(map(shown, resolution.responsible)),
        consulted=tuple(map(shown, resolution.consulted)),
        informed=tuple(map(shown, resolution.informed)),
    )
