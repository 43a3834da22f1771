"""What a reader may see of a consequence or a frozen one: names of visible items, counts of the rest.

Nothing is left out silently: every list comes with how many of its rows are hidden.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from assets.access import items_visible_to, locations_visible_to, scope_of
from assets.models import ConfigurationItem
from governance.access import changes_visible_to
from governance.choices import SeatBasis
from governance.models import ChangeRequest, ImpactSnapshot
from governance.queries.answers import Consequence, Question
from governance.queries.consequence import consequence_of

STATES = ("down", "unknown", "degraded", "redundancy_lost", "up")
LISTED = ("owners", "promises", "lines", "findings", "together")
CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class ShownHit:
    """An impacted item with its name and place."""

    id: int
    code: str
    name: str
    kind: str
    state: str
    depth: int
    place: str
    system: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A consequence as one reader may see it; `hidden` counts, by list, what is withheld."""

    counts: Mapping[str, int]
    hits: Sequence[ShownHit]
    truncated: int
    facts: Mapping[str, Any]
    hidden: Mapping[str, int]
    hidden_states: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return how many items are hit, seen or not."""
        return sum(self.counts.values())


def shown_snapshot(user: User, snapshot: ImpactSnapshot, *, limit: int = 200) -> Shown:
    """Return a frozen impact set with its facts, as the user may see it."""
    rows = [(pk, state, depth) for pk, _code, state, depth in snapshot.rows]
    return _shown(user, rows, snapshot.facts, limit)


def shown_consequence(user: User, consequence: Consequence, *, limit: int = 200) -> Shown:
    """Return a fresh consequence as the user may see it."""
    rows = [(hit.id, hit.state, hit.depth) for hit in consequence.impact.hits]
    return _shown(user, rows, consequence.facts(), limit)


def _shown(
    user: User, rows: Sequence[tuple[int, str, int]], facts: Mapping[str, Any], limit: int
) -> Shown:
    visible = visible_items(user, [pk for pk, _state, _depth in rows])
    seen = [row for row in rows if row[0] in visible]
    unseen = [state for pk, state, _depth in rows if pk not in visible]
    shown_facts, hidden = _facts(user, facts, visible)
    listed = _named([row for row in seen if row[1] != "up"][:limit])
    return Shown(
        counts=_by_state(state for _pk, state, _depth in rows),
        hits=listed,
        truncated=max(sum(state != "up" for _pk, state, _depth in seen) - len(listed), 0),
        facts=shown_facts,
        hidden={**hidden, "items": len(unseen)},
        hidden_states=_by_state(unseen),
    )


def shown_rows(user: User | None, snapshot: ImpactSnapshot) -> list[dict[str, Any]]:
    """Return the frozen impact set with names, as a user may see it; None sees everything."""
    ids = [pk for pk, _code, _state, _depth in snapshot.rows]
    visible = set(ids) if user is None else visible_items(user, ids)
    names: dict[int, str] = {}
    for start in range(0, len(ids), CHUNK):
        names.update(_items(ids[start : start + CHUNK], ("name",)))
    return [
        {"code": code, "name": names.get(pk, ""), "state": state, "depth": depth}
        for pk, code, state, depth in snapshot.rows
        if pk in visible
    ]


def visible_facts(user: User, snapshot: ImpactSnapshot) -> dict[str, Any]:
    """Return the frozen facts without what names something hidden; plain values."""
    visible = visible_items(user, [pk for pk, _code, _state, _depth in snapshot.rows])
    facts, hidden = _facts(user, snapshot.facts, visible)
    conflicts = [
        {name: value for name, value in row.items() if name != "change"}
        for row in facts["conflicts"]
    ]
    return {**facts, "conflicts": conflicts, "hidden": hidden}


def visible_items(user: User, ids: Sequence[int]) -> set[int]:
    """Return the ids among these the user may see."""
    if scope_of(user).everything:
        return set(ids)
    found: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        rows = items_visible_to(user).filter(pk__in=ids[start : start + CHUNK])
        found.update(rows.values_list("pk", flat=True))
    return found


def visible_codes(user: User, codes: Sequence[str]) -> set[str]:
    """Return the item codes among these the user may see."""
    found: set[str] = set()
    for start in range(0, len(codes), CHUNK):
        rows = items_visible_to(user).filter(code__in=codes[start : start + CHUNK])
        found.update(rows.values_list("code", flat=True))
    return found


def visible_difference(
    user: User, difference: Mapping[str, Sequence[Mapping[str, str]]]
) -> tuple[list[Mapping[str, str]], int]:
    """Return what differs between two impact sets as the user may see it, and how many rows are hidden."""
    rows = [row for part in difference.values() for row in part]
    codes = visible_codes(user, [row["code"] for row in rows])
    shown = [row for row in rows if row["code"] in codes]
    return shown, len(rows) - len(shown)


def _by_state(states: Iterable[str]) -> dict[str, int]:
    counts = Counter(states)
    return {state: counts[state] for state in STATES if counts[state] and state != "up"}


def _named(rows: Sequence[tuple[int, str, int]]) -> list[ShownHit]:
    columns = ("code", "name", "kind", "location__name", "system__name")
    ids = [pk for pk, _state, _depth in rows]
    known = {row[0]: row[1:] for row in _items(ids, columns)}
    return [
        ShownHit(pk, code, name, kind, state, depth, place or "", system or "")
        for pk, state, depth in rows
        if pk in known
        for code, name, kind, place, system in [known[pk]]
    ]


def _items(ids: Sequence[int], columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    return ConfigurationItem.objects.filter(pk__in=ids).values_list("pk", *columns)


def _facts(
    user: User, facts: Mapping[str, Any], visible: set[int]
) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the facts without what names something hidden, and how much that was, by list."""
    listed = {name: facts.get(name, []) for name in LISTED}
    places = _visible_places(user, listed)
    items = visible | visible_items(user, _further_items(listed, visible))
    kept = {
        "owners": [row for row in listed["owners"] if row["item_id"] in items],
        "lines": [row for row in listed["lines"] if row["location_id"] in places],
        "promises": [
            row
            for row in listed["promises"]
            if row["scope_id"] in (places if row["scope_kind"] == "location" else items)
        ],
        "findings": [
            row
            for row in listed["findings"]
            if (row["item_id"] is None or row["item_id"] in items)
            and (row["place_id"] is None or row["place_id"] in places)
        ],
        "conflicts": _visible_conflicts(user, facts.get("conflicts", [])),
        "together": _visible_together(user, facts.get("together", []), items),
    }
    hidden = {name: len(facts.get(name, [])) - len(rows) for name, rows in kept.items()}
    return {**facts, **kept}, hidden


