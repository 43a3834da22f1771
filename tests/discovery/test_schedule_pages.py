"""Schedules, what is no longer seen and what has no owner: on pages, over the API and in the inbox."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assets.choices import ItemStatus
from discovery.choices import ObservationVerdict, ScanState
from discovery.models import Schedule
from discovery.services.due import start_due
from tests.discovery.cast import Cast, cast_of, text_of, user_named
from tests.factories.assets import AssetFactory
from tests.factories.discovery import (
    ObservationFactory,
    OwnerGapFactory,
    PresenceFactory,
    ScanFactory,
    ScheduledRunFactory,
    ScheduleFactory,
)
from tests.factories.raci import ActivityFactory

pytestmark = pytest.mark.django_db
API = "/api/discovery/"


@pytest.fixture
def cast() -> Cast:
    return cast_of()


def typed(cast, **given):
    return {
        "name": "Nightly",
        "network": cast.network.pk,
        "targets": "",
        "is_active": "on",
        "weekdays": "Mon-Fri",
        "every_hours": "",
        "local_time": "02:00",
        "first_date": "2026-11-01",
        "last_date": "",
        **given,
    }


def test_a_schedule_is_added_and_runs_in_the_name_of_who_added_it(cast):
    client = cast.client("runner")
    answer = client.post("/discovery/schedules/add/", typed(cast))
    schedule = Schedule.objects.get()
    assert answer.headers["Location"] == f"/discovery/schedules/{schedule.pk}/"
    assert schedule.owner == cast.runner
    page = text_of(client.get(f"/discovery/schedules/{schedule.pk}/"))
    assert "Mon-Fri at 02:00" in page
    assert "It was not due yet." in page


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(cast):
    answer = cast.client("runner").post(
        "/discovery/schedules/add/", typed(cast, weekdays="someday", name="Odd one")
    )
    page = text_of(answer, answer.status_code)
    assert answer.status_code in {400, 422}
    assert "names no weekdays" in page
    assert "Odd one" in page
    assert not Schedule.objects.exists()


def test_who_only_reads_sees_schedules_and_changes_none(cast):
    schedule = ScheduleFactory(network=cast.network)
    client = cast.client("reader")
    assert schedule.name in text_of(client.get("/discovery/schedules/"))
    assert client.get("/discovery/schedules/add/").status_code == 403
    assert client.get(f"/discovery/schedules/{schedule.pk}/edit/").status_code == 403
    assert client.post(f"/discovery/schedules/{schedule.pk}/delete/").status_code == 403
    assert Schedule.objects.exists()


def test_a_stranger_finds_none(cast):
    schedule = ScheduleFactory(network=cast.network)
    client = cast.client("stranger")
    assert schedule.name not in text_of(client.get("/discovery/schedules/"))
    for path in ("", "edit/", "delete/"):
        assert client.get(f"/discovery/schedules/{schedule.pk}/{path}").status_code == 404


def test_who_edits_it_takes_it_over(cast):
    schedule = ScheduleFactory(network=cast.network)
    client = cast.client("runner")
    client.post(f"/discovery/schedules/{schedule.pk}/edit/", typed(cast, version=schedule.version))
    schedule.refresh_from_db()
    assert (schedule.owner, schedule.name) == (cast.runner, "Nightly")


def test_a_schedule_is_deleted_after_a_question(cast):
    schedule = ScheduleFactory(network=cast.network)
    client = cast.client("runner")
    assert "Its scans stay." in text_of(client.get(f"/discovery/schedules/{schedule.pk}/delete/"))
    client.post(f"/discovery/schedules/{schedule.pk}/delete/")
    assert not Schedule.objects.exists()


def test_the_page_says_why_a_moment_passed_without_a_scan(cast):
    schedule = ScheduleFactory(network=cast.network, armed_at=timezone.now() - timedelta(days=2))
    start_due(now=timezone.now())
    for path in (
        f"schedules/{schedule.pk}/",
        "schedules/",
        f"networks/{cast.network.pk}/schedules/",
    ):
        page = text_of(cast.client("reader").get(f"/discovery/{path}"))
        assert "Not started" in page
        assert "needs the approval" in page or "window of that moment" in page


def test_the_owner_reads_it_in_the_inbox_until_it_ran(cast):
    schedule = ScheduleFactory(network=cast.network, owner=cast.runner, name="Nightly")
    ScheduledRunFactory(schedule=schedule, reason="No window is open for this network.")
    page = text_of(cast.client("runner").get("/inbox/"))
    assert "“Nightly” did not scan" in page
    assert "No window is open for this network." in page
    assert "Nightly" not in text_of(cast.client("reader").get("/inbox/"))
    ScheduledRunFactory(
        schedule=schedule,
        due_at=timezone.now(),
        outcome="started",
        reason="",
        scan=ScanFactory(network=cast.network, state=ScanState.COMPLETED),
    )
    assert "Nightly" not in text_of(cast.client("runner").get("/inbox/"))


def test_a_network_leads_to_its_schedules_and_to_a_new_one(cast):
    page = text_of(cast.client("runner").get(f"/discovery/networks/{cast.network.pk}/schedules/"))
    address = f"/discovery/schedules/add/?network={cast.network.pk}"
    assert address in page
    form = text_of(cast.client("runner").get(address))
    assert f'<option value="{cast.network.pk}" selected>' in form


def test_schedules_over_the_api(cast):
    client = cast.client("runner")
    sent = {
        "name": "Six-hourly",
        "network": cast.network.code,
        "every_hours": 6,
        "local_time": "00:30:00",
        "first_date": "2026-11-01",
    }
    made = client.post(f"{API}schedules/", sent, content_type="application/json")
    assert made.status_code == 201, made.content
    found = made.json()
    assert (found["owner"], found["every_hours"]) == ("runner", 6)
    address = f"{API}schedules/{found['id']}/"
    both = client.patch(address, {"weekdays": "Mon"}, content_type="application/json")
    assert both.status_code == 400
    paused = client.patch(address, {"is_active": False}, content_type="application/json")
    assert paused.json()["is_active"] is False
    reader = cast.client("reader")
    assert reader.patch(address, {}, content_type="application/json").status_code == 403
    assert cast.client("stranger").get(address).status_code == 404
    assert client.delete(address).status_code == 204


def test_moments_over_the_api(cast):
    run = ScheduledRunFactory(schedule__network=cast.network)
    found = cast.client("reader").get(f"{API}scheduled-runs/?schedule={run.schedule_id}").json()
    (one,) = found["results"]
    assert (one["outcome"], one["reason"], one["scan"]) == ("skipped", run.reason, None)
    assert cast.client("stranger").get(f"{API}scheduled-runs/").json()["results"] == []


@pytest.fixture
def missed(cast):
    now = timezone.now()
    return PresenceFactory(
        network=cast.network,
        item__name="Lost switch",
        missed_looks=4,
        first_missed_at=now - timedelta(days=9),
        last_missed_at=now,
        stale_since=now,
    )


def test_what_is_no_longer_seen_is_listed_and_explained_on_the_item(cast, missed):
    client = cast.client("reader")
    page = text_of(client.get("/discovery/stale/?is_stale=true"))
    assert "Lost switch" in page
    assert "Stale" in page
    assert "Lost switch" not in text_of(client.get("/discovery/stale/?is_stale=false"))
    tab = text_of(client.get(f"/discovery/items/{missed.item_id}/"))
    assert "in 4 looks" in tab
    assert "Stale after 3 looks in which it was missed, over at least 7 days." in tab


def test_a_retired_item_is_proposed_to_nobody(cast, missed):
    type(missed.item).objects.filter(pk=missed.item_id).update(status=ItemStatus.RETIRED)
    assert "Lost switch" not in text_of(cast.client("reader").get("/discovery/stale/"))


def test_presence_over_the_api_is_of_what_one_may_see(cast, missed):
    rows = cast.client("reader").get(f"{API}presences/?is_stale=true").json()["results"]
    assert [(one["item"]["id"], one["missed_looks"]) for one in rows] == [(missed.item_id, 4)]
    assert cast.client("stranger").get(f"{API}presences/").json()["results"] == []


@pytest.fixture
def keeper(cast):
    return user_named("keeper", cast.network.location, "view_items", "manage_ownership")


def test_who_manages_ownership_there_is_told_of_new_items_without_an_owner(cast, keeper):
    ActivityFactory(code="operate")
    gap = OwnerGapFactory(network=cast.network, item__name="New switch")
    cast.keeper = keeper
    inbox = text_of(cast.client("keeper").get("/inbox/"))
    assert "1 new item in" in inbox
    assert f"/discovery/without-owner/?network={cast.network.pk}" in inbox
    page = text_of(cast.client("keeper").get("/discovery/without-owner/"))
    assert "New switch" in page
    assert f"/ownership/items/{gap.item_id}/" in page
    assert "no accountable party" not in text_of(cast.client("reader").get("/inbox/"))
    rows = cast.client("reader").get(f"{API}owner-gaps/?is_open=true").json()["results"]
    assert [one["kind"] for one in rows] == ["unowned"]


def test_a_scan_says_how_many_new_items_have_nobody(cast):
    ActivityFactory(code="operate")
    scan = ScanFactory(network=cast.network, state=ScanState.COMPLETED)
    for n in range(2):
        ObservationFactory(
            scan=scan,
            address=f"127.30.0.{n + 1}",
            verdict=ObservationVerdict.ADDED,
            item=AssetFactory(location=cast.network.location),
        )
    page = text_of(cast.client("reader").get(f"/discovery/scans/{scan.pk}/seen/"))
    assert "2 new items." in page
    assert "2 have nobody accountable" in page


def test_the_list_of_scans_counts_what_came_of_them(cast):
    scan = ScanFactory(network=cast.network, state=ScanState.COMPLETED)
    for n, verdict in enumerate(("added", "added", "unchanged", "conflicting")):
        ObservationFactory(scan=scan, address=f"127.30.0.{n + 1}", verdict=verdict)
    columns = "network,added,updated,unchanged,conflicting,failed"
    page = text_of(cast.client("reader").get(f"/discovery/scans/?columns={columns}"))
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    cells = [cell.split("<")[0].strip() for cell in row.split('<td class="num')[1:]]
    assert [cell.rpartition(">")[2] for cell in cells] == ["2", "0", "1", "1", "0"]


@pytest.mark.parametrize(
    ("path", "factory"),
    [
        ("schedules/", ScheduleFactory),
        ("stale/", PresenceFactory),
        ("without-owner/", OwnerGapFactory),
        ("scans/", ScanFactory),
    ],
)
def test_a_list_takes_the_same_queries_for_many_rows(cast, path, factory):
    client = cast.client("reader")
    given = {"missed_looks": 1} if factory is PresenceFactory else {}

    def looked(count):
        for _n in range(count):
            factory(network=cast.network, **given)
        with CaptureQueriesContext(connection) as caught:
            text_of(client.get(f"/discovery/{path}"))
        return len(caught)

    looked(1)
    assert looked(1) == looked(15)
