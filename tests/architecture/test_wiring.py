"""What is only found at run time elsewhere is found here: task names, settings, migrations."""

import re
from io import StringIO
from pathlib import Path

import pytest
from celery import current_app
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]


def python_files() -> list[Path]:
    apps = {path.parent for path in ROOT.glob("*/apps.py")}
    return [path for app in apps for path in app.rglob("*.py") if "migrations" not in path.parts]


def test_every_enqueued_name_is_a_registered_task():
    current_app.loader.import_default_modules()
    enqueued = set()
    for path in python_files():
        enqueued.update(re.findall(r"enqueue\(\s*name=\"([\w.]+)\"", path.read_text()))
    assert enqueued - set(current_app.tasks) == set()


def test_every_environment_variable_is_documented():
    settings = (ROOT / "config/settings.py").read_text()
    names = set(re.findall(r"env\.\w+\(\s*\"(\w+)\"", settings))
    documented = (ROOT / "docs/operate/settings.md").read_text()
    assert {name for name in names if f"`{name}`" not in documented} == set()


@pytest.mark.django_db
def test_migrations_are_complete():
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes" in out.getvalue()
