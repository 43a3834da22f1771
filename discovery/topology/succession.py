"""What became of a device: the same, renamed, readdressed, replaced by another, or impossible to tell."""

from dataclasses import dataclass
from enum import StrEnum

from discovery.topology.clashes import Clash, clash_between, profile_of
from discovery.topology.keys import Key, KeyKind, keys_of
from discovery.topology.sightings import Sighting


class Fate(StrEnum):
    """What became of what was known, in the light of what is seen now."""

    SAME = "same"
    REPLACED = "replaced"
    CONFLICTING = "conflicting"
    UNPROVEN = "unproven"
    OTHER = "other"


#: The kinds of key that mean a place and not a device.
PLACES = frozenset({KeyKind.ADDRESS, KeyKind.NAME, KeyKind.CHASSIS_NAME})


@dataclass(frozen=True)
class Succession:
    """The fate of a device, and what it rests on.

    SAME: strong keys are common (`keys`); `is_renamed` and `is_readdressed` say what else changed. REPLACED: another
    device (`clash`) stands at the same address or under the same name (`keys`). CONFLICTING: strong keys are common
    and others contradict. UNPROVEN: only address or name are common and nothing strong is known on both sides.
    OTHER: nothing in common.
    """

    fate: Fate
    keys: tuple[Key, ...] = ()
    clash: Clash | None = None
    is_renamed: bool = False
    is_readdressed: bool = False


def succession(before: Sighting, now: Sighting) -> Succession:
    """Return what became of a device as it was known, given what is seen now.

    >>> was = Sighting("item", "plant", "10.0.0.1", vendor="Moxa", serials=("TAI1021",), name="press4-sw1")
    >>> new = Sighting("seen", "plant", "10.0.0.1", vendor="Moxa", serials=("TAI2044",), name="press4-sw1")
    >>> succession(was, new).fate.value
    'replaced'
    """
    common = sorted(set(keys_of(before)) & set(keys_of(now)))
    strong = tuple(key for key in common if key.is_strong)
    places = tuple(key for key in common if key.kind in PLACES)
    clash = _clash(before, now, strong)
    if strong and clash is not None:
        return Succession(Fate.CONFLICTING, strong, clash)
    if strong:
        return Succession(
            Fate.SAME,
            strong,
            is_renamed=bool(before.name and now.name) and before.name != now.name,
            is_readdressed=_place(before) != _place(now) and bool(before.address and now.address),
        )
    if not places:
        return Succession(Fate.OTHER)
    return Succession(Fate.UNPROVEN if clash is None else Fate.REPLACED, places, clash)


def _clash(before: Sighting, now: Sighting, strong: tuple[Key, ...]) -> Clash | None:
    """Return what contradicts, judged by the most telling key that is common."""
    kind = strong[0].kind if strong else None
    return clash_between({profile_of(before), profile_of(now)}, kind)


def _place(sighting: Sighting) -> tuple[str, str]:
    return sighting.network, sighting.address
