"""Sites of real processes that a test may hurt: on SQLite, or on a PostgreSQL server of our own."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.faults.cluster import Cluster, new_cluster
from tests.faults.processes import Site

TEMPLATE = "prepared"
NewSite = Callable[..., Site]


@dataclass(frozen=True)
class Prepared:
    """A migrated site nothing runs on; every other is a copy of it."""

    var: Path
    cluster: Cluster | None

    def copy(self, var: Path, *, timeout: int = 30, **env: str) -> Site:
        """`timeout` is how long SQLite's writers wait for each other, in seconds."""
        shutil.copytree(self.var, var, dirs_exist_ok=True)
        if self.cluster is None:
            return Site(var, f"sqlite:///{var}/raceway.sqlite3?timeout={timeout}", **env)
        name = f"site_{var.parent.name}_{var.name}".replace("-", "_").lower()
        self.cluster.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
        return Site(var, self.cluster.url(name), **env)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    var = tmp_path_factory.mktemp("prepared")
    if connection.vendor == "sqlite":
        Site(var, f"sqlite:///{var}/raceway.sqlite3").prepare()
        yield Prepared(var, None)
        return
    cluster = new_cluster()
    try:
        cluster.execute(f"CREATE DATABASE {TEMPLATE}")
        Site(var, cluster.url(TEMPLATE)).prepare()
        yield Prepared(var, cluster)
    finally:
        cluster.remove()


@pytest.fixture
def new_site(prepared: Prepared, tmp_path: Path) -> Iterator[NewSite]:
    """`new_site()` is a site of this test's own; whatever it starts is stopped at the end."""
    sites: list[Site] = []

    def make(**options: Any) -> Site:
        sites.append(prepared.copy(tmp_path / f"site{len(sites)}", **options))
        return sites[-1]

    yield make
    for site in sites:
        site.stop()


@pytest.fixture(scope="module")
def running_site(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Web server and worker, for all tests of a module."""
    site = prepared.copy(tmp_path_factory.mktemp("running") / "site")
    try:
        site.start_web()
        site.start_worker()
        yield site
    finally:
        site.stop()
