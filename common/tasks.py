"""The beat of the house: the reaper of background jobs."""

from celery import shared_task
from django.utils import timezone

from common.jobs import reap


@shared_task(name="common.reap_jobs", ignore_result=True)
def reap_jobs() -> None:
    """Revive or end jobs whose worker died; send again what was never delivered."""
    reap(now=timezone.now())
