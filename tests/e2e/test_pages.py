"""Every page in the browser: it answers, fits 1440 and 390 px in light and dark, axe finds nothing, a thumb hits its controls.

The pages are found by following links from home, so a page nobody can reach fails as well.
"""

import os
import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.conftest import DESK, PHONE
from tests.e2e.crawl import Found, every_page_name, log_in, pages_of, send, wait_until
from tests.e2e.looks import problems_of, settle

PARTS = 4
SHOTS = os.environ.get("SCREENSHOTS", "")
#: Questions in an address, which no link carries; {item} is an item with much around it.
ASKED = {
    "search": "/search/?q=controller",
    "search-nothing": "/search/?q=nothinghasthisname",
    "impact": "/changes/impact/?item={item}&change_type=reboot",
    "impact-graph": "/changes/impact/?item={item}&change_type=reboot&view=graph",
    "graph": "/plant/graph/?item={item}",
    "causes": "/plant/causes/?item={item}",
    "bulk-edit": "/plant/items/edit/?pk={item}",
    "bulk-delete": "/plant/items/delete/?pk={item}",
    "list-nothing": "/plant/assets/?q=nothinghasthisname",
    "list-filtered": "/plant/assets/?status=active&criticality=4",
    "not-found": "/no/such/page/",
}
#: Pages that no link leads to: what is asked in an address, a job of a live NetBox, what only exists with RACEWAY_DEBUG.
UNLINKED = {"login", "portal:gallery", "portal:search", "assets:item-bulk-edit", "assets:item-bulk-delete", "portal:netbox-detail"}  # fmt: skip
#: What takes weeks to come about on a real network: a device that changed unexplained, two items that were one.
LATER = """
from discovery.models import Network, Observation, Scan
from tests.factories.assets import AssetFactory
from tests.factories.discovery import (
    CaseFactory, CollectorFactory, DriftFactory, MergeFactory, ScanApprovalFactory, ScheduleFactory, SiteRuleFactory
)
scan = Scan.objects.filter(network__code="NF-OFFICE", finished_at__isnull=False).first()
place = scan.network.location
drift = DriftFactory(scan=scan, item=AssetFactory(location=place))
merge = MergeFactory(kept=AssetFactory(location=place), gone=AssetFactory(location=place))
seen = Observation.objects.filter(scan=scan).first()
case = CaseFactory(observation=seen)
filling = Network.objects.get(code="NF-FILLING")
ScanApprovalFactory(network=filling, state="requested", decided_by=None)
CollectorFactory(location=place)
ScheduleFactory(network=scan.network)
rule = SiteRuleFactory()
print(f"/discovery/rules/site/{rule.pk}/edit/ /discovery/drift/{drift.pk}/ /discovery/merges/{merge.pk}/undo/")
print(f"/discovery/cases/ignore/?pk={case.pk} /discovery/cases/accept/?pk={case.pk}")
"""
OWN_PAGES = {
    "board": ("/", "/inbox/", "/changes/queue/", "/changes/board/"),
    "leader": ("/", "/ownership/"),
    "training": ("/", "/ownership/absences/"),
    "auditor": ("/", "/evidence/", "/evidence/verify/"),
    "engineer": ("/", "/changes/", "/changes/add/"),
    "kenji": ("/", "/changes/queue/", "/people/users/"),
}


@pytest.fixture(scope="module")
def pages(site) -> list[Found]:
    """Every page, as the administrator finds it or else the engineer; packs, imports and drafts are made first."""
    discovered, of_engineer = discover(site)
    with closing(log_in(site.url, "administrator", site.passwords["administrator"])) as client:
        today = datetime.now(UTC).date().isoformat()
        pack = send(client, "/evidence/new/", {"since": today, "until": today})
        rows = "code;name\nNF-NET-CSW01;Northfield core switch\nNF-NEW-1;\n"
        preview = send(client, "/import/?kind=assets", {"kind": "assets", "text": rows})
        verified = send(client, "/evidence/verify/ledger/", {}, token_from="/evidence/verify/")
        draft = send(
            client, "/ownership/matrices/2/draft/", {}, token_from="/ownership/matrices/2/"
        )
        wait_until(client, pack, "Open the pack")
        found = pages_of(
            client, "administrator", ("/", *discovered, pack, preview, verified, draft)
        )
    with closing(log_in(site.url, "engineer", site.passwords["engineer"])) as client:
        known = {page.name for page in found}
        own = pages_of(client, "engineer", ("/", *of_engineer))
        found += [page for page in own if page.name not in known]
    item = next(page.address for page in found if page.name == "assets:item-graph").split("/")[3]
    return found + [
        Found(name, address.format(item=item), "administrator") for name, address in ASKED.items()
    ]


def test_every_page_is_linked_from_somewhere(pages):
    assert every_page_name() - {page.name for page in pages} - UNLINKED == set()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_holds_up_on_desk_and_phone_in_light_and_dark(enter, pages, part):
    browsers = {person: enter(person) for person in {page.person for page in pages}}
    problems = [
        problem
        for place, found in enumerate(pages)
        if place % PARTS == part
        for problem in look(browsers[found.person], f"{place:03}-{found.name}", found.address)
    ]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("person", OWN_PAGES)
def test_each_person_has_pages_that_hold_up(enter, person):
    page = enter(person)
    problems = [
        problem
        for address in OWN_PAGES[person]
        for problem in look(page, f"{person}{address.replace('/', '-')}", address)
    ]
    assert not problems, "\n".join(problems)


def test_the_board_finds_its_first_question_at_home(enter):
    assert "Firmware of the can line controller" in enter("board").locator("main").inner_text()


def discover(site):
    """Scan the office, import a file, identify again; return what to open, and what as the engineer."""
    with closing(log_in(site.url, "engineer", site.passwords["engineer"])) as client:
        listed = re.findall(
            r'href="(/discovery/networks/\d+/)"[^>]*>([^<]+)', client.get("/discovery/").text
        )
        address = {name: found for found, name in listed}
        office, filling = (
            address[f"Northfield {name}"] for name in ("office network", "filling hall")
        )
        scan = send(client, f"{office}scan/", {"targets": ""}, token_from=f"{office}dry-run/")
        wait_until(client, scan, "Completed")
        table = b"address,mac\n127.20.4.99,00:09:b0:00:00:01\n"
        seen = send(client, f"{office}import/", {}, files={"file": ("arp.csv", table)})
        again = send(client, "/discovery/rules/again/", {}, token_from="/discovery/rules/")
    made = site.manage("shell", "--verbosity", "0", "-c", LATER)
    assert made.returncode == 0, made.stderr
    return (scan, f"{filling}ask/", *made.stdout.split()), (seen, again)


def look(page, name, address):
    """Open a page and return what is wrong with it; SCREENSHOTS=folder keeps its pictures."""
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(address)
    settle(page)
    found = [f"{address} {problem}" for problem in problems_of(page)]
    if SHOTS:
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            path = Path(SHOTS, f"{name.replace(':', '-')}-{size['width']}.png")
            page.screenshot(path=str(path), full_page=True)
    return found
