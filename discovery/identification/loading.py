"""Rules out of YAML: every mistake is an error that names the file, the rule and the field."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from discovery.identification.examples import example_of
from discovery.identification.fields import (
    RuleError,
    as_list,
    as_mapping,
    as_text_field,
    known_keys,
)
from discovery.identification.makers import rules_of_makers
from discovery.identification.patterns import PatternError, safe_pattern
from discovery.identification.rules import (
    ENTERPRISES,
    FORM_FIELD,
    PRECEDENCE,
    Cut,
    Match,
    Rule,
    RuleSet,
    When,
)
from discovery.identification.sources import (
    DESCRIPTION,
    Source,
    SourceError,
    identifier_of,
    source_of,
)
from discovery.identification.values import Attribute
from discovery.rules.readings import Oid

DATA = Path(__file__).with_name("data")
MOST_CHARACTERS = 400_000
_CUTTABLE = tuple(attribute for attribute in Attribute if attribute is not Attribute.ITEM_CLASS)
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=1)
def standard_rules() -> RuleSet:
    """Return the rules that Raceway brings along."""
    return load_rules(sorted(DATA.glob("*.yaml")))


def load_rules(paths: Iterable[Path]) -> RuleSet:
    """Return the rules of files; vendors.yaml, roles.yaml and systems.yaml are tables. Raises RuleError."""
    rules: list[Rule] = []
    tables: dict[str, dict[str, str]] = {"roles.yaml": {}, "systems.yaml": {}}
    for path in paths:
        text = path.read_text()
        if path.name in tables:
            tables[path.name] |= parse_words(text, path.name)
        elif path.name == "vendors.yaml":
            rules += parse_vendors(text, path.name)
        else:
            rules += parse_rules(text, path.name)
    _check_names(rules)
    return RuleSet(tuple(rules), tables["roles.yaml"], tables["systems.yaml"])


def parse_rules(text: str, origin: str) -> list[Rule]:
    """Return the rules of one YAML text; `origin` is how errors call it. Raises RuleError."""
    document = as_mapping(_parsed(text, origin), origin, "", "")
    known_keys(document, ("vendor", "enterprise", "rules"), origin, "", "")
    vendor = as_text_field(document.get("vendor", ""), origin, "", "vendor")
    prefixes = tuple(
        (*ENTERPRISES, int(number))
        for number in as_list(document.get("enterprise", []), origin, "", "enterprise", int)
    )
    entries = as_list(document.get("rules", []), origin, "", "rules", dict)
    return [_Entry(entry, origin, vendor, prefixes).rule() for entry in entries]


def parse_vendors(text: str, origin: str) -> list[Rule]:
    """Return the rules that a table “number: name” of makers amounts to. Raises RuleError."""
    document = as_mapping(_parsed(text, origin), origin, "", "")
    for number, name in document.items():
        if not isinstance(number, int) or not isinstance(name, str):
            raise RuleError(origin, "", str(number), "write a line as “number: name”")
    return rules_of_makers(document, origin)


def parse_words(text: str, origin: str) -> dict[str, str]:
    """Return a table of texts by text: the item class of a role, the title of a system. Raises RuleError."""
    document = as_mapping(_parsed(text, origin), origin, "", "")
    return {
        as_text_field(key, origin, "", str(key)): as_text_field(value, origin, "", str(key))
        for key, value in document.items()
    }


def _parsed(text: str, origin: str) -> Any:  # noqa: ANN401 - YAML holds anything until it is checked
    if len(text) > MOST_CHARACTERS:
        raise RuleError(origin, "", "", f"at most {MOST_CHARACTERS} characters")
    try:
        return yaml.load(text, LOADER)  # noqa: S506 - a safe loader, the fast one where there is one
    except yaml.YAMLError as error:
        raise RuleError(origin, "", "", f"not YAML: {error}") from None


def _check_names(rules: Iterable[Rule]) -> None:
    seen: dict[str, str] = {}
    for rule in rules:
        if rule.name in seen:
            raise RuleError(rule.origin, rule.name, "name", f"already used in {seen[rule.name]}")
        seen[rule.name] = rule.origin


class _Entry:
    """One rule being read; every error names it."""

    def __init__(
        self, entry: Mapping[str, Any], origin: str, vendor: str, prefixes: tuple[Oid, ...]
    ) -> None:
        self.entry, self.origin, self.vendor, self.prefixes = entry, origin, vendor, prefixes
        self.name = as_text_field(entry.get("name", ""), origin, "", "name")
        if not self.name:
            raise RuleError(origin, "", "name", "a rule needs a name")
        allowed = ("name", "precedence", "when", "set", "cut", "without", "examples")
        known_keys(entry, allowed, origin, self.name, "")

    def rule(self) -> Rule:
        """Return the rule. Raises RuleError."""
        constants = self._constants()
        if self.vendor:
            constants.setdefault(Attribute.VENDOR, self.vendor)
        cuts = {
            self._attribute(key, "cut"): tuple(self._cuts(value, f"cut.{key}"))
            for key, value in self._mapping("cut").items()
        }
        if Attribute.VENDOR in cuts and "vendor" not in self._mapping("set"):
            constants.pop(Attribute.VENDOR, None)
        return Rule(
            self.name,
            self.origin,
            self._when(),
            self._precedence(),
            constants,
            cuts,
            frozenset(self._attribute(name, "without") for name in self._list("without", str)),
            tuple(
                example_of(one, self.origin, self.name, f"examples[{number}]")
                for number, one in enumerate(self._list("examples", dict))
            ),
        )

    def _constants(self) -> dict[Attribute, str]:
        return {
            self._attribute(key, "set"): as_text_field(value, self.origin, self.name, f"set.{key}")
            for key, value in self._mapping("set").items()
        }

    def _precedence(self) -> int:
        word = self.entry.get("precedence", "family")
        if word not in PRECEDENCE:
            raise self._error("precedence", f"“{word}” is none of {', '.join(PRECEDENCE)}")
        return PRECEDENCE[word]

    def _when(self) -> When:
        when = self._mapping("when")
        known_keys(when, ("object_id", "description", "matches", "has"), *self._place("when"))
        texts = as_list(when.get("object_id", []), *self._place("when.object_id"), str)
        prefixes = tuple(self._identifier(text, "when.object_id") for text in texts)
        if not prefixes and "object_id" not in when:
            prefixes = self.prefixes
        matches = [
            self._match(one, f"when.matches[{number}]")
            for number, one in enumerate(
                as_list(when.get("matches", []), *self._place("when.matches"), dict)
            )
        ]
        if "description" in when:
            pattern = self._pattern(when["description"], "when.description")
            matches.insert(0, Match(Source("description", DESCRIPTION), pattern))
        names = as_list(when.get("has", []), *self._place("when.has"), str)
        presences = tuple(self._source(name, "when.has") for name in names)
        return When(prefixes, tuple(matches), presences)

    def _match(self, entry: Mapping[str, Any], field: str) -> Match:
        known_keys(entry, ("from", "match"), *self._place(field))
        source = self._source(entry.get("from"), f"{field}.from")
        pattern = entry.get("match")
        return Match(source, None if pattern is None else self._pattern(pattern, f"{field}.match"))

    def _cuts(self, value: Any, field: str) -> Iterable[Cut]:  # noqa: ANN401
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            place = f"{field}[{number}]"
            if isinstance(one, str):
                yield Cut(self._source(one, place))
                continue
            entry = as_mapping(one, *self._place(place))
            known_keys(entry, ("from", "match", "as"), *self._place(place))
            pattern = entry.get("match")
            cut = Cut(
                self._source(entry.get("from"), f"{place}.from"),
                None if pattern is None else self._pattern(pattern, f"{place}.match"),
                as_text_field(entry.get("as", ""), *self._place(f"{place}.as")),
            )
            self._check_form(cut, f"{place}.as")
            yield cut

    def _check_form(self, cut: Cut, field: str) -> None:
        if not cut.form:
            return
        if cut.pattern is None:
            raise self._error(field, "“as” needs a “match”")
        if any(int(number) > cut.pattern.groups for number in FORM_FIELD.findall(cut.form)):
            raise self._error(
                field, f"“match” has {cut.pattern.groups} groups: {{1}} is the first one"
            )

    def _attribute(self, name: str, field: str) -> Attribute:
        if name not in _CUTTABLE:
            raise self._error(field, f"“{name}” is none of {', '.join(_CUTTABLE)}")
        return Attribute(name)

    def _source(self, text: object, field: str) -> Source:
        try:
            return source_of(text if isinstance(text, str) else "")
        except SourceError as error:
            raise self._error(field, str(error)) from None

    def _identifier(self, text: str, field: str) -> Oid:
        try:
            return identifier_of(text)
        except SourceError as error:
            raise self._error(field, str(error)) from None

    def _pattern(self, text: object, field: str) -> Any:  # noqa: ANN401
        try:
            return safe_pattern(as_text_field(text, *self._place(field)))
        except PatternError as error:
            raise self._error(field, str(error)) from None

    def _mapping(self, field: str) -> Mapping[str, Any]:
        return as_mapping(self.entry.get(field, {}), *self._place(field))

    def _list(self, field: str, kind: type) -> list[Any]:
        return as_list(self.entry.get(field, []), *self._place(field), kind)

    def _place(self, field: str) -> tuple[str, str, str]:
        return self.origin, self.name, field

    def _error(self, field: str, message: str) -> RuleError:
        return RuleError(self.origin, self.name, field, message)
