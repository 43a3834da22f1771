"""Small pieces of HTML built in Python: cells, chips, icons. Everything that comes from data is escaped here.

Lists render their cells with these (a template per cell costs ten times as much); templates use them as tags.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zlib import crc32

from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DASH = SafeString('<span class="dash" aria-hidden="true">–</span>')  # noqa: RUF001
PARTY_COLOURS = 12

STATES: Mapping[str, tuple[Any, str]] = {
    "down": (gettext_lazy("Down"), "circle-x-filled"),
    "degraded": (gettext_lazy("Degraded"), "alert-triangle-filled"),
    "redundancy_lost": (gettext_lazy("Redundancy lost"), "circle-half-2"),
    "unknown": (gettext_lazy("Unknown"), "help-circle"),
    "fine": (gettext_lazy("Fine"), "circle"),
    "verified": (gettext_lazy("Verified"), "circle-check-filled"),
    "denied": (gettext_lazy("Refused"), "circle-x-filled"),
    "waiting": (gettext_lazy("Waiting"), "clock"),
}
CRITICALITIES = {
    1: gettext_lazy("Low"),
    2: gettext_lazy("Medium"),
    3: gettext_lazy("High"),
    4: gettext_lazy("Critical"),
}


def safe(markup: str) -> SafeString:
    """Mark markup as safe; every value in it must have been escaped by the caller."""
    return SafeString(markup)


@lru_cache(maxsize=1)
def sprite() -> str:
    """Return the address of the icon sprite."""
    return static("dist/icons.svg")


def icon(name: str, *, label: str = "", css: str = "") -> SafeString:
    """Return an icon of the sprite; without a label it is decoration.

    The name must be listed in frontend/icons.txt.
    """
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return safe(
        f'<svg class="icon {escape(css)}" {spoken}><use href="{sprite()}#{escape(name)}"/></svg>'
    )


def link(url: str, text: Any, *, css: str = "") -> SafeString:
    """Return a link; the text is escaped."""
    kind = f' class="{css}"' if css else ""
    return safe(f'<a href="{escape(url)}"{kind}>{escape(text)}</a>')


def text(value: Any) -> SafeString:
    """Return an escaped value, or a dash when there is none."""
    return DASH if value in (None, "") else safe(escape(value))


def code(value: Any) -> SafeString:
    """Return a code in tabular figures."""
    return DASH if value in (None, "") else safe(f'<span class="code">{escape(value)}</span>')


def number(value: float | Decimal | None) -> SafeString:
    """Return a number with the locale's grouping."""
    return (
        DASH if value is None else safe(escape(formats.number_format(value, force_grouping=True)))
    )


def money(amount: float | Decimal | None, currency: str) -> SafeString:
    """Return an amount in whole units with its currency."""
    if amount is None:
        return DASH
    shown = formats.number_format(round(amount), force_grouping=True)
    return text(f"{shown} {currency or 'EUR'}")


def yes_no(value: bool | None) -> SafeString:
    """Return a word for a truth value."""
    return DASH if value is None else safe(escape(_("Yes") if value else _("No")))


def day(value: date | None) -> SafeString:
    """Return a date as the site writes it."""
    if value is None:
        return DASH
    shown = formats.date_format(value, "j M Y")
    return safe(f'<time datetime="{value.isoformat()}">{escape(shown)}</time>')


def moment(value: datetime | None) -> SafeString:
    """Return a time in the plant's zone, the ISO form on hover."""
    if value is None:
        return DASH
    local = timezone.localtime(value)
    shown = formats.date_format(local, "j M Y H:i")
    iso = local.isoformat(timespec="seconds")
    return safe(f'<time datetime="{iso}" title="{iso}">{escape(shown)}</time>')


def state(name: str, *, words: str = "") -> SafeString:
    """Return a state: palette, icon and word. Names are those of STATES; others are neutral."""
    title, sign = STATES.get(name, (name, "circle"))
    return safe(
        f'<span class="state state-{escape(name)}">{icon(sign)}{escape(words or title)}</span>'
    )


def status(name: str, words: Any) -> SafeString:
    """Return a life-cycle status as a dot with its word."""
    if not name:
        return DASH
    return safe(f'<span class="status status-{escape(name)}">{escape(words)}</span>')


def criticality(level: int | None) -> SafeString:
    """Return criticality 1-4 as a weight, from outlined to solid."""
    if not level:
        return DASH
    return safe(
        f'<span class="crit crit-{level}"><b>{level}</b>{escape(CRITICALITIES[level])}</span>'
    )


def party_colour(key: str) -> int:
    """Return the stable colour number of a party ("person:17", "team:3"), 0 to 11.

    >>> party_colour("team:3") == party_colour("team:3") < PARTY_COLOURS
    True
    """
    return crc32(key.encode()) % PARTY_COLOURS


def party(key: str, name: Any, *, url: str = "", trace_url: str = "") -> SafeString:
    """Return the chip of an accountable party: stable colour, name; opens its trace when it has one."""
    if not name:
        return DASH
    swatch = f'<span class="swatch party-{party_colour(key)}"></span>{escape(name)}'
    if trace_url:
        return trace(trace_url, safe(swatch), css="chip")
    if url:
        return safe(f'<a class="chip" href="{escape(url)}">{swatch}</a>')
    return safe(f'<span class="chip">{swatch}</span>')


def trace(url: str, shown: Any, *, css: str = "chip") -> SafeString:
    """Return a chip that opens the trace of a derived fact in the side panel (an htmx fragment at url)."""
    return safe(
        f'<button type="button" class="{css} has-trace" hx-get="{escape(url)}" '
        f'hx-target="#trace-body" data-opens="trace">{conditional_escape(shown)}</button>'
    )


def tag(name: Any) -> SafeString:
    """Return a free label."""
    return safe(f'<span class="tag">{escape(name)}</span>')


def tags(names: Any) -> SafeString:
    """Return a row of free labels."""
    return safe(" ".join(tag(name) for name in names)) if names else DASH
