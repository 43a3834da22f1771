"""What a process at rest holds in memory: libraries that only some work needs come with that work."""

import subprocess
import sys

from django.conf import settings

HEAVY = (
    "asyncua",
    "httpx",
    "jsonschema",
    "networkx",
    "openpyxl",
    "pikepdf",
    "pyhanko",
    "pysnmp",
    "scipy",
    "weasyprint",
    "xlsxwriter",
)


def loaded_by(code: str, heavy: tuple[str, ...] = HEAVY) -> list[str]:
    """Return the heavy libraries that a fresh process holds after some code."""
    script = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "import django; django.setup()\n"
        f"{code}\n"
        f"print(*(name for name in {heavy} if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.split()


def test_a_web_process_loads_no_heavy_library():
    assert loaded_by("import config.wsgi, config.urls") == []


def test_a_worker_loads_no_heavy_library_before_its_first_job():
    code = "from config.celery import app; app.loader.import_default_modules(); app.finalize()"
    # A web process holds cryptography: it says on /health/ready whether the signing key can be used.
    assert loaded_by(code, (*HEAVY, "cryptography")) == []
