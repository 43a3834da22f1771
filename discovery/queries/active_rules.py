"""The rules that count at the moment: those Raceway brings along and those of this site."""

from collections.abc import Sequence
from functools import lru_cache

from discovery.identification.checks import usable, with_site
from discovery.identification.loading import standard_rules
from discovery.identification.rules import RuleSet
from discovery.models import SiteRule


def active_rules() -> RuleSet:
    """Return the rules that count, in one query: a process takes over what another one has saved at its next scan."""
    texts = SiteRule.objects.filter(is_active=True).order_by("name").values_list("text", flat=True)
    return _combined(tuple(texts))


def active_texts(*, without: SiteRule | None = None) -> Sequence[str]:
    """Return the texts of the site's rules in use; `without` leaves out the one being edited."""
    rows = SiteRule.objects.filter(is_active=True).order_by("name")
    if without is not None and without.pk:
        rows = rows.exclude(pk=without.pk)
    return list(rows.values_list("text", flat=True))


@lru_cache(maxsize=4)
def _combined(texts: tuple[str, ...]) -> RuleSet:
    standard = standard_rules()
    return with_site(standard, usable(texts, standard)) if texts else standard
