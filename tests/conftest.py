"""Fixtures every test may ask for."""

from datetime import UTC, datetime

import pytest

from accounts.models import User
from common.actor import Actor
from tests.factories.accounts import UserFactory


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
