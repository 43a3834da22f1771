"""The map of a place in one of four views, as one reader may see it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from assets.models import Location
from discovery.choices import MapView
from discovery.models import Network
from discovery.queries.map_draft import Row, told_words
from discovery.queries.map_flows import flows_of
from discovery.queries.map_material import Material, material_of, network_material
from discovery.queries.map_topology import topology_of
from discovery.queries.map_zones import conduits_of, levels_of, zones_of
from discovery.rules.map_chart import Chart, Told


@dataclass(frozen=True)
class SiteMap:
    """A map with its lines as rows.

    `items` counts what the reader sees of the place, `hidden` what they do not, `hidden_links` links that lead there;
    `beside` are items (systems, in the data flows) the view has nothing to say about.
    """

    title: str
    view: str
    chart: Chart
    rows: Sequence[Row]
    items: int
    hidden: int
    hidden_links: int
    beside: int
    at: datetime

    @property
    def counts(self) -> list[tuple[Told, str, int]]:
        """Return how many lines there are of each kind."""
        found = Counter(row.tie.told for row in self.rows)
        return [(told, words, found[told]) for told, words in told_words().items()]

    @property
    def warnings(self) -> int:
        """Return on how many lines something is wrong."""
        return sum(bool(row.tie.warning) for row in self.rows)

    @property
    def beside_words(self) -> str:
        """Return what is not on the drawing, empty when nothing is."""
        if not self.beside:
            return ""
        return _beside(self.view, self.beside)


def _beside(view: str, count: int) -> str:
    words = {
        MapView.TOPOLOGY: ngettext(
            "%(n)d item has no link declared or seen",
            "%(n)d items have no link declared or seen",
            count,
        ),
        MapView.FLOWS: ngettext(
            "%(n)d system has no interface declared or seen",
            "%(n)d systems have no interface declared or seen",
            count,
        ),
        MapView.ZONES: ngettext("%(n)d item is in no zone", "%(n)d items are in no zone", count),
        MapView.PURDUE: ngettext(
            "%(n)d item has no Purdue level", "%(n)d items have no Purdue level", count
        ),
    }
    return words[MapView(view)] % {"n": count}


def site_map(user: User, place: Location, *, view: str, at: datetime) -> SiteMap:
    """Return the map of a place: a dozen queries for any size."""
    material = material_of(user, place)
    if view == MapView.FLOWS:
        found = flows_of(material)
    elif view in {MapView.ZONES, MapView.PURDUE}:
        zones = zones_of(user, material)
        draw = conduits_of if view == MapView.ZONES else levels_of
        found = draw(material, zones)
    else:
        found = topology_of(material)
    title = _("%(view)s of %(place)s") % {"view": MapView(view).label, "place": place}
    return _map(title, view, material, found, at)


def network_map(user: User, network: Network, *, at: datetime) -> SiteMap:
    """Return the map of a discovered network: what was read there, and what that is linked to."""
    material = network_material(user, network)
    title = _("Topology of %s") % network
    found = topology_of(material, by_place=False)
    return _map(title, MapView.TOPOLOGY, material, found, at)


def _map(
    title: str,
    view: str,
    material: Material,
    drawn: tuple[Chart, list[Row], int],
    at: datetime,
) -> SiteMap:
    chart, rows, beside = drawn
    order = sorted(rows, key=lambda row: (not row.tie.warning, row.source, row.target))
    return SiteMap(
        title=title,
        view=view,
        chart=chart,
        rows=order,
        items=len(material.inside),
        hidden=material.hidden,
        hidden_links=material.hidden_links,
        beside=beside,
        at=at,
    )
