"""The other networks of a network's site, and what they keep it from."""

from dataclasses import dataclass

from django.db.models import Q

from assets.choices import LocationLevel
from assets.models import Location
from discovery.models import Network
from discovery.models.networks import lines_of
from discovery.rules.overlaps import Claim, denied_by, is_laxer, shared_blocks
from discovery.rules.probes import Mode
from discovery.rules.safety import OT_LEVELS, default_mode
from discovery.rules.targets import Block, TargetSet


@dataclass(frozen=True, slots=True)
class Overlap:
    """Blocks that a network shares with another one; `is_bypass` when one of the two allows what the other does not."""

    other: Network
    blocks: tuple[Block, ...]
    is_bypass: bool

    @property
    def words(self) -> str:
        """Return the blocks as text."""
        return ", ".join(map(str, self.blocks))


def overlaps_of(network: Network) -> list[Overlap]:
    """Return with which networks of its site a network shares addresses."""
    own, found = claim_of(network), []
    for other in networks_of_site(network):
        claim = claim_of(other)
        if blocks := shared_blocks(own, claim):
            is_bypass = is_laxer(own, claim) or is_laxer(claim, own)
            found.append(Overlap(other, tuple(blocks), is_bypass))
    return found


def denied_elsewhere(network: Network) -> tuple[Block, ...]:
    """Return the blocks of a network that others of its site keep out, as things stand."""
    return denied_by(claim_of(network), map(claim_of, networks_of_site(network)))


def claim_of(network: Network) -> Claim:
    """Return what a network says about addresses."""
    level = network.purdue_level
    return Claim(
        network.name,
        TargetSet.of(lines_of(network.allowed_blocks), lines_of(network.excluded_blocks)),
        Mode(network.mode) if network.mode else default_mode(level),
        level in OT_LEVELS,
    )


def networks_of_site(network: Network) -> list[Network]:
    """Return the other networks that may mean the same cable by the same address: of the site, or above it."""
    above = Location.objects.above(network.location)
    sites = [one.path for one in above if one.level == LocationLevel.SITE]
    place = sites[-1] if sites else network.location.path
    here = Q(location__path__startswith=place) | Q(location__in=above)
    rows = Network.objects.filter(here).exclude(pk=network.pk or 0).select_related("zone")
    return list(rows.order_by("name", "pk"))
