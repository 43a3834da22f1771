"""What a device is: rules and their examples, our own recordings, and texts that mean harm."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from demo.simulator.recordings import load
from discovery.identification.identify import Identity, identify
from discovery.identification.loading import parse_rules, standard_rules
from discovery.identification.rules import Example, Rule, RuleSet
from discovery.identification.sources import DESCRIPTION, OBJECT_ID
from discovery.identification.trials import Failure, failing_examples, slow_expressions
from discovery.identification.values import Attribute
from discovery.rules.readings import Oid, Reading, Value, oid

RECORDINGS = Path(__file__).parent / "recordings"
RULES = standard_rules()
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.name}-{number}")
    for rule in RULES.rules
    for number, example in enumerate(rule.examples)
]


def recorded(name: str) -> Identity:
    return identify(load(RECORDINGS / f"{name}.snmprec").reading)


def described(text: str, **more: Value) -> Identity:
    """Identify a device by its description and variables named like enterprises_9_1."""
    varbinds: dict[Oid, Value] = {DESCRIPTION: text.encode()}
    for name, value in more.items():
        varbinds[oid(name.replace("enterprises", "1.3.6.1.4.1").replace("_", "."))] = value
    return identify(Reading(varbinds))


def test_every_example_of_a_rule_comes_out_as_its_author_says():
    assert failing_examples(RULES) == []


def test_an_example_that_does_not_hold_is_named():
    text = "rules:\n- name: mine\n  set: {os: a}\n  examples: [{description: x, expect: {os: b, serial: null}}]\n"
    (failure,) = failing_examples(RuleSet(tuple(parse_rules(text, "mine.yaml"))))
    assert failure == Failure("mine", 0, Attribute.OS, "b", "a")


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_rule_applies_to_its_own_examples(rule: Rule, example: Example):
    if any(value is not None for value in example.expected.values()):
        assert rule.name in identify(Reading(example.varbinds)).rules


def test_general_rules_and_guesses_that_cut_have_examples():
    bare = [rule.name for rule in RULES.rules if rule.precedence <= 10 and rule.cuts]
    with_examples = {rule.name for rule in RULES.rules if rule.examples}
    assert sorted(set(bare) - with_examples) == ["cable-modem", "maker-in-description"]


def test_a_maker_without_a_number_is_known_by_its_name_in_the_description():
    assert described("Rittal IT Chiller").vendor == "Rittal"
    assert described("Allied Telesis AT-8000").vendor == "Allied Telesis"
    assert described("a sharp box by nobody").vendor == ""


def test_a_role_leads_to_an_item_class_of_the_catalogue():
    with (settings.BASE_DIR / "assets" / "catalogue" / "item_classes.csv").open() as rows:
        slugs = {row["slug"] for row in csv.DictReader(rows)}
    roles = {rule.constants.get(Attribute.ROLE) for rule in RULES.rules} - {None}
    assert roles <= set(RULES.classes)
    assert set(RULES.classes.values()) <= slugs


def test_a_switch_a_printer_a_ups_a_server_and_a_plc_are_told_from_standard_tables():
    switch, printer = recorded("switch_lldp"), recorded("printer")
    assert (switch.role, switch.item_class) == ("industrial switch", "industrial-switch")
    assert (printer.item_class, printer.model) == ("printer", "Example LabelJet 620")
    assert (printer.serial, printer.version) == ("LJ6-20-55871", "V4.11.2")
    ups = recorded("ups")
    assert (ups.vendor, ups.model, ups.item_class) == ("Example Power", "UPS 3000 RT", "ups")
    plc = recorded("plc")
    assert (plc.vendor, plc.model, plc.version) == ("Siemens", "CPU 1516-3 PN/DP", "V2.8.3")
    assert (plc.serial, plc.item_class) == ("C-M8RB99887701", "plc")
    assert recorded("linux_server").os == "linux"


def test_an_operating_system_has_a_name_for_people():
    assert (
        described("Cisco IOS XR", **{"1_3_6_1_2_1_1_2_0": oid("1.3.6.1.4.1.9.1.1")}).os_title
        == "Cisco IOS XR"
    )
    nameless = described("a managed switch", **{"1_3_6_1_2_1_1_2_0": oid("1.3.6.1.4.1.31258.1")})
    assert (nameless.os, nameless.os_title) == (
        "3onedata-industrial-switch",
        "3onedata industrial switch firmware",
    )
    systems = {rule.constants.get(Attribute.OS) for rule in RULES.rules}
    assert set(RULES.titles) <= systems


def test_a_device_that_says_nothing_of_itself_stays_unknown():
    assert identify(Reading({})).findings == {}


def test_a_finding_names_its_rule_and_the_text_it_was_cut_from():
    finding = recorded("plc").findings[Attribute.VERSION]
    assert finding.rule == "siemens-automation"
    assert finding.identifier == DESCRIPTION
    assert "FW: Version V2.8.3" in finding.text


def test_the_more_specific_rule_wins_and_the_general_one_fills_what_it_leaves_open():
    identity = described(
        "Cisco IOS Software [Amsterdam], ISR Software (X-UNIVERSALK9_IOT-M), Version 17.3.1, RELEASE",
        **{"enterprises_9_9999": 1, "1_3_6_1_2_1_1_2_0": oid("1.3.6.1.4.1.9.1.2661")},
    )
    assert (identity.os, identity.version) == ("iosxe", "17.3.1")
    assert {"cisco-ios", "cisco-ios-xe", "cisco", "enterprise-9"} <= set(identity.rules)


def test_a_serial_of_a_part_is_not_the_serial_of_the_device():
    entity = "1.3.6.1.2.1.47.1.1.1.1"
    varbinds = {
        oid(f"{entity}.5.1"): 3,
        oid(f"{entity}.11.1"): b"",
        oid(f"{entity}.5.2"): 9,
        oid(f"{entity}.11.2"): b"PSU0012345",
    }
    assert identify(Reading(varbinds)).serial == ""


@pytest.mark.parametrize(
    "text",
    [b"N/A", b"none", b"00000000", b"2024-01-31", b"v1.2.3", b"To Be Filled By O.E.M.", b"???"],
)
def test_what_is_no_serial_number_is_not_taken_for_one(text: bytes):
    entity = "1.3.6.1.2.1.47.1.1.1.1"
    reading = Reading({oid(f"{entity}.5.1"): 3, oid(f"{entity}.11.1"): text})
    assert identify(reading).serial == ""


def test_a_placeholder_is_shown_but_is_no_key():
    entity = "1.3.6.1.2.1.47.1.1.1.1"
    reading = Reading({oid(f"{entity}.5.1"): 3, oid(f"{entity}.11.1"): b"1234567890"})
    identity = identify(reading)
    assert (identity.serial, identity.key_serial) == ("1234567890", "")


def test_a_guess_is_only_made_for_makers_nobody_wrote_a_rule_for():
    tree = {"enterprises_{}_5_1_0": b"EKX-7428G-4C", "enterprises_{}_5_2_0": b"1.02.03"}
    for enterprise, expected in ((99999, "EKX-7428G-4C"), (2636, "")):
        named = {name.format(enterprise): value for name, value in tree.items()}
        named["1_3_6_1_2_1_1_2_0"] = oid(f"1.3.6.1.4.1.{enterprise}.7")
        assert described("a box", **named).model == expected


@given(
    st.dictionaries(
        st.sampled_from(
            sorted(
                {DESCRIPTION, OBJECT_ID}
                | {s.identifier for r in RULES.rules for s in r.sources() if s.identifier}
            )
        ),
        st.one_of(
            st.binary(max_size=600),
            st.integers(),
            st.text(max_size=300).map(str.encode),
            st.lists(st.integers(0, 2**32 - 1), max_size=12).map(tuple),
        ),
        max_size=12,
    )
)
def test_no_reading_breaks_identification_and_values_are_short_and_printable(varbinds):
    identity = identify(Reading(varbinds))
    for finding in identity.findings.values():
        assert 0 < len(finding.value) <= 80
        assert finding.value.isprintable()
        assert len(finding.text) <= 512


def test_no_expression_is_slow_on_a_text_made_to_slow_it_down():
    assert [slow for rule in RULES.rules for slow in slow_expressions(rule)] == []


def test_rules_of_ones_own_can_be_tried_without_the_standard_ones():
    rules = RuleSet(
        tuple(
            parse_rules(
                "rules:\n- name: mine\n  when: {object_id: enterprises.99999}\n"
                "  set: {vendor: Mine}\n  cut: {model: {from: description, match: '^(\\S+)'}}\n",
                "mine.yaml",
            )
        )
    )
    reading = Reading({DESCRIPTION: b"MX-1 box", OBJECT_ID: oid("1.3.6.1.4.1.99999.1")})
    identity = identify(reading, rules)
    assert (identity.vendor, identity.model, identity.rules) == ("Mine", "MX-1", ("mine",))


def test_a_rule_of_a_site_goes_before_the_standard_one_of_the_same_rank():
    text = "rules:\n- name: ours\n  when: {object_id: enterprises.3052}\n  set: {vendor: Ours}\n"
    rules = RULES.extended(parse_rules(text, "site.yaml"))
    reading = Reading({OBJECT_ID: oid("1.3.6.1.4.1.3052.14")})
    assert identify(reading, rules).vendor == "Ours"
    assert identify(reading).vendor == "Asentria"


def test_a_collector_needs_no_django_to_identify():
    code = "import sys, discovery.identification.identify; sys.exit('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, check=False)
    assert done.returncode == 0
