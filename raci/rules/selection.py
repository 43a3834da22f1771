"""Which of the rules that reach an item win, letter by letter."""

from collections.abc import Iterable
from dataclasses import dataclass

from raci.rules.specificity import Rule, Specificity, Subject, reach, specificity

Ranked = tuple[Specificity, Rule]


@dataclass(frozen=True, slots=True)
class Selection:
    """The winning rules per letter, most specific first. Two in `accountable` are a tie."""

    accountable: tuple[Rule, ...] = ()
    responsible: tuple[Rule, ...] = ()
    consulted: tuple[Rule, ...] = ()
    informed: tuple[Rule, ...] = ()

    @property
    def is_tied(self) -> bool:
        """Whether different parties are accountable with equal right."""
        return len(self.accountable) > 1


def select(rules: Iterable[Rule], subject: Subject) -> Selection:
    """Return who gets which letter for a subject, among rules of the activity and those above it.

    Blocked rules go first. A belongs to the most specific rule; different parties there are a tie and
    both are returned. R, C and I are the union from the most specific down to the first override.

    >>> site, line = ("location", 4), ("location", 6)
    >>> rules = [
    ...     Rule(1, "A", ("role", 5), scope=site),
    ...     Rule(2, "A", ("role", 6), scope=line),
    ...     Rule(3, "R", ("role", 7), scope=site),
    ...     Rule(4, "R", ("role", 8), scope=line, effect="override"),
    ... ]
    >>> at_line = select(rules, Subject(location_ids=(1, 4, 6)))
    >>> [rule.party for rule in at_line.accountable], [rule.party for rule in at_line.responsible]
    ([('role', 6)], [('role', 8)])
    """
    scopes = reach(subject)
    ranked = [
        (rank, rule) for rule in rules if (rank := specificity(rule, subject, scopes)) is not None
    ]
    ranked.sort(key=lambda pair: (pair[0], -pair[1].id), reverse=True)
    kept = _without_blocked(ranked)
    return Selection(
        accountable=_most_specific([pair for pair in kept if pair[1].letter == "A"]),
        responsible=_down_to_override([pair for pair in kept if pair[1].letter == "R"]),
        consulted=_down_to_override([pair for pair in kept if pair[1].letter == "C"]),
        informed=_down_to_override([pair for pair in kept if pair[1].letter == "I"]),
    )


def _without_blocked(ranked: list[Ranked]) -> list[Ranked]:
    """Drop the blocks and what they block: same letter and party, no more specific than the block."""
    blocks: dict[tuple[str, tuple[str, int]], Specificity] = {}
    for rank, rule in ranked:
        if rule.effect == "block":
            blocks.setdefault((rule.letter, rule.party), rank)
    return [
        (rank, rule)
        for rank, rule in ranked
        if rule.effect != "block"
        and not ((block := blocks.get((rule.letter, rule.party))) and rank <= block)
    ]


def _most_specific(ranked: list[Ranked]) -> tuple[Rule, ...]:
    """Return one rule per party of the highest rank."""
    return _one_per_party([rule for rank, rule in ranked if rank == ranked[0][0]])


def _down_to_override(ranked: list[Ranked]) -> tuple[Rule, ...]:
    """Return one rule per party, as far down as the rank of the first override."""
    floor = next((rank for rank, rule in ranked if rule.effect == "override"), None)
    return _one_per_party([rule for rank, rule in ranked if floor is None or rank >= floor])


def _one_per_party(rules: list[Rule]) -> tuple[Rule, ...]:
    parties: dict[tuple[str, int], Rule] = {}
    for rule in rules:
        parties.setdefault(rule.party, rule)
    return tuple(parties.values())
