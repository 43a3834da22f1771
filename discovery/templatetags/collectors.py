"""How pages say whether a collector is there."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.pages import html
from discovery.queries.collectors import ALIVE, NEVER, RETIRED, REVOKED, SILENT, UNASKED

register = template.Library()

#: Look and words of each standing.
SHOWN: Mapping[str, tuple[str, Any]] = {
    ALIVE: ("verified", gettext_lazy("Alive")),
    SILENT: ("down", gettext_lazy("Not heard of")),
    NEVER: ("waiting", gettext_lazy("Never heard of")),
    UNASKED: ("unknown", gettext_lazy("Not asked")),
    REVOKED: ("denied", gettext_lazy("Key revoked")),
    RETIRED: ("fine", gettext_lazy("Retired")),
}


@register.filter
def clock_words(offset: float) -> str:
    """Return how far a clock is from ours; a few tenths are the way through the broker.

    >>> clock_words(0.2), clock_words(-42.0)
    ('as ours', '42 s behind')
    """
    if abs(offset) < 1:
        return _("as ours")
    words = _("%d s ahead") if offset > 0 else _("%d s behind")
    return words % round(abs(offset))


@register.filter
def collector_state(word: str) -> SafeString:
    """Return whether a collector is there, as icon and words."""
    look, words = SHOWN[word]
    return html.state(look, words=str(words))
