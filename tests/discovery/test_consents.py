"""Consents: only who is accountable gives one, for exactly what was asked, never to themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.errors import ConflictError, NotAllowedError
from discovery.choices import ApprovalState
from discovery.models import Network, ScanApproval
from discovery.queries.consents import consents_waiting_for
from discovery.queries.policies import consent_in_force
from discovery.services import change_network, decide_approval
from discovery.services.approvals import OwnConsentError
from evidence.models import LedgerEntry
from tests.discovery.cast import cast_of, text_of, user_named
from tests.factories.raci import AbsenceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db):
    return cast_of()


def decide(cast, name, approval, choice="consent", note="Why not."):
    address = f"/discovery/consents/{approval.pk}/decide/"
    sent = {"choice": choice, "note": note, "version": approval.version}
    return cast.client(name).post(address, sent)


def test_it_waits_on_the_home_page_of_who_is_accountable_and_of_nobody_else(cast):
    cast.ask()
    assert "your consent" in text_of(cast.client("owner").get("/"))
    assert "your consent" not in text_of(cast.client("reader").get("/"))
    assert "Waiting for you" not in text_of(cast.client("runner").get("/discovery/consents/"))


def test_the_owner_reads_what_is_asked_and_why_and_consents(cast):
    approval = cast.ask()
    page = text_of(cast.client("owner").get(f"/discovery/consents/{approval.pk}/"))
    for words in (
        "SNMP reads",
        cast.network.name,
        "127.30.0.0/29",
        "Inventory.",
        "Why they are asked",
    ):
        assert words in page
    assert decide(cast, "owner", approval).status_code == 302
    given = consent_in_force(Network.objects.get(), at=timezone.now())
    assert given is not None
    assert given.decided_by == cast.owner.person
    assert LedgerEntry.objects.filter(action="consent", comment="Why not.").exists()


def test_a_refusal_says_why(cast):
    approval = cast.ask()
    assert decide(cast, "owner", approval, "refuse", "").status_code == 400
    assert decide(cast, "owner", approval, "refuse", "A batch runs.").status_code == 302
    assert ScanApproval.objects.get().state == ApprovalState.REJECTED


@pytest.mark.parametrize(("name", "status"), [("runner", 403), ("reader", 403), ("stranger", 404)])
def test_nobody_else_consents(cast, name, status):
    approval = cast.ask()
    assert decide(cast, name, approval).status_code == status
    assert ScanApproval.objects.get().state == ApprovalState.REQUESTED


def test_who_is_accountable_cannot_ask_themselves(cast):
    with pytest.raises(OwnConsentError, match="nobody consents to what they ask for"):
        cast.ask(requester=cast.owner.person)


def test_a_deputy_consents_in_the_name_of_the_absent_owner(cast):
    deputy = user_named("deputy")
    AbsenceFactory(
        person=cast.owner.person,
        deputy=deputy.person,
        starts_at=timezone.now() - timedelta(days=1),
        ends_at=timezone.now() + timedelta(days=1),
    )
    approval = cast.ask()
    assert approval.person == cast.owner.person
    waiting = consents_waiting_for(deputy, at=timezone.now())
    assert [one.acting_for for one in waiting] == [cast.owner.person]
    cast.reader = deputy
    assert decide(cast, "reader", approval).status_code == 302
    assert LedgerEntry.objects.get(action="consent").acting_for == "Owner"


def test_the_requester_does_not_consent_as_a_deputy_either(cast):
    AbsenceFactory(
        person=cast.owner.person,
        deputy=cast.runner.person,
        starts_at=timezone.now() - timedelta(days=1),
        ends_at=timezone.now() + timedelta(days=1),
    )
    assert decide(cast, "runner", cast.ask()).status_code == 403


def test_what_was_changed_since_can_only_be_refused(cast, actor):
    approval = cast.ask()
    change_network(
        actor=actor, network=cast.network, values={"snmp_port": 1161}, now=timezone.now()
    )
    page = text_of(cast.client("owner").get(f"/discovery/consents/{approval.pk}/"))
    assert "can only be refused" in page
    assert decide(cast, "owner", approval).status_code == 409


def test_an_expired_request_is_not_given(cast, actor):
    approval = cast.ask()
    later = timezone.now() + timedelta(days=31)
    with pytest.raises(ConflictError, match="is over"):
        decide_approval(
            actor=actor,
            person=cast.owner.person,
            approval=approval,
            is_granted=True,
            note="",
            now=later,
        )


def test_a_consent_taken_back_no_longer_holds(cast):
    approval = cast.ask()
    decide(cast, "owner", approval)
    address = f"/discovery/consents/{approval.pk}/revoke/"
    assert cast.client("runner").post(address, {"note": ""}).status_code == 403
    assert cast.client("owner").post(address, {"note": "Batch."}).status_code == 302
    assert consent_in_force(cast.network, at=timezone.now()) is None


def test_a_decision_on_an_older_version_is_refused(cast):
    approval = cast.ask()
    approval.version = 99
    assert decide(cast, "owner", approval).status_code == 412


def test_an_inactive_person_decides_nothing(cast, actor):
    approval = cast.ask()
    cast.owner.person.is_active = False
    cast.owner.person.save()
    with pytest.raises(NotAllowedError):
        decide_approval(
            actor=actor,
            person=cast.owner.person,
            approval=approval,
            is_granted=True,
            note="",
            now=timezone.now(),
        )


def test_it_is_asked_from_the_page_of_the_network(cast):
    address = f"/discovery/networks/{cast.network.pk}/ask/"
    now = timezone.localtime()
    sent = {
        "valid_from": f"{now:%Y-%m-%dT%H:%M}",
        "expires_at": f"{now + timedelta(days=400):%Y-%m-%dT%H:%M}",
        "reason": "Inventory.",
    }
    assert "92 days at most" in text_of(cast.client("runner").post(address, sent), 400)
    sent["expires_at"] = f"{now + timedelta(days=9):%Y-%m-%dT%H:%M}"
    assert cast.client("runner").post(address, sent).status_code == 302
    assert ScanApproval.objects.get().person == cast.owner.person
    assert cast.client("reader").get(address).status_code == 403


def test_without_anybody_accountable_it_says_what_is_missing(cast):
    cast.network.zone = None
    cast.network.save()
    with pytest.raises(ConflictError, match="Nobody is accountable"):
        cast.ask()
