"""What is wrong with ownership at a place, grouped by cause, the worst first."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from assets.models import Location
from raci.choices import FindingKind
from raci.queries.ownership import OwnedItem, owned_items
from raci.queries.resolution import PartyRef

ORDER = tuple(FindingKind)


@dataclass(frozen=True, slots=True)
class Cause:
    """One finding and everything it affects: a vacant role with its items, an unowned system."""

    kind: FindingKind
    letter: str
    parties: tuple[PartyRef, ...]
    items: tuple[OwnedItem, ...]

    @property
    def count(self) -> int:
        """Return how many items are affected."""
        return len(self.items)

    @property
    def worst(self) -> int:
        """Return the highest criticality affected."""
        return max(item.criticality for item in self.items)

    @property
    def examples(self) -> tuple[OwnedItem, ...]:
        """Return the first items to show, systems and critical ones before others."""
        return self.items[:8]


def findings_at(user: User, location: Location, *, activity_code: str, at: datetime) -> list[Cause]:
    """Return the findings about visible items at a place, by kind and parties.

    Nobody and several accountable come item by item for systems and in one group for assets; the
    rest by the party that causes it.
    """
    groups: dict[tuple[object, ...], list[OwnedItem]] = {}
    meaning: dict[tuple[object, ...], tuple[FindingKind, str, tuple[PartyRef, ...]]] = {}
    for item in owned_items(user, location, activity_code=activity_code, at=at):
        for finding in item.findings:
            parties = tuple(sorted(finding.parties, key=lambda party: party.key))
            is_alone = item.is_system and finding.kind in {FindingKind.UNOWNED, FindingKind.TIE}
            key = (finding.kind, finding.letter, parties, item.id if is_alone else 0)
            groups.setdefault(key, []).append(item)
            meaning[key] = (finding.kind, finding.letter, parties)
    causes = [
        Cause(*meaning[key], tuple(sorted(items, key=_systems_first)))
        for key, items in groups.items()
    ]
    return sorted(causes, key=lambda one: (ORDER.index(one.kind), -one.worst, -one.count))


def _systems_first(item: OwnedItem) -> tuple[bool, int, str]:
    return (not item.is_system, -item.criticality, item.name)
