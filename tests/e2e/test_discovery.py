"""Discovery of the simulated network in the browser: the office at once, the filling hall after consent.

Rosa (engineer) looks at the dry run, starts the scan and watches it; two questions wait for an answer; what is new is in
the inventory and on the map of links; the next scan follows the answers, and one more changes
nothing. An OT network refuses until Kenji, accountable
for its zone, consents.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

#: Two switches of the filling hall: the silent addresses of the whole block take their time.
SWITCHES = "127.20.1.1\n127.20.1.2"


def test_the_office_is_found_questions_are_answered_and_another_scan_changes_nothing(enter):
    rosa = enter("engineer")
    first = scan(rosa, "Northfield office network")
    expected = {"Added": 2, "Updated": 1, "Waits for a decision": 2}
    assert expected.items() <= verdicts(rosa, first).items()
    assert new_items(rosa, first) == {"quality-share", "meeting-room-sw"}
    rosa.get_by_role("link", name="quality-share", exact=True).first.click()
    expect(rosa.locator("main")).to_contain_text("Synology")

    answer(rosa, "17.9.5a", "Take the value seen")
    answer(rosa, "PHB4K51207", "It replaces this item", why="The old printer was scrapped.")
    rosa.goto("/discovery/cases/")
    expect(rosa.locator("main")).not_to_contain_text("127.20.4.")
    rosa.goto("/plant/assets/?code=NF-NET-RTR01")
    rosa.get_by_role("link", name="Northfield WAN router 1").click()
    expect(rosa.locator("main")).to_contain_text("16.9.8")

    # The answers count: a neighbour nobody knew is the new printer, its relation leads there.
    second = scan(rosa, "Northfield office network")
    assert set(verdicts(rosa, second)) == {"Unchanged"}
    before = ledger_length(enter("auditor"))
    third = scan(rosa, "Northfield office network")
    assert set(verdicts(rosa, third)) == {"Unchanged"}
    # That somebody started it, and nothing else.
    assert ledger_length(enter("auditor")) == before + 1


def test_an_ot_network_sends_nothing_until_its_owner_consents(enter):
    rosa, kenji = enter("engineer"), enter("kenji")
    open_network(rosa, "Northfield filling hall")
    rosa.get_by_role("link", name="Dry run").first.click()
    expect(rosa.locator("main")).to_contain_text("A scan would be refused now")
    expect(rosa.get_by_role("button", name="Start this scan")).to_have_count(0)

    open_network(rosa, "Northfield filling hall")
    rosa.get_by_role("link", name="Ask for consent").first.click()
    now = datetime.now(ZoneInfo("Europe/Dublin"))
    for name, moment in (("valid_from", now), ("expires_at", now + timedelta(days=7))):
        rosa.locator(f"[name={name}]").fill(f"{moment:%Y-%m-%dT%H:%M}")
    rosa.get_by_label("Why").fill("Firmware of the ring switches is not known.")
    rosa.get_by_role("button", name="Ask", exact=True).click()

    kenji.goto("/discovery/consents/")
    kenji.get_by_role("link", name="Northfield filling hall").first.click()
    kenji.get_by_role("button", name="Consent", exact=True).click()
    address = scan(rosa, "Northfield filling hall", only=SWITCHES)
    assert sum(verdicts(rosa, address).values()) == 2


def open_network(page, name):
    page.goto("/discovery/")
    page.get_by_role("link", name=name).click()


def scan(page, name, *, only=""):
    """Start a scan from the dry run, wait for its end, and return its address."""
    open_network(page, name)
    page.get_by_role("link", name="Dry run").first.click()
    if only:
        page.get_by_label("Addresses or blocks, one a line").fill(only)
        page.get_by_role("button", name="Show again").click()
    page.get_by_role("button", name="Start this scan").click()
    page.locator("#confirm [data-confirmed]").click()
    page.wait_for_url(re.compile(r"/discovery/scans/\d+/"))
    expect(page.get_by_role("progressbar")).to_have_count(1)
    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=60_000)
    page.reload()
    expect(page.locator(".object-header, header")).to_contain_text(["Completed"])
    return page.url.split("?")[0]


def verdicts(page, address):
    """Return how many devices each verdict was given to."""
    page.goto(f"{address}seen/")
    texts = page.get_by_role("navigation", name="Verdict").get_by_role("link").all_inner_texts()
    found = dict(re.match(r"(.+?)\s+([\d,]+)$", text).groups() for text in texts)
    return {name: int(count) for name, count in found.items() if name != "All"}


def new_items(page, address):
    page.goto(f"{address}seen/?verdict=added")
    return set(page.locator("tbody a[href^='/plant/items/']").all_inner_texts())


def answer(page, words, choice, *, why=""):
    """Answer the open question whose page has these words on it."""
    page.goto("/discovery/cases/")
    for address in page.locator("tbody a.main-link").evaluate_all("all => all.map(a => a.href)"):
        page.goto(address)
        if words in page.locator("main").inner_text():
            break
    page.get_by_label(choice).check()
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("main")).to_contain_text("The answer")


def ledger_length(page):
    entries = page.request.get("/api/evidence/entries/?limit=1").json()["results"]
    return entries[0]["sequence"]
