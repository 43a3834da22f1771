"""Trying rules before they are taken on: whether their examples hold, and whether an expression could be slow."""

from dataclasses import dataclass

from discovery.identification.identify import identify
from discovery.identification.patterns import slowest_search
from discovery.identification.rules import Rule, RuleSet
from discovery.identification.values import Attribute
from discovery.rules.readings import Reading

#: A search that takes longer on a hostile text makes a rule unfit.
MOST_SECONDS = 0.2


@dataclass(frozen=True)
class Failure:
    """An example that does not come out as its author says; "" is unknown."""

    rule: str
    number: int
    attribute: Attribute
    expected: str
    found: str


def failing_examples(rules: RuleSet) -> list[Failure]:
    """Return every attribute of every example that comes out differently when all these rules are asked."""
    return [
        Failure(rule.name, number, attribute, expected or "", found)
        for rule in rules.rules
        for number, example in enumerate(rule.examples)
        for identity in [identify(Reading(example.varbinds), rules)]
        for attribute, expected in example.expected.items()
        if (found := identity.value(attribute)) != (expected or "")
    ]


def slow_expressions(rule: Rule, most_seconds: float = MOST_SECONDS) -> list[str]:
    """Return the expressions of a rule that a hostile text slows down past a limit in seconds."""
    patterns = [match.pattern for match in rule.when.matches]
    patterns += [cut.pattern for cuts in rule.cuts.values() for cut in cuts]
    return [
        pattern.pattern
        for pattern in patterns
        if pattern is not None and slowest_search(pattern, most_seconds) > most_seconds
    ]
