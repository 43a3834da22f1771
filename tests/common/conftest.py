"""A migrated SQLite file, made once a session: what tests with processes of their own start from."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("migrated")
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env={**env, "RACEWAY_VAR": str(var)},
        check=True,
    )
    return var / "raceway.sqlite3"


@pytest.fixture
def new_site(migrated_file: Path) -> Callable[[Path], Path]:
    """Put a migrated database into a folder of state; return the folder."""

    def put(var: Path) -> Path:
        shutil.copy(migrated_file, var / "raceway.sqlite3")
        return var

    return put
