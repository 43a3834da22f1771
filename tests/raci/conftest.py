"""The cast of the ownership tests: an enterprise with one site, two lines, and the activity "change"."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from accounts.models import Person
from assets.choices import LocationLevel
from assets.models import Asset, Location
from common.actor import Actor
from raci.models import Activity, Assignment, Matrix, Role
from raci.services import add_assignment, publish_matrix
from tests.factories.accounts import PersonFactory
from tests.factories.assets import AssetFactory, LocationFactory
from tests.factories.raci import (
    LONG_AGO,
    ActivityFactory,
    MatrixFactory,
    RoleFactory,
    RoleHolderFactory,
)


@dataclass
class Plant:
    """A plant and its operating model; `rule` adds to the draft, `publish` puts it in force."""

    actor: Actor
    now: datetime
    enterprise: Location
    site: Location
    line: Location
    other_line: Location
    filler: Asset
    packer: Asset
    change: Activity
    firmware: Activity
    matrix: Matrix

    def role(self, code: str, holder: Person | None = None, **held: object) -> Role:
        """Return a role that somebody holds."""
        role = RoleFactory(code=code)
        RoleHolderFactory(role=role, person=holder or PersonFactory(), **held)
        return role

    def rule(self, letter: str, role: Role, **values: object) -> Assignment:
        """Add an assignment for "change" to the draft; a scope object sets the scope kind."""
        scope = next((k for k in ("location", "zone", "item", "item_class") if k in values), "")
        given = {"activity": self.change, "valid_from": LONG_AGO, **values}
        return add_assignment(
            actor=self.actor,
            matrix=self.matrix,
            values={"letter": letter, "role": role, "scope_kind": scope or "enterprise", **given},
            now=self.now,
        )

    def publish(self) -> Matrix:
        """Put the draft in force."""
        self.matrix = publish_matrix(actor=self.actor, matrix=self.matrix, now=self.now)
        return self.matrix


@pytest.fixture
def day() -> date:
    """Return a day on which everything of the cast holds."""
    return date(2026, 11, 16)


@pytest.fixture
def plant(db: None, actor: Actor, now: datetime) -> Plant:
    """Return a plant with a draft matrix."""
    enterprise = LocationFactory(code="ENT", level=LocationLevel.ENTERPRISE)
    site = LocationFactory(code="SITE", parent=enterprise)
    line = LocationFactory(code="LINE", parent=site, level=LocationLevel.LINE)
    other = LocationFactory(code="LINE2", parent=site, level=LocationLevel.LINE)
    change = ActivityFactory(code="change")
    return Plant(
        actor=actor,
        now=now,
        enterprise=enterprise,
        site=site,
        line=line,
        other_line=other,
        filler=AssetFactory(code="FILLER", location=line),
        packer=AssetFactory(code="PACKER", location=other),
        change=change,
        firmware=ActivityFactory(code="change-firmware", parent=change),
        matrix=MatrixFactory(code="operations"),
    )
