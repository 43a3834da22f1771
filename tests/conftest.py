"""Fixtures every test may ask for."""

import fcntl
import tempfile
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from accounts.models import User
from common.actor import Actor
from tests.factories.accounts import UserFactory


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
