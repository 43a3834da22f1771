"""Identification of recorded real devices, where they are at hand; and how a value is compared with a known one."""

import json
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks.discovery import general_rules, plan_of
from benchmarks.discovery_scores import FIELDS, agrees, scores
from demo.simulator.recordings import load
from discovery.collectors.snmp.plan import SYS_OBJECT_ID, Plan
from discovery.identification.identify import Identity, identify
from discovery.identification.loading import standard_rules
from discovery.identification.values import Attribute
from discovery.rules.readings import Reading

SHARED = Path(settings.BASE_DIR).parent / "shared" / "discovery-recordings"
needs_recordings = pytest.mark.skipif(not SHARED.is_dir(), reason="the recordings are not here")
TARGETS = {"vendor": 97, "os": 92, "model": 88, "version": 88, "serial": 85}


@cache
def expected() -> list[dict]:
    return json.loads((SHARED / "expected.json").read_text())["devices"]


def planned(reading: Reading, plan: Plan) -> Reading:
    """Leave of a whole device what the plan reads of it."""
    identity = reading.get(SYS_OBJECT_ID)
    identity = identity if isinstance(identity, tuple) else ()
    vendors = plan.of_vendor(identity)
    names = {*plan.scalars, *(name for reads in vendors for name in reads.scalars)}
    roots = [root for table in plan.tables for root in table.roots]
    roots += [root for reads in vendors for root in reads.columns]
    kept = {name: value for name in names if (value := reading.get(name)) is not None}
    for root in roots:
        kept |= {(*root, *index): value for index, value in reading.below(root)}
    tree = plan.sampled_tree(identity)
    if tree is not None:
        below = list(reading.below(tree))[: plan.limits.sample]
        kept |= {(*tree, *index): value for index, value in below}
    return Reading(kept)


@cache
def identities(is_general: bool = False) -> dict[str, Identity]:
    rules = general_rules() if is_general else standard_rules()
    plan = plan_of(rules)
    return {
        device["file"]: identify(
            planned(load(SHARED / "recordings" / device["file"]).reading, plan), rules
        )
        for device in expected()
    }


@needs_recordings
@pytest.mark.parametrize("attribute", FIELDS)
def test_known_values_of_recorded_devices_are_found(attribute: Attribute):
    score = scores(expected(), identities())[attribute]
    assert score.figures()["found_percent"] >= TARGETS[attribute.value], score.misses


@needs_recordings
@pytest.mark.parametrize("is_general", [False, True])
def test_no_serial_number_is_wrong_with_or_without_the_rules_of_a_family(is_general: bool):
    score = scores(expected(), identities(is_general))[Attribute.SERIAL]
    assert score.wrong == 0, score.misses


@needs_recordings
def test_a_maker_without_any_rule_is_still_named_and_its_models_often_too():
    result = scores(expected(), identities(True))
    assert result[Attribute.VENDOR].figures()["found_percent"] >= 85
    assert result[Attribute.MODEL].figures()["found_percent"] >= 40
    assert result[Attribute.VERSION].figures()["found_percent"] >= 45


@pytest.mark.parametrize(
    ("attribute", "value", "known", "is_right"),
    [
        (Attribute.SERIAL, "foc-1426y2ay", {"serial": "FOC1426Y2AY"}, True),
        (Attribute.SERIAL, "FOC1426Y2A", {"serial": "FOC1426Y2AY"}, False),
        (Attribute.VENDOR, "HPE", {"vendor": "Hewlett-Packard"}, True),
        (Attribute.VENDOR, "HP", {"vendor": "Dell"}, False),
        (Attribute.OS, "iosxe", {"os": "iosxe", "os_label": "Cisco IOS-XE"}, True),
        (Attribute.OS, "eaton-ups", {"os": "eatonupsm2", "os_label": "Eaton UPS"}, True),
        (Attribute.OS, "ios", {"os": "iosxe", "os_label": "Cisco IOS-XE"}, False),
        (Attribute.OS, "moxa-switch", {"os": "moxa-etherdevice", "os_label": "Moxa"}, True),
        (Attribute.OS, "cisco-switch", {"os": "ios", "os_label": "Cisco IOS"}, False),
        (Attribute.MODEL, "NETYS", {"hardware": "Socomec NETYS", "vendor": "Socomec"}, True),
        (Attribute.MODEL, "DES-3526", {"hardware": "DES-3526 Rev. 3A1"}, True),
        (Attribute.MODEL, "Switch", {"hardware": "A5500-24G EI Switch"}, False),
        (Attribute.MODEL, "EDS-P506E", {"hardware": "EDS-P506E-4PoE"}, False),
        (Attribute.VERSION, "V5.7 build 21071517", {"version": "V5.7  build 21071517"}, True),
        (Attribute.VERSION, "1.2.3", {"version": "v1.2.3 (stable)"}, True),
        (Attribute.VERSION, "1.2", {"version": "1.2.3"}, False),
    ],
)
def test_a_value_is_compared_fairly_with_a_known_one(attribute, value, known, is_right):
    assert agrees(attribute, value, known) is is_right
