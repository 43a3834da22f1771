"""Whether this process lives (/health/live) and whether the site can do its work (/health/ready).

Each check is a function that raises when something is wrong; apps above register their own.
"""

import logging
import os
import time
from dataclasses import dataclass, replace
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

DATABASE = "database"


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


health_checks.add(HealthCheck(DATABASE, check_database))
health_checks.add(HealthCheck("migrations", MigrationCheck(), needs_database=True))
health_checks.add(HealthCheck("broker", check_broker))


@never_cache
def live(_request: HttpRequest) -> JsonResponse:
    """Answer as long as the process can."""
    return JsonResponse({"status": "ok"})


@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when every check passes, 503 with the failing ones otherwise."""
    now = timezone.now()
    outcomes = _outcomes(now)
    failing = {name: outcome.reason for name, outcome in outcomes.items() if not outcome.is_ok}
    is_ready = not failing
    if failing:
        logger.warning("not_ready", extra={"failing": failing})
    checks = {name: outcome.shown() for name, outcome in outcomes.items()}
    body = {"status": "ok" if is_ready else "failing", "checks": checks}
    return JsonResponse(body, status=200 if is_ready else 503)


@dataclass(frozen=True)
class Outcome:
    """What a check found: `detail` is for everybody, `reason` for the log of the site."""

    is_ok: bool
    detail: str
    reason: str = ""
    milliseconds: float = 0.0

    def shown(self) -> dict[str, Any]:
        """Return what a stranger may read."""
        return {"ok": self.is_ok, "detail": self.detail, "ms": self.milliseconds}


def _outcomes(now: datetime) -> dict[str, Outcome]:
    """Ask every check, the database first."""
    outcomes: dict[str, Outcome] = {}
    for check in sorted(health_checks, key=lambda check: check.name != DATABASE):
        if check.needs_database and not outcomes[DATABASE].is_ok:
            away = "the database is away"
            outcomes[check.name] = Outcome(is_ok=False, detail=away, reason=away)
        else:
            start = time.perf_counter()
            found = _asked(check, now)
            spent = round((time.perf_counter() - start) * 1000, 1)
            outcomes[check.name] = replace(found, milliseconds=spent)
    return outcomes


def _asked(check: HealthCheck, now: datetime) -> Outcome:
    """Ask one check. A probe comes every few seconds, so the traceback is for those who log more."""
    try:
        return Outcome(is_ok=True, detail=check.check(now))
    except NotReadyError as error:
        return Outcome(is_ok=False, detail=str(error), reason=str(error))
    except Exception as error:
        logger.debug("health_check_failed", exc_info=True, extra={"check": check.name})
        kind, said = type(error).__name__, str(error).partition("\n")[0]
        return Outcome(is_ok=False, detail=kind, reason=f"{kind}: {said}")
