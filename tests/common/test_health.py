"""What a load balancer, an operator and Prometheus ask the site."""

import logging
from datetime import datetime
from pathlib import Path

import pytest
from celery import current_app
from django.test import Client
from kombu import Connection
from pytest_django.fixtures import Settings

from common.actor import Actor
from common.health import MigrationCheck
from common.models import Job
from common.registries import HealthCheck, health_checks

pytestmark = pytest.mark.django_db


@pytest.fixture
def failing_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_now: datetime) -> str:
        raise ConnectionError("password=secret")

    entries = {**health_checks._entries, "database": HealthCheck("database", fail)}
    monkeypatch.setattr(health_checks, "_entries", entries)


@pytest.fixture(autouse=True)
def broker_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.TASK_BROKER_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path / "messages")}
    return tmp_path / "messages"


def test_a_living_process_says_so_without_the_database(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}


def test_a_ready_site_names_every_check(client: Client) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200, answer.json()
    checks = answer.json()["checks"]
    assert {"database", "migrations", "broker"} <= set(checks)
    assert all(check["ok"] for check in checks.values())


def test_a_failing_check_answers_503_and_gives_nothing_away(
    client: Client, failing_check: None
) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"]["detail"] == "ConnectionError"
    assert "secret" not in answer.content.decode()


def test_a_failing_check_is_one_line_of_the_log(
    client: Client, failing_check: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="common"):
        client.get("/health/ready")
    (record,) = [record for record in caplog.records if record.name == "common.health"]
    assert record.exc_info is None
    assert record.failing["database"] == "ConnectionError: password=secret"
    assert record.failing["migrations"] == "the database is away"


def test_a_broker_that_is_away_is_one_line_of_the_log(
    client: Client,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.TASK_BROKER_URL = "redis://127.0.0.1:1/0"
    nobody = Connection(settings.TASK_BROKER_URL)
    monkeypatch.setattr(current_app, "connection_for_write", lambda: nobody, raising=False)
    with caplog.at_level(logging.INFO):
        client.get("/health/ready")
    lines = caplog.records
    assert [record.getMessage() for record in lines if record.levelno > logging.INFO] == [
        "not_ready"
    ]
    assert not any(record.exc_info for record in lines)


def test_a_missing_migration_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "common.health.MigrationExecutor.migration_plan", lambda *_: [("x", False), ("y", False)]
    )
    entries = {**health_checks._entries, "migrations": HealthCheck("migrations", MigrationCheck())}
    monkeypatch.setattr(health_checks, "_entries", entries)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"]["detail"] == "2 migrations are not applied"


def test_a_broker_that_does_not_answer_is_not_ready(client: Client, settings: Settings) -> None:
    settings.TASK_BROKER_URL = "redis://127.0.0.1:1/0"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": "/proc/nowhere"}
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert not answer.json()["checks"]["broker"]["ok"]


def test_a_folder_that_cannot_be_written_is_not_ready(client: Client, settings: Settings) -> None:
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": "/proc/nowhere"}
    assert client.get("/health/ready").status_code == 503


def test_a_request_keeps_the_id_its_caller_gave(client: Client) -> None:
    answer = client.get("/health/live", headers={"X-Request-ID": "trace-42"})
    assert answer["X-Request-ID"] == "trace-42"


def test_metrics_are_hidden_without_the_token(client: Client, settings: Settings) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "scrape-me"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404


def test_metrics_count_requests_and_jobs(client: Client, settings: Settings, actor: Actor) -> None:
    settings.METRICS_TOKEN = "scrape-me"
    client.get("/health/live")
    Job.objects.create(name="tests.any", created_at="2026-11-16T08:00Z")
    body = client.get("/metrics", headers={"Authorization": "Bearer scrape-me"}).content.decode()
    assert 'raceway_requests_total{method="GET",status="200",view="health_live"}' in body
    assert 'raceway_jobs{state="queued"} 1.0' in body
    assert 'raceway_jobs{state="running"} 0.0' in body
    assert 'raceway_request_seconds_bucket{le="0.05",view="health_live"}' in body
