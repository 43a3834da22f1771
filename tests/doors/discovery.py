"""What discovery keeps of a site, every word of it marked."""

from typing import Any

from discovery.choices import (
    ApprovalState,
    CaseKind,
    ObservationVerdict,
    ScanState,
    TargetOutcome,
)
from discovery.models import (
    LinkSighting,
    ProbeRecord,
    ScanTarget,
    SubnetMemberSeen,
    SubnetSeen,
    VlanDeviceSeen,
    VlanPortSeen,
    VlanSeen,
)
from tests.factories.assets import AssetFactory, ItemClassFactory
from tests.factories.discovery import (
    CaseFactory,
    CollectorFactory,
    CredentialFactory,
    DriftFactory,
    ItemKeyFactory,
    MergeFactory,
    NetworkFactory,
    NotSameFactory,
    ObservationFactory,
    OwnerGapFactory,
    PresenceFactory,
    ScanApprovalFactory,
    ScanFactory,
    ScheduledRunFactory,
    ScheduleFactory,
    StopOrderFactory,
)
from tests.factories.governance import MONDAY


def build_discovery(site: Any) -> None:
    """A network with all that hangs on it; its addresses are documentation's, so nothing can be sent."""
    word, found, shared = site.marker, site.objects, site.shared.objects
    found["credential"] = CredentialFactory(
        name=f"{word} community", location=found["location"], username=f"{word} user"
    )
    # At a line of its own, so that the network is not scanned through it.
    found["collector"] = CollectorFactory(
        name=f"{word} collector",
        location=found["line"],
        process=f"{word}-host:17",
        release=f"{word} build",
    )
    found["network"] = network = NetworkFactory(
        code=f"{word}-NET",
        name=f"{word} network",
        location=found["location"],
        zone=found["zone"],
        credential=found["credential"],
        allowed_blocks=f"192.0.2.0/29  # {word} cell",
    )
    found["consent"] = ScanApprovalFactory(
        network=network,
        requester=shared["person"],
        person=shared["accountable"],
        state=ApprovalState.REQUESTED,
        decided_by=None,
        reason=f"{word} inventory",
        trace=[f"{word} rule"],
    )
    found["stop_order"] = StopOrderFactory(network=network, reason=f"{word} smoke")
    found["scan"] = scan = ScanFactory(
        network=network,
        requester=shared["person"],
        targets="192.0.2.1",
        state=ScanState.STOPPED,
        end_reason=f"{word} smoke",
        started_at=MONDAY,
        finished_at=MONDAY,
    )
    found["scan_target"] = ScanTarget.objects.create(
        scan=scan,
        address="192.0.2.1",
        outcome=TargetOutcome.PARTIAL,
        reason=f"{word} silence",
        identity={"model": {"value": f"{word} switch", "rule": "r", "oid": "1.3", "text": word}},
        problems=[f"{word} loop"],
        read_at=MONDAY,
    )
    ProbeRecord.objects.create(
        scan=scan,
        at=MONDAY,
        address="192.0.2.1",
        request=f"{word} read",
        outcome="answered",
        was_sent=True,
    )
    _what_runs_by_itself(site)
    _what_was_seen(site)
    _membership(site)


def _what_runs_by_itself(site: Any) -> None:
    """A schedule that did not start, an item that is no longer seen, one that nobody answers for."""
    word, found = site.marker, site.objects
    network = found["network"]
    found["schedule"] = schedule = ScheduleFactory(
        network=network,
        name=f"{word} nightly",
        targets=f"192.0.2.1  # {word}",
        owner__person=None,
    )
    found["scheduled_run"] = ScheduledRunFactory(schedule=schedule, reason=f"{word} window")
    found["presence"] = PresenceFactory(
        network=network,
        item=found["asset"],
        observer=found["switch"],
        seen_scan=found["scan"],
        address="192.0.2.1",
        missed_looks=2,
        first_missed_at=MONDAY,
        last_missed_at=MONDAY,
        stale_since=MONDAY,
    )
    found["owner_gap"] = OwnerGapFactory(network=network, item=found["asset"], scan=found["scan"])


def _what_was_seen(site: Any) -> None:
    """A device that was recognised, a question about it, keys, a refusal and a merge."""
    word, found = site.marker, site.objects
    found["observation"] = row = ObservationFactory(
        scan=found["scan"],
        target=found["scan_target"],
        address="192.0.2.1",
        told={"name": f"{word}-seen", "serials": [f"{word}-told"]},
        verdict=ObservationVerdict.CONFLICTING,
        reason=f"{word} clash",
        changes={"hostname": [f"{word}-before", f"{word}-seen"]},
        item=found["asset"],
    )
    found["case"] = CaseFactory(
        observation=row,
        # Long ago: an age in minutes would turn between two looks at the page.
        created_at=MONDAY,
        kind=CaseKind.VALUE,
        field="hostname",
        stored_value=f"{word}-before",
        seen_value=f"{word}-seen",
    )
    found["case"].candidates.add(found["asset"])
    found["item_key"] = ItemKeyFactory(
        item=found["asset"], item_label=f"{word} asset", value=f"maker {word}-told"
    )
    found["not_same"] = NotSameFactory(item=found["asset"], value=f"maker {word}-other")
    double = AssetFactory(
        code=f"{word}-double", name=f"{word} double", location=found["line"], status="retired"
    )
    found["drift"] = DriftFactory(
        scan=found["scan"], item=found["asset"], before=f"{word}-before", after=f"{word}-after"
    )
    found["merge"] = MergeFactory(kept=found["switch"], gone=double, note=f"{word} double")
    ItemClassFactory(slug="network-device")


def _membership(site: Any) -> None:
    """A VLAN on a switch with a spare plugged into it, a subnet with an address, and a link nobody declared."""
    word, found = site.marker, site.objects
    network, switch = found["network"], found["switch"]
    found["vlan"] = vlan = VlanSeen.objects.create(
        network=network, number=10, name=f"{word} vlan", first_seen_at=MONDAY
    )
    VlanDeviceSeen.objects.create(vlan=vlan, item=switch, name=f"{word} vlan")
    found["vlan_port"] = VlanPortSeen.objects.create(
        vlan=vlan, item=switch, if_index=1, port=f"{word} P1", is_tagged=False, is_native=True
    )
    found["subnet"] = subnet = SubnetSeen.objects.create(
        network=network, prefix="192.0.2.0/29", first_seen_at=MONDAY
    )
    found["subnet_member"] = SubnetMemberSeen.objects.create(
        subnet=subnet, address="192.0.2.1", port=f"{word} P1", item=switch, told_by=switch
    )
    LinkSighting.objects.create(
        network=network,
        a_item=switch,
        a_port=f"{word} P1",
        b_item=found["spare"],
        method="lldp",
        confidence=2,
        evidence=[["lldp", f"{word} told"]],
        first_seen_at=MONDAY,
        last_seen_at=MONDAY,
    )
