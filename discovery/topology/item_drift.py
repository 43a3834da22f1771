"""What changed between two scans of a network's devices: new, gone, changed, renamed, replaced, or not looked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from discovery.topology.keys import Key, keys_of
from discovery.topology.sightings import Sighting
from discovery.topology.succession import Fate, Succession, succession


@dataclass(frozen=True)
class Item:
    """A device as one scan knows it. `attributes` are its values; `observers` who told of it (itself, when it answered)."""

    sighting: Sighting
    attributes: Mapping[str, str] = field(default_factory=dict)
    observers: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Return its name within the scan."""
        return self.sighting.key


@dataclass(frozen=True, order=True)
class Value:
    """An attribute with another value; "" is none."""

    item: str
    attribute: str
    was: str
    now: str


@dataclass(frozen=True)
class Pair:
    """An item of before, one of now, and what became of it."""

    was: str
    now: str
    succession: Succession


@dataclass(frozen=True)
class ItemDrift:
    """The difference of two scans; all parts in order of keys.

    `unseen` are items that may still be there: who told of them could not be read, or not whole. `unproven` are pairs
    of which only address or name are common: a person decides whether it is one device.
    """

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    renamed: tuple[Pair, ...] = ()
    readdressed: tuple[Pair, ...] = ()
    replaced: tuple[Pair, ...] = ()
    conflicting: tuple[Pair, ...] = ()
    unproven: tuple[Pair, ...] = ()
    unseen: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        changes = (self.new, self.gone, self.values, self.renamed, self.readdressed, self.replaced)
        return any((*changes, self.conflicting, self.unproven))


def item_drift(
    before: Iterable[Item], now: Iterable[Item], looked: frozenset[str] = frozenset()
) -> ItemDrift:
    """Return what changed between two scans.

    `looked` names the observers that were read now with their tables whole: absence counts only where one that told
    of an item before looked again. A device is followed by its strong keys first, then by its place.
    """
    was = {item.key: item for item in before}
    seen = {item.key: item for item in now}
    pairs = _paired(was, seen)
    same = [pair for pair in pairs if pair.succession.fate is Fate.SAME]
    left = set(was) - {pair.was for pair in pairs}
    gone = {key for key in left if was[key].observers & looked}
    return ItemDrift(
        new=tuple(sorted(set(seen) - {pair.now for pair in pairs})),
        gone=tuple(sorted(gone)),
        values=tuple(value for pair in same for value in _values(was[pair.was], seen[pair.now])),
        renamed=tuple(pair for pair in same if pair.succession.is_renamed),
        readdressed=tuple(pair for pair in same if pair.succession.is_readdressed),
        replaced=_of(pairs, Fate.REPLACED),
        conflicting=_of(pairs, Fate.CONFLICTING),
        unproven=_of(pairs, Fate.UNPROVEN),
        unseen=tuple(sorted(left - gone)),
    )


def _of(pairs: Iterable[Pair], fate: Fate) -> tuple[Pair, ...]:
    return tuple(pair for pair in pairs if pair.succession.fate is fate)


def _paired(was: Mapping[str, Item], seen: Mapping[str, Item]) -> list[Pair]:
    """Return which item is followed by which: each once, the surest first."""
    candidates = _candidates(was, seen)
    ranked: list[tuple[int, int, str, str, Succession]] = []
    for before, now in candidates:
        fate = succession(was[before].sighting, seen[now].sighting)
        if fate.fate is not Fate.OTHER:
            ranked.append((list(Fate).index(fate.fate), -len(fate.keys), before, now, fate))
    ranked.sort(key=lambda one: one[:4])
    taken_before, taken_now = set[str](), set[str]()
    pairs: list[Pair] = []
    for _, _, before, now, found in ranked:
        if before not in taken_before and now not in taken_now:
            taken_before.add(before)
            taken_now.add(now)
            pairs.append(Pair(before, now, found))
    return sorted(pairs, key=lambda pair: (pair.was, pair.now))


def _candidates(was: Mapping[str, Item], seen: Mapping[str, Item]) -> set[tuple[str, str]]:
    holders: dict[Key, list[str]] = defaultdict(list)
    for name, item in seen.items():
        for key in keys_of(item.sighting):
            holders[key].append(name)
    return {
        (before, now)
        for before, item in was.items()
        for key in keys_of(item.sighting)
        for now in holders.get(key, ())
    }


def _values(was: Item, now: Item) -> list[Value]:
    """Return the attributes that changed; one that is not told any more is no change."""
    return [
        Value(now.key, name, was.attributes.get(name, ""), value)
        for name, value in sorted(now.attributes.items())
        if value and value != was.attributes.get(name, "")
    ]
