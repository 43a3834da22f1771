"""One world for all doors: two sites, and people who may see both, one, or none of them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.test import override_settings
from guardian.shortcuts import assign_perm

from accounts.models import User
from tests.doors.answers import client_of, shape_of, undone
from tests.doors.objects import RIGHTS, SiteObjects, build_site, freeze
from tests.doors.routes import addresses, all_doors, asked_at
from tests.doors.shared import Shared, build_shared
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.assets import AssetFactory, ConduitFactory, RelationFactory

#: The test for which the world is asked twice, with and without the secret site.
COMPARING = "makes_no_difference"
Answer = tuple[int, str, str]


class Asked(NamedTuple):
    """A question somebody asks at a door."""

    route: str
    person: str
    address: str


class Compared(NamedTuple):
    """One question, answered in two worlds."""

    asked: Asked
    with_it: Answer
    without: Answer


@dataclass
class World:
    """Two sites. The secret one is seen by nobody but administrator and reader."""

    shared: Shared
    home: SiteObjects
    secret: SiteObjects
    people: dict[str, User]
    #: Route -> the questions asked there, with the answers in a world with the secret site and without.
    compared: dict[str, list[Compared]]
    #: Address -> the requests that would write there, made once: each test finds the same world.
    attempts: dict[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)


@pytest.fixture(scope="package")
def world(request, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Build it once; each test takes back what it did (`kept`)."""
    folder = tmp_path_factory.mktemp("doors")
    files = override_settings(MEDIA_ROOT=folder / "files", KEY_DIR=folder / "keys")
    with django_db_blocker.unblock(), files, transaction.atomic():
        shared = build_shared()
        home = build_site(shared, "Homestead")
        people = _people(home)
        is_compared = any(COMPARING in item.name for item in request.session.items)
        compared = _compared(shared, people) if is_compared else {}
        secret = build_site(shared, "Quillfish")
        _entangle(home, secret)
        for right in ("view_items",):
            assign_perm(right, people["reader"], secret.objects["location"])
        shared.publish()
        yield World(shared, home, secret, people, compared)
        transaction.set_rollback(True)


@pytest.fixture
def kept(world, db) -> World:
    """The world, as it was before the test and will be after it."""
    return world


def _people(home: SiteObjects) -> dict[str, User]:
    people = {
        name: UserFactory(username=name, person=PersonFactory(name=name.title()))
        for name in ("stranger", "member", "reader")
    }
    people["administrator"] = UserFactory(
        username="administrator", person=PersonFactory(name="Administrator"), is_superuser=True
    )
    people["auditor"] = UserFactory(
        username="auditor", person=PersonFactory(name="Auditor"), audience="auditor"
    )
    for permission in ("assets.view_all_items", "evidence.read_ledger"):
        assign_perm(permission, people["auditor"])
    for right in RIGHTS:
        assign_perm(right, people["member"], home.objects["location"])
    assign_perm("view_items", people["reader"], home.objects["location"])
    return people


def _entangle(home: SiteObjects, secret: SiteObjects) -> None:
    """Let things of the home site hang on things of the secret one, which must stay unnamed there."""
    mine, theirs = home.objects, secret.objects
    for source, target in (("asset", "asset"), ("system", "system")):
        RelationFactory(source=mine[source], target=theirs[target])
        RelationFactory(source=theirs[source], target=mine[target], protocol="back")
    mine["between"] = AssetFactory(
        code="between",
        name="Between",
        item_class=home.shared.objects["item_class"],
        location=mine["line"],
        zone=theirs["zone"],
        system=theirs["system"],
    )
    ConduitFactory(code="across", from_zone=mine["zone"], to_zone=theirs["zone"])
    freeze(home)
    assert any(theirs["asset"].code in row for row in mine["snapshot"].rows)


def _compared(shared: Shared, people: dict[str, User]) -> dict[str, list[Compared]]:
    """Ask every door twice: in a world with the secret site, and in the same world without it."""
    with undone():
        secret = build_site(shared, "Quillfish")
        asked = list(_questions(secret))
        shared.publish()
        with_it = _answers(people, asked)
    with undone():
        shared.publish()
        without = _answers(people, asked)
    found: dict[str, list[Compared]] = defaultdict(list)
    for one in asked:
        found[one.route].append(Compared(one, with_it[one], without[one]))
    return found


def _questions(site: SiteObjects) -> Iterator[Asked]:
    for door in all_doors():
        if "get" not in door.methods or not door.is_fillable:
            continue
        for address in addresses(door, site):
            yield Asked(door.route, "stranger", address)
        for address, _question in asked_at(door, site):
            yield Asked(door.route, "member", address)


def _answers(people: dict[str, User], asked: list[Asked]) -> dict[Asked, Answer]:
    clients = {name: client_of(user) for name, user in people.items()}
    found = {}
    for one in asked:
        with undone():
            found[one] = shape_of(clients[one.person].get(one.address))
    return found
