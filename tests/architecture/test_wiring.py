"""What is only found at run time elsewhere is found here: task names and migrations."""

import re
from io import StringIO
from pathlib import Path

import pytest
from celery import current_app
from django.contrib.auth.models import Permission
from django.core.management import call_command

from common.registries import site_rights

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


@pytest.mark.django_db
def test_migrations_are_complete():
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes" in out.getvalue()


@pytest.mark.django_db
def test_every_right_the_code_asks_for_is_given_on_a_page():
    """A permission over the whole site that no form gives could only be had from the server's console."""
    known = {f"{one.content_type.app_label}.{one.codename}" for one in Permission.objects.all()}
    asked = set()
    for path in python_files():
        asked.update(re.findall(r"\"([a-z]+\.[a-z_]+)\"", path.read_text()))
    assert (asked & known) - {right.permission for right in site_rights} == set()
