"""The walk proves something only where there is something to see: an administrator opens every door."""

import pytest

from tests.doors.answers import body_of, client_of, undone
from tests.doors.routes import addresses, all_doors

#: Doors that do not open to a plain GET by an administrator, and why.
CLOSED = {
    "portal:gallery": "only where RACEWAY_DEBUG is set",
    "metrics": "guarded by a token of its own",
    "accounts-token-detail": "everybody has the own ones only, administrators too",
    "governance-change-record": "asks for the job that wrote the record",
}
#: Doors whose page shows a part of the object only, which carries no marker.
WORDLESS = {"raci:assignment-remove", "raci:item-owner"}
DOORS = [door for door in all_doors() if "get" in door.methods and door.name not in CLOSED]


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_an_administrator_sees_what_is_there(door, kept):
    client = client_of(kept.people["administrator"])
    for address in addresses(door, kept.secret):
        with undone():
            response = client.get(address, follow=True)
            text = body_of(response)
        assert response.status_code in {200, 202, 400}, f"{address}: {response.status_code}"
        if door.is_of_an_object and door.name not in WORDLESS and response.status_code == 200:
            assert kept.secret.marker in text, f"{address} shows nothing of the object it is about"
