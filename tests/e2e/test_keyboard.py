"""Everything by keyboard: search, the order of focus and its outline, menus and dialogs, choosing in a field, the graph."""

import pytest
from playwright.sync_api import expect

from tests.e2e.looks import settle

#: Where the focus stands, whether one can see it, and whether what shows it is on the screen.
FOCUS = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const around = e.matches('input') && e.closest('label') && getComputedStyle(e.closest('label'));
  const rings = s => s && s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
  return {name: (e.getAttribute('aria-label') || e.textContent || e.name || e.tagName).trim().slice(0, 40),
    isBody: e === document.body, isSeen: rings(style) || rings(around),
    isInside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
}"""
ITEM = "/plant/assets/?code=NF-NET-CSW01"


@pytest.fixture
def page(enter):
    """The engineer's browser."""
    return enter("engineer")


def item_page(page, tab):
    """Open a tab of the core switch."""
    page.goto(ITEM)
    page.get_by_role("link", name="Northfield core switch").click()
    page.locator(".tabs").get_by_role("link", name=tab).click()
    settle(page)


def test_slash_goes_to_the_search_of_a_list_and_elsewhere_to_the_search_of_everything(page):
    page.goto("/plant/assets/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Find in this list")).to_be_focused()

    page.goto("/changes/calendar/")
    page.keyboard.press("/")
    palette = page.get_by_role("dialog", name="Search")
    expect(palette).to_be_visible()
    page.keyboard.type("core switch")
    expect(palette.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()


def test_a_hit_of_the_search_is_opened_by_arrow_and_enter(page):
    page.keyboard.press("Control+k")
    page.keyboard.type("Northfield core switch")
    hit = page.get_by_role("dialog", name="Search").get_by_role("option", name="core switch").first
    expect(hit).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Northfield core switch")


def test_the_first_tab_stop_skips_to_the_content(page):
    page.goto("/plant/assets/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/plant/assets/", "/changes/add/", "/ownership/", "/changes/impact/"])  # fmt: skip
def test_the_focus_is_seen_at_every_stop(page, path):
    page.goto(path)
    settle(page)
    unseen = []
    for _stop in range(45):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if not focus["isInside"]:  # the browser scrolls it into view, softly
            page.wait_for_timeout(400)
            focus = page.evaluate(FOCUS)
        if not focus["isBody"] and not (focus["isSeen"] and focus["isInside"]):
            unseen.append(focus)
    assert not unseen


def test_escape_closes_a_menu_and_gives_the_focus_back(page):
    page.goto("/plant/assets/")
    opener = page.locator("summary", has_text="Columns")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Serial number")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("checkbox", name="Serial number")).to_be_hidden()
    expect(opener).to_be_focused()


def test_escape_closes_the_drawer_with_the_reasons(page):
    item_page(page, "Details")
    chip = page.locator(".object-line .has-trace")
    chip.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name="Where this comes from")
    expect(drawer).to_contain_text("accountable", ignore_case=True)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(chip).to_be_focused()


def test_an_item_is_picked_without_a_mouse(page):
    page.goto("/changes/impact/")
    page.get_by_role("combobox", name="Add an item").focus()
    page.keyboard.type("NF-NET-CSW01")
    expect(page.locator(".lookup-list [role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".lookup-list")).to_be_hidden()
    page.keyboard.type(" ")
    expect(page.locator(".lookup-list [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#impact")).to_contain_text("items are hit")


def test_rows_are_walked_ticked_and_opened_by_letters(page):
    page.goto("/plant/assets/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("tr.is-cursor.is-ticked")).to_have_count(1)
    name = page.locator("tr.is-cursor a.main-link").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_the_graph_grows_by_keyboard_and_its_table_says_the_same(page):
    item_page(page, "Graph")
    rows = page.locator(".explorer-list tr[data-key]")
    before = rows.count()
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".graph-said")).to_contain_text("relations")
    page.locator(".explorer-list").get_by_role("link", name="Show the neighbours").first.focus()
    page.keyboard.press("Enter")
    expect(rows).not_to_have_count(before)
