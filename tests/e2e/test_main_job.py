"""From a question to a signed decision, as the people involved do it in the browser.

Rosa (engineer) asks what rebooting the core switch hits and turns it into a change whose way back is untested, so the
board votes as well. Kenji and Helena, accountable for the systems hit, and Ingrid for the board approve; Rosa executes
and completes it and prints the proof, which verifies offline.
"""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.e2e.conftest import ROOT


def test_a_question_becomes_a_signed_decision(site, enter, tmp_path):
    rosa = enter("engineer")
    address = ask_and_submit(rosa)
    for name in ("kenji", "board", "helena"):
        page = enter(name)
        page.goto(address)
        page.get_by_role("button", name="Approve").first.click()
        expect(page.get_by_text("Your decision")).to_have_count(0)
    rosa.goto(address)
    expect(state_of(rosa)).to_contain_text("Approved")
    rosa.get_by_role("button", name="Start now").first.click()
    expect(state_of(rosa)).to_contain_text("In execution")
    rosa.get_by_label("Post-implementation note").fill("Restarted in four minutes, all ports up.")
    rosa.get_by_role("button", name="Completed").click()
    expect(state_of(rosa)).to_contain_text("Completed")
    proof = print_record(rosa, tmp_path)
    check_offline(proof, tmp_path)


def ask_and_submit(page):
    """See the plant, ask, turn the question into a change, submit; returns the change's address."""
    page.goto("/plant/assets/?code=NF-NET-CSW01")
    page.get_by_role("link", name="Northfield core switch").click()
    page.get_by_role("link", name="Impact").first.click()
    expect(page.locator("main")).to_contain_text("items are hit")
    expect(page.locator("main")).to_contain_text("Kenji Mori")
    expect(page.locator("main")).to_contain_text("Can line")
    page.get_by_role("link", name="Turn into a change request").click()
    now = datetime.now(ZoneInfo("Europe/Dublin"))
    page.get_by_label("Title").fill("Reboot of the core switch after its update")
    fill_time(page, "window_start_at", now - timedelta(minutes=5))
    fill_time(page, "window_end_at", now + timedelta(hours=4))
    page.locator("[name=duration_minutes]").fill("30")
    page.locator("[name=plan]").fill("Warn the shift leads, reload, watch the ring heal.")
    page.locator("[name=back_out_plan]").fill("Boot the previous image from flash.")
    page.locator("#change-form button[type=submit]").click()
    page.get_by_role("button", name="Submit").first.click()
    expect(state_of(page)).to_contain_text("Awaiting approval")
    return page.url.split("?")[0]


def state_of(page):
    """The step a change's page shows as the current one."""
    return page.locator(".change-steps [aria-current=step]")


def fill_time(page, name, moment):
    page.locator(f"[name={name}]").fill(moment.strftime("%Y-%m-%dT%H:%M"))


def print_record(page, folder):
    page.get_by_role("button", name="Decision record (PDF)").click()
    link = page.get_by_role("link", name="Download PDF")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    path = folder / "decision.pdf"
    download.value.save_as(path)
    return path


def check_offline(proof, folder):
    """The verifier needs no database; it sees one byte that was changed or appended."""
    assert verdict(proof).returncode == 0
    changed = folder / "changed.pdf"
    data = bytearray(proof.read_bytes())
    data[len(data) // 2] ^= 1
    changed.write_bytes(data)
    assert verdict(changed).returncode != 0
    longer = folder / "longer.pdf"
    longer.write_bytes(proof.read_bytes() + b"\n")
    answer = verdict(longer)
    assert answer.returncode != 0
    assert json.loads(answer.stdout)


def verdict(path):
    return subprocess.run(
        [sys.executable, "manage.py", "verify_evidence", str(path), "--json"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        check=False,
    )
