"""Static files outside the demonstration: only what a page asks for is collected, and only that is compressed."""

import gzip
import os
from pathlib import Path

import brotli
import pytest
from django.apps import apps
from django.conf import settings as site
from django.core.files.storage import storages
from django.core.management import call_command

from common.static_files import is_worth_it

STORAGE = "common.static_files.CompressedFiles"
MARK = "<svg>" + "<path/>" * 200 + "</svg>"


@pytest.fixture
def root(settings, tmp_path: Path) -> Path:
    """Collect into a folder of the test's own, with the storage of a real site."""
    ours = tmp_path / "ours" / "dist" / "chunks"
    ours.mkdir(parents=True)
    (ours / "graph-ABCDEFGH.js").write_text("export const a = 1;\n" * 200)
    (ours.parent / "app.css").write_text("a { color: red }\n" * 200)
    (ours.parent / "mark.svg").write_text(MARK)
    settings.STATICFILES_DIRS = [tmp_path / "ours"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {**site.STORAGES, "staticfiles": {"BACKEND": STORAGE}}
    return tmp_path / "static"


def collect() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)


def names(root: Path, ending: str) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob(f"*{ending}")}


def test_what_no_page_asks_for_stays_in_its_library(root: Path):
    collect()

    libraries = {path.name for path in root.iterdir() if path.is_dir()}
    assert libraries == {"dist", "drf_spectacular_sidecar"}
    assert not (root / "drf_spectacular_sidecar" / "redoc").exists()


def test_what_a_browser_asks_for_is_there_small_and_the_same(root: Path):
    collect()

    storage = storages["staticfiles"]
    for name in ("dist/app.css", "drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"):
        served = Path(storage.path(storage.stored_name(name)))
        plain = served.read_bytes()
        assert brotli.decompress(served.with_name(f"{served.name}.br").read_bytes()) == plain
        assert gzip.decompress(served.with_name(f"{served.name}.gz").read_bytes()) == plain
    assert (root / "dist/chunks/graph-ABCDEFGH.js.br").exists()


def test_nothing_is_compressed_twice_or_for_nobody(root: Path):
    collect()

    assert not (root / "dist/app.css.br").exists()
    assert not [name for name in names(root, ".br") if ".map" in name or "LICENSE" in name]


def test_a_second_start_compresses_only_what_changed(root: Path, tmp_path: Path):
    collect()
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*.js.br")}
    assert before
    style = tmp_path / "ours/dist/app.css"
    style.write_text("a { color: blue }\n" * 300)
    os.utime(style, (2_000_000_000, 2_000_000_000))
    for path in before:
        path.write_bytes(b"as it was")
        os.utime(path, ns=(before[path], before[path]))

    collect()

    mark = names(root, "mark.*.svg.br").pop()
    served = storages["staticfiles"].stored_name("dist/app.css")
    assert b"blue" in brotli.decompress((root / f"{served}.br").read_bytes())
    assert brotli.decompress((root / mark).read_bytes()).decode() == MARK
    chunk = root / "dist/chunks/graph-ABCDEFGH.js.br"
    assert chunk.read_bytes() == b"as it was"


@pytest.mark.parametrize(
    ("name", "is_worth"),
    [
        ("dist/app.css", False),
        ("dist/app.1f2e3d4c5b6a.css", True),
        ("dist/chunks/graph-S4SHGZTR.js", True),
        ("x/swagger-ui-bundle.js.39d23e8043fe.map", False),
        ("x/LICENSE.3b83ef96387f", False),
        ("x/swagger-ui-bundle.js.LICENSE.3b83ef96387f.txt", False),
    ],
)
def test_worth_compressing_is_what_is_served_by_that_name(name: str, is_worth: bool):
    assert is_worth_it(name) is is_worth


def test_django_still_knows_its_app():
    assert "redoc" in apps.get_app_config("staticfiles").ignore_patterns
