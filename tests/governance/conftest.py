"""The cast: a filling line whose historian and MES hang on one switch, and the people who decide."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from guardian.shortcuts import assign_perm

from accounts.choices import TeamKind
from accounts.models import Person, Team, User
from assets.choices import LocationLevel, RelationClass
from assets.models import Asset, Location, System
from common.actor import Actor
from governance.models import Approval, BoardPolicy, ChangeRequest
from governance.services import draft_change, submit_change, vote
from raci.choices import ScopeKind
from raci.models import Matrix
from tests.factories.accounts import MembershipFactory, PersonFactory, TeamFactory, UserFactory
from tests.factories.assets import (
    AssetFactory,
    LocationFactory,
    RelationFactory,
    SystemFactory,
)
from tests.factories.governance import MONDAY, BoardPolicyFactory
from tests.factories.raci import (
    ActivityFactory,
    AssignmentFactory,
    MatrixFactory,
    ServiceLevelFactory,
)

YEAR = timedelta(days=365)


@dataclass
class Plant:
    """switch <- historian, switch <- mes; the line's filler stops the line and hangs on the switch."""

    site: Location
    line: Location
    switch: Asset
    filler: Asset
    mes: System
    historian: System
    matrix: Matrix
    policy: BoardPolicy
    board: Team
    people: dict[str, User] = field(default_factory=dict)

    def user(self, name: str) -> User:
        return self.people[name]

    def person(self, name: str) -> Person:
        return self.people[name].person

    def actor(self, name: str) -> Actor:
        return self.people[name].as_actor(channel="web", request_id="test")

    def values(self, **given):
        return {
            "title": "Firmware of the cell switch",
            "change_type": "firmware",
            "implementer": self.person("ivan"),
            "window_start_at": MONDAY + timedelta(hours=1),
            "window_end_at": MONDAY + timedelta(hours=5),
            "duration_minutes": 60,
            "plan": "Load the image, restart.",
            "back_out_plan": "Load the old image.",
            "is_back_out_tested": True,
        } | given

    def drafted(self, **given) -> ChangeRequest:
        targets = given.pop("targets", [self.switch])
        return draft_change(
            actor=self.actor("rita"), targets=targets, values=self.values(**given), now=MONDAY
        )

    def publish(self) -> None:
        """Put the matrix in force; a published one takes no more assignments."""
        drafts = Matrix.objects.filter(status="draft")
        drafts.update(status="published", effective_at=MONDAY - YEAR)

    def submitted(self, **given) -> ChangeRequest:
        self.publish()
        return submit_change(actor=self.actor("rita"), change=self.drafted(**given), now=MONDAY)

    def seat(self, change: ChangeRequest, name: str, *, basis: str = "") -> Approval:
        seats = Approval.objects.filter(round=change.rounds.first(), person=self.person(name))
        return (seats.filter(basis=basis) if basis else seats).get()

    def votes(self, change: ChangeRequest, name: str, choice: str = "approve", **given):
        change.refresh_from_db()
        return vote(
            actor=self.actor(name),
            approval=given.pop("approval", None) or self.seat(change, name),
            choice=choice,
            content_hash=given.pop("content_hash", change.content_hash),
            now=given.pop("now", MONDAY),
            **given,
        )

    def approved(self, **given) -> ChangeRequest:
        change = self.submitted(**given)
        for name in ("marta", "hari", "bea", "bob"):
            if Approval.objects.filter(
                round__change=change, person=self.person(name), vote=None
            ).exists():
                self.votes(change, name)
        change.refresh_from_db()
        return change

    def accountable(self, item, who: Person | Team, letter: str = "A", **given) -> None:
        party = {"team": who} if isinstance(who, Team) else {"person": who}
        AssignmentFactory(
            matrix=given.pop("matrix", self.matrix),
            activity=self.activity,
            letter=letter,
            role=None,
            scope_kind=ScopeKind.ITEM,
            item=item,
            **party,
            **given,
        )

    @property
    def activity(self):
        return self.matrix.assignments.first().activity


def _people(names: str) -> dict[str, User]:
    return {
        name: UserFactory(
            username=name, first_name=name.title(), person=PersonFactory(name=name.title())
        )
        for name in names.split()
    }


@pytest.fixture
def plant(db) -> Plant:
    """Rita asks, Ivan carries out, Marta answers for the MES, Hari for the historian; Bea, Bob, Bo: board."""
    people = _people("rita ivan marta hari bea bob bo dora olga")
    site = LocationFactory(code="NF", name="Northfield")
    line = LocationFactory(code="NF-L1", name="Line 1", level=LocationLevel.LINE, parent=site)
    switch = AssetFactory(code="SW-1", name="Cell switch", location=line)
    filler = AssetFactory(code="FILL-1", name="Filler", location=line, stops_line=True)
    mes = SystemFactory(code="MES", name="MES", location=site)
    historian = SystemFactory(code="HIST", name="Historian", location=site)
    for source in (filler, mes, historian):
        RelationFactory(source=source, target=switch, relation_class=RelationClass.DEPENDS_ON)
    matrix = MatrixFactory(code="plant")
    activity = ActivityFactory(code="change", name="Change")
    for item, name in ((mes, "marta"), (historian, "hari"), (switch, "marta")):
        AssignmentFactory(
            matrix=matrix,
            activity=activity,
            letter="A",
            role=None,
            person=people[name].person,
            scope_kind=ScopeKind.ITEM,
            item=item,
        )
    ServiceLevelFactory(item=None, location=line, cost_per_hour=1000, currency="EUR")
    board = TeamFactory(code="ARB", name="Review board", kind=TeamKind.BOARD)
    for name in ("bea", "bob", "bo"):
        MembershipFactory(team=board, person=people[name].person)
    policy = BoardPolicyFactory(code="northfield", board=board, scope=site, loss_threshold=500)
    found = Plant(site, line, switch, filler, mes, historian, matrix, policy, board, people)
    for name in ("rita", "ivan", "marta", "hari", "bea", "bob", "bo"):
        assign_perm("view_items", people[name], site)
    for name in ("rita", "ivan"):
        assign_perm("request_changes", people[name], site)
    return found


@pytest.fixture
def signed_in(client) -> Callable[[User], object]:
    """Return a client logged in as somebody."""

    def sign_in(user: User):
        client.force_login(user)
        return client

    return sign_in
