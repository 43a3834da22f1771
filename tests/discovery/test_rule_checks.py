"""A rule that somebody types is checked before it is tried: shape, examples, speed, what others rely on."""

import time

import pytest

from discovery.identification.bench import answered
from discovery.identification.checks import checked, understood, usable, with_site
from discovery.identification.drafting import drafted
from discovery.identification.fields import RuleError
from discovery.identification.identify import identify
from discovery.identification.lines import line_of, shipped_text
from discovery.identification.loading import parse_rules, standard_rules
from discovery.identification.patterns import safe_pattern, slowest_search
from discovery.rules.readings import Reading, oid

RULES = standard_rules()
GOOD = """rules:
- name: site-acme-99999
  when: {object_id: enterprises.99999.7}
  set: {vendor: Acme, role: industrial switch}
  cut:
    model: {from: description, match: 'Acme (\\S{2,30})'}
  examples:
  - description: Acme EX-8
    object_id: enterprises.99999.7.1
    expect: {vendor: Acme, model: EX-8}
"""


def told(description: str = "", object_id: str = "") -> Reading:
    varbinds = {}
    if description:
        varbinds[oid("1.3.6.1.2.1.1.1.0")] = description.encode()
    if object_id:
        varbinds[oid("1.3.6.1.2.1.1.2.0")] = oid(object_id)
    return Reading(varbinds)


def problems(text: str) -> list[str]:
    return [f"{one.line}: {one.message}" for one in checked(text, RULES).problems]


def test_a_good_rule_has_no_problems():
    found = checked(GOOD, RULES)
    assert found.problems == ()
    assert found.is_safe


@pytest.mark.parametrize(
    ("given", "written", "line", "says"),
    [
        ("site-acme-99999", "Acme!", 2, "“Acme!” is no name: 3 to 60 lower-case"),
        ("site-acme-99999", "siemens-hmi", 2, "is the name of another rule"),
        ("  when: {object_id: enterprises.99999.7}\n", "", 2, "say when it applies"),
        ("industrial switch", "toaster", 4, "“toaster” is no role; there is: access point"),
        ("vendor: Acme,", "vendor: n/a,", 4, "“n/a” cannot be a vendor"),
        ("from: description", "from: sysDescr", 6, "“sysDescr” is no source"),
        ("\\S{2,30}", ".*", 6, "write .{0,60} instead"),
        ("model: EX-8", "model: EX-9", 10, "model should be “EX-9” and comes out as “EX-8”"),
        ("enterprises.99999.7.1", "enterprises.99998.1", 8, "the rule does not apply"),
        ("  cut:", "  cuts:", 5, "there is no such field"),
        ("rules:\n", "rules: [\n", 2, "not YAML"),
    ],
)
def test_a_problem_names_its_line_and_what_is_allowed(given, written, line, says):
    (found,) = problems(GOOD.replace(given, written))[:1]
    assert found.startswith(f"{line}: ")
    assert says in found


def test_a_rule_without_an_example_is_refused():
    assert "write at least one example" in problems(GOOD[: GOOD.index("  examples")])[0]


def test_exactly_one_rule_is_written():
    with pytest.raises(RuleError, match="2 rules; exactly one"):
        understood(GOOD + "- name: other\n  set: {os: x}\n")


def test_aliases_are_refused_before_they_multiply():
    bomb = "rules:\n- &a {name: x, set: {os: x}}\n" + "- *a\n" * 2000
    before = time.perf_counter()
    with pytest.raises(RuleError, match="without aliases"):
        understood(bomb)
    assert time.perf_counter() - before < 2


@pytest.mark.parametrize(
    "expression",
    ["[q-z]+[q-z]+[q-z]+[q-z]+[q-z]+[q-z]+!", "q+q+q+q+q+q+!", "[^a]+[^b]+[^c]+[^d]+[^e]+[^f]+!"],
)
def test_an_expression_that_a_hostile_text_hangs_is_refused(expression: str):
    assert slowest_search(safe_pattern(expression), 0.2) > 0.2
    text = GOOD.replace("Acme (\\S{2,30})", f"({expression})")
    found = checked(text, RULES)
    assert "could hang this expression" in found.problems[0].message
    assert found.problems[0].line == 6
    assert not found.is_safe


