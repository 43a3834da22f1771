"""What plant leadership sees first: who owns how much of each site, the gaps, what is coming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from raci.access import first_activity, places_to_ask
from raci.queries.site_map import Section, SiteMap, site_map

MOST_AREAS = 12


@dataclass(frozen=True)
class Area:
    """An area of a site; how many items it holds, and how many without a clear owner, beside the largest area."""

    section: Section
    largest: int

    @property
    def percent(self) -> float:
        """How many items stand here, the largest area being 100."""
        return 100 * self.section.count / self.largest

    @property
    def gap_percent(self) -> float:
        """How many stand here without a clear owner, the largest area being 100."""
        return 100 * self.section.gaps / self.largest


@dataclass(frozen=True)
class SiteOwnership:
    """One site: how much has one clear owner, and the items that have none, worst first."""

    site: Any
    total: int
    owned: int
    gaps: int
    worst: Sequence[Any]
    shares: Sequence[Any]
    areas: Sequence[Any]

    @property
    def percent(self) -> int:
        """How much of the site has one clear owner, 0 to 100."""
        return 100 * self.owned // self.total if self.total else 0


def ownership_by_site(user: User, *, at: datetime, site_path: str = "") -> list[SiteOwnership]:
    """Return each visible site's ownership; empty while no activity is defined."""
    activity = first_activity(user)
    if not activity:
        return []
    sites = places_to_ask(user).filter(level="site", path__startswith=site_path)
    return [_summary(site_map(user, site, activity_code=activity, at=at)) for site in sites]


def _summary(found: SiteMap) -> SiteOwnership:
    return SiteOwnership(
        site=found.location,
        total=found.total,
        owned=found.total - found.unclear,
        gaps=found.unclear,
        worst=found.gaps[:6],
        shares=found.shares[:6],
        areas=_areas(found.sections),
    )


def _areas(sections: Sequence[Section]) -> list[Area]:
    largest = max((one.count for one in sections), default=0)
    return [Area(one, largest) for one in sections if one.count][:MOST_AREAS]
