"""A NetBox comes into the plant by the browser: errors, preview, report, and a second run that changes nothing."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESK
from tests.e2e.looks import problems_of, settle
from tests.netbox.dumps import row, small_dump
from tests.netbox.server import TOKEN, FakeNetBox, answering, serving

PAGE = "/import/netbox/"
BAD = small_dump(
    row("dcim.site", 5, name="Mars", region=None, time_zone="Mars/Base"),
    row("ipam.ipaddress", 20, address="nonsense"),
    *[row("dcim.device", n, name=f"odd{n}", device_type=1, site=1, primary_ip4=20) for n in range(7, 20)],
    *[row("dcim.cable", n, status="planned") for n in range(10, 400)],
)  # fmt: skip


@pytest.fixture
def browser_page(enter):
    page = enter("administrator")
    page.set_viewport_size(DESK)
    page.goto("/import/")
    page.get_by_role("link", name="From NetBox").click()
    return page


def send_file(page, content):
    file = {"name": "netbox.json", "mimeType": "application/json", "buffer": content}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Preview").click()


def ask_server(page, address, token):
    page.get_by_label("Address").fill(address)
    page.get_by_label("API token").fill(token)
    page.get_by_role("button", name="Preview").click()


def heading(page, text):
    expect(page.get_by_role("heading", name=text)).to_be_visible(timeout=60_000)


def holds_up(page):
    settle(page)
    assert problems_of(page) == []
    page.set_viewport_size(DESK)


def test_a_refused_token_is_a_sentence_on_a_page_that_holds_up(browser_page):
    holds_up(browser_page)
    with serving(answering(403, b"insides")) as address:
        ask_server(browser_page, address, TOKEN)
        expect(browser_page.get_by_text("the token may not read it")).to_be_visible(timeout=60_000)
    assert TOKEN not in browser_page.content()
    holds_up(browser_page)


def test_errors_and_hundreds_of_unmapped_objects_stand_folded(browser_page):
    send_file(browser_page, BAD)
    heading(browser_page, "Nothing was written: there are errors")
    expect(browser_page.get_by_role("heading", name="14 errors")).to_be_visible()
    expect(browser_page.get_by_text("NB-SITE-5")).to_be_visible()

    fold = browser_page.locator("#left details").filter(has_text="is planned, not connected")
    expect(fold.get_by_text("dcim.cable")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.get_by_text("dcim.cable")).to_be_visible()
    assert browser_page.get_by_role("button", name="Apply").count() == 0
    holds_up(browser_page)


def test_preview_apply_report_and_a_second_run_of_zero_changes(browser_page):
    with serving(FakeNetBox) as address:
        ask_server(browser_page, address, TOKEN)
        heading(browser_page, "What this NetBox would change")
        holds_up(browser_page)

        browser_page.get_by_role("button", name="Apply").click()
        heading(browser_page, "Written")
        holds_up(browser_page)

        browser_page.goto(PAGE)
        ask_server(browser_page, address, TOKEN)
        heading(browser_page, "Nothing to change")
        expect(browser_page.get_by_role("button", name="Apply")).to_have_count(0)
