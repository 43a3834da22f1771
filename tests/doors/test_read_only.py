"""Who may only look: whatever is sent to whichever address, nothing is written and nothing pretends to be."""

import re
from collections.abc import Iterator

import orjson
import pytest
from django.apps import apps
from django.db import connection

from common.api.resources import Resource
from evidence.models import LedgerHead
from tests.doors.answers import body_of, client_of, undone
from tests.doors.forms import NATURAL_KEYS, form_of
from tests.doors.routes import addresses, all_doors

#: Open to everybody signed in, and why that is no right over anybody's data.
OWN_AFFAIRS = {
    "health_live": "answers however it is asked",
    "health_ready": "answers however it is asked",
    "login": "one is signed in",
    "logout": "ends the own session",
    "portal:sites": "which site one looks at, kept in the session",
    "accounts:profile": "the own preferences and tokens",
    "accounts-token-list": "the own tokens",
    "accounts:saved-filters": "the own views of a list",
    "raci-absence-list": "the own absence",
    "raci:absence-create": "the own absence",
    "governance:changerequest-record": "a document of what one may read",
    "governance-change-record": "a document of what one may read",
    "discovery:map-pdf": "a document of what one may read",
    "discovery-map-pdf": "a document of what one may read",
    "evidence:verification": "checks a document one holds",
    "evidence-verify": "checks a document one holds",
}
#: What reading the whole ledger brings with it.
RIGHTS_OF_READING = {("auditor", "evidence:verify-ledger")}
#: What nobody may do by rights alone, or what only a person could fill in.
NOT_BY_RIGHTS = {
    "governance-change-list": "the requester's and implementer's",
    "governance-change-detail": "the requester's and implementer's",
    "governance:changerequest-edit": "the requester's and implementer's",
    "governance:changerequest-close": "the requester's and implementer's",
    "governance:changerequest-execute": "the requester's and implementer's",
    "governance:changerequest-submit": "the requester's",
    "governance:changerequest-withdraw": "the requester's and implementer's",
    "governance:changerequest-vote": "the deciders'",
    "accounts-token-detail": "the token's owner's",
    "accounts:token-revoke": "the token's owner's",
    "accounts:saved-filter-delete": "the filter's owner's",
    "discovery:collector-create": "takes a place, which the form for renaming does not have",
    "portal:import": "takes a file",
    "portal:netbox": "takes a file or an address",
    "portal:netbox-apply": "takes the file of a preview",
    "raci:matrix-detail": "takes a cell of the grid",
    "raci:matrix-assign": "takes a cell of the grid",
    "assets:item-relate": "takes another item",
    "assets:grant-edit": "takes a user and a place",
    "assets:item-bulk-edit": "takes rows ticked in a list",
    "assets:item-bulk-delete": "takes rows ticked in a list",
    "discovery-approval-list": "takes somebody accountable, and a period of at most 92 days",
    "discovery:consent-ask": "takes somebody accountable",
    "discovery:consent-decide": "the accountable party's",
    "discovery:consent-revoke": "the accountable party's",
    "discovery-credential-list": "takes a secret, which nobody is shown",
    "discovery:credential-create": "takes a secret, which nobody is shown",
    "discovery-scan-list": "nothing starts while the site's stop order stands",
    "discovery:scan-start": "nothing starts while the site's stop order stands",
    "discovery:stop-list": "takes a reason",
    "discovery:network-import": "takes a file",
    "discovery-seen-imports": "takes a file",
    "discovery:site-rule-create": "takes a rule of another name",
    "discovery:drift-settle": "takes what it was",
    "discovery-drift-settle": "takes what it was",
    "discovery:case-detail": "takes an answer to its question",
    "discovery:case-bulk-ignore": "takes rows ticked in a list",
    "discovery:case-bulk-accept": "takes rows ticked in a list",
}
#: Sentences that refuse for the state of things, after the rights were found sufficient.
STATE_FORBIDS = re.compile(
    r"still used by|read-only|already|is published|draft of|not kept any more|"
    r"There is no .{1,40} here: give the id"
)
WRITES = ("post", "put", "patch", "delete")
DOORS = [door for door in all_doors() if door.name not in OWN_AFFAIRS]
every_door = pytest.mark.parametrize("door", DOORS, ids=str)


