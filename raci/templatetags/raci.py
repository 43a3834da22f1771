"""Pieces of the ownership pages: tiles of the map, signs of gaps, marks of the grid."""

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.pages import html
from raci.models import Assignment
from raci.queries.book import selector_text
from raci.queries.ownership import OwnedItem
from raci.queries.service_levels import Promise
from raci.queries.site_map import Tile

register = template.Library()
SIGNS = {"unowned": "user-off", "tie": "arrows-split", "vacant": "user-question", "owned": "user"}


def state_words(state: str) -> str:
    """Return a gap as a person says it."""
    return {
        "unowned": _("Nobody is accountable"),
        "tie": _("Several are accountable"),
        "vacant": _("Role is vacant"),
    }.get(state, "")


@register.simple_tag
def gap_sign(state: str) -> SafeString:
    """{% gap_sign "tie" %}: the sign of a gap."""
    return html.icon(SIGNS[state])


@register.simple_tag
def gap_words(item: OwnedItem) -> str:
    """{% gap_words item %}: what is wrong, with the parties concerned."""
    names = ", ".join(answer.owner.name for answer in item.resolution.contenders)
    if item.state == "vacant" and item.owner:
        names = item.owner.name
    return f"{state_words(item.state)}: {names}" if names else state_words(item.state)


def promise_words(promise: Promise | None) -> str:
    """Return a service level in one line; "" without one."""
    if promise is None:
        return ""
    parts = []
    if promise.availability_percent is not None:
        parts.append(_("%s %% available") % promise.availability_percent.normalize())
    if promise.restore_minutes is not None:
        parts.append(_("restored in %s min") % promise.restore_minutes)
    if promise.cost_per_hour is not None:
        parts.append(
            _("%(cost)s %(currency)s an hour")
            % {"cost": f"{promise.cost_per_hour:,.0f}", "currency": promise.currency}
        )
    return ", ".join(parts)


@register.simple_tag
def tile(one: Tile, query: str, activity: str) -> SafeString:
    """{% tile tile query activity %}: a tile of the map; what it is, whose, and what was promised."""
    owner = one.owner.name if one.owner else ", ".join(party.name for party in one.owners)
    name = one.name or _assets(one.count)
    whose = owner if one.state == "owned" else state_words(one.state)
    if one.state in {"tie", "vacant"} and owner:
        whose = f"{whose}: {owner}"
    if one.item_id is None:
        url = f"?place={one.place_id}&{query}"
    else:
        url = reverse("raci:item-ownership", args=[one.item_id])
    hover = " · ".join(part for part in (name, whose, promise_words(one.promise)) if part)
    colour = f"own-{html.party_colour(one.owner.key)}" if one.state == "owned" and one.owner else ""
    sign = "" if one.state == "owned" else html.icon(SIGNS[one.state])
    kind = "tile-system" if one.item_id else "tile-assets"
    return html.safe(
        f'<li class="tile tile-{one.state} {kind} size-{one.size} {colour}">'
        f'<a href="{escape(url)}" title="{escape(hover)}">'
        f'<span class="tile-name">{sign}{escape(name)}</span>'
        f'<span class="tile-owner">{escape(whose)}</span></a></li>'
    )


def _assets(count: int) -> str:
    return ngettext("%s asset", "%s assets", count) % count


@register.filter
def promise(one: Promise | None) -> str:
    """{{ promise|promise }}: a service level in one line."""
    return promise_words(one)


@register.filter
def selector(rule: Assignment) -> str:
    """{{ rule|selector }}: the conditions of an assignment in words."""
    return selector_text(rule)
