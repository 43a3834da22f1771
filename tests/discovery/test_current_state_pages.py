"""The current state of a site on its page, as a file and over the API."""

import csv
import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from discovery.rules.current_state import Kind
from tests.discovery.test_current_state import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db):
    return Site()


@pytest.fixture
def client_of_all(site, administrator):
    site.system("mes")
    site.feeds(site.asset("=plc"), site.asset("office", "4"), protocol="CIP")
    client = Client()
    client.force_login(administrator)
    return client


def test_the_page_shows_counts_rules_and_one_kind_when_asked(client_of_all):
    page = client_of_all.get("/discovery/current-state/").content.decode()
    assert "No flow of data is declared to or from MES." in page
    assert "Undeclared conduit" in page
    one_kind = client_of_all.get("/discovery/current-state/?kind=silo").content.decode()
    assert "exist to exchange data" in one_kind
    assert "no conduit joins" not in one_kind
    odd = client_of_all.get("/discovery/current-state/?kind=nonsense&page=x")
    assert odd.status_code == 200


def test_a_site_without_faults_says_so(client, administrator):
    client.force_login(administrator)
    assert "Nothing is wrong here" in client.get("/discovery/current-state/").content.decode()


def test_it_leaves_as_csv_and_workbook_and_runs_no_formula(client_of_all):
    answer = client_of_all.get(
        "/discovery/current-state/export/?kind=undeclared_conduit&format=csv"
    )
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["kind", "items", "finding", "why", "since", "relation"]
    assert [row[0] for row in rows[1:]] == ["undeclared_conduit"]
    assert rows[1][1].startswith("'=plc")
    book = client_of_all.get("/discovery/current-state/export/?format=xlsx")
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert sheet.max_row == 4


def test_the_api_gives_findings_and_links_and_refuses_what_it_does_not_know(client_of_all, site):
    answer = client_of_all.get(f"/api/discovery/current-state/?site={site.location.code}").json()
    assert answer["counts"][Kind.SILO] == 1
    assert {one["kind"] for one in answer["results"]} == {
        "undeclared_conduit",
        "skipped_levels",
        "silo",
    }
    first = client_of_all.get("/api/discovery/current-state/?limit=1").json()
    assert (len(first["results"]), first["count"]) == (1, 3)
    assert first["next"]
    for query in ("kind=nonsense", "site=nowhere", "limit=0"):
        assert client_of_all.get(f"/api/discovery/current-state/?{query}").status_code == 400
    (link,) = client_of_all.get("/api/discovery/links/?standing=declared").json()["results"]
    assert (link["relation_class"], link["standing"]) == ("feeds_data", "declared")
