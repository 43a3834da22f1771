"""Rules of the site: written and tried by who has the right, never slow, never against what is shipped."""

import subprocess

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from guardian.shortcuts import assign_perm

from common.jobs import JobRun
from common.models import Job
from discovery.choices import ScanState, TargetOutcome
from discovery.identification.identify import identify
from discovery.models import Observation, ScanTarget, SiteRule
from discovery.models.scans import packed
from discovery.queries.active_rules import active_rules
from discovery.queries.trials import TooSlowError, ask_bench
from discovery.rules.readings import Reading, dotted, oid
from discovery.services.identifying import identify_again, request_identification
from discovery.services.site_rules import BadRuleError, change_site_rule, create_site_rule
from discovery.services.staging import staged
from discovery.tasks import identify_networks_again
from discovery.topology.observations import Observation as Told
from evidence.models import LedgerEntry
from tests.discovery.cast import cast_of, text_of
from tests.discovery.plants import office
from tests.factories.assets import ItemClassFactory
from tests.factories.discovery import ScanFactory

pytestmark = pytest.mark.django_db
MAC = oid("1.3.6.1.2.1.17.1.1.0")
ACME = """rules:
- name: site-acme
  when: {object_id: enterprises.64999.7}
  set: {vendor: Acme, role: industrial switch}
  cut:
    model: {from: description, match: 'Acme (\\S{2,30})'}
    serial: enterprises.64999.1.4.0
  examples:
  - description: Acme EX-8
    object_id: enterprises.64999.7.1
    values: {enterprises.64999.1.4.0: EX8-77123}
    expect: {vendor: Acme, model: EX-8, serial: EX8-77123, item_class: industrial-switch}
"""


def seen(network, address: str, description: str, object_id: str, **more) -> Observation:
    """A device that was read by a scan that is over, identified by the rules of now."""
    scan = network.scans.first() or ScanFactory(network=network, state=ScanState.COMPLETED)
    place = int(address.rsplit(".", 1)[1])
    reading = Reading(
        {
            oid("1.3.6.1.2.1.1.1.0"): description.encode(),
            oid("1.3.6.1.2.1.1.2.0"): oid(object_id),
            MAC: bytes([0, 0x90, 0xE8, 0, 0, place]),
            oid("1.3.6.1.4.1.64999.1.4.0"): f"EX8-1000{place}".encode(),
        }
    )
    identity = identify(reading, active_rules())
    target = ScanTarget.objects.create(
        scan=scan,
        address=address,
        outcome=TargetOutcome.READ,
        identity=identity.plain(),
        object_id=dotted(identity.object_id),
        variable_count=len(reading),
        raw=packed(reading),
        read_at=timezone.now(),
    )
    sighting, values = staged(Told(address, reading, network.code, address), identity)
    return Observation.objects.create(
        network=network,
        scan=scan,
        target=target,
        address=address,
        seen_at=timezone.now(),
        sighting=sighting,
        values=values,
        **more,
    )


@pytest.fixture
def cast(db):
    """A network with three unknown devices and one that is known; the runner edits rules."""
    ItemClassFactory(slug="industrial-switch")
    ItemClassFactory(slug="network-device")
    found = cast_of(office(allowed_blocks="127.60.0.0/24"))
    assign_perm("discovery.edit_identification_rules", found.runner)
    for place, family in ((1, 7), (2, 7), (3, 8)):
        seen(
            found.network, f"127.60.0.{place}", f"Acme EX-{place}", f"1.3.6.1.4.1.64999.{family}.1"
        )
    seen(
        found.network,
        "127.60.0.9",
        "Siemens, SIMATIC NET, SCALANCE XC206-2SFP, FW: Version V04.02.00",
        "1.3.6.1.4.1.4329.6.1.2.1.2",
    )
    return found


@pytest.fixture
def rule(cast, actor):
    return create_site_rule(
        actor=actor, author=None, values={"text": ACME, "note": "Hall 3"}, now=timezone.now()
    )


