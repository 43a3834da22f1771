"""What a change to an item does to the items around it: one table by relation class and change type.

The table is the engine's only knowledge of the plant; the rest of the engine counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

RELATION_CLASSES = (
    "depends_on",
    "runs_on",
    "connects_via",
    "feeds_data",
    "powered_by",
    "controls",
    "backs_up",
    "member_of",
)
CLASS_CODE: Mapping[str, int] = MappingProxyType(
    {name: code for code, name in enumerate(RELATION_CLASSES)}
)
#: "A feeds_data B": B is the one that depends. Of all other classes the source depends.
TARGET_DEPENDS = frozenset({"feeds_data", "controls", "backs_up", "member_of"})


class ItemState(IntEnum):
    """State of an item under a change; a larger number is worse.

    >>> max(ItemState.DEGRADED, ItemState.UNKNOWN).label
    'unknown'
    """

    UP = 0
    REDUNDANCY_LOST = 1
    DEGRADED = 2
    UNKNOWN = 3
    DOWN = 4

    @property
    def label(self) -> str:
        """Return the word used in APIs and pages."""
        return self.name.lower()


class Effect(IntEnum):
    """What losing a provider does to the one that depends on it."""

    NONE = 0
    SOFT = 1
    HARD = 2


@dataclass(frozen=True, slots=True)
class ChangeEffects:
    """How one type of change acts.

    `single[c]` is the effect over a relation of class code c that stands alone, `grouped[c]` the
    effect on the dependent when a redundancy group with such members fails. A target that does not
    go down (`target_state` below DOWN) reaches its direct neighbours only.
    """

    target_state: ItemState
    single: tuple[Effect, ...]
    grouped: tuple[Effect, ...]


def _effects(target_state: ItemState, *, hard: str = "", soft: str = "") -> ChangeEffects:
    """Build the row of a change type; a group of hard classes or of members fails hard."""
    single = tuple(
        Effect.HARD
        if name in hard.split()
        else Effect.SOFT
        if name in soft.split()
        else Effect.NONE
        for name in RELATION_CLASSES
    )
    grouped = tuple(
        # A declared group of members ("2 of 3 nodes") states what its whole cannot do without.
        Effect.HARD if name == "member_of" and hard and effect else effect
        for name, effect in zip(RELATION_CLASSES, single, strict=True)
    )
    return ChangeEffects(target_state, single, grouped)


_ALL_HARD = "depends_on runs_on connects_via powered_by controls"
_OUTAGE = _effects(ItemState.DOWN, hard=_ALL_HARD, soft="feeds_data member_of")

CHANGE_EFFECTS: Mapping[str, ChangeEffects] = MappingProxyType(
    {
        "power_off": _OUTAGE,
        "firmware": _OUTAGE,
        # A restart passes before most of what merely communicates through the item gives up.
        "reboot": _effects(
            ItemState.DOWN,
            hard="depends_on runs_on powered_by controls",
            soft="connects_via feeds_data member_of",
        ),
        "configuration": _effects(
            ItemState.DEGRADED, soft="depends_on runs_on connects_via controls"
        ),
        "schema": _effects(ItemState.DEGRADED, soft="depends_on feeds_data"),
        "open_port": _effects(ItemState.UP, soft="connects_via"),
    }
)
OUTAGE = CHANGE_EFFECTS["power_off"]


def depends_direction(source: int, target: int, relation_class: str) -> tuple[int, int]:
    """Return (dependent, provider) of a relation.

    >>> depends_direction(1, 2, "runs_on")
    (1, 2)
    >>> depends_direction(1, 2, "feeds_data")
    (2, 1)
    """
    return (target, source) if relation_class in TARGET_DEPENDS else (source, target)
