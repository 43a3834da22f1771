"""What is wrong with a site as it stands, and what is not: each rule with the case beside it that is none.

level 4   ERP ───────────────┐
level 3   MES   LIMS   Historian
level 1   PLC ── switch ── drive
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from assets.choices import ProvenanceSource, RelationClass
from discovery.models import Witness
from discovery.queries.current_state import current_state, current_state_at
from discovery.queries.state_words import shown_findings
from discovery.rules.current_state import Kind
from tests.discovery.cast import user_named
from tests.discovery.test_link_standing import sighting
from tests.factories.assets import (
    AssetFactory,
    ConduitFactory,
    ItemClassFactory,
    LocationFactory,
    RelationFactory,
    SystemFactory,
    ZoneFactory,
)
from tests.factories.discovery import DriftFactory, NetworkFactory, ScanFactory

pytestmark = pytest.mark.django_db
FEEDS, VIA = RelationClass.FEEDS_DATA, RelationClass.CONNECTS_VIA
WHOLE = {"protocol": "OPC UA", "data_model": "Tags"}


class Site:
    """A site with a zone a level, all of which are joined by conduits unless told otherwise."""

    def __init__(self):
        self.location = LocationFactory(level="site")
        self.zones = {
            level: ZoneFactory(site=self.location, purdue_level=level)
            for level in ("1", "2", "3", "4")
        }

    def join(self, one: str, other: str) -> None:
        ConduitFactory(from_zone=self.zones[one], to_zone=self.zones[other])

    def place(self, level: str = "3") -> dict:
        return {"location": self.location, "zone": self.zones[level]}

    def system(self, slug: str, level: str = "3", **given):
        item_class = ItemClassFactory(slug=slug, kind="system")
        values = {"name": slug.upper(), **self.place(level), **given}
        return SystemFactory(item_class=item_class, **values)

    def asset(self, name: str, level: str = "1", **given):
        return AssetFactory(name=name, **{**self.place(level), **given})

    def feeds(self, source, target, **given):
        values = {**WHOLE, **given}
        return RelationFactory(source=source, target=target, relation_class=FEEDS, **values)

    def wire(self, source, target, **given):
        return RelationFactory(source=source, target=target, relation_class=VIA, **given)


@pytest.fixture
def site(db):
    return Site()


@pytest.fixture
def found(administrator, site):
    """What the rules of a kind say, in sentences."""

    def find(kind: Kind, user: User | None = None) -> list[str]:
        who = user or administrator
        state = current_state(who, site.location.path)
        return [one.sentence for one in shown_findings(state, state.of_kinds([kind]), user=who)]

    return find


def test_a_mes_without_any_flow_is_a_silo(site, found):
    site.system("mes")
    assert found(Kind.SILO) == ["No flow of data is declared to or from MES."]


def test_a_flow_of_one_of_its_servers_is_an_interface(site, found):
    mes, historian = site.system("mes"), site.system("historian")
    server = site.asset("MES server", "3", system=mes)
    site.feeds(server, historian)
    assert found(Kind.SILO) == []


def test_what_flows_within_a_system_is_none(site, found):
    mes = site.system("mes")
    server = site.asset("MES server", "3", system=mes)
    site.feeds(server, mes)
    assert len(found(Kind.SILO)) == 1


def test_a_flow_one_may_not_see_still_makes_it_no_silo(site, found):
    mes = site.system("mes")
    hidden = SystemFactory(location=LocationFactory())
    site.feeds(mes, hidden, middleware="Bus")
    reader = user_named("reader", site.location, "view_items")
    assert found(Kind.SILO, reader) == []


@pytest.mark.parametrize("slug", ["file-service", "network-service", "safety-system"])
def test_other_kinds_of_systems_need_no_flow(site, found, slug):
    site.system(slug)
    assert found(Kind.SILO) == []


@pytest.mark.parametrize("status", ["retired", "planned"])
def test_a_system_that_is_not_in_use_is_no_silo(site, found, status):
    site.system("mes", status=status)
    assert found(Kind.SILO) == []


def test_a_system_whose_only_flow_is_a_file_has_no_interface(site, found):
    measuring, quality = site.system("custom-system", name="Measuring room"), site.system("qms")
    site.feeds(measuring, quality, protocol="Q-DAS file")
    site.feeds(site.system("mes"), quality)
    assert found(Kind.FILE_ONLY) == ["Measuring room exchanges data only by Q-DAS file."]


@pytest.mark.parametrize("protocol", ["OPC UA", "Profinet", "SQL", "Filestream", "Manually"])
def test_a_protocol_that_is_no_file_is_an_interface(site, found, protocol):
    site.feeds(site.system("mes"), site.system("qms"), protocol=protocol)
    assert found(Kind.FILE_ONLY) == []


def test_a_file_service_is_there_for_files(site, found):
    site.feeds(site.system("file-service"), site.system("mes"), protocol="SMB")
    site.feeds(site.system("qms"), site.system("mes", name="Other"))
    assert found(Kind.FILE_ONLY) == ["MES exchanges data only by SMB."]


def test_a_flow_without_protocol_or_data_model_is_not_described(site, found):
    mes, qms = site.system("mes"), site.system("qms")
    site.feeds(mes, qms, protocol="", data_model="")
    assert found(Kind.INCOMPLETE) == [
        "MES feeds data to QMS, and nobody wrote down its protocol, data model."
    ]


@pytest.mark.parametrize(
    ("given", "is_gap"),
    [
        ({"protocol": "PROFINET", "data_model": ""}, False),
        ({"protocol": "", "data_model": "Tags"}, True),
    ],
)
def test_a_fieldbus_between_devices_says_what_it_carries(site, found, given, is_gap):
    site.feeds(site.asset("plc"), site.asset("drive"), **given)
    assert bool(found(Kind.INCOMPLETE)) is is_gap


def test_time_and_log_ins_say_themselves_what_they_carry(site, found):
    site.feeds(site.asset("clock", "3"), site.system("mes"), protocol="NTP", data_model="")
    assert found(Kind.INCOMPLETE) == []


def test_a_flow_between_two_sites_names_its_middleware(site, found):
    other = Site()
    mes, erp = site.system("mes"), other.system("erp")
    flow = site.feeds(mes, erp)
    assert found(Kind.INCOMPLETE) == [
        "MES feeds data to ERP, and nobody wrote down its middleware."
    ]
    flow.middleware = "Integration platform"
    flow.save()
    assert found(Kind.INCOMPLETE) == []


@pytest.mark.parametrize(
    ("low", "high", "is_gap"),
    [("1", "4", True), ("1", "3", True), ("2", "3", False), ("3", "4", False)],
)
def test_a_flow_joins_neighbouring_levels(site, found, low, high, is_gap):
    site.feeds(site.asset("plc", low), site.asset("office", high))
    assert bool(found(Kind.LEVELS)) is is_gap


def test_the_longest_way_around_comes_first(site, found):
    plc = site.asset("plc")
    site.feeds(plc, site.asset("historian", "3"))
    site.feeds(plc, site.asset("office", "4"))
    first, second = found(Kind.LEVELS)
    assert first == "plc feeds data to office, from Purdue level 1 to 4."
    assert "to 3" in second


def test_traffic_between_zones_takes_a_conduit(site, found):
    plc, office = site.asset("plc"), site.asset("office", "4")
    site.feeds(plc, office, protocol="CIP")
    (sentence,) = found(Kind.CONDUIT)
    assert sentence.startswith("plc feeds data to office, and no conduit joins")
    site.join("4", "1")
    assert found(Kind.CONDUIT) == []


def test_what_is_wired_and_not_declared_is_told_with_its_evidence(site, administrator):
    network = NetworkFactory(location=site.location)
    plc, switch = site.asset("plc"), site.asset("switch")
    site.wire(plc, switch, provenance_source=ProvenanceSource.DISCOVERY)
    sighting(network, plc, switch, confidence=2)
    state = current_state(administrator, site.location.path)
    (one,) = shown_findings(state, state.of_kinds([Kind.UNDECLARED]), user=administrator)
    assert one.sentence == "plc is connected to switch."
    assert "Told by lldp: sw2." in one.why
    assert "Confidence 80 %." in one.why
    assert one.mend_url == f"/plant/relations/{one.relation}/"


def test_any_declared_relation_between_the_two_declares_that_they_talk(site, found):
    network = NetworkFactory(location=site.location)
    plc, switch = site.asset("plc"), site.asset("switch")
    site.wire(plc, switch, provenance_source=ProvenanceSource.DISCOVERY)
    sighting(network, plc, switch)
    RelationFactory(source=plc, target=switch, relation_class=RelationClass.DEPENDS_ON)
    assert found(Kind.UNDECLARED) == []


def test_an_unknown_neighbour_is_told_by_the_words_it_goes_by(site, found):
    network = NetworkFactory(location=site.location)
    switch = site.asset("switch")
    sighting(network, switch, b_unknown="canteen-display")
    assert found(Kind.UNDECLARED) == ["switch is connected to canteen-display."]


def witness(network, item, *methods):
    Witness.objects.create(network=network, item=item, methods=list(methods))


def test_declared_and_not_seen_takes_both_ends_read_and_one_that_would_tell(site, found):
    network = NetworkFactory(location=site.location)
    plc, switch = site.asset("plc"), site.asset("switch")
    site.wire(plc, switch)
    assert (found(Kind.UNSEEN), len(found(Kind.UNLOOKED))) == ([], 1)
    witness(network, switch, "bridge")
    assert (found(Kind.UNSEEN), len(found(Kind.UNLOOKED))) == ([], 1)
    witness(network, plc)
    assert found(Kind.UNSEEN) == ["plc is declared to connect via switch, and was not seen to."]
    assert found(Kind.UNLOOKED) == []
    sighting(network, plc, switch)
    assert found(Kind.UNSEEN) == []


def test_what_nobody_has_looked_at_is_counted_apart(site, administrator):
    site.wire(site.asset("plc"), site.asset("switch"))
    state = current_state(administrator, site.location.path)
    assert (state.fault_count, state.counts[Kind.UNLOOKED], state.of_kinds([])) == (0, 1, [])


def test_an_unexplained_difference_is_a_finding_until_somebody_says_what_it_was(site, found):
    network = NetworkFactory(location=site.location)
    drift = DriftFactory(scan=ScanFactory(network=network), item=site.asset("plc"))
    (sentence,) = found(Kind.DRIFT)
    assert sentence.startswith("plc: ")
    drift.state = "settled"
    drift.save()
    assert found(Kind.DRIFT) == []


@pytest.fixture
def crossing(site):
    """A flow out of a cell to somewhere else, seen by somebody who sees the cell only."""
    elsewhere = Site()
    plc, office = site.asset("plc"), elsewhere.asset("hidden office", "4")
    site.feeds(plc, office, protocol="CIP")
    return user_named("reader", site.location, "view_items")


def test_a_finding_about_a_hidden_item_is_counted_and_not_told(site, crossing):
    state = current_state(crossing, site.location.path)
    assert (list(state.findings), state.hidden) == ([], 2)
    client = Client()
    client.force_login(crossing)
    page = client.get("/discovery/current-state/").content.decode()
    assert "hidden office" not in page
    assert "2 more findings are about items you may not see" in page
    answer = client.get("/api/discovery/current-state/").json()
    assert (answer["results"], answer["hidden"]) == ([], 2)


def test_a_stranger_learns_nothing_not_even_how_much_is_wrong(crossing):
    stranger = user_named("stranger")
    state = current_state(stranger)
    assert (list(state.findings), state.hidden, state.links) == ([], 0, {})


def test_who_may_not_edit_is_led_to_the_item_and_not_to_a_refusal(site, administrator):
    site.feeds(site.asset("plc"), site.asset("office", "4"))
    reader = user_named("reader", site.location, "view_items")
    for user, start in ((reader, "/plant/items/"), (administrator, "/plant/relations/")):
        state = current_state(user, site.location.path)
        (one,) = shown_findings(state, state.of_kinds([Kind.LEVELS]), user=user)
        assert one.mend_url.startswith(start)
        client = Client()
        client.force_login(user)
        assert client.get(one.mend_url).status_code == 200


def test_every_finding_leads_to_a_page_that_answers(site, administrator):
    network = NetworkFactory(location=site.location)
    site.system("mes")
    site.feeds(site.system("custom-system"), site.system("qms"), protocol="CSV", data_model="")
    plc, switch = site.asset("plc"), site.asset("switch")
    site.feeds(plc, site.asset("office", "4"))
    site.wire(plc, switch)
    witness(network, plc, "lldp")
    witness(network, switch, "lldp")
    site.wire(switch, site.asset("never looked"))
    sighting(network, switch, b_unknown="display")
    DriftFactory(scan=ScanFactory(network=network), item=plc)
    state = current_state(administrator, site.location.path)
    shown = shown_findings(state, state.of_kinds(list(Kind)), user=administrator)
    assert {one.kind for one in shown} == set(Kind)
    client = Client()
    client.force_login(administrator)
    for one in shown:
        assert client.get(one.mend_url).status_code == 200, one


def test_the_number_of_queries_does_not_depend_on_what_is_wrong(site, administrator):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            state = current_state(administrator, site.location.path)
            shown_findings(state, state.of_kinds(list(Kind)), user=administrator)
        return len(captured)

    site.feeds(site.asset("plc"), site.asset("office", "4"))
    before = queries()
    for number in range(10):
        site.feeds(site.asset(f"plc {number}"), site.asset(f"office {number}", "4"))
        site.wire(site.asset(f"a {number}"), site.asset(f"b {number}"))
        site.system("mes", name=f"MES {number}")
    assert queries() == before <= 9


def test_a_pack_names_nothing_outside_of_its_scope(site, crossing):
    site.system("mes")
    state = current_state_at(site.location.path)
    assert [one.kind for one in state.findings] == [Kind.SILO]
    assert state.hidden == 2
