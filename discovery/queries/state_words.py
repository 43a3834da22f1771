"""Findings about a site's current state in sentences: what is wrong, why it counts as wrong, where it is mended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assets.access import DISCOVER, EDIT, Scope, scope_of
from assets.choices import RelationClass
from discovery.choices import DriftKind
from discovery.queries.current_state import CurrentState, Place
from discovery.rules.current_state import Finding, Kind

TITLES: Mapping[Kind, Any] = {
    Kind.CONDUIT: gettext_lazy("Undeclared conduit"),
    Kind.LEVELS: gettext_lazy("Skips Purdue levels"),
    Kind.SILO: gettext_lazy("Data silo"),
    Kind.FILE_ONLY: gettext_lazy("Only by file or hand"),
    Kind.INCOMPLETE: gettext_lazy("Flow not described"),
    Kind.UNDECLARED: gettext_lazy("Seen, not declared"),
    Kind.UNSEEN: gettext_lazy("Declared, not seen"),
    Kind.DRIFT: gettext_lazy("Unexplained drift"),
    Kind.UNLOOKED: gettext_lazy("Never looked"),
}
RULES: Mapping[Kind, Any] = {
    Kind.CONDUIT: gettext_lazy(
        "Traffic between two zones runs through a declared conduit (IEC 62443-3-2)."
    ),
    Kind.LEVELS: gettext_lazy(
        "A flow joins neighbouring Purdue levels; one that passes a whole level by goes around what "
        "is controlled there. The DMZ (3.5) counts as no level of its own."
    ),
    Kind.SILO: gettext_lazy(
        "MES, ERP, SCADA, historian, LIMS, WMS, maintenance and quality systems exist to exchange data: one to and "
        "from which no flow is declared is an island, or its interfaces are not written down."
    ),
    Kind.FILE_ONLY: gettext_lazy(
        "A system all of whose flows are files carried over or work of hands has no interface: nothing says "
        "when one is lost, late or changed. File services are left out."
    ),
    Kind.INCOMPLETE: gettext_lazy(
        "A flow has a protocol. One from or to a system has a data model, unless its protocol says what it "
        "carries. One between systems of two sites names the middleware that carries it."
    ),
    Kind.UNDECLARED: gettext_lazy(
        "Discovery sees a connection that nobody has declared with any relation between the two."
    ),
    Kind.UNSEEN: gettext_lazy(
        "A connection is declared; both ends were read in one network, at least one of them would show "
        "the other in its tables, and does not."
    ),
    Kind.DRIFT: gettext_lazy(
        "A scan saw something otherwise than the one before, and no change carried out explains it."
    ),
    Kind.UNLOOKED: gettext_lazy(
        "A connection is declared; nobody who would tell of it has been read, so it is neither confirmed nor missing."
    ),
}
MISSING: Mapping[str, Any] = {
    "protocol": gettext_lazy("protocol"),
    "data_model": gettext_lazy("data model"),
    "middleware": gettext_lazy("middleware"),
}
MENDS: Mapping[Kind, tuple[str, Any]] = {
    Kind.CONDUIT: ("assets:conduit-create", gettext_lazy("Declare a conduit")),
    Kind.LEVELS: ("assets:relation-edit", gettext_lazy("Change the flow")),
    Kind.SILO: ("assets:item-relate", gettext_lazy("Add its flow")),
    Kind.FILE_ONLY: ("assets:item-relate", gettext_lazy("Add its interface")),
    Kind.INCOMPLETE: ("assets:relation-edit", gettext_lazy("Complete it")),
    Kind.UNDECLARED: ("assets:relation-edit", gettext_lazy("Declare it")),
    Kind.UNSEEN: ("assets:relation-edit", gettext_lazy("Check it")),
    Kind.DRIFT: ("discovery:drift-settle", gettext_lazy("Say what it was")),
    Kind.UNLOOKED: ("assets:relation-edit", gettext_lazy("Look at it")),
}


@dataclass(frozen=True, slots=True)
class ItemName:
    """An item as a finding names it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in words. `why` begins with the rule; `mend_url` leads to where it is mended, or looked at."""

    kind: str
    title: str
    items: Sequence[ItemName]
    sentence: str
    why: Sequence[str]
    since: datetime | None
    relation: int | None
    mend_url: str
    mend_title: str


def shown_findings(
    state: CurrentState, findings: Iterable[Finding], *, user: User | None = None
) -> list[ShownFinding]:
    """Return findings in words; without a user there is nobody to mend anything."""
    edit, run = (scope_of(user, right) if user else Scope() for right in (EDIT, DISCOVER))
    return [_shown(state, one, run if one.kind is Kind.DRIFT else edit) for one in findings]


def _shown(state: CurrentState, one: Finding, scope: Scope) -> ShownFinding:
    names = [ItemName(pk, state.nodes[pk].name) for pk in one.items]
    sentence, trace = SENTENCES[one.kind](state, one)
    address, title = _mend(state, one, scope)
    return ShownFinding(
        kind=one.kind.value,
        title=str(TITLES[one.kind]),
        items=names,
        sentence=sentence,
        why=[str(RULES[one.kind]), *(part for part in trace if part)],
        since=one.since,
        relation=one.relation,
        mend_url=address,
        mend_title=str(title),
    )


def _mend(state: CurrentState, one: Finding, scope: Scope) -> tuple[str, Any]:
    """Return where it is mended by who may; else the page of the item it is about."""
    name, title = MENDS[one.kind]
    if not any(_may(scope, state.places[pk], pk) for pk in one.items):
        return reverse("assets:item-relations", args=[one.items[0]]), _("Look at it")
    if one.kind is Kind.DRIFT:
        return reverse(name, args=[one.facts["pk"]]), title
    if name == "assets:conduit-create":
        return reverse(name), title
    if name == "assets:item-relate":
        return reverse(name, args=[one.items[0]]), title
    if one.relation is None:
        return reverse("assets:item-relate", args=[one.items[0]]), title
    return reverse(name, args=[one.relation]), title


def _may(scope: Scope, place: Place, pk: int) -> bool:
    return (
        scope.everything
        or bool(place.path and scope.covers_path(place.path))
        or place.zone_id in scope.zone_ids
        or bool({pk, place.system_id} & set(scope.system_ids))
    )


Words = tuple[str, Sequence[str]]


def _pair(state: CurrentState, one: Finding) -> dict[str, str]:
    names = [state.nodes[pk].name for pk in one.items]
    unknown = str(one.facts.get("unknown") or "") or _("something unknown")
    return {"a": names[0], "b": names[1] if len(names) > 1 else unknown}


def _conduit(state: CurrentState, one: Finding) -> Words:
    relation = RelationClass(str(one.facts["class"])).label
    zones = [state.nodes[pk].zone for pk in one.items]
    sentence = _("%(a)s %(relation)s %(b)s, and no conduit joins %(from)s and %(to)s.") % {
        **_pair(state, one),
        "relation": relation,
        "from": zones[0],
        "to": zones[-1],
    }
    return sentence, [_protocol(one)]


def _levels(state: CurrentState, one: Finding) -> Words:
    low, high = one.facts["levels"]
    sentence = _("%(a)s feeds data to %(b)s, from Purdue level %(from)s to %(to)s.") % {
        **_pair(state, one),
        "from": low,
        "to": high,
    }
    words = ", ".join(map(str, one.facts["passed"]))
    return sentence, [_("It passes by level %s.") % words, _protocol(one)]


def _silo(state: CurrentState, one: Finding) -> Words:
    name = state.nodes[one.items[0]].name
    return _("No flow of data is declared to or from %s.") % name, []


def _file_only(state: CurrentState, one: Finding) -> Words:
    words = ", ".join(one.facts["protocols"])
    name = state.nodes[one.items[0]].name
    return _("%(name)s exchanges data only by %(protocols)s.") % {
        "name": name,
        "protocols": words,
    }, []


def _incomplete(state: CurrentState, one: Finding) -> Words:
    missing = ", ".join(str(MISSING[word]) for word in one.facts["missing"])
    sentence = _("%(a)s feeds data to %(b)s, and nobody wrote down its %(missing)s.") % {
        **_pair(state, one),
        "missing": missing,
    }
    return sentence, []


def _undeclared(state: CurrentState, one: Finding) -> Words:
    pieces = [f"{method}: {detail}" for method, detail in one.facts["evidence"]]
    trace = [
        _("Told by %s.") % "; ".join(pieces[:3]) if pieces else "",
        _("Confidence %s %%.") % one.facts["confidence"],
        _("Last seen %s.") % _moment(one.facts["last_seen_at"]),
    ]
    return _("%(a)s is connected to %(b)s.") % _pair(state, one), trace


def _unseen(state: CurrentState, one: Finding) -> Words:
    pair, methods = _pair(state, one), one.facts["methods"]
    trace = [
        _("%(name)s told its neighbours by %(methods)s.")
        % {"name": name, "methods": ", ".join(told)}
        if told
        else _("%s was read, and tells of no neighbours.") % name
        for name, told in zip(pair.values(), methods, strict=True)
    ]
    sentence = _("%(a)s is declared to connect via %(b)s, and was not seen to.") % pair
    return sentence, trace


def _unlooked(state: CurrentState, one: Finding) -> Words:
    pair = _pair(state, one)
    read = one.facts["read"]
    trace = [
        _("%s was read.") % name if was_read else _("%s was never read.") % name
        for name, was_read in zip(pair.values(), read, strict=True)
    ]
    return _("%(a)s is declared to connect via %(b)s; nobody has looked.") % pair, trace


def _drift(state: CurrentState, one: Finding) -> Words:
    kind = DriftKind(str(one.facts["kind"])).label
    parts = [str(one.facts[name]) for name in ("before", "after") if one.facts[name]]
    sentence = f"{state.nodes[one.items[0]].name}: {kind}. {' → '.join(parts)}".strip()
    since = _("It changed since the look of %s.") % _moment(one.facts["since"])
    return sentence, [since, _("Network: %s.") % one.facts["network__name"]]


SENTENCES = {
    Kind.CONDUIT: _conduit,
    Kind.LEVELS: _levels,
    Kind.SILO: _silo,
    Kind.FILE_ONLY: _file_only,
    Kind.INCOMPLETE: _incomplete,
    Kind.UNDECLARED: _undeclared,
    Kind.UNSEEN: _unseen,
    Kind.DRIFT: _drift,
    Kind.UNLOOKED: _unlooked,
}


def _protocol(one: Finding) -> str:
    protocol = one.facts.get("protocol")
    return _("Protocol: %s.") % protocol if protocol else _("No protocol is declared.")


def _moment(value: object) -> str:
    if not isinstance(value, datetime):
        return "-"
    return str(date_format(localtime(value), "j M Y H:i"))
