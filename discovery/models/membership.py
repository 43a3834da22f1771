"""Who is in which VLAN and subnet as the devices tell it, and which of them would tell of their neighbours.

Nothing here says when it was last seen: a row stands until its observer was read to the end and no longer tells it, so
that a second look at an unchanged network writes nothing. When its device was last read is the observations' to say.
"""

from django.db import models

from assets.models import ConfigurationItem
from discovery.models.networks import Network


class VlanSeen(models.Model):
    """A VLAN of a network (IEEE 802.1Q); `name` is what most of its devices call it, "" when none does."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="vlans_seen")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=64, blank=True, default="")
    first_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["network_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["network", "number"], name="one_row_per_vlan")
        ]

    def __str__(self) -> str:
        return f"VLAN {self.number} {self.name}".strip()


class VlanDeviceSeen(models.Model):
    """A device knows a VLAN, under a name of its own."""

    vlan = models.ForeignKey(VlanSeen, on_delete=models.CASCADE, related_name="devices")
    item = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="vlans_seen")
    name = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["vlan", "item"], name="one_row_per_vlan_and_device")
        ]

    def __str__(self) -> str:
        return f"VLAN row {self.pk}"


class VlanPortSeen(models.Model):
    """A port carries a VLAN, tagged or not; `is_native`: what comes in untagged belongs to it."""

    vlan = models.ForeignKey(VlanSeen, on_delete=models.CASCADE, related_name="ports")
    item = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="vlan_ports_seen"
    )
    if_index = models.BigIntegerField()
    port = models.CharField(max_length=100)
    is_tagged = models.BooleanField()
    is_native = models.BooleanField()

    class Meta:
        ordering = ["item_id", "if_index"]
        constraints = [
            models.UniqueConstraint(
                fields=["vlan", "item", "if_index"], name="one_row_per_vlan_and_port"
            )
        ]

    def __str__(self) -> str:
        return self.port


class BundleSeen(models.Model):
    """Ports bundled to one (IEEE 802.1AX); `members` are what they are called."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="bundles_seen")
    item = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="bundles_seen"
    )
    if_index = models.BigIntegerField()
    port = models.CharField(max_length=100)
    members = models.JSONField(default=list)

    class Meta:
        ordering = ["item_id", "if_index"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "item", "if_index"], name="one_row_per_bundle"
            )
        ]

    def __str__(self) -> str:
        return self.port


class SubnetSeen(models.Model):
    """An IP subnet that devices of a network have interfaces in; `prefix` as in 10.20.0.0/24."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="subnets_seen")
    prefix = models.CharField(max_length=43)
    first_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["network_id", "prefix"]
        constraints = [
            models.UniqueConstraint(fields=["network", "prefix"], name="one_row_per_subnet")
        ]

    def __str__(self) -> str:
        return self.prefix


class SubnetMemberSeen(models.Model):
    """An address in a subnet: an item's own, or one that somebody's ARP table knows (`told_by`)."""

    subnet = models.ForeignKey(SubnetSeen, on_delete=models.CASCADE, related_name="members")
    address = models.GenericIPAddressField()
    mac = models.CharField(max_length=17, blank=True, default="")
    port = models.CharField(max_length=100, blank=True, default="")
    item = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subnets_seen",
    )
    told_by = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["subnet_id", "address"]
        constraints = [
            models.UniqueConstraint(fields=["subnet", "address"], name="one_row_per_subnet_address")
        ]

    def __str__(self) -> str:
        return str(self.address)


class Witness(models.Model):
    """An item that was read in a network, and by which methods it would have shown a neighbour it has."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="witnesses")
    item = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="witnessed_in"
    )
    methods = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["network", "item"], name="one_row_per_witness")
        ]

    def __str__(self) -> str:
        return f"witness {self.pk}"
