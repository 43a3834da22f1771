"""Which item of the CMDB an observed device is: strong keys first, then name and site, never an address alone.

Pure: observed devices and known items are both `Sighting`s; what is undecidable goes to a person with its reason.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from discovery.topology.clashes import Clash, clash_between, profile_of
from discovery.topology.identity import merge_candidates
from discovery.topology.keys import Key, KeyKind, keys_of
from discovery.topology.sightings import Sighting

#: Nothing a person said no to is asked again: (item, the observed device's first key).
NotSame = Collection[tuple[str, Key]]


class Verdict(StrEnum):
    """What an observed device is to the CMDB."""

    KNOWN = "known"
    NEW = "new"
    AMBIGUOUS = "ambiguous"
    REPLACED = "replaced"
    WEAK = "weak"
    DELETED = "deleted"
    RETIRED = "retired"


@dataclass(frozen=True)
class Match:
    """The verdict on one observed device. `items` is the one item it is, or those a person has to choose from.

    `keys` are what connects it with them; `clash` is what speaks against. `leader` is the first observed device
    that is the same one (itself, mostly).
    """

    key: str
    verdict: Verdict
    leader: str
    items: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    clash: Clash | None = None


def match(
    observed: Sequence[Sighting],
    items: Sequence[Sighting],
    *,
    not_same: NotSame = (),
    deleted: Mapping[Key, str] | None = None,
    retired: Mapping[Key, str] | None = None,
) -> dict[str, Match]:
    """Return the verdict on every observed device, by its key.

    `deleted` holds keys of items that people have deleted, `retired` strong keys of items they have retired: such a
    device is not silently made again.

    >>> seen = Sighting("o1", "cell", "10.0.0.4", vendor="Moxa", serials=("TAI1021",), name="sw4")
    >>> sw4 = Sighting("item:7", "cell", vendor="MOXA Inc.", serials=("TAI1021",), name="old-name")
    >>> match([seen], [sw4])["o1"].items
    ('item:7',)
    >>> other = Sighting("item:8", "cell", vendor="Moxa", serials=("TAI0007",), name="sw4")
    >>> match([seen], [other])["o1"].verdict.value, match([seen], [other])["o1"].clash.value
    ('replaced', 'serial-differs')
    """
    return _Matching(observed, items, not_same, deleted or {}, retired or {}).result()


class _Matching:
    """One run of matching."""

    def __init__(
        self,
        observed: Sequence[Sighting],
        items: Sequence[Sighting],
        not_same: NotSame,
        deleted: Mapping[Key, str],
        retired: Mapping[Key, str],
    ) -> None:
        self.observed = {one.key: one for one in observed}
        self.items = {one.key: one for one in items}
        self.not_same = frozenset(not_same)
        self.deleted, self.retired = deleted, retired
        self.weak: dict[Key, list[str]] = defaultdict(list)
        for item in items:
            for key in keys_of(item):
                if not key.is_strong:
                    self.weak[key].append(item.key)

    def result(self) -> dict[str, Match]:
        """Match by strong keys, then what is left by weak ones."""
        merges = merge_candidates([*self.observed.values(), *self.items.values()])
        disputes: dict[str, list[tuple[Clash, tuple[Key, ...], tuple[str, ...]]]] = defaultdict(
            list
        )
        for conflict in merges.conflicts:
            known = tuple(one for one in conflict.members if one in self.items)
            for member in conflict.members:
                if member in self.observed and known:
                    disputes[member].append((conflict.clash, conflict.keys, known))
        found: dict[str, Match] = {}
        for group in merges.groups:
            seen = [member for member in group.members if member in self.observed]
            if not seen:
                continue
            items = tuple(one for one in group.members if one in self.items)
            for one in seen:
                found[one] = self._of_group(one, seen[0], items, group.keys, disputes[one])
        return found

    def _of_group(
        self,
        one: str,
        leader: str,
        items: tuple[str, ...],
        keys: tuple[Key, ...],
        disputes: Sequence[tuple[Clash, tuple[Key, ...], tuple[str, ...]]],
    ) -> Match:
        items = self._not_refused(one, items)
        if len(items) == 1:
            return Match(one, Verdict.KNOWN, leader, items, keys)
        if items:
            return Match(one, Verdict.AMBIGUOUS, leader, items, keys)
        for clash, shared, known in disputes:
            if known := self._not_refused(one, known):
                is_other = clash is Clash.SERIAL_DIFFERS and len(known) == 1
                verdict = Verdict.REPLACED if is_other else Verdict.AMBIGUOUS
                return Match(one, verdict, leader, known, shared, clash)
        return self._by_weak_keys(one, leader)

    def _by_weak_keys(self, one: str, leader: str) -> Match:
        """Match by name and site; an address or a bare serial number alone is a question for a person."""
        sighting = self.observed[one]
        shared: dict[str, set[Key]] = defaultdict(set)
        for key in keys_of(sighting):
            for item in self._not_refused(one, self.weak.get(key, ())):
                shared[item].add(key)
        fitting, clashing = self._split(sighting, shared)
        found = self._fitting(one, leader, fitting)
        if found is None or found.verdict is not Verdict.KNOWN:
            # That it was retired says more than whose address it has.
            found = self._retired(one, leader) or found
        if found:
            return found
        if found := self._replaced(one, leader, clashing):
            return found
        for key in keys_of(sighting):
            if key in self.deleted:
                return Match(one, Verdict.DELETED, leader, (self.deleted[key],), (key,))
        return Match(one, Verdict.NEW, leader)

    def _retired(self, one: str, leader: str) -> Match | None:
        for key in keys_of(self.observed[one]):
            if key in self.retired and self._not_refused(one, [self.retired[key]]):
                return Match(one, Verdict.RETIRED, leader, (self.retired[key],), (key,))
        return None

    def _split(
        self, sighting: Sighting, shared: Mapping[str, set[Key]]
    ) -> tuple[dict[str, set[Key]], dict[str, tuple[set[Key], Clash]]]:
        fitting: dict[str, set[Key]] = {}
        clashing: dict[str, tuple[set[Key], Clash]] = {}
        for item, keys in shared.items():
            clash = clash_between([profile_of(sighting), profile_of(self.items[item])], None)
            if clash is None:
                fitting[item] = keys
            else:
                clashing[item] = (keys, clash)
        return fitting, clashing

    @staticmethod
    def _fitting(one: str, leader: str, fitting: Mapping[str, set[Key]]) -> Match | None:
        if not fitting:
            return None
        telling = [item for item, keys in fitting.items() if _is_telling(keys)]
        chosen = tuple(sorted(telling or fitting))
        keys = tuple(sorted(set().union(*(fitting[item] for item in chosen))))
        if len(telling) == 1:
            return Match(one, Verdict.KNOWN, leader, chosen, keys)
        verdict = Verdict.AMBIGUOUS if len(chosen) > 1 else Verdict.WEAK
        return Match(one, verdict, leader, chosen, keys)

    def _replaced(
        self, one: str, leader: str, clashing: Mapping[str, tuple[set[Key], Clash]]
    ) -> Match | None:
        """Return the question whether this is the successor of an item of the same name or address.

        Another device of another name at an address that was given anew is simply new.
        """
        for item, (keys, clash) in sorted(clashing.items()):
            kinds = {key.kind for key in keys}
            both_named = bool(self.observed[one].name and self.items[item].name)
            if kinds == {KeyKind.ADDRESS} and both_named:
                continue
            return Match(one, Verdict.REPLACED, leader, (item,), tuple(sorted(keys)), clash)
        return None

    def _not_refused(self, one: str, items: Iterable[str]) -> tuple[str, ...]:
        if not self.not_same:
            return tuple(items)
        keys = keys_of(self.observed[one])
        refused = {item for item, key in self.not_same if key in keys}
        return tuple(item for item in items if item not in refused)


def _is_telling(keys: Collection[Key]) -> bool:
    """Tell whether weak keys prove enough together: a name at its site, or a bare serial number and an address."""
    kinds = {key.kind for key in keys}
    return KeyKind.NAME in kinds or (
        KeyKind.BARE_SERIAL in kinds and bool(kinds & {KeyKind.ADDRESS, KeyKind.CHASSIS_NAME})
    )
