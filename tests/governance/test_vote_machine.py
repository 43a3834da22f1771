"""A change in the hands of anybody in any order: what may never happen, whatever they try."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assets.models import Relation
from common.errors import DomainError
from evidence.models import LedgerEntry, LedgerHead
from evidence.queries.chain_reading import link_batches
from evidence.queries.checkpoints import ledger_head
from evidence.verification.ledger import LedgerCheck
from governance.choices import ChangeState, RoundState
from governance.models import Approval, ApprovalRound, ChangeRequest, Vote
from governance.queries.consequence import consequence_of
from governance.queries.content import hash_of, question_of
from governance.rules.content import impact_hash
from governance.services import (
    complete_change,
    draft_change,
    edit_change,
    execute_change,
    fail_change,
    submit_change,
    vote_on_seats,
    withdraw_change,
)
from tests.factories.accounts import MembershipFactory, TeamFactory
from tests.factories.assets import AssetFactory, RelationFactory, SystemFactory
from tests.factories.governance import MONDAY
from tests.factories.raci import AbsenceFactory
from tests.governance.recount import assert_decided

PEOPLE = ("rita", "ivan", "marta", "hari", "bea", "bob", "bo", "dora", "olga")
OWNERS = ("rita", "ivan")
#: From each state, the states one step may lead to. "submitted" again: a lapse asks anew.
STEPS = {
    "draft": {"submitted", "withdrawn"},
    "submitted": {"approved", "rejected", "draft", "withdrawn"},
    "approved": {"executing", "submitted", "draft", "withdrawn"},
    "rejected": {"draft", "withdrawn"},
    "executing": {"completed", "failed"},
    "completed": set(),
    "failed": set(),
    "withdrawn": set(),
}
EMERGENCY_STEPS = STEPS | {
    "draft": {"submitted", "withdrawn", "executing"},
    "submitted": {"executing", "draft", "withdrawn"},
}
somebody = st.sampled_from(PEOPLE)
mostly_owners = st.sampled_from([*OWNERS, *OWNERS, *PEOPLE])
hours = st.sampled_from([0, 0, 2, 2, 2, 6])


class Votes(RuleBasedStateMachine):
    """One change, nine people, and everything each of them could try."""

    plant: ClassVar[Any]
    upper: ClassVar[Any]
    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self._undo = transaction.atomic()
        self._undo.__enter__()
        self.states = ["draft"]
        self.lapsed: dict[int, int] = {}

    def teardown(self) -> None:
        """The ledger tells the same story, unbroken; then everything is taken back."""
        try:
            self._ledger_tells_every_step()
        finally:
            transaction.set_rollback(True)
            self._undo.__exit__(None, None, None)

    @initialize(
        model=st.sampled_from(["normal", "normal", "normal", "emergency"]),
        is_tested=st.booleans(),
        implementer=st.sampled_from(["ivan", "ivan", "marta", "bea"]),
        has_upper_board=st.booleans(),
        is_submitted=st.sampled_from([True, True, True, False]),
    )
    def draft(
        self,
        model: str,
        is_tested: bool,
        implementer: str,
        has_upper_board: bool,
        is_submitted: bool,
    ) -> None:
        plant = self.plant
        self.start = LedgerHead.objects.get().sequence
        plant.policy.escalation_team = self.upper if has_upper_board else None
        plant.policy.save()
        values = plant.values(
            change_model=model,
            is_back_out_tested=is_tested,
            implementer=plant.person(implementer),
        )
        self.change = draft_change(
            actor=plant.actor("rita"), targets=[plant.switch], values=values, now=MONDAY
        )
        if is_submitted:
            self.attempt(submit_change, "rita", 0, change=self.change)

    # --- what people try ---

    @precondition(lambda self: self.states[-1] in {"draft", "submitted", "approved"})
    @rule(who=mostly_owners, at=hours)
    def submit(self, who: str, at: int) -> None:
        self.attempt(submit_change, who, at, change=self.change)

    @precondition(lambda self: self.seats())
    @rule(
        data=st.data(),
        choice=st.sampled_from(["approve", "approve", "approve", "reject", "recuse"]),
        is_own=st.sampled_from([True, True, True, False]),
        content=st.sampled_from(["asked", "asked", "asked", "old", "forged"]),
        at=hours,
    )
    def vote(self, data: Any, choice: str, is_own: bool, content: str, at: int) -> None:
        """Mostly the holder votes on the own seat, sometimes anybody on any."""
        seats = self.seats()
        seat = data.draw(st.sampled_from(seats), label="seat")
        who = self.name_of(seat.person) if is_own else data.draw(somebody, label="who")
        together = [seat]
        if not is_own and data.draw(st.booleans(), label="with another seat"):
            together.append(data.draw(st.sampled_from(seats), label="other seat"))
        read = {"asked": self.now_stored().content_hash, "old": seat.round.content_hash}
        self.attempt(
            vote_on_seats,
            who,
            at,
            approvals=together,
            choice=choice,
            content_hash=read.get(content, "f" * 64),
            reason="" if choice == "reject" and content == "old" else "Seen.",
        )

    @precondition(lambda self: self.seats(pending=True))
    @rule()
    def everybody_left_approves(self) -> None:
        for seat in self.seats(pending=True):
            asked = self.now_stored().content_hash
            given = {"approvals": [seat], "choice": "approve", "content_hash": asked}
            self.attempt(vote_on_seats, self.name_of(seat.person), 0, **given)

    @precondition(lambda self: self.states[-1] == ChangeState.APPROVED)
    @rule(who=st.sampled_from(OWNERS))
    def begin_in_the_window(self, who: str) -> None:
        self.attempt(execute_change, who, 2, change=self.change)

    @precondition(lambda self: self.states[-1] == ChangeState.APPROVED)
    @rule(who=st.sampled_from(OWNERS))
    def begin_though_the_plant_has_changed(self, who: str) -> None:
        RelationFactory(source=SystemFactory(location=self.plant.site), target=self.plant.switch)
        self.attempt(execute_change, who, 2, change=self.change)

    @precondition(lambda self: self.is_going_on)
    @rule(who=mostly_owners, at=hours)
    def withdraw(self, who: str, at: int) -> None:
        if at == 6:  # it ends the story, so not often
            self.attempt(withdraw_change, who, at, change=self.change)

    @precondition(lambda self: self.is_going_on)
    @rule(
        who=mostly_owners,
        values=st.sampled_from(
            [
                {"plan": "Another plan."},
                {"duration_minutes": 90},
                {"is_back_out_tested": False},
                {"title": "Firmware of the cell switch"},
            ]
        ),
    )
    def edit(self, who: str, values: dict[str, Any]) -> None:
        self.attempt(edit_change, who, 0, change=self.change, values=values)

    @precondition(lambda self: self.is_going_on)
    @rule(who=mostly_owners)
    def retarget(self, who: str) -> None:
        targets = [self.plant.switch, self.plant.filler]
        self.attempt(edit_change, who, 0, change=self.change, values={}, targets=targets)

    @precondition(lambda self: self.is_going_on)
    @rule(who=mostly_owners, at=hours)
    def execute(self, who: str, at: int) -> None:
        self.attempt(execute_change, who, at, change=self.change)

    @precondition(lambda self: self.states[-1] in {"approved", "executing"})
    @rule(
        who=mostly_owners,
        end=st.sampled_from([complete_change, fail_change]),
        has_note=st.booleans(),
    )
    def close(self, who: str, end: Callable[..., Any], has_note: bool) -> None:
        self.attempt(end, who, 2, change=self.change, note="Done." if has_note else " ")

    # --- what happens around them ---

    @precondition(lambda self: self.is_going_on)
    @rule(stops_line=st.booleans())
    def something_new_hangs_on_the_switch(self, stops_line: bool) -> None:
        make = AssetFactory if stops_line else SystemFactory
        RelationFactory(source=make(location=self.plant.line), target=self.plant.switch)

    @rule()
    def the_historian_leaves_the_switch(self) -> None:
        Relation.objects.filter(source=self.plant.historian, target=self.plant.switch).delete()

    @rule(
        who=st.sampled_from(["marta", "hari", "bea"]),
        deputy=st.sampled_from(["dora", "bob", "rita"]),
    )
    def somebody_falls_ill(self, who: str, deputy: str) -> None:
        person = self.plant.person(who)
        if not person.absences.exists():
            AbsenceFactory(
                person=person,
                deputy=self.plant.person(deputy),
                starts_at=MONDAY - timedelta(days=1),
            )

    # --- trying ---

    def attempt(self, step: Callable[..., Any], who: str, at: int, **given: Any) -> None:
        """Take a step; a refusal must leave everything as it was, a transition must be a lawful one."""
        before, state = self.everything(), self.now_stored().state
        still_holds = self.approval_still_holds(state)
        try:
            step(actor=self.plant.actor(who), now=MONDAY + timedelta(hours=at), **given)
        except DomainError:
            assert self.everything() == before, "a refusal changed something"
            return
        after = self.now_stored()
        if after.state != state:
            self.moved(state, after, still_holds)

    def moved(self, state: str, change: ChangeRequest, still_holds: bool) -> None:
        steps = EMERGENCY_STEPS if change.is_emergency else STEPS
        assert change.state in steps[state], f"{state} led to {change.state}"
        if change.state == ChangeState.EXECUTING and not change.is_emergency:
            assert still_holds, "begun though the change now hits something else"
        last = LedgerEntry.objects.filter(object_type="governance.changerequest").latest("sequence")
        assert last.object_id == change.pk
        assert last.after["state"] == change.state
        if (state, change.state) == ("draft", "executing"):
            self.states.append("submitted")  # an emergency is submitted and begun in one
        self.states.append(change.state)
        self.reached[change.state] += 1

    def approval_still_holds(self, state: str) -> bool:
        """Tell whether the change would today hit exactly what was approved."""
        if state != ChangeState.APPROVED:
            return False
        change = self.now_stored()
        approved = change.rounds.get(state=RoundState.APPROVED)
        found = consequence_of(question_of(change), at=MONDAY).impact.states
        return impact_hash(found) == approved.snapshot.impact_hash

    def now_stored(self) -> ChangeRequest:
        return ChangeRequest.objects.select_related("requester", "implementer").get(
            pk=self.change.pk
        )

    @property
    def is_going_on(self) -> bool:
        return bool(STEPS[self.states[-1]])

    def seats(self, *, pending: bool = False) -> list[Approval]:
        rows = Approval.objects.filter(round__change=self.change, person__isnull=False)
        if pending:
            rows = rows.filter(vote=None, round__state=RoundState.OPEN)
        return list(rows.select_related("round__change", "person").order_by("-round", "pk"))

    def name_of(self, person: Any) -> str:
        return next(name for name, user in self.plant.people.items() if user.person == person)

    def everything(self) -> list[Any]:
        """Return every row that a step could touch, and where the ledger ends."""
        tables = (ChangeRequest, ApprovalRound, Approval, Vote)
        rows = [list(model.objects.order_by("pk").values_list()) for model in tables]
        targets = list(self.change.change_targets.order_by("pk").values_list())
        return [*rows, targets, LedgerHead.objects.values_list().get()]

    # --- what may never be ---

    @invariant()
    def the_requester_decides_nothing(self) -> None:
        votes = Vote.objects.filter(approval__round__change=self.change)
        rita = self.plant.person("rita")
        assert not votes.filter(person=rita).exists()
        assert not Approval.objects.filter(round__change=self.change, person=rita).exists()

    @invariant()
    def what_is_approved_was_approved_as_it_stands(self) -> None:
        change = self.now_stored()
        if change.state != ChangeState.APPROVED:
            return
        approved = change.rounds.get(state=RoundState.APPROVED)
        assert approved == change.rounds.order_by("sequence").last()
        present = hash_of(change, impact_hash=approved.snapshot.impact_hash)
        assert approved.content_hash == change.content_hash == present
        assert_decided(approved, change)

    @invariant()
    def what_is_carried_out_was_approved(self) -> None:
        change = self.now_stored()
        if change.state in {"executing", "completed", "failed"} and not change.is_emergency:
            assert_decided(change.rounds.get(state=RoundState.APPROVED), change)

    @invariant()
    def a_round_that_lapsed_stays_so(self) -> None:
        rounds = {row.pk: row for row in ApprovalRound.objects.filter(change=self.change)}
        for pk, votes in self.lapsed.items():
            assert rounds[pk].state == RoundState.LAPSED
            assert Vote.objects.filter(approval__round=pk).count() == votes
        for pk, row in rounds.items():
            if row.state == RoundState.LAPSED:
                self.lapsed.setdefault(pk, Vote.objects.filter(approval__round=pk).count())

    @invariant()
    def at_most_one_round_counts(self) -> None:
        counting = [RoundState.OPEN, RoundState.APPROVED]
        rounds = ApprovalRound.objects.filter(change=self.change, state__in=counting)
        change = self.now_stored()
        assert rounds.count() <= 1
        if change.state in {"draft", "rejected", "withdrawn"}:
            assert not rounds.exists()

    def _ledger_tells_every_step(self) -> None:
        entries = LedgerEntry.objects.filter(
            sequence__gt=self.start,
            object_type="governance.changerequest",
            object_id=self.change.pk,
        )
        told = [one.after["state"] for one in entries.order_by("sequence") if "state" in one.after]
        steps = [state for state, _again in groupby(told)]
        assert steps == self.states
        check = LedgerCheck()
        for batch in link_batches():
            check.feed(batch)
        head_sequence, head_hash = ledger_head()
        check.finish(head_sequence=head_sequence, head_hash=head_hash)
        assert all(verdict.holds for verdict in check.verdicts)


@pytest.fixture
def machine(plant) -> type[Votes]:
    plant.publish()
    Votes.plant = plant
    Votes.upper = TeamFactory(code="SITE", name="Site board")
    for name in ("dora", "olga"):
        MembershipFactory(team=Votes.upper, person=plant.person(name))
    return Votes


def test_nothing_anybody_tries_breaks_the_rules_of_approval(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {"submitted", "approved"} <= set(machine.reached)  # not a walk on the spot
