"""Factories for discovery."""

from datetime import time, timedelta

import factory

from discovery.choices import (
    ApprovalState,
    CaseKind,
    CredentialKind,
    DriftKind,
    OwnerGapKind,
    ScanMode,
    ScheduleOutcome,
)
from discovery.collectors.remote.messages import new_key
from discovery.keys import seal
from discovery.models import (
    Case,
    Collector,
    Credential,
    Drift,
    ItemKey,
    Merge,
    Network,
    NotSame,
    Observation,
    OwnerGap,
    Presence,
    Scan,
    ScanApproval,
    Schedule,
    ScheduledRun,
    SiteRule,
    StopOrder,
)
from discovery.queries.policies import policy_hash
from tests.factories.accounts import BaseFactory, PersonFactory, UserFactory
from tests.factories.assets import AssetFactory, LocationFactory
from tests.factories.governance import MONDAY


class CredentialFactory(BaseFactory):
    """The community that simulated devices answer to."""

    class Meta:
        model = Credential

    name = factory.Sequence(lambda n: f"community {n}")
    location = factory.SubFactory(LocationFactory)
    kind = CredentialKind.COMMUNITY
    sealed = factory.LazyFunction(lambda: seal({"community": "public"}))
    rotated_at = MONDAY


class CollectorFactory(BaseFactory):
    """In use; nobody has greeted it yet."""

    class Meta:
        model = Collector

    name = factory.Sequence(lambda n: f"collector {n}")
    location = factory.SubFactory(LocationFactory)
    sealed = factory.LazyFunction(lambda: seal({"key": new_key()}))
    key_set_at = MONDAY


class NetworkFactory(BaseFactory):
    """An office network: without a zone it would count as OT, so its mode and level are told by the zone."""

    class Meta:
        model = Network

    code = factory.Sequence(lambda n: f"net-{n}")
    name = factory.LazyAttribute(lambda o: f"Network {o.code}")
    location = factory.SubFactory(LocationFactory)
    mode = ScanMode.SNMP_ONLY
    allowed_blocks = "127.30.0.0/29"
    credential = factory.SubFactory(CredentialFactory, location=factory.SelfAttribute("..location"))
    gap_seconds = 0
    subnet_rate = 1000
    overall_rate = 1000


class ScanApprovalFactory(BaseFactory):
    """Given, for a year around today."""

    class Meta:
        model = ScanApproval

    network = factory.SubFactory(NetworkFactory)
    requester = factory.SubFactory(PersonFactory)
    person = factory.SubFactory(PersonFactory)
    decided_by = factory.SelfAttribute("person")
    state = ApprovalState.APPROVED
    valid_from = MONDAY - timedelta(days=200)
    expires_at = MONDAY + timedelta(days=200)
    policy_hash = factory.LazyAttribute(lambda o: policy_hash(o.network))


class StopOrderFactory(BaseFactory):
    class Meta:
        model = StopOrder

    network = None
    reason = "A line behaves oddly."


class ScanFactory(BaseFactory):
    class Meta:
        model = Scan

    network = factory.SubFactory(NetworkFactory)


class ObservationFactory(factory.django.DjangoModelFactory):
    """Staged, of a device that tells its serial number; `told` are fields of its sighting."""

    class Meta:
        model = Observation

    class Params:
        told = {}

    scan = factory.SubFactory(ScanFactory)
    network = factory.SelfAttribute("scan.network")
    address = factory.Sequence(lambda n: f"127.30.{n // 250}.{n % 250 + 1}")
    seen_at = MONDAY
    values = factory.LazyAttribute(
        lambda o: {
            "vendor": "Moxa",
            "model": "EDS-408A",
            "version": "3.8",
            "serial": (o.told.get("serials") or [""])[0],
            "item_class": "industrial-switch",
            "name": o.told.get("name", ""),
            "mac": (o.told.get("macs") or [""])[0],
        }
    )
    sighting = factory.LazyAttribute(
        lambda o: {
            "key": o.address,
            "network": o.network.code,
            "address": o.address,
            "kind": "industrial-switch",
            "vendor": "Moxa",
            "model": "EDS-408A",
            "serials": [],
            "chassis": "",
            "base_mac": "",
            "macs": [],
            "knows_all_macs": False,
            "engine_id": "",
            "name": "",
            **o.told,
        }
    )


