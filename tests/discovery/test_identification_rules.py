"""Rules out of YAML: every mistake is named with its file, rule and field; what is read follows from the rules."""

import pytest

from discovery.collectors.snmp.plan import standard_plan
from discovery.identification.fields import RuleError
from discovery.identification.loading import load_rules, parse_rules, parse_vendors
from discovery.identification.patterns import PatternError, safe_pattern, slowest_search
from discovery.identification.reads import vendor_reads
from discovery.identification.rules import RuleSet
from discovery.rules.readings import oid


def rule(body: str) -> str:
    return f"rules:\n- name: one\n  {body}\n"


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        ("rules: [", "", "not YAML"),
        ("[]", "", "key: value"),
        ("rules:\n- set: {os: x}\n", "name", "needs a name"),
        ("speed: 1\nrules: []\n", "speed", "no such field"),
        (rule("whan: {}"), "whan", "no such field"),
        (rule("when: {object_id: cisco.1}"), "when.object_id", "is no source"),
        (rule("when: {description: '('}"), "when.description", "unterminated"),
        (rule("when: {description: '.*x'}"), "when.description", "write .{0,60}"),
        (rule("when: {has: [entity.sereal]}"), "when.has", "is no source"),
        (rule("precedence: 7"), "precedence", "none of guess, general"),
        (rule("cut: {colour: description}"), "cut", "none of vendor"),
        (rule("cut: {model: [{from: description, as: '{1}'}]}"), "cut.model[0].as", "needs a"),
        (
            rule("cut: {model: [{from: description, match: '(a)', as: '{2}'}]}"),
            "cut.model[0].as",
            "has 1 groups",
        ),
        (rule("cut: {model: [{match: x}]}"), "cut.model[0].from", "is no source"),
        (rule("set: {version: 1.10}"), "set.version", "put 1.1 in quotes"),
        (rule("without: serial2"), "without", "none of vendor"),
        (rule("examples: [{description: x}]"), "examples[0].expect", "say what should come out"),
        (rule("examples: [{values: {1: x}, expect: {os: a}}]"), "examples[0]", "is no source"),
    ],
)
def test_a_mistake_is_named_with_its_file_rule_and_field(text: str, field: str, message: str):
    with pytest.raises(RuleError) as caught:
        parse_rules(text, "mine.yaml")
    assert caught.value.origin == "mine.yaml"
    assert caught.value.field == field
    assert message in str(caught.value)
    assert str(caught.value).startswith("mine.yaml")


def test_yaml_can_make_no_objects():
    with pytest.raises(RuleError, match="not YAML"):
        parse_rules("rules: !!python/object/apply:os.getcwd []", "mine.yaml")


def test_two_rules_of_one_name_are_refused(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(rule("set: {os: x}"))
    with pytest.raises(RuleError, match=r"already used in a\.yaml"):
        load_rules(sorted(tmp_path.glob("*.yaml")))


def test_a_table_of_makers_takes_numbers_and_names_only():
    with pytest.raises(RuleError, match="number: name"):
        parse_vendors("9: [Cisco]", "vendors.yaml")


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(?:a*)*", "(a|a){2,}", "(x{1,5}){1,20}", ".*", "a.+b", r"(a)\1", "a" * 301],
)
def test_expressions_that_could_explode_are_refused(pattern: str):
    with pytest.raises(PatternError):
        safe_pattern(pattern)


def test_a_slow_expression_is_noticed_before_it_hangs_anything():
    pattern = safe_pattern(r"^((?:[A-Za-z0-9]{1,24} ?){1,6})$")
    assert slowest_search(pattern, 0.02) > 0.02


def test_what_is_read_of_a_device_follows_from_the_rules():
    rules = parse_rules(
        "enterprise: 99999\nrules:\n- name: one\n  when: {}\n  cut:\n"
        "    serial: [enterprises.99999.1.2.0, enterprises.99999.3.*, entity.serial]\n"
        "    model: object_id.1.2.0\n    version: rmon.software\n    vendor: ups.maker\n",
        "mine.yaml",
    )
    reads = vendor_reads(RuleSet(tuple(rules)))
    plan = standard_plan(vendors=reads)
    (of_it,) = plan.of_vendor(oid("1.3.6.1.4.1.99999.7.3"))
    assert set(of_it.scalars) == {
        oid("1.3.6.1.4.1.99999.1.2.0"),
        oid("1.3.6.1.2.1.16.19.2.0"),
        oid("1.3.6.1.4.1.99999.7.3.1.2.0"),
    }
    assert of_it.columns == (oid("1.3.6.1.4.1.99999.3"),)
    assert plan.of_vendor(oid("1.3.6.1.4.1.88888.1")) == []


def test_the_standard_rules_ask_every_device_for_next_to_nothing_more():
    everybody = [reads for reads in vendor_reads() if len(reads.prefix) < 7]
    assert sum(len(reads.scalars) + len(reads.columns) for reads in everybody) <= 4
