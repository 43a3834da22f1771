"""The heads of the plant's object pages, the same on every tab."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from assets.access import EDIT, may, may_at
from assets.choices import ItemKind
from assets.models import ConfigurationItem, Location, Zone
from assets.queries.items import path_of
from common.pages import Action, Crumb, Header, html

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def item_tabs(item: ConfigurationItem) -> Sequence[str]:
    """Return the tab subjects of an asset or system."""
    return ("item", item.kind)


def location_crumbs(user: User, location: Location | None) -> list[Crumb]:
    """Return the path to a location, as far as the user may see it."""
    steps = path_of(user, location)
    return [Crumb(step.name, reverse("assets:location-detail", args=[step.pk])) for step in steps]


def item_header(request: HttpRequest, item: ConfigurationItem) -> Header:
    """Return the head of an asset's or system's page."""
    user: User = request.user  # type: ignore[assignment]
    kind = "asset" if item.kind == ItemKind.ASSET else "system"
    crumbs = location_crumbs(user, item.location)
    if not crumbs:
        title: StrOrPromise = _("Assets") if kind == "asset" else _("Systems")
        crumbs = [Crumb(title, reverse(f"assets:{kind}-list"))]
    chips = [html.status(item.status, item.get_status_display())]
    if level := effective_criticality(item):
        chips.append(html.criticality(level))
    if item.stops_line:
        chips.append(
            html.safe(f'<span class="flag-note">{html.icon("ban")}{_("Stops its line")}</span>')
        )
    return Header(
        title=item.name,
        kind=item.item_class.name,
        code=item.code,
        icon=item.item_class.icon,
        crumbs=crumbs,
        chips=chips,
        **_item_actions(user, item, kind),
    )


def effective_criticality(item: ConfigurationItem) -> int | None:
    """Return an item's own criticality, else its system's."""
    if item.criticality_override:
        return item.criticality_override
    return item.system.criticality_override if item.system else None


def _item_actions(user: User, item: ConfigurationItem, kind: str) -> dict[str, list[Action]]:
    if not may(user, EDIT, item):
        return {}

    def address(what: str) -> str:
        return reverse(f"assets:item-{what}", args=[item.pk])

    clone = f"{reverse(f'assets:{kind}-create')}?clone={item.pk}"
    return {
        "actions": [Action(_("Edit"), address("edit"), "edit")],
        "more": [
            Action(_("Add relation"), address("relate"), "link"),
            Action(_("Clone"), clone, "copy"),
            Action(_("Delete"), address("delete"), "trash", is_danger=True),
        ],
    }


def location_header(request: HttpRequest, location: Location) -> Header:
    """Return the head of a location's page."""
    user: User = request.user  # type: ignore[assignment]
    actions, more = [], []
    if may_at(user, EDIT, location):
        edit = reverse("assets:location-edit", args=[location.pk])
        below = f"{reverse('assets:location-create')}?parent={location.pk}"
        away = reverse("assets:location-delete", args=[location.pk])
        actions = [Action(_("Edit"), edit, "edit")]
        more = [
            Action(_("Add below"), below, "plus"),
            Action(_("Delete"), away, "trash", is_danger=True),
        ]
    return Header(
        title=location.name,
        kind=location.get_level_display(),
        code=location.code,
        icon="map-pin",
        crumbs=location_crumbs(user, location.parent),
        actions=actions,
        more=more,
    )


def zone_header(request: HttpRequest, zone: Zone) -> Header:
    """Return the head of a zone's page."""
    user: User = request.user  # type: ignore[assignment]
    actions, more = [], []
    if may_at(user, EDIT, zone.site):
        actions = [Action(_("Edit"), reverse("assets:zone-edit", args=[zone.pk]), "edit")]
        away = reverse("assets:zone-delete", args=[zone.pk])
        more = [Action(_("Delete"), away, "trash", is_danger=True)]
    chips = [html.tag(_("Purdue %s") % zone.get_purdue_level_display())]
    if zone.is_safety:
        chips.append(html.tag(_("Safety zone")))
    return Header(
        title=zone.name,
        kind=_("Zone"),
        code=zone.code,
        icon="shield-lock",
        crumbs=[Crumb(_("Zones"), reverse("assets:zone-list")), Crumb(zone.site.name)],
        chips=chips,
        actions=actions,
        more=more,
    )
