"""A real site for the browser: the demonstration plant behind `manage.py up`, on a port of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = ["--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
# A ceiling for a machine under load; nothing waits for it otherwise.
expect.set_options(timeout=30_000)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@dataclass(frozen=True)
class Site:
    """Where the site answers, where its files are, and who can log in."""

    url: str
    var: Path
    passwords: dict[str, str]

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command on the site's data."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment(self.var),
            capture_output=True,
            text=True,
            check=False,
        )


def environment(var: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "TASK_BROKER_URL"}}
    own = {"RACEWAY_VAR": str(var), "RACEWAY_DEMO": "1", "RACEWAY_DEMO_SNMP_PORT": SNMP_PORT}
    return {**kept, **own}


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


#: Where the simulated devices listen: not where those of a demonstration that runs here do.
SNMP_PORT = str(free_port(socket.SOCK_DGRAM))


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    var = tmp_path_factory.mktemp("site")
    for command in (["migrate", "--verbosity", "0"], ["load_demo"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment(var),
            check=True,
            stdout=subprocess.DEVNULL,
        )
    port = free_port()
    with (var / "up.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=environment(var),
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(url, process, var / "up.log")
        yield Site(url, var, json.loads((var / "demo-passwords.json").read_text()))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/health/ready", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    pytest.fail(f"the site did not come up:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"no Chromium at {CHROMIUM}: run 'make setup' or set CHROMIUM")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *sandbox])
        yield chromium
        chromium.close()


@pytest.fixture
def enter(site, browser) -> Iterator[Callable[..., Page]]:
    """`enter("engineer")` opens the site as somebody; a script error fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def log_in(username: str, *, viewport: dict[str, int] = DESK) -> Page:
        context = browser.new_context(viewport=viewport, base_url=site.url)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda m: problems.append(m.text) if "Content Security Policy" in m.text else None,
        )
        page.goto("/login/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(site.passwords[username])
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/")
        return page

    yield log_in
    for context in contexts:
        context.close()
    assert not problems
