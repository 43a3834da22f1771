"""What networks of one site keep each other from: the stricter one's word holds, through whichever one asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from discovery.rules.probes import Mode
from discovery.rules.targets import Block, TargetSet

RANK = {Mode.PASSIVE: 0, Mode.SNMP_ONLY: 1, Mode.GENTLE: 2, Mode.IT: 3}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a network says about addresses: which it allows and leaves out, and how much it allows there."""

    name: str
    targets: TargetSet
    mode: Mode
    is_ot: bool


def is_laxer(one: Claim, other: Claim) -> bool:
    """Tell whether a network allows something that another one does not: more requests, or no consent and window."""
    return RANK[one.mode] > RANK[other.mode] or (other.is_ot and not one.is_ot)


def denied_by(one: Claim, others: Iterable[Claim]) -> tuple[Block, ...]:
    """Return the blocks inside what a network allows that others of its site keep out.

    All that a stricter network allows or leaves out; and what any leaves out, but a block which this network allows as
    such: an office network that leaves out a cell with a network of its own leaves it to that network. A single address
    that is left out is left out everywhere.

    >>> office = Claim("office", TargetSet.of(["10.0.0.0/16"], ["10.0.4.0/24"]), Mode.IT, False)
    >>> cell = Claim("cell", TargetSet.of(["10.0.4.0/24"], ["10.0.4.7"]), Mode.SNMP_ONLY, True)
    >>> [str(block) for block in denied_by(cell, [office])]
    []
    >>> [str(block) for block in denied_by(office, [cell])]
    ['10.0.4.0/24', '10.0.4.7/32']
    """
    found: list[Block] = []
    for other in others:
        if is_laxer(one, other):
            found += _common(one.targets.allowed, other.targets.allowed)
            found += _common(one.targets.allowed, other.targets.excluded)
        else:
            found += [
                block
                for block in other.targets.excluded
                if any(_holds(whole, block) for whole in one.targets.allowed)
                and not _is_carved_out(block, one.targets.allowed)
            ]
    return tuple(dict.fromkeys(found))


def shared_blocks(one: Claim, other: Claim) -> list[Block]:
    """Return the blocks that two networks both allow, as far as neither leaves them out.

    >>> office = Claim("office", TargetSet.of(["10.0.0.0/16"]), Mode.IT, False)
    >>> cell = Claim("cell", TargetSet.of(["10.0.4.0/24"]), Mode.SNMP_ONLY, True)
    >>> [str(block) for block in shared_blocks(office, cell)]
    ['10.0.4.0/24']
    """
    left_out = _collapsed([*one.targets.excluded, *other.targets.excluded])
    common = _common(one.targets.allowed, other.targets.allowed)
    return [block for block in common if not any(_holds(whole, block) for whole in left_out)]


def _common(some: Iterable[Block], others: Iterable[Block]) -> list[Block]:
    """Return where blocks overlap: of two that do, one holds the other."""
    held = list(others)
    found: list[Block] = []
    for one in some:
        found += [other for other in held if _holds(one, other)]
        found += [one for other in held if other != one and _holds(other, one)]
    return found


def _is_carved_out(block: Block, allowed: Iterable[Block]) -> bool:
    return block.num_addresses > 1 and any(_holds(block, one) for one in allowed)


def _holds(whole: Block, part: Block) -> bool:
    return (
        whole.version == part.version
        and int(whole.network_address) <= int(part.network_address)
        and int(part.broadcast_address) <= int(whole.broadcast_address)
    )


def _collapsed(blocks: Iterable[Block]) -> list[Block]:
    given = list(blocks)
    fours = [block for block in given if isinstance(block, IPv4Network)]
    sixes = [block for block in given if isinstance(block, IPv6Network)]
    return [*collapse_addresses(fours), *collapse_addresses(sixes)]
