"""Which addresses a network's discovery may touch: default deny, exclusions always win (OT-safe rule 1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from itertools import islice

Address = IPv4Address | IPv6Address
Block = IPv4Network | IPv6Network

#: More targets than this in one scan is a mistake in a prefix, not a plan.
MOST_TARGETS = 65_536


class BadTargetError(ValueError):
    """Text that is neither an address nor a block; the message names it."""


def block(text: str) -> Block:
    """Return the block that text names; an address is a block of one.

    Everything but an address or a prefix is refused, so no text can reach a tool as an option.

    >>> block("10.20.0.0/22").num_addresses
    1024
    >>> block("--script=vuln 10.0.0.1")
    Traceback (most recent call last):
    discovery.rules.targets.BadTargetError: “--script=vuln 10.0.0.1” is not an address like 10.20.0.7 or a block like 10.20.0.0/24.
    """
    try:
        return ip_network(text.strip(), strict=True)
    except ValueError as error:
        raise BadTargetError(_sentence(text, error)) from error


def address(text: str) -> Address:
    """Return one address; BadTargetError names anything else, a scoped one (fe80::1%eth0) too."""
    try:
        found = ip_address(text.strip())
    except ValueError as error:
        raise BadTargetError(_sentence(text, error)) from error
    if getattr(found, "scope_id", None):
        raise BadTargetError(_sentence(text, ValueError()))
    return found


def _sentence(text: str, error: ValueError) -> str:
    if "host bits" in str(error):
        return f"“{text}” has host bits set: write the block's first address, as in 10.20.0.0/24."
    return f"“{text}” is not an address like 10.20.0.7 or a block like 10.20.0.0/24."


@dataclass(frozen=True, slots=True)
class TargetSet:
    """What is allowed, minus what is excluded."""

    allowed: tuple[Block, ...]
    excluded: tuple[Block, ...] = ()

    @classmethod
    def of(cls, allowed: Iterable[str], excluded: Iterable[str] = ()) -> "TargetSet":
        """Return the set that lists of text describe.

        >>> cell = TargetSet.of(["10.1.0.0/29"], ["10.1.0.4/31"])
        >>> [str(one) for one in cell.addresses()]
        ['10.1.0.1', '10.1.0.2', '10.1.0.3', '10.1.0.6']
        """
        return cls(tuple(map(block, allowed)), tuple(map(block, excluded)))

    def __contains__(self, one: Address) -> bool:
        return _inside(one, self.allowed) and not _inside(one, self.excluded)

    def addresses(self) -> Iterator[Address]:
        """Yield every address that may be touched, in order, each once."""
        seen: list[Block] = []
        for part in sorted(self.allowed, key=lambda one: (one.version, one)):
            for one in part.hosts():
                if not _inside(one, self.excluded) and not _inside(one, seen):
                    yield one
            seen.append(part)

    @property
    def count(self) -> int:
        """Return how many addresses there are, without walking them: a block may be large.

        >>> TargetSet.of(["10.1.0.0/29", "fd00::/64"], ["10.1.0.4/31"]).count
        18446744073709551619
        """
        return sum(self._count(version) for version in (4, 6))

    def _count(self, version: int) -> int:
        left_out = [_whole(one) for one in self.excluded if one.version == version]
        total = 0
        for part in sorted(one for one in self.allowed if one.version == version):
            total += _length_without(_hosts(part), left_out)
            left_out.append(_whole(part))
        return total

    def first(self, limit: int = MOST_TARGETS) -> list[Address]:
        """Return the addresses; BadTargetError when there are more than `limit`."""
        found = list(islice(self.addresses(), limit + 1))
        if len(found) > limit:
            blocks = ", ".join(map(str, self.allowed))
            raise BadTargetError(
                f"{blocks} holds more than {limit:,} addresses; scan it in smaller blocks."
            )
        return found


Stretch = tuple[int, int]


def _whole(part: Block) -> Stretch:
    return int(part.network_address), int(part.broadcast_address)


def _hosts(part: Block) -> Stretch:
    """Return the first and last address that `hosts()` yields."""
    first, last = _whole(part)
    if last - first < 2:
        return first, last
    return first + 1, last - (part.version == 4)


def _length_without(stretch: Stretch, others: Iterable[Stretch]) -> int:
    """Return how many whole numbers of a stretch stand in none of the others."""
    place, last = stretch
    found = 0
    for starts, ends in sorted(others):
        if ends < place:
            continue
        if starts > last:
            break
        found += max(starts - place, 0)
        place = max(place, ends + 1)
    return found + max(last - place + 1, 0)


def _inside(one: Address, blocks: Iterable[Block]) -> bool:
    return any(one.version == part.version and one in part for part in blocks)
