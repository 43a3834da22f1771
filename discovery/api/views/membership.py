"""VLANs, the ports that carry them, subnets and the addresses in them over the API; nothing of it is written here."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from assets.references import item_ref
from common.api.fields import Derived
from common.api.resources import Resource
from discovery.access import (
    subnet_members_visible_to,
    subnets_visible_to,
    vlan_ports_visible_to,
    vlans_visible_to,
)
from discovery.api.fields import ROOT, network_ref
from discovery.filters import (
    SubnetFilterSet,
    SubnetMemberFilterSet,
    VlanFilterSet,
    VlanPortFilterSet,
)
from discovery.models import SubnetMemberSeen, SubnetSeen, VlanPortSeen, VlanSeen


def _vlan(pk: int, number: int, name: str) -> dict[str, Any]:
    return {"id": pk, "label": f"{number} {name}".strip(), "url": f"{ROOT}vlans/{pk}/"}


def _subnet(pk: int, prefix: str) -> dict[str, Any]:
    return {"id": pk, "label": prefix, "url": f"{ROOT}subnets/{pk}/"}


class VlanSerializer(serializers.Serializer[Any]):
    """A VLAN of a network, called what most of its devices call it."""

    id = serializers.IntegerField(read_only=True)
    url = Derived(("pk",), str)
    network = network_ref(read_only=True)
    number = serializers.IntegerField(read_only=True)
    name = serializers.CharField(read_only=True)
    first_seen_at = serializers.DateTimeField(read_only=True)


class VlanPortSerializer(serializers.Serializer[Any]):
    """A port that carries a VLAN; `is_native`: what comes in untagged belongs to it."""

    id = serializers.IntegerField(read_only=True)
    url = Derived(("pk",), str)
    vlan = Derived(("vlan_id", "vlan__number", "vlan__name"), _vlan)
    item = item_ref(read_only=True)
    port = serializers.CharField(read_only=True)
    is_tagged = serializers.BooleanField(read_only=True)
    is_native = serializers.BooleanField(read_only=True)


class SubnetSerializer(serializers.Serializer[Any]):
    """A subnet that devices of a network have interfaces in."""

    id = serializers.IntegerField(read_only=True)
    url = Derived(("pk",), str)
    network = network_ref(read_only=True)
    prefix = serializers.CharField(read_only=True)
    first_seen_at = serializers.DateTimeField(read_only=True)


class SubnetMemberSerializer(serializers.Serializer[Any]):
    """An address in a subnet; without an item it was only heard of."""

    id = serializers.IntegerField(read_only=True)
    url = Derived(("pk",), str)
    subnet = Derived(("subnet_id", "subnet__prefix"), _subnet)
    address = serializers.CharField(read_only=True)
    mac = serializers.CharField(read_only=True)
    port = serializers.CharField(read_only=True)
    item = item_ref(read_only=True)


class VlanResource(Resource):
    """VLANs as switches tell them."""

    serializer_class = VlanSerializer
    filterset = VlanFilterSet
    orderings = ("id", "number", "name", "first_seen_at")
    is_writable = False

    def rows(self) -> QuerySet[VlanSeen]:
        """Return the VLANs of visible networks."""
        return vlans_visible_to(self.caller)


class VlanPortResource(Resource):
    """Which ports carry which VLANs: `?item=` gives those of one device, `?number=` those of one VLAN."""

    serializer_class = VlanPortSerializer
    filterset = VlanPortFilterSet
    orderings = ("id", "port")
    is_writable = False

    def rows(self) -> QuerySet[VlanPortSeen]:
        """Return the ports of visible items."""
        return vlan_ports_visible_to(self.caller)


class SubnetResource(Resource):
    """Subnets that devices have interfaces in."""

    serializer_class = SubnetSerializer
    filterset = SubnetFilterSet
    orderings = ("id", "prefix", "first_seen_at")
    is_writable = False

    def rows(self) -> QuerySet[SubnetSeen]:
        """Return the subnets of visible networks."""
        return subnets_visible_to(self.caller)


class SubnetMemberResource(Resource):
    """Addresses seen in subnets: `?subnet=` gives those of one, `?item=` those of one item."""

    serializer_class = SubnetMemberSerializer
    filterset = SubnetMemberFilterSet
    orderings = ("id", "address")
    is_writable = False

    def rows(self) -> QuerySet[SubnetMemberSeen]:
        """Return the addresses of visible items, and those that are no item's."""
        return subnet_members_visible_to(self.caller)
