"""What speaks against two sightings being one device, however many keys they share."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from discovery.topology.keys import KeyKind, hardware_of, serials_of
from discovery.topology.placeholders import plain_word
from discovery.topology.sightings import Sighting


class Clash(StrEnum):
    """Why sightings that share a key are not merged."""

    SERIAL_DIFFERS = "serial-differs"
    HARDWARE_DIFFERS = "hardware-differs"
    MODEL_DIFFERS = "model-differs"
    SHARED_TOO_WIDELY = "shared-too-widely"
    LITTLE_IN_COMMON = "little-in-common"


@dataclass(frozen=True)
class Profile:
    """What two sightings can contradict each other in. `hardware` is whole when `knows_hardware`."""

    serials: frozenset[str]
    hardware: frozenset[str]
    knows_hardware: bool
    model: str


@lru_cache(maxsize=1 << 12)
def profile_of(sighting: Sighting) -> Profile:
    """Return what of a sighting can contradict others."""
    hardware = hardware_of(sighting)
    return Profile(
        serials_of(sighting),
        hardware,
        sighting.knows_all_macs and bool(hardware),
        plain_word(sighting.model),
    )


def clash_between(profiles: Collection[Profile], kind: KeyKind | None) -> Clash | None:
    """Return why not all of these can be one device, None when nothing speaks against it.

    `kind` is the kind of key they share: a single interface's address proves less than a serial number does.
    """
    found = {clash_of(one, other, kind) for one, other in combinations(profiles, 2)}
    return min((one for one in found if one is not None), key=list(Clash).index, default=None)


def clash_of(one: Profile, other: Profile, kind: KeyKind | None) -> Clash | None:
    """Return why two sightings are two devices, None when they can be one.

    Serial numbers differ when none is common: a stack may lose or gain one.

    >>> a = Profile(frozenset({"TAI1"}), frozenset(), False, "")
    >>> b = Profile(frozenset({"TAI2"}), frozenset(), False, "")
    >>> clash_of(a, b, KeyKind.MAC).value
    'serial-differs'
    """
    if one.serials and other.serials and not one.serials & other.serials:
        return Clash.SERIAL_DIFFERS
    if one.knows_hardware and other.knows_hardware:
        common = one.hardware & other.hardware
        if not common:
            return Clash.HARDWARE_DIFFERS
        if kind is KeyKind.MAC and 2 * len(common) <= min(len(one.hardware), len(other.hardware)):
            return Clash.LITTLE_IN_COMMON
    if kind is KeyKind.SERIAL and _models_differ(one.model, other.model):
        return Clash.MODEL_DIFFERS
    return None


def _models_differ(one: str, other: str) -> bool:
    return bool(one and other) and one not in other and other not in one
