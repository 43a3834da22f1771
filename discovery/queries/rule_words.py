"""Identification rules in words: when one applies, and what it tells."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discovery.identification.drafting import short
from discovery.identification.rules import PRECEDENCE, Cut, Match, Rule
from discovery.identification.sources import Source
from discovery.queries.observed import ATTRIBUTES

#: How special a rule is, from its number.
PRECEDENCES: Mapping[str, object] = {
    "guess": gettext_lazy("Guess"),
    "general": gettext_lazy("Any device"),
    "vendor": gettext_lazy("Maker"),
    "family": gettext_lazy("Family"),
    "product": gettext_lazy("Product"),
}
SOURCES: Mapping[str, object] = {
    "description": gettext_lazy("the description (sysDescr)"),
    "name": gettext_lazy("the name (sysName)"),
    "object_id": gettext_lazy("sysObjectID"),
}


def conditions_of(rule: Rule) -> Iterator[str]:
    """Yield what must be so for a rule to apply."""
    when = rule.when
    if when.prefixes:
        prefixes = _(" or ").join(short(prefix) for prefix in when.prefixes)
        yield _("sysObjectID begins with %s") % prefixes
    for match in when.matches:
        yield _match_words(match)
    if when.presences:
        sources = _(" or ").join(source_words(source) for source in when.presences)
        yield _("there is a text in %s") % sources
    if not (when.prefixes or when.matches or when.presences):
        yield _("always")


def tells_of(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield (attribute, where its value comes from) of what a rule tells."""
    for attribute, value in rule.constants.items():
        yield str(ATTRIBUTES[attribute]), f"“{value}”"
    for attribute, cuts in rule.cuts.items():
        yield str(ATTRIBUTES[attribute]), _(", else ").join(dict.fromkeys(map(_cut_words, cuts)))
    for attribute in sorted(rule.without):
        yield str(ATTRIBUTES[attribute]), _("not told by less specific rules")


def precedence_word(rule: Rule) -> str:
    """Return how special a rule is: the word of the nearest number at or above its own."""
    name = next(
        (name for name, number in PRECEDENCE.items() if rule.precedence <= number), "product"
    )
    return str(PRECEDENCES[name])


def source_words(source: Source) -> str:
    """Return a source as people read it."""
    if source.name:
        return str(SOURCES.get(source.name, source.name))
    if source.is_relative or not source.identifier:
        return str(source)
    return short(source.identifier) + (".*" if source.is_column else "")


def _match_words(match: Match) -> str:
    source = source_words(match.source)
    if match.pattern is None:
        return _("there is a text in %s") % source
    return _("%(source)s matches %(pattern)s") % {
        "source": source,
        "pattern": match.pattern.pattern,
    }


def _cut_words(cut: Cut) -> str:
    return _("from %s") % source_words(cut.source)
