"""Every address, asked by somebody it does not concern: nothing of a site shows, and its objects are not found."""

import json
from html import escape
from urllib.parse import parse_qsl, quote, quote_plus

import pytest

from tests.doors.answers import body_of, client_of, undone
from tests.doors.routes import addresses, all_doors, asked_at

DOORS = all_doors()
OUTSIDERS = ("stranger", "member")
#: Open to everybody, signed in or not, and why.
PUBLIC = {
    "login": "where one signs in",
    "health_live": "says nothing but that the process lives",
    "health_ready": "says nothing but which checks pass",
    "metrics": "guarded by a token of its own",
    "api-schema": "describes the API, holds no data",
    "api-docs": "describes the API, holds no data",
}
#: Doors that say how much there is of something in all, and why that is no secret.
COUNTING_ALL = {
    "evidence:verification": "where the chain stands, to be compared with a pack in one's hands",
    "evidence-verify": "where the chain stands, to be compared with a pack in one's hands",
}
#: Refused before anything is looked up, whether it exists or not.
ADMINISTRATORS_ONLY = {"accounts:user-edit"}
every_door = pytest.mark.parametrize("door", DOORS, ids=str)


def test_the_walker_found_the_site():
    assert len(DOORS) > 180
    assert len({door.route for door in DOORS}) == len(DOORS)


def without_echo(text: str, question: str) -> str:
    """Return a page without what was asked, which it may repeat."""
    for value in {value for _name, value in parse_qsl(question[1:])}:
        for form in (
            value,
            escape(value),
            quote(value),
            quote_plus(value),
            json.dumps(value)[1:-1],
        ):
            text = text.replace(form, "") if len(value) > 6 else text
    return text


@every_door
def test_the_walker_can_open_it(door, kept):
    assert addresses(door, kept.secret)


@every_door
def test_without_signing_in_it_is_closed(door, kept):
    client = client_of(None)
    for address in addresses(door, kept.secret):
        for method in ("get", "post", "put", "patch", "delete"):
            response = getattr(client, method)(address, follow=True)
            leads_to = response.request["PATH_INFO"]
            if door.name in PUBLIC:
                assert kept.secret.marker not in body_of(response)
            elif door.is_api:
                assert response.status_code in {401, 403}, f"{method} {address}"
            elif response.status_code != 405:
                assert leads_to == "/login/", f"{method} {address} answers {response.status_code}"


@pytest.mark.once
@every_door
def test_a_foreign_site_makes_no_difference(door, kept):
    """Lists, counts and refusals are as in a world where that site does not exist."""
    for asked, with_it, without in kept.compared[door.route]:
        assert with_it[0] < 500, f"{asked.person} at {asked.address}"
        if "?" not in asked.address:
            assert kept.secret.marker not in with_it[2], f"{asked.person} at {asked.address}"
        if door.name not in COUNTING_ALL:
            assert with_it == without, f"{asked.person} at {asked.address}"


@every_door
def test_what_hangs_on_a_foreign_site_does_not_name_it(door, kept):
    """A member asks about the own site, whose things depend on foreign ones and are part of them."""
    if "get" not in door.methods:
        return
    client = client_of(kept.people["member"])
    for asked, question in asked_at(door, kept.home):
        with undone():
            response = client.get(asked)
            text = without_echo(body_of(response), question)
        assert response.status_code < 500, asked
        where = text.find(kept.secret.marker)
        assert where < 0, f"{asked}: {text[max(where - 200, 0) : where + 60]}"


@every_door
def test_an_object_of_a_foreign_site_is_not_found(door, kept):
    if not door.is_of_an_object or door.name in ADMINISTRATORS_ONLY:
        return
    for name in OUTSIDERS:
        client = client_of(kept.people[name])
        for address in addresses(door, kept.secret):
            for method in door.methods:
                with undone():
                    status = getattr(client, method)(address, follow=True).status_code
                assert status in {404, 405}, f"{name}: {method} {address} answers {status}"
