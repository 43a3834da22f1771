"""Reading, previewing and importing files of what was seen elsewhere, as the tests do it."""

import io
from pathlib import Path

from django.utils import timezone

from assets.models import ConfigurationItem, Relation
from common.actor import Actor
from discovery.models import Case, ItemKey, LinkSighting, Scan
from discovery.queries.seen_files import SeenOrder, read_seen
from discovery.services.seen_imports import import_file
from discovery.services.seen_previews import foreseen
from tests.factories.assets import ItemClassFactory, LocationFactory
from tests.factories.discovery import NetworkFactory

REPORT = (Path(__file__).parent / "reports" / "line1.xml").read_bytes()
WHO = Actor(label="test", channel="test")


def network_of_files():
    """A network whose files may speak of 10.20.0.0/24 but for one address."""
    for slug in ("network-device", "plc"):
        ItemClassFactory(slug=slug)
    site = LocationFactory()
    return NetworkFactory(
        location=site, allowed_blocks="10.20.0.0/24", excluded_blocks="10.20.0.200"
    )


def reading(network, content, name="", *, switch="", now=None):
    content = content.encode() if isinstance(content, str) else content
    order = SeenOrder(network, ConfigurationItem.objects.all(), now or timezone.now(), switch)
    return read_seen(order, io.BytesIO(content), name or "seen.csv")


def imported(network, content, name="", *, switch="", now=None):
    now = now or timezone.now()
    seen = reading(network, content, name, switch=switch, now=now)
    found = import_file(actor=WHO, network=network, seen=seen, name=name, clock=lambda: now)
    return Scan.objects.get(pk=found["scan"])


def previewed(network, content, name="", *, switch="", now=None):
    seen = reading(network, content, name, switch=switch, now=now)
    now = now or timezone.now()
    return foreseen(network=network, seen=seen, user=None, actor=WHO, now=now)


def verdicts(scan):
    return dict(scan.observations.values_list("address", "verdict"))


def written():
    """Return everything an import may write into the inventory."""
    return (
        list(
            ConfigurationItem.objects.order_by("pk").values_list("pk", "version", "network_address")
        ),
        list(Relation.objects.order_by("pk").values_list("pk", "version")),
        sorted(ItemKey.objects.values_list("kind", "value", "item_id")),
        list(Case.objects.order_by("pk").values_list("pk", "state")),
        LinkSighting.objects.count(),
    )


def left_out(found):
    return {one["reason"]: one["count"] for one in found["left_out"]}
