"""Whether this process lives (/health/live) and whether the site can do its work (/health/ready).

Each check is a function that raises when something is wrong; apps above register their own.
"""

import logging
import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from common.registries import HealthCheck, health_checks

logger = logging.getLogger(__name__)


class NotReadyError(Exception):
    """A check failed, with a sentence that gives nothing away to a stranger."""


def check_database(_now: datetime) -> str:
    """Ask the database for a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return connection.vendor


class MigrationCheck:
    """Whether every migration is applied; a yes holds for the life of the process."""

    def __init__(self) -> None:
        self._is_complete = False

    def __call__(self, _now: datetime) -> str:
        if not self._is_complete:
            executor = MigrationExecutor(connection)
            missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if missing:
                raise NotReadyError(f"{len(missing)} migrations are not applied")
            self._is_complete = True
        return "complete"


def check_broker(_now: datetime) -> str:
    """Reach the broker, or the folder that stands in for one."""
    if settings.TASK_BROKER_URL:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=3)
            return str(broker.transport.driver_type)
    messages = Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]))
    messages.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(messages, os.W_OK):
        raise NotReadyError("the broker's folder cannot be written")
    return "folder"


health_checks.add(HealthCheck("database", check_database))
health_checks.add(HealthCheck("migrations", MigrationCheck()))
health_checks.add(HealthCheck("broker", check_broker))


@never_cache
def live(_request: HttpRequest) -> JsonResponse:
    """Answer as long as the process can."""
    return JsonResponse({"status": "ok"})


@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when every check passes, 503 with the failing ones otherwise."""
    now = timezone.now()
    results = {check.name: _outcome(check, now) for check in health_checks}
    failing = {name: result["detail"] for name, result in results.items() if not result["ok"]}
    is_ready = not failing
    if failing:
        logger.warning("not_ready", extra={"failing": failing})
    body = {"status": "ok" if is_ready else "failing", "checks": results}
    return JsonResponse(body, status=200 if is_ready else 503)


def _outcome(check: HealthCheck, now: datetime) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        detail, is_ok = check.check(now), True
    except NotReadyError as error:
        detail, is_ok = str(error), False
    except Exception as error:
        logger.exception("health_check_failed", extra={"check": check.name})
        detail, is_ok = type(error).__name__, False
    milliseconds = round((time.perf_counter() - start) * 1000, 1)
    return {"ok": is_ok, "detail": detail, "ms": milliseconds}
