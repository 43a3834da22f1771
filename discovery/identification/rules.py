"""Rules that tell what a device is: when one applies, and how it cuts values out of texts. Plain data, no input."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from discovery.identification.devices import Device, Evidence
from discovery.identification.sources import OBJECT_ID, Source
from discovery.identification.values import Attribute, bounded, cleaned
from discovery.rules.readings import Oid, Value, oid

ENTERPRISES = oid("1.3.6.1.4.1")
#: {1} in a form stands for the first group of the expression.
FORM_FIELD = re.compile(r"\{(\d)\}")
#: Which rules are asked first. A guess is only made where no rule knows anything in the maker's tree.
PRECEDENCE = {"guess": 0, "general": 10, "vendor": 30, "family": 50, "product": 70}


@dataclass(frozen=True, slots=True)
class Match:
    """A text that must be there, and what it must look like if that matters."""

    source: Source
    pattern: re.Pattern[str] | None = None

    def found_in(self, device: Device) -> Evidence | None:
        """Return the first text that fits."""
        for evidence in device.texts(self.source):
            if self.pattern is None or self.pattern.search(evidence.text):
                return evidence
        return None


@dataclass(frozen=True, slots=True)
class When:
    """What must be so for a rule to apply: one of the prefixes, all of the matches, one of the presences."""

    prefixes: tuple[Oid, ...] = ()
    matches: tuple[Match, ...] = ()
    presences: tuple[Source, ...] = ()

    def applies(self, device: Device) -> "Applied | None":
        """Return why a rule applies to a device, None when it does not."""
        prefix: Oid = ()
        if self.prefixes:
            fitting = [one for one in self.prefixes if device.object_id[: len(one)] == one]
            if not fitting:
                return None
            prefix = max(fitting, key=len)
        evidence = device.evidence(OBJECT_ID)
        for match in self.matches:
            found = match.found_in(device)
            if found is None:
                return None
            evidence = found
        if self.presences:
            present = next(filter(None, (Match(s).found_in(device) for s in self.presences)), None)
            if present is None:
                return None
            evidence = evidence if self.matches else present
        return Applied(len(prefix), len(self.matches) + len(self.presences), evidence)


@dataclass(frozen=True, slots=True)
class Applied:
    """Why a rule applies: how much of sysObjectID it names, how many conditions it has, what it saw."""

    prefix_length: int
    conditions: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Cut:
    """How to take a value out of a text: the expression's first group, or a form like "{1} {2}"."""

    source: Source
    pattern: re.Pattern[str] | None = None
    form: str = ""

    def values(self, device: Device) -> Iterator[tuple[str, Evidence]]:
        """Yield (value, the text it was cut from)."""
        for evidence in device.texts(self.source):
            if self.pattern is None:
                yield evidence.text, evidence
            elif (match := self.pattern.search(evidence.text)) is not None:
                yield self._formed(match), evidence

    def _formed(self, match: re.Match[str]) -> str:
        if self.form:
            return FORM_FIELD.sub(lambda found: match.group(int(found[1])) or "", self.form)
        groups = match.groups()
        return next((group for group in groups if group), "") if groups else match.group(0)


@dataclass(frozen=True)
class Example:
    """A device as a rule's author knows it: variables in, attributes out (None: must stay unknown)."""

    varbinds: Mapping[Oid, Value]
    expected: Mapping[Attribute, str | None]


@dataclass(frozen=True)
class Rule:
    """One rule: under `when`, take over `constants` and cut the others; `without` are attributes nobody may cut.

    An attribute in `without` is hidden from all less specific rules, for devices that put something else there.
    """

    name: str
    origin: str
    when: When
    precedence: int = PRECEDENCE["family"]
    constants: Mapping[Attribute, str] = field(default_factory=dict)
    cuts: Mapping[Attribute, tuple[Cut, ...]] = field(default_factory=dict)
    without: frozenset[Attribute] = frozenset()
    examples: tuple[Example, ...] = ()

    def value(self, attribute: Attribute, device: Device) -> tuple[str, Evidence] | None:
        """Return what the rule's cuts give for an attribute, None when nothing acceptable stands there."""
        for cut in self.cuts.get(attribute, ()):
            for text, evidence in cut.values(device):
                value = cleaned(attribute, bounded(text))
                if value:
                    return value, evidence
        return None

    def sources(self) -> Iterator[Source]:
        """Yield every source that the rule looks at."""
        for match in self.when.matches:
            yield match.source
        yield from self.when.presences
        for cuts in self.cuts.values():
            for cut in cuts:
                yield cut.source

    def knows_tree(self, device: Device) -> bool:
        """Tell whether the rule names variables in the tree of a device's maker."""
        tree = device.object_id[: len(ENTERPRISES) + 1]
        return any(
            source.is_relative or (tree and source.identifier[: len(tree)] == tree)
            for source in self.sources()
        )


@dataclass(frozen=True)
class RuleSet:
    """Rules in the order they were loaded; item classes by role, and titles of operating systems by short name."""

    rules: tuple[Rule, ...]
    classes: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def extended(self, rules: Iterable[Rule]) -> "RuleSet":
        """Return these rules with others that are asked first among equals, such as those of a site."""
        return replace(self, rules=(*rules, *self.rules))

    @cached_property
    def _by_enterprise(self) -> tuple[tuple[Rule, ...], Mapping[int, tuple[Rule, ...]]]:
        anywhere: list[Rule] = []
        numbered: dict[int, list[Rule]] = {}
        size = len(ENTERPRISES)
        for rule in self.rules:
            prefixes = rule.when.prefixes
            if prefixes and all(p[:size] == ENTERPRISES and len(p) > size for p in prefixes):
                for number in sorted({prefix[size] for prefix in prefixes}):
                    numbered.setdefault(number, []).append(rule)
            else:
                anywhere.append(rule)
        return tuple(anywhere), {number: tuple(rules) for number, rules in numbered.items()}

    def applying_to(self, device: Device) -> list[tuple[Rule, Applied]]:
        """Return the rules that apply to a device with the reason, the most specific first."""
        anywhere, numbered = self._by_enterprise
        found = [
            (rule, applied)
            for rule in (*numbered.get(device.enterprise, ()), *anywhere)
            if (applied := rule.when.applies(device)) is not None
        ]
        if any(rule.knows_tree(device) for rule, _applied in found):
            found = [pair for pair in found if pair[0].precedence > PRECEDENCE["guess"]]
        found.sort(
            key=lambda pair: (pair[0].precedence, pair[1].prefix_length, pair[1].conditions),
            reverse=True,
        )
        return found
