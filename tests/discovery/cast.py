"""Who meets discovery in tests of pages and API: somebody who runs it, somebody who reads, the zone's owner."""

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts.models import User
from discovery.models import Network, ScanApproval
from discovery.services import request_approval
from raci.models import Matrix
from tests.discovery.plants import cell
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.raci import ActivityFactory, AssignmentFactory, MatrixFactory


@dataclass
class Cast:
    """A cell without consent, and the people around it."""

    network: Network
    runner: User
    reader: User
    owner: User
    stranger: User

    def client(self, name: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(getattr(self, name))
        return client

    def ask(self, **given) -> ScanApproval:
        now = timezone.now()
        values = {
            "valid_from": now - timedelta(minutes=1),
            "expires_at": now + timedelta(days=30),
            "reason": "Inventory.",
            "requester": self.runner.person,
        } | given
        actor = self.runner.as_actor(channel="web", request_id="test")
        return request_approval(actor=actor, network=self.network, now=now, **values)


def user_named(name: str, location=None, *rights: str) -> User:
    user = UserFactory(username=name, person=PersonFactory(name=name.title()))
    for right in rights:
        assign_perm(f"assets.{right}", user, location)
    return user


def accountable(network: Network, person) -> None:
    """Put a matrix in force by which somebody is accountable for changes in the network's zone."""
    matrix = MatrixFactory()
    AssignmentFactory(
        matrix=matrix,
        activity=ActivityFactory(code="change"),
        letter="A",
        role=None,
        person=person,
        scope_kind="zone",
        zone=network.zone,
    )
    Matrix.objects.filter(pk=matrix.pk).update(
        status="published", effective_at=timezone.now() - timedelta(days=300)
    )


def cast_of(network: Network | None = None) -> Cast:
    network = network or cell(is_consented=False)
    place = network.location
    owner = user_named("owner")
    accountable(network, owner.person)
    return Cast(
        network=network,
        runner=user_named("runner", place, "view_items", "run_discovery"),
        reader=user_named("reader", place, "view_items"),
        owner=owner,
        stranger=user_named("stranger"),
    )


def text_of(response, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()
