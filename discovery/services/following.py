"""What follows once a scan's devices are compared with the inventory: who was seen or missed, who answers for the new."""

from dataclasses import dataclass
from datetime import datetime

from discovery.models import Scan
from discovery.services.owners import Owned, note_owners
from discovery.services.presences import PresenceCounts, note_presence


@dataclass(frozen=True)
class Followed:
    """What was noted of a scan."""

    presence: PresenceCounts
    owned: Owned


def follow(*, scan: Scan, now: datetime) -> Followed:
    """Note presence and owners; a second call for the same scan adds nothing."""
    presence = note_presence(scan=scan, now=now)
    return Followed(presence, note_owners(scan=scan, now=now))
