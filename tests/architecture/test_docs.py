"""The docs say what is there and nothing that is not; a failure names what to write down, and where."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve, reverse
from drf_spectacular.generators import EndpointEnumerator

from common import metrics
from common.announce import navigation
from common.imports import import_kinds
from common.outages import OutageError
from common.registries import gauges, health_checks

ROOT = Path(__file__).resolve().parents[2]
APPS = {path.parent.name for path in ROOT.glob("*/apps.py")}
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("d*/**/*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PLACES = "api|plant|ownership|discovery|changes|people|evidence|import|inbox|search|health|metrics|ui|login"
ADDRESS = re.compile(rf"(?m)(?<![\w.:/…}}])/(?:{PLACES})(?:[/\w{{}}<>-]*)|^/$")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def text_of(path: str) -> str:
    return (ROOT / path).read_text()


def code_in(page: Path) -> str:
    """What a page shows as code: its fenced blocks and its spans, a line each."""
    text = page.read_text()
    blocks = [block for _language, block in FENCE.findall(text)]
    return "\n".join([*blocks, *re.findall(r"`([^`]+)`", FENCE.sub("", text))])


def first_column(page: str, heading: str) -> set[str]:
    """The spans in the first column of the table with that heading."""
    table = text_of(page).split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    rows = table.splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


# --- Settings ------------------------------------------------------------------------------------


def variables_read(path: Path) -> Iterator[str]:
    """The environment variables a module reads, by any of the four ways there are."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]):
                way = ast.unparse(function)
                if re.fullmatch(r"env(\.\w+)?|os\.getenv|os\.environ\.get", way):
                    yield name
            case (
                ast.Subscript(value=value, slice=ast.Constant(value=str(name)))
                | ast.Compare(left=ast.Constant(value=str(name)), comparators=[value])
            ) if ast.unparse(value) == "os.environ":
                yield name


def test_the_settings_page_lists_every_environment_variable_and_no_other():
    modules = [path for folder in ("config", "common") for path in (ROOT / folder).rglob("*.py")]
    read = {name for path in modules for name in variables_read(path)}
    assert first_column("docs/operate/settings.md", "variable") == read


def test_the_example_of_the_service_sets_documented_variables_only():
    example = re.findall(r"^#?(\w+)=", text_of("deploy/raceway.env.example"), re.MULTILINE)
    assert set(example) <= first_column("docs/operate/settings.md", "variable")
    assert "RACEWAY_VAR" in example


# --- Commands ------------------------------------------------------------------------------------


def commands_in(page: Path) -> Iterator[tuple[str, set[str]]]:
    """Each `manage.py NAME` with the long options written behind it."""
    for line in code_in(page).splitlines():
        for part in re.split(r"\s#|&&|;|\|\s", line):
            if found := re.search(r"manage\.py ([a-z]\w+)(.*)", part):
                yield found[1], set(re.findall(r"(?<![\w-])--[a-z][\w-]*", found[2]))


def options_of(command: str) -> set[str]:
    app = get_commands()[command]
    parser = load_command_class(str(app), command).create_parser("manage.py", command)
    return {option for action in parser._actions for option in action.option_strings}


def test_every_management_command_is_named_in_the_docs():
    ours = {name for name, app in get_commands().items() if app in APPS}
    named = {name for page in PAGES for name, _options in commands_in(page)}
    assert ours - named == set()


@each_page
def test_a_page_names_only_commands_and_options_that_exist(page):
    for name, options in commands_in(page):
        assert name in get_commands()
        assert options - options_of(name) == set(), f"of manage.py {name}"


def targets() -> set[str]:
    phony = text_of("Makefile").split(".PHONY:", 1)[1].split("\n\n", 1)[0]
    return set(re.findall(r"[\w-]+", phony))


def targets_in(page: Path) -> set[str]:
    return set(re.findall(r"(?m)(?:^|[(;&] ?)make (?:-\w )?([a-z][\w-]*)", code_in(page)))


def test_every_make_target_is_named_in_the_docs():
    named = {name for page in PAGES for name in targets_in(page)}
    assert {name for name in targets() if not name.startswith("check-")} - named == set()


@each_page
def test_a_page_names_only_make_targets_that_exist(page):
    assert targets_in(page) - targets() == set()


# --- Addresses -----------------------------------------------------------------------------------


