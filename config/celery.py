"""The Celery application: background work and its beat. Tasks live in each app's `tasks` module."""

import gc
import os

from celery import Celery
from celery.signals import worker_ready

from common import beat, file_broker
from common.freed_memory import give_back_freed_memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# The system checks run in `manage.py up` and in CI, not again in every process that sends a task.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
file_broker.register()

app = Celery("raceway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
beat.add_to(app)


@worker_ready.connect
def rest(**_sent: object) -> None:
    """Give back what starting took: a worker rests most of its life."""
    gc.collect()
    give_back_freed_memory()
    gc.freeze()
