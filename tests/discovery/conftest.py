"""Fixtures of the discovery tests."""

from dataclasses import replace

import pytest

from discovery.queries import planning


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Simulated devices answer in milliseconds: silence needs no two seconds to show."""
    for name in ("IT_LIMITS", "OT_LIMITS"):
        monkeypatch.setattr(planning, name, replace(getattr(planning, name), seconds=0.8))
