"""Fixtures every test may ask for."""

import fcntl
import tempfile
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from accounts.models import User
from common.actor import Actor
from tests.factories.accounts import UserFactory

#: Fixtures by which a test gets the database of the run.
DATABASE = {"db", "transactional_db", "live_server"}


# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("raceway", deadline=None)
settings.load_profile("raceway")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the second run of a day leave out what cannot end differently on another database."""
    parser.addoption(
        "--another-database",
        action="store_true",
        help="only tests that use the run's database; none marked `once`",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect, where that was asked for."""
    if not config.getoption("--another-database"):
        return
    kept = [item for item in items if _needs_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _needs_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("each_database"):
        return True
    uses_it = item.get_closest_marker("django_db") or DATABASE & set(
        getattr(item, "fixturenames", ())
    )
    return bool(uses_it) and not item.get_closest_marker("once")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run a test marked `alone("name")` when no other of that name runs on this machine, fixtures included.

    pytest-xdist's groups would do for the workers of one run, but with pytest 9.2 they have no effect (xdist 3.8
    writes them into an attribute that pytest no longer reads).
    """
    mark = item.get_closest_marker("alone")
    if mark is None:
        return (yield)
    with Path(tempfile.gettempdir(), f"raceway-tests-{mark.args[0]}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return (yield)


@pytest.fixture
def now() -> datetime:
    """One fixed moment: Monday morning in the plant."""
    return datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


@pytest.fixture
def actor() -> Actor:
    """Somebody acting in a test."""
    return Actor(label="Rosa Delgado", channel="cli", request_id="test")


@pytest.fixture
def administrator(db: None) -> User:
    """A user who sees and may do everything."""
    return UserFactory(username="administrator", is_superuser=True)
