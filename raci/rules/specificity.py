"""Which rules reach an item, and how specific each of them is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

ENTERPRISE, ITEM_CLASS, LOCATION, ZONE, ITEM = (
    "enterprise",
    "item_class",
    "location",
    "zone",
    "item",
)
ITSELF = 1000

ScopeKey = tuple[str, int]


class Specificity(NamedTuple):
    """How specific a rule is for an item; the greater wins, field by field.

    `item` is 0 unless the rule names the item itself or a system it is part of (the nearer the greater).
    """

    item: int
    activity_depth: int
    scope_depth: int
    predicates: int


@dataclass(frozen=True, slots=True)
class Selector:
    """Which items of its scope a rule is for; None or "" means any."""

    item_class_id: int | None = None
    purdue_level: str = ""
    criticality: int | None = None
    tag_id: int | None = None

    @property
    def predicates(self) -> int:
        """Return how many conditions are set.

        >>> Selector(item_class_id=4, purdue_level="2").predicates
        2
        """
        set_ones = (self.item_class_id, self.purdue_level, self.criticality, self.tag_id)
        return sum(value not in (None, "") for value in set_ones)


@dataclass(frozen=True, slots=True)
class Rule:
    """An assignment as the resolver sees it. `party` is ("role" | "person" | "team", id)."""

    id: int
    letter: str
    party: tuple[str, int]
    effect: str = "add"
    activity_depth: int = 0
    scope: ScopeKey = (ENTERPRISE, 0)
    selector: Selector = field(default=Selector())


@dataclass(frozen=True, slots=True)
class Subject:
    """What decides who owns an item. Paths are location ids, root first; systems, nearest first."""

    item_id: int = 0
    location_ids: tuple[int, ...] = ()
    zone_id: int | None = None
    zone_site_depth: int = 0
    item_class_id: int | None = None
    purdue_level: str = ""
    criticality: int | None = None
    tag_ids: frozenset[int] = frozenset()
    system_ids: tuple[int, ...] = ()


def reach(subject: Subject) -> dict[ScopeKey, tuple[int, int]]:
    """Return every scope the subject stands in, with (item nearness, scope depth).

    Depth runs from the whole enterprise (0) over the item class (1) down the location tree; a zone
    counts as a part of its site, as deep as an area.

    >>> reach(Subject(item_id=9, location_ids=(1, 4), zone_id=7, zone_site_depth=1, system_ids=(8,)))
    ... # doctest: +NORMALIZE_WHITESPACE
    {('enterprise', 0): (0, 0), ('location', 1): (0, 2), ('location', 4): (0, 3),
     ('zone', 7): (0, 4), ('item', 9): (1000, 0), ('item', 8): (999, 0)}
    """
    scopes: dict[ScopeKey, tuple[int, int]] = {(ENTERPRISE, 0): (0, 0)}
    if subject.item_class_id is not None:
        scopes[ITEM_CLASS, subject.item_class_id] = (0, 1)
    for depth, location_id in enumerate(subject.location_ids, start=2):
        scopes[LOCATION, location_id] = (0, depth)
    if subject.zone_id is not None:
        scopes[ZONE, subject.zone_id] = (0, subject.zone_site_depth + 3)
    if subject.item_id:
        scopes[ITEM, subject.item_id] = (ITSELF, 0)
    for distance, system_id in enumerate(subject.system_ids, start=1):
        scopes.setdefault((ITEM, system_id), (ITSELF - distance, 0))
    return scopes


def selects(selector: Selector, subject: Subject) -> bool:
    """Tell whether every condition that is set holds for the subject.

    >>> selects(Selector(criticality=4), Subject(criticality=4))
    True
    >>> selects(Selector(criticality=4, tag_id=2), Subject(criticality=4))
    False
    """
    return (
        (selector.item_class_id is None or selector.item_class_id == subject.item_class_id)
        and (not selector.purdue_level or selector.purdue_level == subject.purdue_level)
        and (selector.criticality is None or selector.criticality == subject.criticality)
        and (selector.tag_id is None or selector.tag_id in subject.tag_ids)
    )


def specificity(
    rule: Rule, subject: Subject, scopes: Mapping[ScopeKey, tuple[int, int]]
) -> Specificity | None:
    """Return how specific a rule is for a subject; None when it does not reach it.

    >>> subject = Subject(item_id=9, location_ids=(1, 4), criticality=4)
    >>> rule = Rule(1, "A", ("role", 5), scope=("location", 4), selector=Selector(criticality=4))
    >>> specificity(rule, subject, reach(subject))
    Specificity(item=0, activity_depth=0, scope_depth=3, predicates=1)
    >>> specificity(Rule(2, "A", ("role", 5), scope=("zone", 7)), subject, reach(subject))
    """
    found = scopes.get(rule.scope)
    if found is None or not selects(rule.selector, subject):
        return None
    return Specificity(found[0], rule.activity_depth, found[1], rule.selector.predicates)
