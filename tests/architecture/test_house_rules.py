"""The house rules that a machine can check; each failure says which rule and where."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = sorted(path.parent.name for path in ROOT.glob("*/apps.py"))
BANNED_NAMES = {"utils", "helpers", "misc", "core", "manager", "managers"}
OUTSIDE_VIEWS = ("views", "api", "tasks")
FILE_CAP, FUNCTION_CAP = 400, 50


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_app_stands_on_a_floor():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    floors = next(c for c in contracts["contracts"] if c["id"] == "floors")["layers"]
    # The simulated devices of the demonstration are no app; on the top floor nothing imports them.
    assert sorted(floors) == sorted(contracts["root_packages"]) == sorted([*APPS, "demo"])
    assert floors[0] == "demo"


def test_every_app_with_rooms_is_in_the_rooms_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    rooms = next(c for c in contracts["contracts"] if c["id"] == "rooms")["containers"]
    with_models = [app for app in APPS if (ROOT / app / "models").exists() and app != "common"]
    assert set(with_models) <= set(rooms)


def test_no_file_is_too_long():
    everything = sources(*APPS, "tests", "benchmarks", "scripts")
    long = {
        name_of(path): lines
        for path in everything
        if (lines := len(path.read_text().splitlines())) > FILE_CAP
    }
    assert not long, f"past {FILE_CAP} lines, split by what they hold: {long}"


def test_no_function_is_too_long():
    long = []
    for path in sources(*APPS, "benchmarks", "scripts"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_CAP:
                    long.append(f"{name_of(path)}:{node.name} ({lines})")
    assert not long, f"past {FUNCTION_CAP} lines: {long}"


def test_modules_are_named_for_what_they_hold():
    bad = [name_of(path) for path in sources(*APPS) if path.stem in BANNED_NAMES]
    assert not bad


def test_views_tasks_and_api_reach_objects_only_through_access_and_queries():
    bad = []
    for path in sources(*APPS):
        relative = path.relative_to(ROOT)
        room = relative.parts[1].removesuffix(".py") if len(relative.parts) > 1 else ""
        if room in OUTSIDE_VIEWS and ".objects" in path.read_text():
            bad.append(name_of(path))
    assert not bad, f"use access.py, queries or services instead of .objects in: {bad}"


def test_no_model_signals():
    bad = [name_of(path) for path in sources(*APPS) if "db.models.signals" in path.read_text()]
    assert not bad


def test_below_views_nobody_reads_the_clock():
    rooms = ("services", "queries", "access", "models", "rules", "graph", "choices")
    bad = []
    for path in sources(*[app for app in APPS if app not in {"common", "config"}]):
        relative = path.relative_to(ROOT)
        if relative.parts[1].removesuffix(".py") not in rooms:
            continue
        text = path.read_text()
        if "timezone.now" in text or "datetime.now" in text or "date.today" in text:
            bad.append(name_of(path))
    assert not bad, f"take `now` as an argument in: {bad}"


def test_every_module_says_what_it_is_for():
    silent = [
        name_of(path)
        for path in sources(*APPS)
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


@pytest.mark.parametrize("app", [a for a in APPS if a not in {"common", "config", "portal"}])
def test_an_app_that_stores_objects_guards_its_door(app):
    assert (ROOT / app / "access.py").exists() or (ROOT / app / "access").is_dir(), (
        f"{app} needs access.py: the only door from a view, task or API to its objects"
    )
