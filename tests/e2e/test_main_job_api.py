"""The same five steps by a program: HTTP only, against the running site and its worker."""

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

SMALL = [
    {"code": "NF-TST-SW1", "name": "Test cell switch", "item_class": "industrial-switch",
     "location": "NF", "system": "S-NF-SCADA"},
    {"code": "NF-TST-PLC1", "name": "Test cell PLC", "item_class": "plc", "location": "NF",
     "system": "S-NF-SCADA"},
]  # fmt: skip


@pytest.fixture
def caller(site):
    """`caller("engineer")` is an HTTP client with that person's own fresh API token."""
    clients = []

    def client_for(username: str) -> httpx.Client:
        token = token_of(site, username)
        headers = {"Authorization": f"Bearer {token}"}
        client = httpx.Client(base_url=site.url, headers=headers, timeout=60)
        clients.append(client)
        return client

    yield client_for
    for client in clients:
        client.close()


def token_of(site, username):
    """Log in by form and make a token; its secret is in this one answer."""
    with httpx.Client(base_url=site.url, timeout=60, follow_redirects=True) as session:
        session.get("/login/")
        form = {
            "username": username,
            "password": site.passwords[username],
            "csrfmiddlewaretoken": session.cookies["csrftoken"],
        }
        session.post("/login/", data=form, headers={"Referer": f"{site.url}/login/"})
        made = session.post(
            "/api/accounts/tokens/",
            json={"name": "end to end"},
            headers={"X-CSRFToken": session.cookies["csrftoken"], "Referer": site.url},
        )
        assert made.status_code == 201, made.text
        return made.json()["secret"]


def until_done(client, url):
    """Ask a job's address until it has ended."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        answer = client.get(url)
        assert answer.status_code in {200, 202}, answer.text
        if answer.headers["Content-Type"] == "application/pdf":
            return answer
        body = answer.json()
        if body["state"] in {"succeeded", "failed"}:
            assert body["state"] == "succeeded", body
            return answer
        time.sleep(0.3)
    pytest.fail(f"{url} did not end in time")


def imported(client, kind, rows):
    sent = client.post("/api/portal/imports/", json={"kind": kind, "rows": rows, "apply": True})
    assert sent.status_code == 202, sent.text
    return until_done(client, sent.json()["url"]).json()["report"]


def test_a_program_loads_asks_decides_and_proves(caller):
    rosa, kenji, helena, board = (caller(n) for n in ("engineer", "kenji", "helena", "board"))
    # 1 load
    imported(rosa, "assets", SMALL)
    relation = {"source": "NF-TST-PLC1", "relation_class": "depends_on", "target": "NF-TST-SW1"}
    imported(rosa, "relations", [relation])
    again = imported(rosa, "assets", SMALL)
    assert again["counts"]["unchanged"] == 2, again
    # 2 see
    found = rosa.get("/api/assets/assets/", params={"q": "test cell"}).json()
    assert found["count"] == 2
    # 3 ask
    question = {"item": "NF-TST-SW1", "change_type": "reboot"}
    impact = rosa.get("/api/assets/impact/", params=question).json()
    assert [(one["code"], one["state"]) for one in impact["items"]] == [("NF-TST-PLC1", "down")]
    # 4 decide
    change = draft(rosa)
    url = f"/api/governance/changes/{change['id']}/"
    refused = rosa.post(f"{url}execute/")
    assert refused.status_code in {400, 409}
    assert rosa.post(f"{url}submit/").status_code == 200
    voters = {"Kenji Mori": kenji, "Helena Brandt": helena, "Ingrid Aalto": board}
    for seat in seats(board, change["id"]):
        if seat["person"] and seat["person"]["label"] in voters:
            vote(voters[seat["person"]["label"]], url, seat)
    forged = rosa.post(
        f"{url}vote/",
        json={
            "approval": seats(board, change["id"])[0]["id"],
            "choice": "approve",
            "content_hash": "x",
        },
    )
    assert forged.status_code in {400, 403, 404, 409}
    assert rosa.get(url).json()["state"] == "approved"
    assert rosa.post(f"{url}execute/").json()["state"] == "executing"
    done = rosa.post(f"{url}complete/", json={"note": "Went well."})
    assert done.json()["state"] == "completed"
    # 5 prove
    asked = rosa.post(f"{url}record/")
    assert asked.status_code == 202
    pdf = until_done(rosa, asked.json()["url"])
    assert pdf.content.startswith(b"%PDF")


def draft(client):
    now = datetime.now(UTC)
    answer = client.post(
        "/api/governance/changes/",
        json={
            "title": "Reboot of the test cell switch",
            "change_type": "reboot",
            "targets": ["NF-TST-SW1"],
            "window_start_at": (now - timedelta(minutes=5)).isoformat(),
            "window_end_at": (now + timedelta(hours=4)).isoformat(),
            "duration_minutes": 30,
            "plan": "Reload it.",
            "back_out_plan": "Swap it for the spare.",
            "is_back_out_tested": True,
        },
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def seats(client, change_id):
    return client.get("/api/governance/approvals/", params={"change": change_id}).json()["results"]


def vote(client, url, seat):
    answer = client.post(
        f"{url}vote/",
        json={
            "approval": seat["id"],
            "choice": "approve",
            "content_hash": seat["content_hash"],
            "reason": "",
        },
    )
    assert answer.status_code in {200, 409}, answer.text
