"""Opening a record and saving it as it stands changes nothing about it."""

import pytest
from django.forms.models import model_to_dict
from guardian.shortcuts import assign_perm

from tests.doors.answers import client_of
from tests.doors.forms import form_of
from tests.doors.registry import OBJECTS
from tests.doors.routes import addresses, all_doors

#: Forms about something else than the record at their address, or that ask for a decision.
OTHERS = {
    "governance:changerequest-edit": "only requester and implementer open it",
    "discovery:schedule-edit": "whoever saves it, owns it and answers for its scans from then on",
}
EDITING = [
    door
    for door in all_doors()
    if door.keys and {"get", "post"} <= door.methods and door.name.endswith("-edit")
]


def values_of(row):
    """Return what is stored, besides when and how often."""
    row.refresh_from_db()
    kept = {one.attname for one in row._meta.concrete_fields} - {"version", "updated_at"}
    return model_to_dict(row) | {name: getattr(row, name) for name in kept}


@pytest.mark.parametrize("door", [one for one in EDITING if one.name not in OTHERS], ids=str)
def test_saving_an_untouched_form_changes_nothing(door, kept):
    (key,) = door.keys
    row = {**kept.shared.objects, **kept.secret.objects}[OBJECTS[key]]
    before = values_of(row)
    (address,) = addresses(door, kept.secret)
    response = client_of(kept.people["administrator"]).post(address, form_of(door, address, kept))
    assert response.status_code == 302
    assert values_of(row) == before


def test_what_the_editor_may_not_see_stays(kept):
    """The item stands in a zone and a system of a site that the member does not see."""
    row = kept.home.objects["between"]
    before = values_of(row)
    (door,) = (one for one in EDITING if one.name == "assets:item-edit")
    address = f"/plant/items/{row.pk}/edit/"
    sent = form_of(door, address, kept, who="member")
    response = client_of(kept.people["member"]).post(address, sent)
    assert response.status_code == 302
    assert values_of(row) == before


def test_there_are_forms_to_walk():
    assert len(EDITING) > 15


def test_a_place_stays_below_one_its_editor_may_not_see(kept):
    """Whoever may edit a line only does not see the site above it."""
    row = kept.home.objects["line"]
    for right in ("view_items", "edit_items"):
        assign_perm(right, kept.people["stranger"], row)
    before = values_of(row)
    (door,) = (one for one in EDITING if one.name == "assets:location-edit")
    address = f"/plant/locations/{row.pk}/edit/"
    sent = form_of(door, address, kept, who="stranger")
    assert sent["parent"] == ["hidden"]
    response = client_of(kept.people["stranger"]).post(address, sent)
    assert response.status_code == 302
    assert values_of(row) == before
