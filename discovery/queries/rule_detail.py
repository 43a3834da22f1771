"""One identification rule: its text, its examples as they come out now, and the devices it told something of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from discovery.access import site_rules_visible_to
from discovery.identification.checks import understood
from discovery.identification.drafting import short
from discovery.identification.fields import RuleError
from discovery.identification.identify import identify
from discovery.identification.lines import shipped_text
from discovery.identification.loading import standard_rules
from discovery.identification.rules import Example, Rule, RuleSet
from discovery.identification.sources import DESCRIPTION, OBJECT_ID
from discovery.models import Observation, SiteRule
from discovery.queries.active_rules import active_rules
from discovery.queries.latest_devices import given_by, latest_devices
from discovery.queries.observed import ATTRIBUTES
from discovery.queries.rule_list import RuleLine, line_of_rule, line_of_site_rule
from discovery.rules.readings import Reading


@dataclass(frozen=True, slots=True)
class ShownExample:
    """An example: what the device says, and (attribute, expected, found) of what comes out."""

    description: str
    object_id: str
    values: Sequence[tuple[str, str]]
    results: Sequence[tuple[str, str, str]]

    @property
    def holds(self) -> bool:
        """Whether everything comes out as it should."""
        return all(expected == found for _title, expected, found in self.results)


@dataclass(frozen=True)
class RuleView:
    """A rule's page; `row` is there for rules of this site."""

    line: RuleLine
    text: str
    examples: Sequence[ShownExample]
    row: SiteRule | None


@dataclass(frozen=True, slots=True)
class GivenDevice:
    """A device, and ((attribute, value)..., variable, text) of what a rule gave, by the text it was taken from."""

    row: Observation
    given: Sequence[tuple[Sequence[tuple[str, str]], str, str]]


def rule_view(user: User, name: str) -> RuleView:
    """Return a rule by its name; 404 when there is none."""
    row = site_rules_visible_to(user).filter(name=name).select_related("author").first()
    count = devices_of(user, name).count()
    if row is not None:
        return RuleView(
            line_of_site_rule(row, {name: count}), row.text, _examples_of_text(row.text), row
        )
    rule = next((one for one in standard_rules().rules if one.name == name), None)
    if rule is None:
        raise Http404
    return RuleView(
        line_of_rule(rule, {name: count}),
        shipped_text(rule.origin, name),
        _examples(rule, active_rules()),
        None,
    )


def devices_of(user: User, name: str) -> QuerySet[Observation]:
    """Return the visible devices of which a rule gave something, as they were last read, the newest first."""
    return latest_devices(user).filter(given_by(name)).order_by("-pk")


def given_to(rows: Sequence[Observation], name: str) -> list[GivenDevice]:
    """Return what a rule gave to each of these devices (with their targets)."""
    return [GivenDevice(row, list(_given(row, name))) for row in rows]


def _given(row: Observation, name: str) -> Iterator[tuple[Sequence[tuple[str, str]], str, str]]:
    identity = row.target.identity if row.target else {}
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for attribute, title in ATTRIBUTES.items():
        one = identity.get(attribute)
        if one and one["rule"] == name:
            found[one["oid"], one["text"]].append((str(title), one["value"]))
    for (identifier, text), values in found.items():
        yield values, identifier, text


def _examples_of_text(text: str) -> list[ShownExample]:
    try:
        return _examples(understood(text), active_rules())
    except RuleError:
        return []


def _examples(rule: Rule, rules: RuleSet) -> list[ShownExample]:
    return [_shown(one, rules) for one in rule.examples]


def _shown(example: Example, rules: RuleSet) -> ShownExample:
    reading = Reading(example.varbinds)
    identity = identify(reading, rules)
    return ShownExample(
        description=reading.text(DESCRIPTION),
        object_id=_object_id(reading),
        values=[
            (short(name), reading.text(name))
            for name in sorted(reading.varbinds)
            if name not in {DESCRIPTION, OBJECT_ID}
        ],
        results=[
            (str(ATTRIBUTES[attribute]), expected or "", identity.value(attribute))
            for attribute, expected in example.expected.items()
        ],
    )


def _object_id(reading: Reading) -> str:
    value = reading.get(OBJECT_ID)
    return short(value) if isinstance(value, tuple) else ""
