"""The Celery application: background work and its beat. Tasks live in each app's `tasks` module."""

import os

from celery import Celery

from common import beat, file_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# The system checks run in `manage.py up` and in CI, not again in every process that sends a task.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
file_broker.register()

app = Celery("raceway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
beat.add_to(app)