class CaseFactory(BaseFactory):
    class Meta:
        model = Case

    observation = factory.SubFactory(ObservationFactory)
    network = factory.SelfAttribute("observation.network")
    kind = CaseKind.WEAK
    fingerprint = factory.Sequence(lambda n: f"{n:064x}")


class ItemKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ItemKey

    item = factory.SubFactory(AssetFactory)
    item_label = factory.LazyAttribute(lambda o: str(o.item))
    kind = "serial"
    value = factory.Sequence(lambda n: f"moxa TAI{n:05}")
    first_seen_at = MONDAY
    last_seen_at = MONDAY


class NotSameFactory(BaseFactory):
    class Meta:
        model = NotSame

    item = factory.SubFactory(AssetFactory)
    kind = "serial"
    value = factory.Sequence(lambda n: f"moxa OTHER{n:05}")


class MergeFactory(BaseFactory):
    """As it is written down; nothing was moved."""

    class Meta:
        model = Merge

    kept = factory.SubFactory(AssetFactory)
    gone = factory.SubFactory(AssetFactory)
    merged_at = MONDAY
    record = factory.LazyFunction(
        lambda: (
            {
                name: []
                for name in (
                    "groups",
                    "relations",
                    "dropped",
                    "keys",
                    "learned",
                    "refusals",
                    "cases",
                )
            }
            | {"filled": {}, "retired": {}}
        )
    )


class DriftFactory(BaseFactory):
    """An unexplained new device."""

    class Meta:
        model = Drift

    scan = factory.SubFactory(ScanFactory)
    network = factory.SelfAttribute("scan.network")
    item = factory.SubFactory(AssetFactory, location=factory.SelfAttribute("..network.location"))
    kind = DriftKind.ITEM_NEW
    after = "127.30.0.9"
    since = MONDAY - timedelta(days=7)
    seen_at = MONDAY


class ScheduleFactory(BaseFactory):
    """Every day at six in the evening, since yesterday; its owner may do everything."""

    class Meta:
        model = Schedule

    network = factory.SubFactory(NetworkFactory)
    name = factory.Sequence(lambda n: f"Schedule {n}")
    owner = factory.SubFactory(UserFactory, is_superuser=True)
    weekdays = "Mon-Sun"
    local_time = time(18)
    first_date = MONDAY.date() - timedelta(days=30)
    armed_at = MONDAY


class ScheduledRunFactory(factory.django.DjangoModelFactory):
    """Skipped."""

    class Meta:
        model = ScheduledRun

    schedule = factory.SubFactory(ScheduleFactory)
    due_at = MONDAY
    decided_at = MONDAY
    outcome = ScheduleOutcome.SKIPPED
    reason = "No window is open for this network."


class PresenceFactory(factory.django.DjangoModelFactory):
    """Seen at an address, not missed since."""

    class Meta:
        model = Presence

    network = factory.SubFactory(NetworkFactory)
    item = factory.SubFactory(AssetFactory, location=factory.SelfAttribute("..network.location"))
    address = factory.Sequence(lambda n: f"127.30.{n // 250}.{n % 250 + 1}")
    seen_at = MONDAY


class OwnerGapFactory(factory.django.DjangoModelFactory):
    """Nobody is accountable."""

    class Meta:
        model = OwnerGap

    network = factory.SubFactory(NetworkFactory)
    item = factory.SubFactory(AssetFactory, location=factory.SelfAttribute("..network.location"))
    kind = OwnerGapKind.UNOWNED
    found_at = MONDAY


class SiteRuleFactory(BaseFactory):
    """A rule for a maker that does not exist."""

    class Meta:
        model = SiteRule

    name = factory.Sequence(lambda n: f"site-maker-{n}")
    text = factory.LazyAttribute(
        lambda o: (
            f"rules:\n- name: {o.name}\n  when: {{object_id: enterprises.64997}}\n"
            "  set: {vendor: Maker}\n  examples:\n"
            "  - {object_id: enterprises.64997.1, expect: {vendor: Maker}}\n"
        )
    )