def test_unknown_devices_stand_together_by_sysobjectid_with_a_way_to_a_rule(cast):
    page = text_of(cast.client("runner").get("/discovery/unknown/"))
    assert "enterprises.64999.7.1" in page
    assert "enterprises.64999.8.1" in page
    assert "127.60.0.2" in page
    assert "enterprises.4329" not in page
    assert "?object_id=1.3.6.1.4.1.64999.7.1" in page


def test_who_may_only_read_gets_no_button_and_strangers_get_nothing(cast):
    assign_perm("assets.run_discovery", cast.reader, cast.network.location)
    page = text_of(cast.client("reader").get("/discovery/unknown/"))
    assert "127.60.0.2" in page
    assert "?object_id=" not in page
    assert cast.client("reader").get("/discovery/rules/add/").status_code == 403
    for address in ("/discovery/unknown/", "/discovery/rules/", "/discovery/rules/siemens-hmi/"):
        assert cast.client("stranger").get(address).status_code == 403


def test_devices_of_networks_one_does_not_see_are_not_counted(cast):
    other = office(allowed_blocks="127.61.0.0/24")
    seen(other, "127.61.0.1", "Acme EX-99", "1.3.6.1.4.1.64999.9.1")
    page = text_of(cast.client("runner").get("/discovery/unknown/"))
    assert "64999.9.1" not in page
    tried = cast.client("runner").post("/discovery/rules/add/", {"text": ACME, "try": "1"})
    assert "of 4 you may see" in text_of(tried)


def test_the_form_starts_with_a_rule_that_can_be_saved_as_it_is(cast):
    client = cast.client("runner")
    page = text_of(client.get("/discovery/rules/add/?object_id=1.3.6.1.4.1.64999.7.1"))
    assert "name: site-acme-64999-7" in page
    assert "What 127.60.0.2 told of itself" in page
    assert "EX8-10002" in page
    response = client.get("/discovery/rules/add/?object_id=1.3.6.1.4.1.64999.7.1")
    text = response.context["form"].initial["text"]

    saved = client.post("/discovery/rules/add/", {"text": text, "is_active": "on", "note": ""})

    assert saved.status_code == 302, text_of(saved, saved.status_code)
    assert saved["Location"] == "/discovery/rules/site-acme-64999-7/"
    row = SiteRule.objects.get()
    assert row.author == cast.runner.person
    entry = LedgerEntry.objects.get(object_type="discovery.siterule")
    assert entry.action == "create"
    assert entry.after["name"] == "site-acme-64999-7"


def test_trying_shows_what_would_change_and_writes_nothing(cast):
    entries, before = LedgerEntry.objects.count(), list(ScanTarget.objects.values())
    response = cast.client("runner").post("/discovery/rules/add/", {"text": ACME, "try": "1"})
    page = text_of(response)
    assert "It can be saved" in page
    trial = response.context["trial"]
    assert (trial.tried, trial.concerned, trial.total, trial.changed) == (2, 2, 4, 2)
    changes = {one.row.address: one.differences for one in trial.devices}
    assert changes["127.60.0.1"]["vendor"] == ("", "Acme")
    assert changes["127.60.0.2"]["serial"] == ("", "EX8-10002")
    assert not trial.overruled
    assert LedgerEntry.objects.count() == entries
    assert SiteRule.objects.count() == 0
    assert list(ScanTarget.objects.values()) == before


def test_trying_says_when_known_devices_would_change(cast):
    text = """rules:
- name: site-xc
  precedence: product
  when: {object_id: enterprises.4329, description: 'SCALANCE XC206-2SFP, FW: Version V04.02'}
  set: {vendor: Siemens, model: Hall switch}
  examples:
  - {description: 'SCALANCE XC206-2SFP, FW: Version V04.02', object_id: enterprises.4329.6, expect: {model: Hall switch}}
"""
    response = cast.client("runner").post("/discovery/rules/add/", {"text": text, "try": "1"})
    assert "Known values change" in text_of(response)
    (device,) = response.context["trial"].devices
    assert device.differences == {"model": ("XC206-2SFP", "Hall switch")}
    assert device.was_known


