"""Whether a rule of a site may be used: what a person typed is checked here before it is tried or saved."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import yaml

from discovery.identification.fields import RuleError
from discovery.identification.identify import identify
from discovery.identification.lines import line_of
from discovery.identification.loading import LOADER, parse_rules
from discovery.identification.reads import vendor_reads
from discovery.identification.rules import ENTERPRISES, Rule, RuleSet
from discovery.identification.trials import Failure, failing_examples, slow_expressions
from discovery.identification.values import Attribute, cleaned
from discovery.rules.readings import Reading

MOST_CHARACTERS = 16_000
#: Variables and columns a rule may add to what is read of a device.
MOST_READS = 24
ORIGIN = "site"
_NAME = re.compile(r"[a-z][a-z0-9-]{2,59}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a rule cannot be used; `line` counts from 1, 0 when it is about no line of the text."""

    message: str
    line: int = 0
    field: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule as it was understood (None: it was not), and what is wrong with it.

    `is_safe` tells that its expressions may be run.
    """

    rule: Rule | None
    problems: tuple[Problem, ...] = ()
    is_safe: bool = False


def checked(text: str, standard: RuleSet, others: Sequence[Rule] = ()) -> Checked:
    """Return what a typed rule is; `others` are the other rules of the site."""
    try:
        rule = understood(text)
    except RuleError as error:
        return Checked(None, (Problem(_sentence(error), line_of(text, error.field), error.field),))
    found = [
        Problem(message, line_of(text, field), field)
        for field, message in (
            *_shape(rule, standard, others),
            *_constants(rule, standard),
            *_reads(rule),
            *_slow(rule),
        )
    ]
    if found:
        return Checked(rule, tuple(found))
    told = [
        Problem(message, line_of(text, field) if field else 0, field)
        for field, message in _examples(rule, standard, others)
    ]
    return Checked(rule, tuple(told), is_safe=True)


def understood(text: str) -> Rule:
    """Return the one rule of a text. Raises RuleError."""
    if len(text) > MOST_CHARACTERS:
        raise RuleError(ORIGIN, "", "", f"{len(text)} characters; at most {MOST_CHARACTERS}")
    _refuse_aliases(text)
    rules = parse_rules(text, ORIGIN)
    if len(rules) != 1:
        raise RuleError(ORIGIN, "", "rules", f"{len(rules)} rules; exactly one is written here")
    return rules[0]


def _refuse_aliases(text: str) -> None:
    """A few lines with aliases can stand for millions."""
    try:
        has_alias = any(isinstance(one, yaml.AliasEvent) for one in yaml.parse(text, LOADER))
    except yaml.YAMLError:
        return
    if has_alias:
        raise RuleError(ORIGIN, "", "", "write it without aliases (*name)")


def usable(texts: Iterable[str], standard: RuleSet) -> Iterator[Rule]:
    """Yield the rules among stored texts that can be read; a name that a shipped rule bears by now stays out."""
    names = {one.name for one in standard.rules}
    for text in texts:
        try:
            rule = understood(text)
        except RuleError:
            continue
        if rule.name not in names:
            yield rule


def with_site(standard: RuleSet, rules: Iterable[Rule]) -> RuleSet:
    """Return the rules that count: those of the site are asked first among equals, in the order of their names."""
    return standard.extended(sorted(rules, key=lambda rule: rule.name))


def _sentence(error: RuleError) -> str:
    return f"{error.field}: {error.message}" if error.field else error.message


def _shape(rule: Rule, standard: RuleSet, others: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    if not _NAME.fullmatch(rule.name):
        yield (
            "name",
            f"“{rule.name}” is no name: 3 to 60 lower-case letters, digits and hyphens, a letter first",
        )
    if any(rule.name == one.name for one in (*standard.rules, *others)):
        yield "name", f"“{rule.name}” is the name of another rule; choose one of your own"
    when = rule.when
    if not (when.prefixes or when.matches or when.presences):
        yield "when", "say when it applies: object_id, description, matches or has"
    if not (rule.constants or rule.cuts):
        yield "", "say what it tells: set or cut"
    if not rule.examples:
        yield "examples", "write at least one example: what a device said, and what should come out"


def _constants(rule: Rule, standard: RuleSet) -> Iterator[tuple[str, str]]:
    for attribute, value in rule.constants.items():
        if cleaned(attribute, value) != value:
            yield f"set.{attribute}", f"“{value}” cannot be a {attribute}"
    role = rule.constants.get(Attribute.ROLE)
    if role is not None and role not in standard.classes:
        allowed = ", ".join(sorted(standard.classes))
        yield "set.role", f"“{role}” is no role; there is: {allowed}"


def _reads(rule: Rule) -> Iterator[tuple[str, str]]:
    """A rule adds to what devices are asked: it has to say which devices, and to ask for little."""
    reads = vendor_reads(RuleSet((rule,)))
    size = len(ENTERPRISES)
    if any(len(one.prefix) <= size or one.prefix[:size] != ENTERPRISES for one in reads):
        yield (
            "when.object_id",
            "what every device is not asked anyway may be read of one maker's devices only: "
            "write enterprises.NUMBER",
        )
    count = sum(len(one.scalars) + len(one.columns) + len(one.relatives) for one in reads[:1])
    if count > MOST_READS:
        yield "cut", f"{count} variables are read for it; at most {MOST_READS}"


def _slow(rule: Rule) -> Iterator[tuple[str, str]]:
    for expression in slow_expressions(rule):
        yield (
            _place_of(rule, expression),
            f"a hostile device could hang this expression: {expression}. Bound what repeats, as in {{1,20}}, "
            "and let neighbours not take the same characters",
        )


def _place_of(rule: Rule, expression: str) -> str:
    for attribute, cuts in rule.cuts.items():
        for number, cut in enumerate(cuts):
            if cut.pattern is not None and cut.pattern.pattern == expression:
                return f"cut.{attribute}[{number}]"
    return "when"


def _examples(rule: Rule, standard: RuleSet, others: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    before = with_site(standard, others)
    rules = with_site(standard, (*others, rule))
    for number, example in enumerate(rule.examples):
        if rule.name not in identify(Reading(example.varbinds), rules).rules:
            yield f"examples[{number}]", "the rule does not apply to this example"
    failures = failing_examples(rules)
    known = set(failing_examples(before)) if failures else set()
    shipped = {one.name for one in standard.rules}
    for one in failures:
        if one.rule == rule.name:
            yield (
                f"examples[{one.number}].expect.{one.attribute}",
                f"{one.attribute} should be “{one.expected}” and comes out as “{one.found}”",
            )
        elif one not in known:
            yield "", _broken(one, is_shipped=one.rule in shipped)


def _broken(one: Failure, *, is_shipped: bool) -> str:
    whose = "shipped rule" if is_shipped else "rule of this site"
    return (
        f"it breaks the {whose} “{one.rule}”: in its example {one.number + 1} {one.attribute} is "
        f"“{one.expected}” and would be “{one.found}”. Narrow down when yours applies"
    )
