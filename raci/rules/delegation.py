"""Who may stand in for whom: no self, no circle, at most two steps."""

from collections.abc import Mapping

DEPTH = 2


class DelegationError(ValueError):
    """The delegation is refused; `reason` is self, circle or depth, `chain` the people in order."""

    def __init__(self, reason: str, chain: tuple[int, ...]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.chain = chain


def check_delegation(person: int, deputy: int, deputies: Mapping[int, int]) -> None:
    """Refuse a deputy that would make a chain of more than two steps, or a circle.

    `deputies` maps each person who is away in the same time to their deputy.

    >>> check_delegation(1, 2, {2: 3})
    >>> check_delegation(1, 2, {2: 1})
    Traceback (most recent call last):
    raci.rules.delegation.DelegationError: circle
    >>> check_delegation(1, 2, {2: 3, 3: 4})
    Traceback (most recent call last):
    raci.rules.delegation.DelegationError: depth
    """
    if person == deputy:
        raise DelegationError("self", (person, deputy))
    links = {**deputies, person: deputy}
    for start in links:
        chain, is_circle = _chain(start, links)
        if person not in chain:
            continue
        if is_circle:
            raise DelegationError("circle", chain)
        if len(chain) - 1 > DEPTH:
            raise DelegationError("depth", chain)


def _chain(start: int, links: Mapping[int, int]) -> tuple[tuple[int, ...], bool]:
    """Return the people from a start to the last deputy, and whether that runs in a circle."""
    chain = [start]
    while chain[-1] in links:
        chain.append(links[chain[-1]])
        if chain[-1] in chain[:-1]:
            return tuple(chain), True
    return tuple(chain), False
