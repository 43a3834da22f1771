"""What plant leadership sees first: who owns how much of each site, the gaps, what is coming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from raci.access import first_activity, places_to_ask
from raci.queries.site_map import SiteMap, site_map


@dataclass(frozen=True)
class SiteOwnership:
    """One site: how much has one clear owner, and the items that have none, worst first."""

    site: Any
    total: int
    owned: int
    gaps: int
    worst: Sequence[Any]
    shares: Sequence[Any]

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
    )
