"""What a look sees otherwise than the one before, and whether a change that was carried out explains it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts.models import User
from assets.models import Asset
from common.errors import ConflictError, DomainError
from common.jobs import JobRun
from demo.simulator.recordings import load
from demo.simulator.snmp_agent import Agent
from discovery.choices import DriftKind, DriftState, ScanState
from discovery.models import Drift, Scan
from discovery.services import settle_drift, start_scan
from discovery.services.drifting import note_drift
from discovery.tasks import scan as scan_task
from governance.choices import ChangeState
from tests.discovery.plants import office
from tests.factories.accounts import UserFactory
from tests.factories.assets import ItemClassFactory
from tests.factories.discovery import DriftFactory
from tests.factories.governance import ChangeRequestFactory, ChangeTargetFactory
from tests.simulators.scanning import OWN, served_elsewhere

pytestmark = pytest.mark.django_db
PRESS = ("press_sw", "press_plc1", "press_plc2", "press_plc3")


@pytest.fixture
def network(db):
    for slug in ("network-device", "industrial-switch", "it-switch", "plc", "router"):
        ItemClassFactory(slug=slug)
    return office(allowed_blocks="127.40.0.0/24")


@pytest.fixture
def look(actor, network):
    """Scan the simulated cell with these devices answering; return the differences noted."""

    def look_at(names, asked=PRESS):
        agents = {
            f"127.40.0.{place}": Agent(load(OWN / "topology" / f"{name}.snmprec"))
            for place, name in enumerate(asked, 1)
            if name in names
        }
        with served_elsewhere(agents):
            scan = start_scan(
                actor=actor,
                network=network,
                requester=None,
                targets="\n".join(f"127.40.0.{place}" for place in range(1, len(asked) + 1)),
                now=timezone.now(),
            )
            run = JobRun(job_id=scan.job_id, actor=actor, attempt=1, lease_owner="test")
            scan_task(run, scan_id=scan.pk)
        return list(Drift.objects.filter(scan=scan))

    return look_at


def test_the_first_look_differs_from_nothing_and_the_same_again_is_no_drift(look):
    assert look(PRESS) == []
    assert look(PRESS) == []


def test_a_device_that_was_not_there_is_unexplained_and_the_port_it_was_known_at_is_no_new_link(
    look,
):
    look(PRESS[:3])
    (new,) = look(PRESS)
    assert (new.kind, new.state, new.after) == (
        DriftKind.ITEM_NEW,
        DriftState.UNEXPLAINED,
        "127.40.0.4",
    )


def test_links_of_a_switch_that_appears_are_new(look):
    look(PRESS[1:])
    found = look(PRESS)
    assert [one.kind for one in found].count(DriftKind.LINK_NEW) == 3


def test_a_change_carried_out_on_an_item_explains_what_is_new_about_it(look, now):
    look(PRESS)
    item = Asset.objects.get(observations__address="127.40.0.2")
    Asset.objects.filter(pk=item.pk).update(firmware_version="0.1-old")
    began = timezone.now()
    change = ChangeRequestFactory(
        state=ChangeState.COMPLETED,
        started_at=began,
        window_start_at=began - timedelta(minutes=5),
        window_end_at=began + timedelta(hours=1),
    )
    ChangeTargetFactory(change=change, item=item)
    found = look(PRESS)
    (value,) = (one for one in found if one.kind == DriftKind.VALUE)
    assert (value.field, value.before) == ("firmware_version", "0.1-old")
    assert (value.state, value.change) == (DriftState.EXPLAINED, change)


def test_a_change_that_was_only_approved_explains_nothing(look):
    look(PRESS)
    item = Asset.objects.get(observations__address="127.40.0.2")
    Asset.objects.filter(pk=item.pk).update(firmware_version="0.1-old")
    began = timezone.now()
    change = ChangeRequestFactory(
        state=ChangeState.APPROVED,
        window_start_at=began - timedelta(minutes=5),
        window_end_at=began + timedelta(hours=1),
    )
    ChangeTargetFactory(change=change, item=item)
    (value,) = (one for one in look(PRESS) if one.kind == DriftKind.VALUE)
    assert value.state == DriftState.UNEXPLAINED


def test_a_device_is_missed_after_two_complete_looks_in_which_others_answered(look):
    look(PRESS)
    assert not [one for one in look(PRESS[:3]) if one.kind == DriftKind.ITEM_SILENT]
    (missed,) = (one for one in look(PRESS[:3]) if one.kind == DriftKind.ITEM_SILENT)
    assert missed.before == "127.40.0.4"
    assert not [one for one in look(PRESS[:3]) if one.kind == DriftKind.ITEM_SILENT]


def test_when_nobody_answers_nobody_is_missed(look):
    look(PRESS)
    look(())
    look(())
    assert not Drift.objects.exists()


def test_a_scan_is_compared_once(look, actor):
    look(PRESS[:3])
    look(PRESS)
    scan = Scan.objects.filter(state=ScanState.COMPLETED).first()
    count = Drift.objects.count()
    assert note_drift(scan=scan, now=timezone.now()) == 0
    assert Drift.objects.count() == count


def test_saying_what_it_was_takes_words_and_is_done_once(actor, now):
    drift = DriftFactory()
    with pytest.raises(DomainError, match="Write what it was"):
        settle_drift(actor=actor, person=None, drift=drift, note=" ", now=now)
    settled = settle_drift(actor=actor, person=None, drift=drift, note="A spare.", now=now)
    assert (settled.state, settled.note) == (DriftState.SETTLED, "A spare.")
    with pytest.raises(ConflictError):
        settle_drift(actor=actor, person=None, drift=settled, note="Again.", now=now)


def test_the_page_lists_it_and_takes_what_it_was(client, administrator: User):
    drift = DriftFactory()
    client.force_login(administrator)
    page = client.get(reverse("discovery:drift-list")).content.decode()
    assert drift.item.name in page
    assert "Unexplained" in page
    answer = client.post(reverse("discovery:drift-settle", args=[drift.pk]), {"note": "A spare."})
    assert answer.status_code == 302
    drift.refresh_from_db()
    assert drift.state == DriftState.SETTLED


def test_a_stranger_sees_none_of_it(client):
    drift = DriftFactory()
    client.force_login(UserFactory())
    assert drift.item.name not in client.get(reverse("discovery:drift-list")).content.decode()
    assert client.get(reverse("discovery:drift-settle", args=[drift.pk])).status_code == 404


def test_over_the_api_it_is_read_and_settled(client, administrator: User):
    drift = DriftFactory()
    client.force_login(administrator)
    (row,) = client.get("/api/discovery/drifts/").json()["results"]
    assert (row["kind"], row["item"]["id"], row["change"]) == ("item_new", drift.item_id, None)
    answer = client.post(
        f"/api/discovery/drifts/{drift.pk}/settle/",
        {"note": "A spare."},
        content_type="application/json",
        headers={"If-Match": f'"{row["version"]}"'},
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "settled"


def test_a_change_one_may_not_see_is_not_named(client):
    drift = DriftFactory(change=ChangeTargetFactory().change, state=DriftState.EXPLAINED)
    user = UserFactory()
    assign_perm("view_items", user, drift.network.location)
    client.force_login(user)
    page = client.get(reverse("discovery:drift-list") + "?state=explained").content.decode()
    assert drift.item.name in page
    assert drift.change.number not in page
    (row,) = client.get("/api/discovery/drifts/").json()["results"]
    assert row["change"]["label"] == "(hidden)"
