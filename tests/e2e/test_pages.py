"""Every page, as each person sees it: it answers, fits 1440 and 390 px, and axe finds no violation."""

import pytest

from tests.e2e.conftest import DESK, PHONE, ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
SHOTS = ROOT / "var/screenshots"
PAGES = {
    "home": "/",
    "assets": "/plant/assets/",
    "systems": "/plant/systems/",
    "locations": "/plant/locations/",
    "zones": "/plant/zones/",
    "relations": "/plant/relations/",
    "products": "/plant/products/",
    "classes": "/plant/classes/",
    "tags": "/plant/tags/",
    "causes": "/plant/causes/",
    "ownership-map": "/ownership/",
    "findings": "/ownership/findings/",
    "matrices": "/ownership/matrices/",
    "activities": "/ownership/activities/",
    "roles": "/ownership/roles/",
    "holders": "/ownership/holders/",
    "absences": "/ownership/absences/",
    "service-levels": "/ownership/service-levels/",
    "impact-empty": "/changes/impact/",
    "queue": "/changes/queue/",
    "changes": "/changes/",
    "calendar": "/changes/calendar/",
    "board": "/changes/board/",
    "new-change": "/changes/add/",
    "people": "/people/",
    "evidence": "/evidence/",
}
LINKED = {
    "item": ("/plant/assets/?code=NF-NET-CSW01", "Northfield core switch"),
    "system": ("/plant/systems/?code=S-NF-MES", "Northfield MES"),
}
RUN_AXE = """axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(
  v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')))"""


def inspect(page, name, width):
    page.wait_for_load_state("networkidle")
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"{name}-{width}.png"))
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 1, f"{name} is {overflow} px wider than the {width} px screen"
    page.evaluate(AXE.read_text())
    violations = page.evaluate(RUN_AXE)
    assert violations == [], f"{name} at {width} px"


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1440", "390"])
def test_every_page_answers_fits_and_is_accessible(enter, viewport):
    page = enter("administrator", viewport=viewport)
    problems = []
    for name, path in PAGES.items():
        answer = page.goto(path)
        if answer is None or answer.status != 200:
            problems.append(f"{name}: {answer and answer.status}")
            continue
        try:
            inspect(page, name, viewport["width"])
        except AssertionError as problem:
            problems.append(str(problem))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1440", "390"])
def test_every_tab_of_an_item_and_a_system_is_accessible(enter, viewport):
    page = enter("administrator", viewport=viewport)
    problems = []
    for name, (start, label) in LINKED.items():
        page.goto(start)
        page.get_by_role("link", name=label, exact=True).first.click()
        page.wait_for_load_state("networkidle")
        tabs = page.locator("nav.tabs a, .tabs a").evaluate_all(
            "links => links.map(a => a.getAttribute('href'))"
        )
        for place, address in enumerate(dict.fromkeys([page.url, *tabs])):
            page.goto(address)
            try:
                inspect(page, f"{name}-tab{place}", viewport["width"])
            except AssertionError as problem:
                problems.append(f"{address}: {problem}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("person", ["board", "leader", "training", "auditor", "engineer"])
def test_each_audience_has_its_home(enter, person):
    for viewport in (DESK, PHONE):
        page = enter(person, viewport=viewport)
        inspect(page, f"home-{person}", viewport["width"])
        if person == "board":
            assert "Firmware of the can line controller" in page.locator("main").inner_text()