def _further_items(listed: Mapping[str, list[dict[str, Any]]], known: set[int]) -> list[int]:
    """Return the items facts name that the impact set does not hold."""
    named = {row["item_id"] for row in listed["owners"]}
    named |= {row["item_id"] for row in listed["findings"] if row["item_id"] is not None}
    named |= {row["item_id"] for row in listed["together"]}
    named |= {row["scope_id"] for row in listed["promises"] if row["scope_kind"] != "location"}
    return sorted(named - known)


def _visible_places(user: User, listed: Mapping[str, list[dict[str, Any]]]) -> set[int]:
    ids = {row["location_id"] for row in listed["lines"]}
    ids |= {row["place_id"] for row in listed["findings"] if row["place_id"] is not None}
    ids |= {row["scope_id"] for row in listed["promises"] if row["scope_kind"] == "location"}
    return set(locations_visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def _visible_conflicts(user: User, conflicts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    numbers = [row["number"] for row in conflicts]
    rows = {change.number: change for change in changes_visible_to(user).filter(number__in=numbers)}
    return [{**row, "change": rows[row["number"]]} for row in conflicts if row["number"] in rows]


def _visible_together(
    user: User, rows: Sequence[Mapping[str, Any]], items: set[int]
) -> list[dict[str, Any]]:
    """Return the rows about visible items; of the changes behind each, only those the user may see."""
    numbers = {number for row in rows for number in row["changes"]}
    seen = set(changes_visible_to(user).filter(number__in=numbers).values_list("number", flat=True))
    return [
        {**row, "changes": [number for number in row["changes"] if number in seen]}
        for row in rows
        if row["item_id"] in items
    ]


def visible_targets(user: User, change: ChangeRequest) -> tuple[list[Any], int]:
    """Return the targets the user may see, and how many more there are."""
    count = change.change_targets.count()
    rows = items_visible_to(user).filter(changes=change).select_related("location", "item_class")
    found = list(rows.order_by("name", "pk"))
    return found, count - len(found)


@dataclass(frozen=True, slots=True)
class Preview:
    """What the form shows before anything is saved."""

    consequence: Consequence
    shown: Shown
    seats: Sequence[tuple[str, str, int]]

    @property
    def board(self) -> list[str]:
        """Return the names of those who vote for the board."""
        return [label for label, basis, _count in self.seats if basis != SeatBasis.ACCOUNTABLE]


def preview_of(user: User, question: Question, *, at: datetime) -> Preview:
    """Return the consequence of a question as its asker may see it; deciders by name, with counts."""
    consequence = consequence_of(question, at=at)
    seats = [(seat.label, seat.basis, len(seat.because)) for seat in consequence.deciders.seats]
    return Preview(consequence, shown_consequence(user, consequence, limit=12), seats)
