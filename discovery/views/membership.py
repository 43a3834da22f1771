"""VLANs and subnets: which there are, and who is in them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.pages import Column, Crumb, EmptyState, ListPage, Page, Row, html, plain
from discovery.access import subnet_for, subnets_visible_to, vlan_for, vlans_visible_to
from discovery.filters import SubnetFilterSet, VlanFilterSet
from discovery.models import SubnetSeen, VlanSeen
from discovery.queries.membership import subnet_view, vlan_view


def _vlan(row: Row) -> SafeString:
    return html.link(
        reverse("discovery:vlan-detail", args=[row["pk"]]),
        _("VLAN %s") % row["number"],
        css="main-link",
    )


class SeenList(ListPage):
    """Base of lists of what stands in networks."""

    template_name = "discovery/list.html"

    def in_site(self, queryset: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Keep those of the site."""
        return queryset.filter(network__location__path__startswith=path)


class VlanList(SeenList):
    """The VLANs the switches told of."""

    title = _("VLANs")
    list_name = "discovery:vlan-list"
    filterset_class = VlanFilterSet
    columns = (
        Column("number", _("VLAN"), _vlan, ("pk", "number"), order="number"),
        plain("name", _("Name"), order="name"),
        plain("network", _("Network"), field="network__name", order="network__name"),
        Column(
            "devices",
            _("Switches"),
            lambda row: html.number(row["device_count"]),
            ("device_count",),
            order="device_count",
            is_numeric=True,
        ),
        Column(
            "ports",
            _("Ports"),
            lambda row: html.number(row["port_count"]),
            ("port_count",),
            order="port_count",
            is_numeric=True,
        ),
        Column(
            "first_seen_at",
            _("First seen"),
            lambda row: html.moment(row["first_seen_at"]),
            ("first_seen_at",),
            order="first_seen_at",
            is_default=False,
        ),
    )
    facets = ("network",)
    default_order = "number"
    empty = EmptyState(
        _("No VLAN was seen yet"),
        _("Switches that are read tell which VLANs they know and which ports carry them."),
        "network",
    )

    def queryset(self) -> QuerySet[VlanSeen]:
        """Return the VLANs of visible networks with how many devices and ports have them."""
        return vlans_visible_to(self.user).annotate(
            device_count=Count("devices", distinct=True), port_count=Count("ports", distinct=True)
        )

    def row_label(self, row: Row) -> object:
        """Return its number."""
        return row["number"]


class SubnetList(SeenList):
    """The subnets that devices have interfaces in."""

    title = _("Subnets")
    list_name = "discovery:subnet-list"
    filterset_class = SubnetFilterSet
    columns = (
        Column(
            "prefix",
            _("Subnet"),
            lambda row: html.link(
                reverse("discovery:subnet-detail", args=[row["pk"]]),
                row["prefix"],
                css="main-link",
            ),
            ("pk", "prefix"),
            order="prefix",
        ),
        plain("network", _("Network"), field="network__name", order="network__name"),
        Column(
            "members",
            _("Addresses seen"),
            lambda row: html.number(row["member_count"]),
            ("member_count",),
            order="member_count",
            is_numeric=True,
        ),
        Column(
            "first_seen_at",
            _("First seen"),
            lambda row: html.moment(row["first_seen_at"]),
            ("first_seen_at",),
            order="first_seen_at",
        ),
    )
    facets = ("network",)
    default_order = "prefix"
    empty = EmptyState(
        _("No subnet was seen yet"),
        _("Devices that are read tell the addresses and masks of their interfaces."),
        "network",
    )

    def queryset(self) -> QuerySet[SubnetSeen]:
        """Return the subnets of visible networks with how many addresses were seen in them."""
        return subnets_visible_to(self.user).annotate(member_count=Count("members"))

    def row_label(self, row: Row) -> object:
        """Return its prefix."""
        return row["prefix"]


class VlanPage(Page):
    """A VLAN: the switches that know it with their ports, and who is plugged into them."""

    template_name = "discovery/vlan.html"

    @property
    def vlan(self) -> VlanSeen:
        """The VLAN, loaded once."""
        if not hasattr(self, "_vlan"):
            self._vlan = vlan_for(self.user, self.kwargs["pk"])
        return self._vlan

    def get_title(self) -> str:
        """Return its number and name."""
        return str(self.vlan)

    @property
    def subtitle(self) -> str:
        """Where it is."""
        return str(self.vlan.network)

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return (Crumb(_("VLANs"), reverse("discovery:vlan-list")),)

    def content(self) -> dict[str, Any]:
        """Return who is in it."""
        return {"vlan": self.vlan, "view": vlan_view(self.user, self.vlan)}


class SubnetPage(Page):
    """A subnet: the addresses seen in it and whose they are."""

    template_name = "discovery/subnet.html"

    @property
    def subnet(self) -> SubnetSeen:
        """The subnet, loaded once."""
        if not hasattr(self, "_subnet"):
            self._subnet = subnet_for(self.user, self.kwargs["pk"])
        return self._subnet

    def get_title(self) -> str:
        """Return its prefix."""
        return self.subnet.prefix

    @property
    def subtitle(self) -> str:
        """Where it is."""
        return str(self.subnet.network)

    def crumbs(self) -> Sequence[Crumb]:
        """Lead back to the list."""
        return (Crumb(_("Subnets"), reverse("discovery:subnet-list")),)

    def content(self) -> dict[str, Any]:
        """Return who is in it."""
        return {"subnet": self.subnet, "view": subnet_view(self.user, self.subnet)}
