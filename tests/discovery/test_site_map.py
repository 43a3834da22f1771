"""The map of a plant as its readers see it: what is declared, seen or both, what is hidden is counted, never named.

Site ── Hall ── core, sw1 (declared and seen), sw2 (declared), camera (seen), an unknown "hub"
     └─ Lab  ── scope (nobody else's business)
Zones: office (4) and cell (1), no conduit between them.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from guardian.shortcuts import assign_perm

from accounts.models import User
from assets.choices import ProvenanceSource, RelationClass
from common.jobs import JobRun
from common.models import Job
from discovery.choices import MapView
from discovery.models import LinkSighting
from discovery.queries.map_drawing import page_drawings
from discovery.queries.site_map import network_map, site_map
from discovery.rules.map_chart import Told
from discovery.tasks import draw_map
from evidence.models import LedgerEntry
from tests.factories.accounts import UserFactory
from tests.factories.assets import (
    AssetFactory,
    ConduitFactory,
    ItemClassFactory,
    LocationFactory,
    RelationFactory,
    SystemFactory,
    ZoneFactory,
)
from tests.factories.discovery import NetworkFactory
from tests.factories.governance import MONDAY

pytestmark = pytest.mark.django_db
WIRE = {"relation_class": RelationClass.CONNECTS_VIA}


class Plant:
    def __init__(self):
        self.site = LocationFactory(level="site", name="Site")
        self.hall = LocationFactory(level="area", name="Hall", parent=self.site)
        self.lab = LocationFactory(level="area", name="Lab", parent=self.site)
        self.office = ZoneFactory(site=self.site, name="Office", purdue_level="4")
        self.cell = ZoneFactory(site=self.site, name="Cell", purdue_level="1")
        switch = ItemClassFactory(slug="it-switch", name="Switch")
        here = {"location": self.hall, "item_class": switch, "zone": self.cell}
        self.core = AssetFactory(name="core <script>", **here)
        self.one, self.two = AssetFactory(name="sw1", **here), AssetFactory(name="sw2", **here)
        self.camera = AssetFactory(name="camera", location=self.hall, zone=self.office)
        self.scope = AssetFactory(name="secret scope", location=self.lab, zone=self.cell)
        self.network = NetworkFactory(location=self.site, zone=None)
        RelationFactory(source=self.one, target=self.core, **WIRE)
        RelationFactory(source=self.two, target=self.core, **WIRE)
        RelationFactory(source=self.scope, target=self.core, **WIRE)
        found = {**WIRE, "provenance_source": ProvenanceSource.DISCOVERY}
        RelationFactory(source=self.camera, target=self.core, **found)
        RelationFactory(
            source=self.core, target=None, unresolved_target="hub (00:00:5e:00:53:01)", **found
        )
        self.see(self.core, self.one)
        self.see(self.core, self.camera)
        self.see(self.core, None, "hub (00:00:5e:00:53:01)")
        self.mes = SystemFactory(name="MES", location=self.hall)
        self.erp = SystemFactory(name="ERP", location=self.hall)
        self.silo = SystemFactory(name="Silo", location=self.hall)
        for source, target in ((self.mes, self.erp), (self.erp, self.mes)):
            RelationFactory(
                source=source, target=target, relation_class="feeds_data", protocol="OPC UA"
            )

    def see(self, a, b, unknown=""):
        LinkSighting.objects.create(
            network=self.network,
            a_item=a,
            b_item=b,
            b_unknown=unknown,
            method="lldp",
            confidence=3,
            evidence=[["lldp", "sw"]],
            first_seen_at=MONDAY,
            last_seen_at=MONDAY,
        )


@pytest.fixture
def plant(db):
    return Plant()


@pytest.fixture
def keeper(db):
    return User.objects.create_superuser("keeper", password="x")


@pytest.fixture
def in_hall(plant):
    """Sees the hall, not the laboratory."""
    user = UserFactory()
    assign_perm("assets.view_items", user, plant.hall)
    return user


def told(found) -> dict[tuple[str, str], str]:
    return {tuple(sorted((row.source, row.target))): row.tie.told for row in found.rows}


def test_declared_seen_and_both_are_told_apart(plant, keeper):
    found = site_map(keeper, plant.hall, view=MapView.TOPOLOGY, at=MONDAY)
    assert told(found) == {
        ("core <script>", "sw1"): Told.BOTH,
        ("core <script>", "sw2"): Told.DECLARED,
        ("camera", "core <script>"): Told.SEEN,
        ("core <script>", "hub"): Told.SEEN,
        ("core <script>", "secret scope"): Told.DECLARED,
    }
    kinds = {one.title: one.kind for one in found.chart.signs}
    assert (kinds["hub"], kinds["secret scope"], kinds["sw1"]) == ("unknown", "outside", "item")
    (row,) = (row for row in found.rows if row.target == "sw1" or row.source == "sw1")
    assert "LLDP" in row.evidence
    assert row.last_seen_at == MONDAY


def test_what_a_reader_may_not_see_is_counted_and_named_nowhere(plant, in_hall):
    found = site_map(in_hall, plant.hall, view=MapView.TOPOLOGY, at=MONDAY)
    assert found.hidden_links == 1
    assert "secret" not in "".join(page_drawings(found))
    answer = Client()
    answer.force_login(in_hall)
    for view in MapView.values:
        page = answer.get(reverse("discovery:map"), {"place": plant.hall.pk, "view": view})
        assert page.status_code == 200
        assert "secret" not in page.text
        assert "Lab" not in page.text
    assert answer.get(reverse("discovery:map"), {"place": plant.lab.pk}).status_code == 404
    assert answer.get("/api/discovery/map/", {"place": plant.site.pk}).status_code == 404


def test_items_hidden_at_a_place_are_counted(plant):
    user = UserFactory()
    assign_perm("assets.view_items", user, plant.mes)
    assign_perm("assets.view_items", user, plant.office)
    keeper = User.objects.create_superuser("k2", password="x")
    every = site_map(keeper, plant.site, view=MapView.TOPOLOGY, at=MONDAY)
    some = site_map(user, plant.site, view=MapView.TOPOLOGY, at=MONDAY)
    assert every.hidden == 0
    assert some.items + some.hidden == every.items
    assert some.items == 2


def test_data_flows_both_ways_are_one_line_and_silos_stand_apart(plant, keeper):
    found = site_map(keeper, plant.hall, view=MapView.FLOWS, at=MONDAY)
    (row,) = found.rows
    assert row.tie.is_mutual
    assert "OPC UA" in row.tie.label
    assert {one.title: one.kind for one in found.chart.signs}["Silo"] == "unlinked"
    assert found.beside == 1


def test_traffic_between_zones_without_a_conduit_is_marked(plant, keeper):
    without = site_map(keeper, plant.site, view=MapView.ZONES, at=MONDAY)
    assert [row.tie.warning for row in without.rows] == ["No conduit"]
    ConduitFactory(from_zone=plant.office, to_zone=plant.cell, protocols=["HTTPS"])
    found = site_map(keeper, plant.site, view=MapView.ZONES, at=MONDAY)
    (row,) = found.rows
    assert (row.tie.warning, row.tie.told, row.tie.label) == ("", Told.BOTH, "HTTPS")


def test_traffic_that_passes_the_dmz_by_is_marked(plant, keeper):
    found = site_map(keeper, plant.site, view=MapView.PURDUE, at=MONDAY)
    assert [row.tie.warning for row in found.rows] == ["passes the DMZ by"]
    assert [band.title for band in found.chart.bands] == ["4 Site business", "1 Basic control"]


def test_a_network_has_a_map_of_its_own(plant, keeper):
    found = network_map(keeper, plant.network, at=MONDAY)
    assert told(found)["core <script>", "hub"] == Told.SEEN
    client = Client()
    client.force_login(keeper)
    page = client.get(reverse("discovery:network-map", args=[plant.network.pk]))
    assert page.status_code == 200
    assert "sw1" in page.text


@pytest.mark.parametrize("view", MapView.values)
def test_more_items_take_no_more_queries(plant, keeper, view):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            site_map(keeper, plant.site, view=view, at=MONDAY)
        return len(captured)

    before = queries()
    hall = LocationFactory(level="line", name="Line", parent=plant.hall)
    for number in range(60):
        new = AssetFactory(name=f"plc {number}", location=hall, zone=plant.cell)
        RelationFactory(source=new, target=plant.core, **WIRE)
        RelationFactory(source=new, target=plant.mes, relation_class="feeds_data")
    assert queries() <= before + 1
    found = site_map(keeper, plant.site, view=view, at=MONDAY)
    assert len(found.chart.signs) <= 72


def test_the_page_escapes_names_and_says_the_same_in_a_table(plant, keeper):
    client = Client()
    client.force_login(keeper)
    page = client.get(reverse("discovery:map"), {"place": plant.hall.pk}).text
    assert "core <script>" not in page
    assert "core &lt;script&gt;" in page
    assert "Show as table" in page
    assert page.count("<tr>") >= 6


def test_the_svg_is_a_download_and_an_entry_in_the_ledger(plant, keeper):
    client = Client()
    client.force_login(keeper)
    answer = client.get(reverse("discovery:map-svg"), {"place": plant.hall.pk, "view": "zones"})
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "<script" not in answer.text
    entry = LedgerEntry.objects.filter(object_type="discovery.map").get()
    assert entry.action == "export"


def test_the_pdf_is_written_by_a_job_and_fetched_by_who_asked(plant, in_hall, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = Client()
    client.force_login(in_hall)
    asked = client.post(f"{reverse('discovery:map-pdf')}?place={plant.hall.pk}&view=topology")
    job = Job.objects.get(name="discovery.write_map")
    assert asked["Location"] == reverse("discovery:map-job", args=[job.pk])
    run = JobRun(
        job_id=job.pk, actor=in_hall.as_actor(channel="web"), attempt=1, lease_owner="test"
    )
    result = draw_map(run, **job.arguments)
    Job.objects.filter(pk=job.pk).update(state="succeeded", result=result)
    assert client.get(asked["Location"]).status_code == 200
    file = client.get(reverse("discovery:map-file", args=[job.pk]))
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    other = Client()
    other.force_login(UserFactory())
    assert other.get(reverse("discovery:map-file", args=[job.pk])).status_code == 404


def test_the_api_says_what_the_picture_draws(plant, keeper):
    client = Client()
    client.force_login(keeper)
    data = client.get("/api/discovery/map/", {"place": plant.hall.code, "view": "topology"}).json()
    keys = {node["key"] for node in data["nodes"]}
    assert len(keys) == 6
    assert all(link["source"] in keys and link["target"] in keys for link in data["links"])
    assert {link["told"] for link in data["links"]} == {"declared", "seen", "both"}
    network = client.get("/api/discovery/map/", {"network": plant.network.code}).json()
    assert network["view"] == "topology"
    assert client.get("/api/discovery/map/svg/", {"place": plant.hall.pk}).status_code == 200
    assert client.post(f"/api/discovery/map/pdf/?place={plant.hall.pk}").status_code == 202