def test_the_exceptions_are_doors():
    assert set(OWN_AFFAIRS) <= {door.name for door in all_doors()}


def fingerprint() -> dict[str, object]:
    """Return how many rows every table holds, the newest versions, and where the ledger ends."""
    parts = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or model._meta.db_table == "django_session":
            continue
        columns = {column.column for column in model._meta.concrete_fields}
        versions = "SUM(version)" if "version" in columns else "0"
        table = model._meta.db_table
        parts.append(f"SELECT '{table}', COUNT(*), {versions} FROM \"{table}\"")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        found: dict[str, object] = {name: rest for name, *rest in cursor.fetchall()}
    return {**found, "head": LedgerHead.objects.values_list("sequence", "hash").get()}


@every_door
@pytest.mark.parametrize("who", ["reader", "auditor"])
def test_nothing_is_written(door, who, kept):
    if (who, door.name) in RIGHTS_OF_READING:
        return
    client, before = client_of(kept.people[who]), fingerprint()
    for address in addresses(door, kept.secret):
        for method, sent in attempts(door, address, kept):
            response = getattr(client, method)(address, **sent)
            where = f"{method} {address} with {sent.get('data')!r}"
            assert 400 <= response.status_code < 500, f"{where} answers {response.status_code}"
            assert fingerprint() == before, where


@every_door
def test_an_administrator_could_write(door, kept):
    """What is refused above is refused for want of rights: with them it works, or the state forbids it."""
    client = client_of(kept.people["administrator"])
    for address in addresses(door, kept.secret):
        for method, sent in attempts(door, address, kept):
            if "data" not in sent or door.name in NOT_BY_RIGHTS:
                continue
            with undone():
                response = getattr(client, method)(address, **sent)
                text = body_of(response)
            where = f"{method} {address} with {sent['data']!r} answers {response.status_code}"
            assert response.status_code < 400 or STATE_FORBIDS.search(text), f"{where}: {text}"


def attempts(door, address, kept) -> list[tuple[str, dict]]:
    """Return requests that would write: nothing at all, and what an administrator could send."""
    if address not in kept.attempts:
        kept.attempts[address] = list(made_attempts(door, address, kept))
    return kept.attempts[address]


def made_attempts(door, address, kept) -> Iterator[tuple[str, dict]]:
    for method in WRITES:
        yield method, {}
    if door.is_api:
        yield from api_attempts(door, address, kept)
    elif "post" in door.methods:
        yield "post", {"data": {**form_of(door, address, kept), "comment": "why"}}


def api_attempts(door, address, kept) -> Iterator[tuple[str, dict]]:
    if not issubclass(door.view, Resource) or not door.methods & {"list", "patch"}:
        return
    for method, body in bodies(door, address, kept):
        if method in door.methods:
            data = orjson.dumps(body).decode()
            yield method, {"data": data, "content_type": "application/json"}


def bodies(door, address, kept) -> Iterator[tuple[str, object]]:
    """Yield what changes, removes or copies an object of the site, over list and detail address."""
    client = client_of(kept.people["administrator"])
    if door.keys:
        existing = client.get(address).json()
        yield "patch", writable(door, existing)
        yield "delete", {}
        return
    results = [
        one
        for one in client.get(f"{address}?limit=1000").json()["results"]
        if kept.secret.marker in str(one)
    ]
    for one in results[:1]:
        values = writable(door, one)
        yield "post", renamed(values)
        yield "post", [renamed(values)]
        yield "patch", [{**values, "id": one["id"]}]
        yield "delete", [{"id": one["id"]}]


def writable(door, shown: dict) -> dict:
    """Return what was read as it can be sent back."""
    known = door.view.serializer_class._declared_fields
    return {
        name: sendable(shown[name])
        for name, one in known.items()
        if not one.read_only and shown.get(name) is not None
    }


def sendable(value):
    if isinstance(value, dict) and "url" in value:
        return value["id"]
    return [sendable(one) for one in value] if isinstance(value, list) else value


def renamed(values: dict) -> dict:
    """Return the values of a copy: natural keys must not repeat."""
    return {name: f"{value}-2" if name in NATURAL_KEYS else value for name, value in values.items()}