def test_what_every_device_would_be_asked_is_refused():
    text = GOOD.replace(
        "when: {object_id: enterprises.99999.7}", "when: {description: Acme}"
    ).replace("{from: description, match: 'Acme (\\S{2,30})'}", "enterprises.99999.1.2.0")
    assert "one maker's devices only" in problems(text)[0]


def test_a_rule_that_reads_too_much_is_refused():
    many = ", ".join(f"enterprises.99999.1.{n}.0" for n in range(30))
    text = GOOD.replace("{from: description, match: 'Acme (\\S{2,30})'}", f"[{many}]")
    assert "30 variables are read for it; at most 24" in problems(text)[0]


def test_a_rule_that_changes_what_a_shipped_example_says_is_refused_and_named():
    text = """rules:
- name: site-ours
  precedence: product
  when: {object_id: enterprises.4329, description: 'SIMATIC'}
  set: {vendor: Ours, role: plc}
  examples:
  - {description: SIMATIC X, object_id: enterprises.4329.9, expect: {vendor: Ours}}
"""
    found = problems(text)
    assert any("breaks the shipped rule “siemens-automation”" in one for one in found)
    assert any("is “Siemens” and would be “Ours”" in one for one in found)


def test_a_rule_that_breaks_another_one_of_the_site_is_refused():
    other = understood(GOOD)
    mine = GOOD.replace("site-acme-99999", "site-abc").replace("Acme EX-8", "Acme EX-8 b")
    mine = mine.replace("vendor: Acme", "vendor: Other").replace("precedence", "precedence")
    found = checked(mine, RULES, [other]).problems
    assert any("breaks the rule of this site “site-acme-99999”" in one.message for one in found)


def test_the_sites_rules_are_asked_first_among_equals_in_the_order_of_names():
    rules = with_site(RULES, [understood(GOOD.replace("site-acme", name)) for name in ("zz", "aa")])
    assert [one.name for one in rules.rules[:2]] == ["aa-99999", "zz-99999"]


def test_stored_texts_that_cannot_be_read_any_more_are_left_out():
    taken = GOOD.replace("site-acme-99999", "siemens-hmi")
    assert [one.name for one in usable(["rules: [", taken, GOOD], RULES)] == ["site-acme-99999"]


@pytest.mark.parametrize(
    ("description", "object_id", "model", "version"),
    [
        ("Example EX-8 FW 4.12", "1.3.6.1.4.1.99999.7.3", "EX-8", "4.12"),
        ("Hirsch BAT-300 Software: v9.12", "1.3.6.1.4.1.99998.1.2", "BAT-300", "v9.12"),
        ("Fenwerk: it's {odd} #1", "1.3.6.1.4.1.99997", "", ""),
        ("Gadget G-100", "", "G-100", ""),
    ],
)
def test_a_draft_made_of_what_a_device_said_can_be_used_as_it_stands(
    description, object_id, model, version
):
    reading = told(description, object_id)
    text = drafted(reading, RULES)
    assert checked(text, RULES).problems == ()
    identity = identify(reading, RULES.extended(parse_rules(text, "draft")))
    assert identity.vendor == description.split()[0].strip(":")
    assert (identity.model, identity.version) == (model, version)


def test_a_draft_asks_for_the_maker_where_nothing_tells():
    text = drafted(told("", "1.3.6.1.4.1.99999.7"), RULES)
    (problem,) = checked(text, RULES).problems
    assert problem.message == "“n/a” cannot be a vendor"


def test_the_text_of_a_shipped_rule_is_found():
    assert shipped_text("vendors.yaml", "enterprise-9") == "9: Cisco"
    assert "SCALANCE" in shipped_text("industrial.yaml", "siemens-automation")
    missing = {
        rule.name
        for rule in RULES.rules
        if rule.origin != "vendors.yaml" and not shipped_text(rule.origin, rule.name)
    }
    assert missing == set()


def test_the_nearest_line_is_named_for_what_is_not_there():
    assert line_of(GOOD, "cut.serial[3].from") == 5
    assert line_of("", "name") == 1


def test_the_bench_answers_with_problems_or_with_what_would_change():
    asked = {"text": GOOD, "others": [], "replaced": "", "devices": [], "seconds": 5}
    assert answered(asked) == {
        "name": "site-acme-99999",
        "problems": [],
        "tried": 0,
        "devices": [],
    }
    assert answered(asked | {"text": "rules: ["})["problems"][0]["line"] == 1