def addresses_in(page: Path) -> set[str]:
    """Addresses of this site; what stands in braces or angle brackets is any one of them."""
    found = {re.sub(r"\{\w+\}|<[\w:]+>", "1", name) for name in ADDRESS.findall(code_in(page))}
    return {name for name in found if "{" not in name and "<" not in name}


def test_every_page_of_the_sidebar_is_listed():
    listed = set().union(*(addresses_in(page) for page in PAGES if page.parent.name == "user"))
    assert {reverse(page.url_name) for page in navigation} - listed == set()


def test_every_resource_of_the_api_is_listed():
    listed = addresses_in(ROOT / "docs/user/api.md")
    endpoints = {path for path, *_rest in EndpointEnumerator().get_api_endpoints()}
    resources = {"/".join(path.split("/")[:4]) for path in endpoints if path.count("/") > 3}
    assert "/api/raci/who" in resources
    assert {r for r in resources if not any(a.startswith(f"{r}/") for a in listed)} == set()


@each_page
def test_a_page_names_only_addresses_that_exist(page):
    missing = set()
    for address in addresses_in(page):
        try:
            resolve(address)
        except Resolver404:
            missing.add(address)
    assert missing == set()


# --- Links ---------------------------------------------------------------------------------------


def anchors_of(page: Path) -> set[str]:
    """What GitHub makes of the headings.

    "## `manage.py up`, again" becomes manage-py... without its marks: lower case, hyphens for spaces.
    """
    headings = re.findall(r"(?m)^#+ (.+)$", FENCE.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links_of(page: Path) -> set[str]:
    return {to for to in LINK.findall(FENCE.sub("", page.read_text())) if "://" not in to}


@each_page
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page):
    broken = []
    for link in links_of(page):
        name, _hash, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert not broken


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page.is_dir():
            page = page / "README.md"
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links_of(page)]
    assert {str(page.relative_to(ROOT)) for page in set(PAGES) - reached} == set()


def test_the_readme_is_short():
    assert len(text_of("README.md").splitlines()) <= 100


# --- Decisions, operation, examples --------------------------------------------------------------


def test_the_index_of_decisions_has_every_record_under_its_title():
    records = [path for path in (ROOT / "docs/decisions").glob("*.md") if path.stem != "README"]
    headings = [(path.name, path.read_text().splitlines()[0]) for path in sorted(records)]
    rows = re.findall(r"\| \[(\d{4})\]\(([^)]+)\) \| (.+) \|", text_of("docs/decisions/README.md"))
    assert [(name, f"# {number} {title}") for number, name, title in rows] == headings


def test_every_scheduled_task_is_listed():
    listed = first_column("docs/operate/running.md", "scheduled")
    assert listed == set(settings.CELERY_BEAT_SCHEDULE)


def test_every_health_check_is_listed():
    listed = first_column("docs/operate/running.md", "check")
    assert listed == {check.name for check in health_checks}


def test_every_metric_is_listed():
    counted = {m.name for c in (metrics.REQUESTS, metrics.SECONDS) for m in c.describe()}
    page = code_in(ROOT / "docs/operate/running.md")
    listed = {name.removesuffix("_total") for name in re.findall(r"raceway_\w+", page)}
    assert listed == counted | {gauge.name for gauge in gauges}


def test_every_outage_is_listed():
    listed = first_column("docs/operate/faults.md", "code")
    assert listed == {outage.code for outage in OutageError.__subclasses__()}


def test_every_import_kind_is_listed():
    assert first_column("docs/user/import.md", "kind") == {kind.name for kind in import_kinds}


@each_page
def test_a_page_names_only_files_that_exist(page):
    spans = re.findall(r"`([\w.-]+/[\w./*-]+)`", FENCE.sub("", page.read_text()))
    ours = {name for name in spans if (ROOT / name.split("/")[0]).is_dir() and "APP" not in name}
    kept = {name for name in ours if not name.startswith("var/")}
    assert {name for name in kept if not any(ROOT.glob(name.rstrip("/")))} == set()


@each_page
def test_what_an_example_imports_is_there(page):
    for language, block in FENCE.findall(page.read_text()):
        if language != "python":
            continue
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module:
                module = importlib.import_module(node.module)
                assert {a.name for a in node.names if not hasattr(module, a.name)} == set()
