"""Writes of the site's own rules: a rule that could mislead or hang anything is not saved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Person
from common.actor import Actor
from common.errors import DomainError
from discovery.models import SiteRule
from discovery.queries.trials import check
from evidence.services import create_object, update_object


class BadRuleError(DomainError):
    """A rule that cannot be used; each sentence names the line it is about."""


def create_site_rule(
    *,
    actor: Actor,
    author: Person | None,
    values: Mapping[str, Any],
    now: datetime,
    comment: str = "",
) -> SiteRule:
    """Add a rule; it counts from the next scan on. Raises BadRuleError, TooSlowError."""
    text = lines_of(values["text"])
    rule = SiteRule(
        name=_checked_name(text, None),
        text=text,
        note=values.get("note", ""),
        is_active=values.get("is_active", True),
        author=author,
    )
    return create_object(actor=actor, instance=rule, now=now, comment=comment)


def change_site_rule(
    *,
    actor: Actor,
    rule: SiteRule,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> SiteRule:
    """Change a rule, or switch it off; one that is switched off need not be in order."""
    changes = dict(values)
    text = lines_of(changes.get("text", rule.text))
    changes["text"] = text
    if changes.get("is_active", rule.is_active):
        changes["name"] = _checked_name(text, rule)
    elif text != rule.text:
        message = _("A rule that is switched off keeps its text: switch it on to change it.")
        raise BadRuleError(message, fields={"text": [message]})
    return update_object(
        actor=actor,
        instance=rule,
        changes=changes,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )


def lines_of(text: str) -> str:
    """Return a text as it is stored, however a browser ends its lines."""
    return text.replace("\r\n", "\n").rstrip() + "\n"


def _checked_name(text: str, rule: SiteRule | None) -> str:
    """Return the name in a text whose rule may be used; one name keeps one meaning in what was identified by it."""
    name, problems = check(text, rule)
    sentences = [
        _("Line %(line)d: %(message)s") % {"line": one.line, "message": one.message}
        if one.line
        else one.message
        for one in problems
    ]
    if not sentences and rule is not None and rule.name != name:
        sentences = [
            _(
                "It is called “%(name)s”: for another name, add another rule and switch this one off."
            )
            % {"name": rule.name}
        ]
    is_new = rule is None
    if not sentences and is_new and SiteRule.objects.filter(name=name).exists():
        sentences = [_("“%s” is the name of a rule that is switched off.") % name]
    if sentences:
        raise BadRuleError(" ".join(sentences), fields={"text": sentences})
    return name
