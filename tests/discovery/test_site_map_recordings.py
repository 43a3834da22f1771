"""The map of a recorded real network: six D-Link switches, the links their LLDP proves, neighbours nobody has read."""

import json
import os
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from common.jobs import JobRun
from demo.simulator.recordings import load
from demo.simulator.snmp_agent import Agent
from discovery.choices import MapView
from discovery.queries.map_drawing import sheet_of
from discovery.queries.site_map import network_map
from discovery.rules.map_chart import Told
from discovery.rules.map_layout import wide
from discovery.rules.map_rows import narrow
from discovery.rules.map_svg import page_svg
from discovery.services import start_scan
from discovery.tasks import scan as scan_task
from tests.discovery.map_checks import assert_drawn_well
from tests.discovery.plants import office
from tests.factories.assets import ItemClassFactory
from tests.simulators.scanning import served_elsewhere

SHARED = Path(__file__).resolve().parents[3] / "shared/discovery-recordings"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the shared recordings are not here"),
]
#: 1,440 px less the navigation and what stands around the drawing; 390 px less the same.
WIDE_ROOM, PHONE_ROOM = 1160, 352


def files() -> list[str]:
    devices = json.loads((SHARED / "expected.json").read_text())["devices"]
    return [one["file"] for one in devices if one["file"].startswith("dlink_")]


def proven() -> set[frozenset[str]]:
    pairs = json.loads((SHARED / "expected.json").read_text())["links_between_recordings"]
    return {frozenset(pair) for pair in pairs if all(one.startswith("dlink_") for one in pair)}


@pytest.fixture
def drawn(actor):
    for slug in ("network-device", "it-switch", "industrial-switch", "router"):
        ItemClassFactory(slug=slug)
    network = office(allowed_blocks="127.41.0.0/24")
    names = {f"127.41.0.{place}": name for place, name in enumerate(files(), 1)}
    served = {at: Agent(load(SHARED / "recordings" / name)) for at, name in names.items()}
    with served_elsewhere(served):
        scan = start_scan(
            actor=actor,
            network=network,
            requester=None,
            targets="\n".join(served),
            now=timezone.now(),
        )
        run = JobRun(job_id=scan.job_id, actor=actor, attempt=1, lease_owner="test")
        scan_task(run, scan_id=scan.pk)
    reader = User.objects.create_superuser("reader", password="x")
    items = dict(network.observations.values_list("item", "address"))
    found = network_map(reader, network, at=timezone.now())
    return found, {f"i{item}": names[address] for item, address in items.items()}


def test_the_recorded_network_is_drawn_with_its_proven_links_and_its_strangers(drawn):
    found, names = drawn
    read = [one for one in found.chart.signs if one.kind == "item"]
    assert {names[one.key] for one in read if one.key in names} == set(files())
    joined = {
        frozenset({names[tie.source], names[tie.target]})
        for tie in found.chart.ties
        if tie.source in names and tie.target in names
    }
    assert proven() <= joined
    assert {tie.told for tie in found.chart.ties} == {Told.SEEN}
    assert found.view == MapView.TOPOLOGY


def test_the_recorded_network_is_legible_on_a_desk_and_on_a_phone(drawn):
    found, _names = drawn
    on_desk, on_phone = wide(found.chart), narrow(found.chart)
    for plan, room in ((on_desk, WIDE_ROOM), (on_phone, PHONE_ROOM)):
        assert_drawn_well(plan, found.chart)
        assert plan.width <= room
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder, "dlink.svg").write_text(sheet_of(found))
        Path(folder, "dlink-phone.svg").write_text(page_svg(on_phone, label="x"))