@pytest.mark.parametrize(
    ("given", "written", "says"),
    [
        ("set:", "sets:", "Line 4"),
        ("Acme (\\S{2,30})", "(a+)+", "a group may be repeated six times at most"),
        (
            "Acme (\\S{2,30})",
            "([q-z]+[q-z]+[q-z]+[q-z]+[q-z]+!)",
            "a hostile device could hang this expression",
        ),
        ("model: EX-8", "model: EX-9", "model should be “EX-9” and comes out as “EX-8”"),
    ],
)
def test_a_rule_that_cannot_be_used_is_neither_tried_nor_saved(cast, given, written, says):
    client, text = cast.client("runner"), ACME.replace(given, written)
    tried = client.post("/discovery/rules/add/", {"text": text, "try": "1"}).content.decode()
    saved = client.post("/discovery/rules/add/", {"text": text, "is_active": "on"})
    assert says.lower() in tried.lower()
    assert saved.status_code == 400
    assert says in saved.content.decode()
    assert SiteRule.objects.count() == 0


def test_an_expression_that_passes_the_checks_and_hangs_is_killed(cast, settings, monkeypatch):
    monkeypatch.setattr("discovery.queries.trials.KILL_SECONDS", 0.05)
    response = cast.client("runner").post("/discovery/rules/add/", {"text": ACME, "try": "1"})
    assert "an expression of it may hang" in response.content.decode()


def test_a_process_that_computes_too_long_is_ended_by_itself(cast, monkeypatch):
    """A real process with an expression nobody has checked, under the same limit."""
    hanging = (
        "import re, resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1)); "
        "re.search('(a+)+$', 'a' * 40 + 'b')"
    )
    run = subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda args, **given: run([args[0], "-c", hanging], **given)
    )
    with pytest.raises(TooSlowError):
        ask_bench(ACME, [], "")


def test_a_rule_that_breaks_a_shipped_example_is_refused_by_its_name(cast, actor):
    text = ACME.replace("enterprises.64999.7", "enterprises.4329").replace(
        "  set:", "  precedence: product\n  set:"
    )
    with pytest.raises(BadRuleError, match="breaks the shipped rule “siemens-automation”"):
        create_site_rule(actor=actor, author=None, values={"text": text}, now=timezone.now())


def test_a_saved_rule_counts_and_one_switched_off_does_not(rule, actor):
    reading = Reading({oid("1.3.6.1.2.1.1.2.0"): oid("1.3.6.1.4.1.64999.7.2")})
    assert identify(reading, active_rules()).vendor == "Acme"
    change_site_rule(actor=actor, rule=rule, values={"is_active": False}, now=timezone.now())
    assert identify(reading, active_rules()).vendor == ""
    entry = LedgerEntry.objects.filter(object_type="discovery.siterule").latest("sequence")
    assert (entry.before, entry.after) == ({"is_active": True}, {"is_active": False})


def test_a_rule_keeps_its_name_because_values_name_it(rule, actor):
    with pytest.raises(BadRuleError, match="It is called “site-acme”"):
        change_site_rule(
            actor=actor,
            rule=rule,
            values={"text": ACME.replace("site-acme", "site-other")},
            now=timezone.now(),
        )


def test_the_rules_that_count_are_read_in_one_query(rule, django_assert_num_queries):
    with django_assert_num_queries(1):
        first = active_rules()
    with django_assert_num_queries(1):
        assert active_rules() is first


def test_identified_again_an_unknown_device_becomes_a_known_item_without_a_packet(
    cast, rule, actor
):
    job = request_identification(actor=actor, networks=[cast.network])
    run = JobRun(job_id=job.pk, actor=actor, attempt=1, lease_owner="test", is_threaded=False)
    job.state, job.lease_owner = "running", "test"
    job.save()

    result = identify_networks_again(run, network_ids=[cast.network.pk])

    assert (result["looked"], result["differing"]) == (4, 2)
    row = Observation.objects.get(address="127.60.0.1")
    assert row.values["model"] == "EX-1"
    assert row.item is not None
    assert row.item.serial_number == "EX8-10001"
    target = ScanTarget.objects.get(address="127.60.0.1")
    assert target.identity["vendor"] == {
        "value": "Acme",
        "rule": "site-acme",
        "oid": "1.3.6.1.2.1.1.2.0",
        "text": "1.3.6.1.4.1.64999.7.1",
    }
    assert cast.network.scans.get().packet_count == 0

    again = identify_again(
        actor=actor,
        network_ids=[cast.network.pk],
        now=timezone.now(),
        progress=lambda *_: None,
    )
    assert (again["differing"], again["verdicts"]) == (0, {})


