"""WSGI entry point, served by granian.

Everything a request needs is imported before the first one, then hidden from the garbage collector:
a full collection would otherwise stop every seventh request for 100 ms and more.
"""

import gc
import os

from celery import current_app
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from common.freed_memory import give_back_freed_memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

reverse("health_live")  # imports every URL module, so every view
current_app.loader.import_default_modules()
gc.collect()
give_back_freed_memory()
gc.freeze()
# An answer with thousands of rows would otherwise be looked through six times while it is made.
gc.set_threshold(10_000, 10, 10)
