"""Template tags of the shell and its components."""

from typing import TYPE_CHECKING, Any

from django import template
from django.forms import BoundField
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString

from common.pages import html
from common.pages.history import action_in_words, channel_in_words
from common.pages.navigation import ShownPlace, shown_places

if TYPE_CHECKING:
    from django.http import HttpRequest

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """{% icon "server" %}: an icon of the sprite; with a label it is read aloud."""
    return html.icon(name, label=label, css=css)


@register.simple_tag
def state(name: str, words: str = "") -> SafeString:
    """{% state "down" %}: palette, icon and word."""
    return html.state(name, words=words)


@register.filter
def state_word(name: str) -> str:
    """Return a state as a word alone, where print has no room for its sign."""
    return str(html.STATES[name][0]) if name in html.STATES else name


@register.simple_tag
def status(name: str, words: Any) -> SafeString:
    """{% status item.status item.get_status_display %}: a life-cycle status."""
    return html.status(name, words)


@register.simple_tag
def criticality(level: int | None) -> SafeString:
    """{% criticality 3 %}: criticality as a weight."""
    return html.criticality(level)


@register.simple_tag
def party(key: str, name: Any, url: str = "", trace_url: str = "") -> SafeString:
    """{% party "team:3" team.name url=... trace_url=... %}: the chip of a party."""
    return html.party(key, name, url=url, trace_url=trace_url)


@register.simple_tag
def trace(url: str, shown: Any) -> SafeString:
    """{% trace url "why" %}: a chip that opens a trace in the side panel."""
    return html.trace(url, shown)


@register.filter
def moment(value: Any) -> SafeString:
    """{{ entry.at|moment }}: a time in the plant's zone, ISO on hover."""
    return html.moment(value)


@register.filter
def day(value: Any) -> SafeString:
    """{{ item.installed_date|day }}: a date."""
    return html.day(value)


@register.filter
def action_words(value: str) -> str:
    """{{ entry.action|action_words }}: what a ledger entry did, as people say it."""
    return action_in_words(value)


@register.filter
def channel_words(value: str) -> str:
    """{{ entry.channel|channel_words }}: through what somebody acted."""
    return channel_in_words(value)


@register.filter
def or_dash(value: Any) -> SafeString:
    """{{ item.hostname|or_dash }}: the value, or a dash."""
    return html.text(value)


@register.filter
def number(value: Any) -> SafeString:
    """{{ total|number }}: a number with grouping."""
    return html.number(value)


@register.filter
def initials(value: Any) -> str:
    """{{ user|initials }}: the first letters of a name, at most two."""
    words = [word for word in str(value).replace(".", " ").split() if word[0].isalpha()]
    picked = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0] for word in picked).upper()


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """{% field form.name %}: label, input, help and errors of one form field."""
    widget = bound.field.widget
    name = type(widget).__name__.lower()
    kind = name if widget.use_fieldset else getattr(widget, "input_type", name)
    css = _CSS.get(kind, "form-control")
    attributes: dict[str, str | bool] = {"class": f"{css} is-invalid" if bound.errors else css}
    described = [f"{bound.auto_id}-help"] if bound.help_text else []
    if bound.errors:
        attributes["aria-invalid"] = "true"
        described.append(f"{bound.auto_id}-errors")
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return {"bound": bound, "kind": kind, "input": bound.as_widget(attrs=attributes)}


_CSS = {
    "select": "form-select",
    "checkbox": "form-check-input",
    "radio": "form-check-input",
    "checkboxselectmultiple": "form-check-input",
    "radioselect": "form-check-input",
}


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[ShownPlace]:
    """{% navigation as places %}: the places this user can open."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return []
    return shown_places(request)


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """{% theme %}: "light" or "dark" when the person chose one, else "" (the system decides)."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in {"light", "dark"} else ""


@register.filter
def iso_moment(value: Any) -> SafeString:
    """{{ "2026-11-21T08:00:00+00:00"|iso_moment }}: a time kept as ISO text."""
    return html.moment(parse_datetime(value)) if value else html.DASH


@register.filter
def party_class(key: str) -> str:
    """{{ "team:3"|party_class }}: the class that carries a party's colour."""
    return f"party-{html.party_colour(key)}"


@register.filter
def unlocal(value: Any) -> str:
    """{{ share.percent|unlocal }}: a number for an SVG attribute, whatever the language."""
    return f"{float(value):.2f}"
