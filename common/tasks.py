"""The beat of the house: the reaper of background jobs, and the sweep of files kept for a while."""

import logging

from celery import shared_task
from django.utils import timezone

from common.jobs import reap
from common.registries import sweeps

logger = logging.getLogger(__name__)


@shared_task(name="common.reap_jobs", ignore_result=True)
def reap_jobs() -> None:
    """Revive or end jobs whose worker died; send again what was never delivered."""
    reap(now=timezone.now())


@shared_task(name="common.sweep_kept", ignore_result=True)
def sweep_kept() -> None:
    """Remove uploads and other files nobody needs any more; what one app cannot remove does not keep the others."""
    now = timezone.now()
    for sweep in sweeps:
        try:
            removed = sweep.remove(now=now)
        except OSError as error:
            logger.warning("sweep_failed", extra={"sweep": sweep.name, "error": str(error)})
            continue
        if removed:
            logger.info("swept", extra={"sweep": sweep.name, "files": removed})
