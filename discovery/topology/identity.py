"""Which observations are one device, and why: strong keys merge, weak keys never do, contradictions go to a person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations

from discovery.topology.clashes import Clash, clash_between, profile_of
from discovery.topology.joining import Joined, check_distinct
from discovery.topology.keys import STRONG, Key, KeyKind, keys_of
from discovery.topology.sightings import Sighting, sighting_of

__all__ = [
    "Clash",
    "Conflict",
    "Group",
    "Key",
    "KeyKind",
    "Merges",
    "Sighting",
    "Suggestion",
    "keys_of",
    "merge_candidates",
    "sighting_of",
]

#: A key under which more than this many different things are known is nobody's.
MOST_PROFILES = 64
#: A weak key that more devices than this share suggests nothing.
MOST_ALIKE = 4


@dataclass(frozen=True, order=True)
class Conflict:
    """Sightings that share keys and yet cannot be one device: a person decides."""

    members: tuple[str, ...]
    keys: tuple[Key, ...]
    clash: Clash


@dataclass(frozen=True, order=True)
class Group:
    """Sightings that are one device, and the strong keys that say so (none for a device seen once)."""

    members: tuple[str, ...]
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, order=True)
class Suggestion:
    """Two sightings that only weak keys connect: worth a look, never merged."""

    members: tuple[str, str]
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Merges:
    """Every sighting in exactly one group; all parts in order."""

    groups: tuple[Group, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def merged(self) -> tuple[Group, ...]:
        """Return the groups of more than one sighting."""
        return tuple(group for group in self.groups if len(group.members) > 1)


def merge_candidates(sightings: Iterable[Sighting]) -> Merges:
    """Return which sightings are one device and why, which conflict, and which only look alike.

    Strong keys are taken kind by kind, the most telling first. A key connects everybody who has it, unless any two
    of them contradict each other (`clashes`): then it connects nobody and the case is a conflict. The
    order of the sightings does not matter. Raises ValueError when two of them have the same key.

    >>> seen = [Sighting("a", vendor="Moxa", serials=("TAI1021",)), Sighting("b", vendor="Moxa", serials=("TAI1021",))]
    >>> merge_candidates(seen).groups[0].members
    ('a', 'b')
    """
    every = list(sightings)
    check_distinct(one.key for one in every)
    return _Merging({one.key: one for one in every}).result()


class _Merging:
    """One run of merging: the sightings, who holds which key, and the groups as they grow."""

    def __init__(self, sightings: dict[str, Sighting]) -> None:
        self.profiles = {key: profile_of(one) for key, one in sightings.items()}
        self.holders: dict[Key, list[str]] = {}
        for name in sorted(sightings):
            for key in keys_of(sightings[name]):
                self.holders.setdefault(key, []).append(name)
        self.shared: dict[KeyKind, list[Key]] = {}
        for key, names in self.holders.items():
            if len(names) > 1:
                self.shared.setdefault(key.kind, []).append(key)
        self.joined = Joined(sorted(sightings))
        self.conflicts: dict[tuple[tuple[str, ...], Clash], set[Key]] = {}

    def result(self) -> Merges:
        """Merge kind by kind and return what came of it."""
        for kind in STRONG:
            self._merge(kind)
        return Merges(self._groups(), self._all_conflicts(), tuple(sorted(self._suggestions())))

    def _merge(self, kind: KeyKind) -> None:
        """Join what the keys of one kind connect; nothing of it depends on which key comes first."""
        edges: list[tuple[Key, list[str]]] = []
        for key in self._shared(kind):
            roots = sorted({self.joined.root(name) for name in self.holders[key]})
            if len(roots) > 1 and not self._is_refused((key,), roots, kind):
                edges.append((key, roots))
        tentative = Joined(sorted({root for _, roots in edges for root in roots}))
        for _, roots in edges:
            tentative.join(roots)
        keys: dict[str, list[Key]] = {}
        for key, roots in edges:
            keys.setdefault(tentative.root(roots[0]), []).append(key)
        for roots in tentative.groups():
            if not self._is_refused(tuple(keys[roots[0]]), roots, kind):
                self.joined.join(roots)

    def _is_refused(self, keys: tuple[Key, ...], roots: list[str], kind: KeyKind) -> bool:
        """Return whether groups must not become one; that they share keys all the same is a conflict."""
        members = [name for root in roots for name in self.joined.members(root)]
        clash = self._clash(members, kind)
        if clash is None:
            return False
        if clash is not Clash.LITTLE_IN_COMMON:
            self.conflicts.setdefault((tuple(sorted(members)), clash), set()).update(keys)
        return True

    def _clash(self, members: list[str], kind: KeyKind | None) -> Clash | None:
        profiles = {self.profiles[name] for name in members}
        if len(profiles) > MOST_PROFILES:
            return Clash.SHARED_TOO_WIDELY
        return clash_between(profiles, kind)

    def _shared(self, kind: KeyKind) -> list[Key]:
        return sorted(self.shared.get(kind, ()))

    def _groups(self) -> tuple[Group, ...]:
        keys: dict[str, list[Key]] = {}
        for kind in STRONG:
            for key in self._shared(kind):
                roots = [self.joined.root(name) for name in self.holders[key]]
                for root in {one for one in roots if roots.count(one) > 1}:
                    keys.setdefault(root, []).append(key)
        return tuple(
            Group(tuple(members), tuple(keys.get(self.joined.root(members[0]), ())))
            for members in self.joined.groups()
        )

    def _all_conflicts(self) -> tuple[Conflict, ...]:
        return tuple(
            sorted(
                Conflict(members, tuple(sorted(keys)), clash)
                for (members, clash), keys in self.conflicts.items()
            )
        )

    def _suggestions(self) -> Iterator[Suggestion]:
        found: dict[tuple[str, str], set[Key]] = {}
        weak = (keys for kind, keys in self.shared.items() if kind not in STRONG)
        for key in chain.from_iterable(weak):
            roots = sorted({self.joined.root(name) for name in self.holders[key]})
            if len(roots) <= MOST_ALIKE:
                for pair in combinations(roots, 2):
                    found.setdefault((pair[0], pair[1]), set()).add(key)
        for pair, keys in found.items():
            members = [name for root in pair for name in self.joined.members(root)]
            if self._clash(members, None) is None:
                yield Suggestion(pair, tuple(sorted(keys)))
