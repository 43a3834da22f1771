"""All identification rules as one list: those Raceway brings along and those of this site, with what each gave."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from discovery.identification.checks import understood
from discovery.identification.drafting import short
from discovery.identification.fields import RuleError
from discovery.identification.loading import standard_rules
from discovery.identification.rules import Rule
from discovery.identification.values import Attribute
from discovery.models import SiteRule
from discovery.queries.latest_devices import latest_devices
from discovery.queries.rule_words import conditions_of, precedence_word, tells_of
from discovery.rules.readings import dotted

ORIGINS = (("site", _("This site")), ("shipped", _("Shipped")))


@dataclass(frozen=True)
class RuleLine:
    """A rule in the list; `obstacle` says why one of this site is not in use."""

    name: str
    origin: str
    file: str
    vendor: str
    precedence: str
    prefixes: Sequence[str]
    conditions: Sequence[str]
    tells: Sequence[tuple[str, str]]
    devices: int
    is_active: bool = True
    obstacle: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; "" or () is everything. `prefix` is the beginning of a sysObjectID."""

    text: str = ""
    vendor: str = ""
    prefix: str = ""
    origins: Sequence[str] = ()
    has_devices: bool | None = None


def rule_lines(user: User, asked: Asked = Asked()) -> list[RuleLine]:
    """Return the rules that fit, by name, those of the site first; two queries for any number of them."""
    counts = device_counts(user)
    site = [line_of_site_rule(row, counts) for row in SiteRule.objects.order_by("name")]
    shipped = [line_of_rule(rule, counts) for rule in standard_rules().rules]
    return [line for line in (*site, *shipped) if _fits(line, asked)]


def device_counts(user: User) -> Counter[str]:
    """Return how many of the devices a reader may see each rule has given at least one attribute of, by its name."""
    names = {
        f"by_{one}": KeyTextTransform("rule", KeyTextTransform(one, "target__identity"))
        for one in Attribute
    }
    devices: QuerySet[Any, Any] = latest_devices(user).order_by().values(**names)
    rows: Iterable[Mapping[str, Any]] = devices.annotate(count=Count("pk"))
    found: Counter[str] = Counter()
    for row in rows:
        for rule in {row[name] for name in names if row[name]}:
            found[rule] += row["count"]
    return found


def line_of_site_rule(row: SiteRule, counts: Mapping[str, int]) -> RuleLine:
    """Return a rule of this site as the list shows it, also when its text cannot be read any more."""
    try:
        rule = understood(row.text)
    except RuleError as error:
        return RuleLine(
            row.name,
            "site",
            "",
            "",
            "",
            (),
            (),
            (),
            counts.get(row.name, 0),
            row.is_active,
            str(error),
            row.pk,
        )
    obstacle = ""
    if any(one.name == row.name for one in standard_rules().rules):
        obstacle = str(_("A shipped rule has this name by now."))
    return line_of_rule(rule, counts, row, obstacle)


def line_of_rule(
    rule: Rule,
    counts: Mapping[str, int],
    row: SiteRule | None = None,
    obstacle: str = "",
) -> RuleLine:
    """Return a rule as the list shows it; `row` for one of this site."""
    return RuleLine(
        name=rule.name,
        origin="site" if row else "shipped",
        file=rule.origin if row is None else "",
        vendor=rule.constants.get(Attribute.VENDOR, ""),
        precedence=precedence_word(rule),
        prefixes=[short(prefix) for prefix in rule.when.prefixes],
        conditions=list(conditions_of(rule)),
        tells=list(tells_of(rule)),
        devices=counts.get(rule.name, 0),
        is_active=row.is_active if row else True,
        obstacle=obstacle,
        pk=row.pk if row else None,
    )


def _fits(line: RuleLine, asked: Asked) -> bool:
    words = " ".join((line.name, line.vendor, *line.prefixes)).lower()
    return (
        all(word in words for word in asked.text.lower().split())
        and asked.vendor.lower() in line.vendor.lower()
        and (not asked.prefix or any(_overlaps(asked.prefix, one) for one in line.prefixes))
        and (not asked.origins or line.origin in asked.origins)
        and asked.has_devices in {None, line.devices > 0}
    )


def _overlaps(asked: str, prefix: str) -> bool:
    """Tell whether a rule's prefix stands below what is asked for, or the other way round: it applies there."""
    one, other = (f"{_long(text)}." for text in (asked, prefix))
    return one.startswith(other) or other.startswith(one)


def _long(text: str) -> str:
    bare = text.strip().strip(".")
    return bare.replace("enterprises", dotted((1, 3, 6, 1, 4, 1)), 1)
