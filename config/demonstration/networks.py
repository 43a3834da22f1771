"""The networks of the demonstration at Northfield, all on loopback: an office, the filling hall, the control room.

Nothing is scanned at load. The office may be read at once, the filling hall when whoever is accountable for it
consents, the control room not at all: it is passive.
Loopback, because a demonstration must not send a packet into the network of whoever looks at it.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from assets.models import ConfigurationItem, Location, Zone
from assets.services.items import change_item
from common.actor import Actor
from discovery.choices import CredentialKind, ScanMode
from discovery.models import Credential, Network
from discovery.services import create_network, save_credential

SITE = "NF"
CREDENTIAL = "Simulated devices of Northfield"
#: Always open; a day is two windows, because a window ends on the day it begins or the next.
ALWAYS = "Mon-Sun 00:00-12:00\nMon-Sun 12:00-00:00"
NETWORKS: tuple[dict[str, Any], ...] = (
    {
        "code": "NF-OFFICE",
        "name": "Northfield office network",
        "zone": "NF-Z-ENT",
        "allowed_blocks": "127.20.4.0/27",
        "excluded_blocks": "127.20.4.30  # the telephone system's old gateway",
        "gap_seconds": 0.1,
    },
    {
        "code": "NF-FILLING",
        "name": "Northfield filling hall",
        "zone": "NF-Z-FIL",
        "mode": ScanMode.SNMP_ONLY,
        "allowed_blocks": "127.20.1.0/28",
        "windows": ALWAYS,
    },
    {
        "code": "NF-SCADA",
        "name": "Northfield control room",
        "zone": "NF-Z-SUP",
        "allowed_blocks": "127.20.2.0/28",
        "windows": "Sat-Sun 22:00-04:00",
    },
)
#: What a person has set: one value its device tells otherwise, one item that discovery must leave alone.
HAND_SET: tuple[tuple[str, dict[str, Any], str], ...] = (
    (
        "NF-NET-RTR01",
        {"firmware_version": "17.9.5a"},
        "Updated in the June window, says the provider.",
    ),
    (
        "NF-ADM-WS07",
        {"is_never_scanned": True},
        "Its spreadsheet holds a session to the glass line's controller.",
    ),
)


@transaction.atomic
def add_networks(*, actor: Actor, now: datetime) -> list[str]:
    """Add the networks that are missing; return what was done."""
    site = Location.objects.filter(code=SITE).first()
    zones = Zone.objects.in_bulk([one["zone"] for one in NETWORKS], field_name="code")
    missing = [one for one in NETWORKS if not Network.objects.filter(code=one["code"]).exists()]
    if site is None or len(zones) < len(NETWORKS) or not missing:
        return []
    credential = _credential(site, actor=actor, now=now)
    for one in missing:
        values = {
            **one,
            "zone": zones[one["zone"]],
            "location": site,
            "credential": credential,
            "snmp_port": settings.DEMO_SNMP_PORT,
        }
        create_network(actor=actor, values=values, now=now, comment="demonstration plant")
    return [f"{len(missing)} networks, none of them scanned"]


def _credential(site: Location, *, actor: Actor, now: datetime) -> Credential:
    found = Credential.objects.filter(name=CREDENTIAL).first()
    if found is not None:
        return found
    return save_credential(
        actor=actor,
        credential=Credential(),
        values={
            "name": CREDENTIAL,
            "location": site,
            "kind": CredentialKind.COMMUNITY,
            "community": "public",
        },
        now=now,
        comment="demonstration plant",
    )


def set_by_hand(*, now: datetime) -> list[str]:
    """Let the engineer set what people set in a plant, once; return what was done. Needs the logins."""
    engineer = User.objects.filter(username="engineer").first()
    if engineer is None:
        return []
    actor, done = engineer.as_actor(channel="cli", request_id="demonstration"), []
    for code, values, comment in HAND_SET:
        item = ConfigurationItem.objects.filter(code=code, version=1).first()
        if item is not None:
            change_item(actor=actor, item=item, values=values, now=now, comment=comment)
            done.append(code)
    return [f"set by hand at {', '.join(done)}"] if done else []
