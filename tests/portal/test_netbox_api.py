"""A NetBox imported over the API: the same jobs as the pages."""

import pytest

from assets.models import Asset
from common.models import Job
from tests.netbox.server import TOKEN
from tests.portal.test_netbox_page import API, upload

pytestmark = pytest.mark.usefixtures("kept")


def test_the_same_over_the_api(client, send, live):
    answer = send(API, {"url": live, "token": TOKEN}, content_type="application/json")
    assert answer.status_code == 202
    assert TOKEN not in answer.content.decode()
    preview = client.get(answer.json()["url"]).json()
    assert (preview["state"], preview["is_preview"], preview["name"]) == ("succeeded", True, live)
    assert not preview["report"]["is_applied"]
    assert not Asset.objects.exists()

    applied = send(preview["url"] + "apply/")

    assert applied.status_code == 202
    assert client.get(applied.json()["url"]).json()["report"]["is_applied"]
    assert [job["id"] for job in client.get(API).json()] == [applied.json()["id"], preview["id"]]


def test_apply_at_once_over_the_api(client, send):
    answer = send(API, {**upload(), "apply": "true"})

    report = client.get(answer.json()["url"]).json()["report"]
    assert (report["is_applied"], report["error_count"]) == (True, 0)
    assert Asset.objects.count() == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"token": TOKEN},
        {"url": "file:///etc/passwd", "token": TOKEN},
        {"url": "http://127.0.0.1", "token": TOKEN + " " + TOKEN},
        {"url": ["http://127.0.0.1"], "token": TOKEN},
    ],
)
def test_bad_input_is_a_problem_document_without_the_token(send, body):
    answer = send(API, body, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert TOKEN not in answer.content.decode()
    assert not Job.objects.exists()