def test_a_network_that_is_being_scanned_is_left_out(cast, rule, actor):
    ScanFactory(network=cast.network, state=ScanState.RUNNING)
    result = identify_again(
        actor=actor,
        network_ids=[cast.network.pk],
        now=timezone.now(),
        progress=lambda *_: None,
    )
    assert (result["looked"], result["skipped"]) == (0, [cast.network.code])


def test_the_button_starts_a_job_over_the_networks_one_runs(cast, rule, monkeypatch):
    other = office(allowed_blocks="127.61.0.0/24")
    response = cast.client("runner").post("/discovery/rules/again/")
    assert response.status_code == 302
    job = Job.objects.latest("pk")
    assert job.arguments == {"network_ids": [cast.network.pk]}
    assert other.pk not in job.arguments["network_ids"]
    page = text_of(cast.client("runner").get(response["Location"]))
    assert "Identifying devices again" in page
    assert cast.client("reader").get(response["Location"]).status_code == 404
    assert cast.client("reader").post("/discovery/rules/again/").status_code == 403


def test_the_list_tells_what_each_rule_gave(cast, rule, actor):
    identify_again(
        actor=actor, network_ids=[cast.network.pk], now=timezone.now(), progress=lambda *_: None
    )
    client = cast.client("runner")
    response = client.get("/discovery/rules/?origin=site")
    page = text_of(response)
    assert "sysObjectID begins with enterprises.64999.7" in page
    assert "Maker, Role, Model, Serial number" in page
    assert '/discovery/rules/site-acme/#devices">2<' in page
    first = text_of(client.get("/discovery/rules/?has_devices=true"))
    assert "siemens-automation" in first
    assert "apc" not in text_of(client.get("/discovery/rules/?prefix=enterprises.64999"))
    assert "site-acme" in text_of(client.get("/discovery/rules/?q=64999.7"))
    assert "site-acme" in text_of(client.get("/discovery/rules/?vendor=acme&ordering=-name"))


def test_a_rules_page_shows_text_examples_devices_and_what_was_cut_from_what(cast, rule, actor):
    identify_again(
        actor=actor, network_ids=[cast.network.pk], now=timezone.now(), progress=lambda *_: None
    )
    page = text_of(cast.client("runner").get("/discovery/rules/site-acme/"))
    for text in (
        "when: {object_id: enterprises.64999.7}",
        "Comes out",
        "127.60.0.1",
        "EX8-10001",
        "1.3.6.1.4.1.64999.1.4.0",
        "Hall 3",
        "/edit/",
    ):
        assert text in page
    shipped = text_of(cast.client("runner").get("/discovery/rules/siemens-automation/"))
    assert "SCALANCE ([A-Z]{1,3}" in shipped
    assert "127.60.0.9" in shipped
    assert cast.client("runner").get("/discovery/rules/no-such-rule/").status_code == 404


def test_a_stored_rule_that_cannot_be_read_any_more_is_shown_and_left_out(rule, cast):
    SiteRule.objects.update(text="rules:\n- name: site-acme\n  whenever: {}\n")
    assert identify(Reading({}), active_rules()).findings == {}
    page = text_of(cast.client("runner").get("/discovery/rules/?origin=site"))
    assert "cannot be used" in page
    assert "This rule is not used" in text_of(
        cast.client("runner").get("/discovery/rules/site-acme/")
    )


@pytest.mark.parametrize("address", ["/discovery/unknown/", "/discovery/rules/"])
def test_the_number_of_queries_does_not_depend_on_the_devices(
    cast, address, django_assert_num_queries
):

    client = cast.client("runner")
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    for place in range(20, 40):
        seen(cast.network, f"127.60.0.{place}", "Box", f"1.3.6.1.4.1.64998.{place}.1")
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    assert len(after) == len(before)
